"""Which accounts are linked: taken in after a consent, listed, ended. Law: an account is who it was when it was first
linked; a consent given by anybody else is not kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from auth.audit import Audit
from auth.capability import Capability
from auth.consent import Declined, Disconnected, GrantFacts, Linked, Outcome
from auth.errors import Oversized, TooSlow, Unreachable
from auth.lease import Lease, Secret
from auth.local.grants import Access, Grant, Grants, Kept
from auth.local.provider import Provider
from auth.local.token_endpoint import BROKEN, Issued, TokenError, Who, noted
from auth.local.vault_error import VaultError
from auth.need import Misconfigured, Unavailable

FOREVER = float("inf")
EARLY_SECONDS, EARLY_PART = 60.0, 0.1
REFUSED = "the service no longer takes the token that was pasted"


class Links:
    """The linked accounts of one connection."""

    def __init__(
        self, provider: Provider, grants: Grants, audit: Audit, clock: Callable[[], float], default: str
    ) -> None:
        self._provider, self._grants, self._audit = provider, grants, audit
        self._clock, self._default = clock, default
        self._first: dict[str, str] = {}

    def default(self, user: str) -> str:
        """The account meant where none is named; "" where none is linked."""
        if self._default:
            return self._default
        if user not in self._first and (linked := self.accounts(user)):
            self._first[user] = linked[0]  # every lease asks, and to list them is to decrypt them all
        return self._first.get(user, "")

    def accounts(self, user: str) -> tuple[str, ...]:
        """The account set as the default first, then as they were linked."""
        first: dict[str, float] = {}
        for kept in self._grants.of(user):
            name = kept.grant.account
            first[name] = min(kept.grant.linked, first.get(name, kept.grant.linked))
        return tuple(sorted(first, key=lambda name: (name != self._default, first[name], name)))

    def facts(self, user: str) -> tuple[GrantFacts, ...]:
        default = self.default(user)
        return tuple(
            GrantFacts(
                connection=self._provider.connection,
                account=kept.grant.account,
                capability=kept.capability,
                scopes=kept.grant.scopes,
                identity=kept.grant.identity,
                linked=kept.grant.linked,
                used=kept.grant.used,
                expires=kept.grant.expires,
                dead=kept.grant.dead,
                default=kept.grant.account == default,
            )
            for kept in self._grants.of(user)
        )

    def link(self, user: str, account: str, capability: Capability, redeem: Callable[[], Issued]) -> Outcome:
        """Take in what a consent gives. Nothing of it is kept, here or there, where it is not what was asked for."""
        name = self._provider.connection
        try:
            issued = redeem()
            outcome = self._taken(user, account, capability, issued, self._whose(user, account, capability, issued))
        except TokenError as error:
            why = self._provider.death(error)
            return Declined(name, f"{why}; ask again") if why else self._provider.refusal(capability, error)
        except (Unreachable, TooSlow, Oversized) as error:
            return Unavailable(name, str(error))
        except VaultError as error:
            return Misconfigured(name, error.what, error.next)
        self._record(user, capability.consented, outcome)
        return outcome

    def paste(self, user: str, account: str, capability: Capability, token: Secret) -> Outcome:
        """Link with an access token a person was given elsewhere; what it may do is what the capability asks."""
        fixed = Issued(token, None, capability.scopes, FOREVER)
        return self.link(user, account, capability, lambda: fixed)

    def _whose(self, user: str, account: str, capability: Capability, issued: Issued) -> Who:
        if not self._provider.asks_who:
            return self._provider.who(issued.access_token)
        facts = {"account": account, "capability": capability.consented, "operation": self._provider.asks_who}
        with noted(self._audit, user, **facts):
            return self._provider.who(issued.access_token)

    def _taken(self, user: str, account: str, capability: Capability, issued: Issued, who: Who) -> Linked | Declined:
        granted = self._provider.canonical(issued.scopes)
        wrong = self._wrong(user, account, who)
        if not wrong and not capability.scopes & granted:
            wrong = "nothing of what was asked for was ticked"
        grant = self._grant(account or who.name, granted, issued, who)
        if wrong:
            self._give_back(user, grant)
            return Declined(self._provider.connection, wrong)
        with self._grants.exclusive(user, grant.account, capability.consented):
            self._grants.keep(user, capability.consented, grant)
        return Linked(
            self._provider.connection, grant.account, granted & capability.scopes, capability.scopes - granted
        )

    def _grant(self, account: str, scopes: frozenset[str], issued: Issued, who: Who) -> Grant:
        fixed = issued.refresh_token is None
        if fixed and issued.seconds < FOREVER:
            raise Unreachable(BROKEN)
        now = self._clock()
        return Grant(
            account=account,
            scopes=scopes,
            refresh_token=issued.refresh_token or issued.access_token,
            identity=who.id,
            linked=now,
            expires=self._provider.end_of(issued, None, now),
            fixed=fixed,
            accesses=self._first_accesses(issued, scopes, now),
        )

    def _first_accesses(self, issued: Issued, scopes: frozenset[str], now: float) -> tuple[Access, ...]:
        """The token of the consent itself is as wide as the bundle: of use where nothing narrower is to be had."""
        usable = self._provider.carries_more and issued.refresh_token is not None
        return (access_of(issued, scopes, now),) if usable else ()

    def _wrong(self, user: str, account: str, who: Who) -> str:
        """Why this person's consent is not the one that was asked for."""
        for kept in self._grants.of(user):
            here, name = kept.grant.identity, kept.grant.account
            if name == account and here and here != who.id:
                return f"you chose {who.name}, and {account} is another account; choose that one"
            if name != account and here == who.id:
                return f"{who.name} is linked already, under the name {name}"
        if account and not self._provider.is_name_of(account, who):
            return f"you chose {who.name}, and not {account}"
        return ""

    def _give_back(self, user: str, grant: Grant) -> None:
        """Revoke what is not kept, unless that would end what the same person has linked here."""
        if any(kept.grant.identity == grant.identity for kept in self._grants.of(user)):
            return
        self._revoked(grant)

    def forget(self, lease: Lease, bundle: str) -> None:
        """The service refused the lease's token: no process is to use it again."""
        place = (lease.user, lease.account, bundle)
        with self._grants.exclusive(*place):
            grant = self._grants.find(*place)
            if grant is None or lease.token is None or grant.refresh_token is None:
                return
            refused = lease.token.reveal()
            if grant.fixed and grant.refresh_token.reveal() == refused:
                grant = replace(grant, refresh_token=None, dead=REFUSED)
            else:
                others = tuple(access for access in grant.accesses if access.token.reveal() != refused)
                if len(others) == len(grant.accesses):
                    return
                grant = replace(grant, accesses=others)
            self._grants.keep(lease.user, bundle, grant)

    def disconnect(self, user: str, account: str, capability: str) -> Disconnected:
        account = account or self.default(user)
        mine = [kept for kept in self._grants.of(user) if kept.grant.account == account]
        chosen = [kept for kept in mine if capability in ("", kept.capability)]
        if not chosen:
            done = Disconnected(self._provider.connection, account, (), False, "Nothing of it is linked.")
        elif capability:
            done = self._done(account, chosen, False, self._provider.parting[0])
        else:
            done = self._ended(account, chosen)
        self._first.pop(user, None)
        for kept in chosen:
            self._grants.drop(user, account, kept.capability)
            self._record(user, kept.capability, done)
        return done

    def _ended(self, account: str, chosen: list[Kept]) -> Disconnected:
        problems = {self._revoked(kept.grant) for kept in chosen if not kept.grant.dead} - {""}
        if not problems:
            return self._done(account, chosen, True, "Revoked at the provider, and forgotten here.")
        why = f"Forgotten here, but not revoked ({'; '.join(sorted(problems))}); do it at {self._provider.parting[1]}."
        return replace(self._done(account, chosen, False, why), failed=True)

    def _done(self, account: str, chosen: list[Kept], revoked: bool, note: str) -> Disconnected:
        names = tuple(kept.capability for kept in chosen)
        return Disconnected(self._provider.connection, account, names, revoked, note)

    def _revoked(self, grant: Grant) -> str:
        """Why it could not be revoked; "" where it was."""
        try:
            self._provider.revoke(grant)
        except (TokenError, Unreachable, TooSlow, Oversized) as error:
            return str(error)
        return ""

    def _record(self, user: str, capability: str, outcome: Outcome | Disconnected) -> None:
        facts = {"account": getattr(outcome, "account", ""), "what": type(outcome).__name__.lower()}
        self._audit.record(user, "decision", connection=self._provider.connection, capability=capability, **facts)


def access_of(issued: Issued, scopes: frozenset[str], now: float) -> Access:
    """The access token as it is kept, to be used until a minute, or a tenth of its life, before its end."""
    early = max(EARLY_SECONDS, EARLY_PART * issued.seconds) if issued.seconds < FOREVER else 0.0
    return Access(issued.access_token, scopes, now + issued.seconds, now + issued.seconds - early)
