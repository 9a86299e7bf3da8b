"""Carries out one approved write, exactly once. Law: what is done is the stored plan, begun by compare-and-set.

The intent is durable before the first byte is sent. An attempt whose outcome is open (a crash, a lost answer) is looked
up by its key: then it is done, tried once more where that does no harm, or reported as unknown. What was once told to
be unknown is only looked for: meanwhile the person may have done it by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from auth.capability import Capability
from auth.errors import AuthError, Refused
from auth.lease import Lease
from auth.need import told
from auth.wire import Cut
from graphs import prompts
from graphs.access import capability_of
from graphs.call import context_of
from graphs.ledger import Effect
from graphs.parts import Parts
from tools.base import Progress, Ref, ToolContext
from tools.errors import ServiceDown, ToolError, Unanswered, Unreadable
from tools.write import Act, InPart, Receipt, Unsure, Writing

ATTEMPTS = 2
OPEN_OUTCOME = (ServiceDown, Unreadable, AuthError)
"""Failures after which the service may have done it all the same."""
SETTLED = timedelta(minutes=2)
"""After so long, what was sent and not answered either stands there or never will."""
SENT = "unanswered since"
"""The note of when an attempt last went on, or was given up, without an answer; "" where every one was answered."""


@dataclass(frozen=True)
class Done:
    """It took place: here is the proof."""

    receipt: Receipt
    effect: Effect


@dataclass(frozen=True)
class NotDone:
    """It did not take place (`certain`), or nobody can tell now. `left` stands of its beginning."""

    what: str
    next: str
    certain: bool = True
    ran: bool = True
    left: tuple[Ref, ...] = ()


Ended = Done | NotDone


@dataclass(frozen=True)
class Carrier:
    """Carries out the writes of one user, in a worker thread. A turn that is stopped does not cut a write in half."""

    parts: Parts
    progress: Progress = field(default=lambda done, total, what: None)

    def carry_out(self, effect: Effect) -> Ended:
        """Do it, or say how it ended before. Safe to call again, from any process, after any crash."""
        with self.parts.ledger.alone(effect) as mine:
            if not mine:
                return NotDone(prompts.ELSEWHERE, "Ask in a moment how it ended.", certain=False)
            current = self.parts.ledger.get(effect.proposal.user, effect.id)
            if current is None or current.digest != effect.digest:
                return NotDone(prompts.OTHER_BYTES, "Ask again, and it will be shown anew.", ran=False)
            return self._from_here(current)

    def settle(self, effect: Effect) -> Ended:
        """How it stands, without beginning it: what was not begun is withdrawn, what was begun is looked up."""
        if effect.stage in ("proposed", "approved"):
            self.parts.ledger.withdraw(effect, "the turn ended before it was carried out")
            return NotDone(prompts.NOT_EXECUTED, "Ask again if it is still wanted.", ran=False)
        return self.carry_out(effect)

    def _from_here(self, effect: Effect) -> Ended:
        match effect.stage:
            case "done" if effect.receipt is not None:
                return Done(effect.receipt, effect)
            case "approved":
                return self._begin(effect)
            case "intended":
                return self._reconciled(effect, attempts=1)
            case "unknown":
                return self._reconciled(effect, attempts=ATTEMPTS + 1)
            case "failed":
                return NotDone(effect.why, effect.next, left=effect.left)
            case _:
                return NotDone(prompts.NOT_APPROVED.format(stage=effect.stage), "Ask again.", ran=False)

    def _begin(self, effect: Effect) -> Ended:
        now = self.parts.now()
        if now >= effect.expires:
            return self._withdrawn(effect, prompts.EXPIRED, "Ask again, and it will be shown anew.")
        try:
            stale = self._stale(effect)
        except (ToolError, AuthError) as error:
            return self._withdrawn(effect, f"{_said(error)[0]} Nothing was done.", _said(error)[1])
        if stale:
            return self._withdrawn(effect, prompts.CHANGED.format(what=", ".join(stale)), "Look again, and ask again.")
        capability = self._capability(effect, write=True)
        permission = self.parts.broker.lease(effect.proposal.user, effect.proposal.account, capability)
        if not isinstance(permission, Lease):
            return self._withdrawn(effect, *told(permission))
        if not self.parts.ledger.intend(effect, now=now):
            return NotDone(prompts.OTHER_BYTES, "Ask again, and it will be shown anew.", ran=False)
        self._audit(effect, "intended")
        return self._attempt(effect, permission, attempts=1)

    def _stale(self, effect: Effect) -> list[str]:
        """What is not as the plan found it. Raises ToolError, AuthError."""
        plan = effect.proposal.plan
        if not plan.based_on:
            return []
        with self._acting(effect, write=False) as act:
            found = self._writing(effect).basis(act, plan)
        return sorted(name for name, value in plan.based_on.items() if found.get(name) != value)

    def _attempt(self, effect: Effect, permission: Lease, attempts: int) -> Ended:
        before = dict(effect.notes).get(SENT, "")
        self.parts.ledger.note(effect, **self._sending())  # this process may end before it knows what came of it
        try:
            with self._acting(effect, write=True, permission=permission) as act:
                receipt = self._writing(effect).perform(act, effect.proposal.plan)
        except Refused as error:
            return self._failed(effect, ToolError(f"{error}.", "Nothing was sent; this is a defect of the tool."))
        except (ToolError, AuthError) as error:
            self.parts.ledger.note(effect, **{SENT: before} if _answered(error) else self._sending())
            if isinstance(error, OPEN_OUTCOME):
                return self._reconciled(effect, attempts + 1, because=error)
            if attempts > 1:  # the one before may have come about after all
                return self._reconciled(effect, ATTEMPTS + 1, because=error)
            return self._failed(effect, error)
        return self._done(effect, receipt)

    def _reconciled(self, effect: Effect, attempts: int, because: Exception | None = None) -> Ended:
        """Look an attempt up by its key, and try once more where that cannot make a second."""
        effect = self.parts.ledger.get(effect.proposal.user, effect.id) or effect  # with what the attempt noted
        plan, late = effect.proposal.plan, self._may_come(effect)
        last = attempts > ATTEMPTS or self.parts.now() >= effect.expires
        try:
            with self._acting(effect, write=False, final=last and not late) as act:
                receipt = self._writing(effect).find(act, plan)
                again = not last and (not late or self._writing(effect).keyed(act, plan))
        except Unsure as error:
            return self._unknown(effect, error.what, error.next)
        except InPart as error:
            return self._failed(effect, because if isinstance(because, InPart) else _begun(error, because, effect))
        except (ToolError, AuthError) as error:
            return self._unknown(effect, _said(error)[0], prompts.LOOK_LATER.format(id=effect.id))
        if receipt is not None:
            return self._done(effect, receipt)
        if not again and late:
            what = _said(because)[0] if because else prompts.UNANSWERED
            what = effect.why or prompts.MAY_COME.format(what=what)
            return self._unknown(effect, what, prompts.LOOK_LATER.format(id=effect.id))
        if not again:
            return self._failed(effect, because or ToolError(_absent(effect), "Ask again if it is still wanted."))
        capability = self._capability(effect, write=True)
        permission = self.parts.broker.lease(effect.proposal.user, effect.proposal.account, capability)
        if not isinstance(permission, Lease):
            return self._failed(effect, ToolError(*told(permission)))
        return self._attempt(effect, permission, attempts)

    def _sending(self) -> dict[str, str]:
        return {SENT: self.parts.now().isoformat()}

    def _may_come(self, effect: Effect) -> bool:
        """Whether an attempt without an answer, given up or cut off with its process, may come about yet."""
        since = dict(effect.notes).get(SENT, "")
        return since != "" and self.parts.now() < datetime.fromisoformat(since) + SETTLED

    @contextmanager
    def _acting(
        self, effect: Effect, *, write: bool, permission: Lease | None = None, final: bool = False
    ) -> Iterator[Act]:
        """The act under the write or the read permission. Raises ServiceDown where the latter cannot be had."""
        proposal, capability = effect.proposal, self._capability(effect, write=write)
        held = permission or self.parts.broker.lease(proposal.user, proposal.account, capability)
        if not isinstance(held, Lease):
            raise ServiceDown(*told(held))
        cut = Cut()
        context: ToolContext = context_of(self.parts, held, capability, proposal.node, cut, self.progress)
        note: Callable[..., None] = lambda **facts: self.parts.ledger.note(  # noqa: E731
            effect, **facts, **(self._sending() if write else {})
        )
        try:
            yield Act(context=context, key=effect.key, notes=dict(effect.notes), note=note, final=final)
        finally:
            cut.make()  # nothing a tool left behind can send later

    def _writing(self, effect: Effect) -> Writing:
        tool = self.parts.registry.tool(effect.proposal.tool)
        if tool is None or tool.writing is None:
            raise Unsure(
                prompts.NO_TOOL.format(name=effect.proposal.tool), "Install it again, and look with `valet receipts`."
            )
        return tool.writing

    def _capability(self, effect: Effect, *, write: bool) -> Capability:
        writing, tool = self._writing(effect), self.parts.registry.tool(effect.proposal.tool)
        return capability_of(tool.access, "write") if write and tool else capability_of(writing.look, "read")

    def _done(self, effect: Effect, receipt: Receipt) -> Done:
        self.parts.ledger.finish(effect, "done", receipt=receipt)
        self._audit(effect, "done", receipt=receipt.id)
        return Done(receipt, effect)

    def _failed(self, effect: Effect, because: Exception) -> NotDone:
        what, following = _said(because)
        left = because.left if isinstance(because, InPart) else ()
        self.parts.ledger.finish(effect, "failed", why=what, next=following, left=left)
        self._audit(effect, "failed")
        return NotDone(what, following, left=left)

    def _unknown(self, effect: Effect, what: str, following: str) -> NotDone:
        self.parts.ledger.finish(effect, "unknown", why=what, next=following)
        self._audit(effect, "unknown")
        return NotDone(prompts.UNKNOWN.format(title=effect.proposal.plan.title, what=what), following, certain=False)

    def _withdrawn(self, effect: Effect, what: str, following: str) -> NotDone:
        self.parts.ledger.withdraw(effect, what)
        self._audit(effect, "withdrawn")
        return NotDone(what, following, ran=False)

    def _audit(self, effect: Effect, stage: str, **facts: str) -> None:
        p = effect.proposal
        self.parts.audit.record(
            p.user, "effect", id=effect.id, digest=effect.digest, tool=p.tool, account=p.account, stage=stage, **facts
        )


def _answered(error: ToolError | AuthError) -> bool:
    """Whether the service said that it failed or refused: then nothing is on its way any more."""
    return isinstance(error, ToolError) and not isinstance(error, (Unanswered, Unreadable))


def _begun(found: InPart, because: Exception | None, effect: Effect) -> InPart:
    """What stands of it, after why the rest does not."""
    why = _said(because)[0] if because else _absent(effect)
    return InPart(f"{why} {found.what}", found.next, found.left)


def _absent(effect: Effect) -> str:
    return prompts.CUT_OFF if effect.stage == "intended" else prompts.NEVER_CAME


def _said(error: Exception | None) -> tuple[str, str]:
    if isinstance(error, ToolError):
        return error.what, error.next
    return f"The connection failed: {error}.", "Try again in a minute; `valet doctor` tells more."
