"""Leases for programs that act in their own name and ask nobody.

Law: there is no consent here; whatever is wrong is for the operator, each fault in a sentence of its own. What proves
the program is kept in the vault, or given by the settings, and goes to its own token service alone.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from auth.audit import Audit
from auth.capability import Capability
from auth.consent import Disconnected, GrantFacts, Linked, Outcome
from auth.errors import Oversized, TooSlow, Unreachable
from auth.lease import Lease
from auth.local.grants import Grant, Grants
from auth.local.links import access_of
from auth.local.machine_proof import Proof, ProofError, opened, sealed
from auth.local.token_endpoint import BROKEN, TokenError, post, read_rfc6749
from auth.local.vault_error import Damaged, VaultError
from auth.need import Connect, Misconfigured, Need, Unavailable
from auth.wire import Wire

REFUSED = frozenset(
    {"invalid_grant", "invalid_client", "unauthorized_client", "access_denied", "invalid_scope", "invalid_target"}
)
NOTED_SECONDS = 60.0
NOTHING = "Nothing of it is linked."
FORGOTTEN = "Forgotten here. The key itself stays good until you end it where it was made."


@dataclass(frozen=True)
class Given:
    """A proof that the settings give; `where` says which, for who wants it gone."""

    proof: Proof
    where: str


@dataclass(eq=False)
class MachineBroker:
    """Leases of one connection in the names of programs: of those linked in the vault, and of the one `given`.

    `locate` maps addresses to where they are served; `default` is the account meant where none is named.
    """

    connection: str
    wire: Wire
    grants_kept: Grants
    audit: Audit
    clock: Callable[[], float]
    locate: Callable[[str], str] = str
    given: Given | None = None
    default: str = ""
    _held: dict[tuple[str, str, str, frozenset[str]], tuple[Lease, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def account(self, user: str, connection: str) -> str:
        return next(iter(self.accounts(user, connection)), "")

    def accounts(self, user: str, connection: str) -> tuple[str, ...]:
        kept = tuple(kept.grant.account for kept in self.grants_kept.of(user))
        both = dict.fromkeys((*kept, *((self.given.proof.account,) if self.given else ())))
        return tuple(sorted(both, key=lambda name: name != self.default))

    def lease(self, user: str, account: str, capability: Capability) -> Lease | Need:
        account = account or self.account(user, self.connection)
        key = (user, account, capability.name, capability.scopes)
        with self._lock:
            lease, until = self._held.get(key, (None, 0.0))
            if lease is not None and until > self.clock():
                return lease
            outcome = self._fresh(user, account, capability)
            if isinstance(outcome, tuple):
                self._held[key] = outcome
        found = outcome[0] if isinstance(outcome, tuple) else outcome
        facts = {"account": account, "capability": capability.name, "scopes": " ".join(sorted(capability.scopes))}
        self.audit.record(user, "lease" if isinstance(found, Lease) else "need", **facts, what=type(found).__name__)
        return found

    def invalidate(self, lease: Lease) -> None:
        with self._lock:
            self._held = {key: held for key, held in self._held.items() if held[0] is not lease}

    def need_of(self, user: str, proof: Proof, capability: Capability) -> Need | None:
        """Why this program would get no lease for this; None where it would. Nothing is kept."""
        try:
            outcome = self._asked(user, proof, capability)
        except ProofError as error:
            return Misconfigured(self.connection, error.what, error.next)
        return None if isinstance(outcome, tuple) else outcome

    def take(self, user: str, proof: Proof) -> Outcome:
        """Keep what proves a program, in place of what it had."""
        grant = Grant(proof.account, frozenset(), sealed(proof), proof.identity, linked=self.clock(), fixed=True)
        try:
            proof.check()
            with self.grants_kept.exclusive(user, proof.account, proof.kind):
                self.grants_kept.keep(user, proof.kind, grant)
        except (VaultError, ProofError) as error:
            return Misconfigured(self.connection, error.what.rstrip("."), error.next)
        self._ended(user, proof.account)
        facts = {"connection": self.connection, "account": proof.account, "capability": proof.kind}
        self.audit.record(user, "decision", **facts, what="linked")
        return Linked(self.connection, proof.account, frozenset())

    def grants(self, user: str) -> tuple[GrantFacts, ...]:
        default = self.account(user, self.connection)
        kept = [
            GrantFacts(
                self.connection, one.grant.account, one.capability, frozenset(), one.grant.identity,
                one.grant.linked, one.grant.used, dead=one.grant.dead, default=one.grant.account == default,
            )
            for one in self.grants_kept.of(user)
        ]  # fmt: skip
        if self.given and self.given.proof.account not in {facts.account for facts in kept}:
            proof = self.given.proof
            mine = proof.account == default
            kept.append(
                GrantFacts(
                    self.connection, proof.account, proof.kind, frozenset(), f"{proof.identity} ({self.given.where})",
                    default=mine,
                )
            )  # fmt: skip
        return tuple(kept)

    def disconnect(self, user: str, connection: str, account: str, capability: str = "") -> Disconnected:
        account = account or self.account(user, connection)
        mine = [one for one in self.grants_kept.of(user) if one.grant.account == account]
        mine = [one for one in mine if capability in ("", one.capability)]
        if not mine:
            where = self.given.where if self.given and self.given.proof.account == account else ""
            note = f"It is set by {where}: unset it there." if where else NOTHING
            return Disconnected(connection, account, (), False, note)
        for one in mine:
            self.grants_kept.drop(user, account, one.capability)
            facts = {"connection": connection, "account": account, "capability": one.capability}
            self.audit.record(user, "decision", **facts, what="disconnected")
        self._ended(user, account)
        return Disconnected(connection, account, tuple(one.capability for one in mine), False, FORGOTTEN)

    def _ended(self, user: str, account: str) -> None:
        with self._lock:
            self._held = {key: held for key, held in self._held.items() if key[:2] != (user, account)}

    def _fresh(self, user: str, account: str, capability: Capability) -> tuple[Lease, float] | Need:
        try:
            proof, grant, kind = self._proof(user, account)
            if proof is None:
                return Connect(self.connection, capability.scopes, capability.reason)
            outcome = self._asked(user, proof, capability)
            if grant is not None:
                self._noted(user, kind, grant, outcome)
            return outcome
        except Damaged as error:
            again = f"`valet disconnect {self.connection} --account {account}`, then link it again."
            return Misconfigured(self.connection, error.what.rstrip("."), again)
        except (VaultError, ProofError) as error:
            return Misconfigured(self.connection, error.what.rstrip("."), error.next)

    def _proof(self, user: str, account: str) -> tuple[Proof | None, Grant | None, str]:
        """What proves the account, and the grant it is kept in with its kind. Raises VaultError, ProofError."""
        for one in self.grants_kept.of(user):
            if one.grant.account == account:
                grant = self.grants_kept.find(user, account, one.capability)
                if grant is not None and grant.refresh_token is not None:
                    return opened(one.capability, grant.refresh_token), grant, one.capability
        if self.given and self.given.proof.account == account:
            return self.given.proof, None, ""
        return None, None, ""

    def _asked(self, user: str, proof: Proof, capability: Capability) -> tuple[Lease, float] | Need:
        scope = " ".join(sorted(capability.scopes))
        try:
            form = proof.asking(scope, self.clock())
            body = post(self.wire, self.locate(proof.url), **form)
            issued = read_rfc6749({"scope": scope} | body)  # left out where it is what was asked (RFC 6749, 5.1)
        except TokenError as error:
            if error.code in REFUSED:
                return Misconfigured(self.connection, *proof.refusal(error, scope, self.clock()))
            return Unavailable(self.connection, str(error), error.retry_after)
        except (Unreachable, TooSlow, Oversized) as error:
            return Unavailable(self.connection, str(error))
        except (KeyError, ValueError):
            return Unavailable(self.connection, BROKEN)
        if issued.scopes != capability.scopes:
            return Misconfigured(self.connection, *proof.other_scopes(issued.scopes))
        access = access_of(issued, issued.scopes, self.clock())
        lease = Lease(user, proof.account, capability.name, issued.scopes, access.expires, access.token)
        return lease, access.until

    def _noted(self, user: str, kind: str, grant: Grant, outcome: tuple[Lease, float] | Need) -> None:
        """When it was last used, or why it was refused, for who looks at the list; it is tried again all the same."""
        dead = outcome.missing if isinstance(outcome, Misconfigured) else ""
        used = self.clock() if isinstance(outcome, tuple) else grant.used
        if isinstance(outcome, Unavailable) or (dead == grant.dead and used - grant.used < NOTED_SECONDS):
            return
        with self.grants_kept.exclusive(user, grant.account, kind):
            if self.grants_kept.find(user, grant.account, kind) is not None:  # else it was unlinked meanwhile
                self.grants_kept.keep(user, kind, replace(grant, dead=dead, used=used))
