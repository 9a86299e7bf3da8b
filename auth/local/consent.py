"""The open questions of one connection, from the asking to the outcome. Law: an answer counts once, and the same
question stays the same until its outcome was handed over, so that a graph's node may run again from its top.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol
from urllib.parse import urlsplit

from auth.callback import Callback, Door, Place, Taken, fitting
from auth.callback_page import broken, settled
from auth.capability import Capability
from auth.consent import Asking, ConsentError, Declined, Linked, Outcome
from auth.errors import Unreachable
from auth.local.grants import Challenge
from auth.need import Need, Unavailable
from auth.wire import Cut

OPEN_SECONDS = 300.0
LOOK_SECONDS = 0.1
NOT_OPEN = "the question is no longer open; ask again"
SILENT = "no answer came from the browser; where a page there says access is blocked or waits for approval, that is why"


@dataclass(frozen=True)
class Onward:
    """The answer was one leg of the way: the browser goes on to `address`, and its next answer is to `challenge`."""

    address: str = field(repr=False)
    challenge: Challenge = field(repr=False)


class Flow(Protocol):
    """What a provider's consent is made of."""

    connection: str
    issuer: str

    @property
    def place(self) -> Place: ...
    def onward(self, account: str, capability: Capability, challenge: Challenge, redirect: str) -> str | Need:
        """The address of the provider's page."""
        ...

    def link(
        self, user: str, account: str, capability: Capability, code: str, challenge: Challenge, redirect: str
    ) -> Outcome | Onward:
        """Redeem the code and keep what it gave, if it is what was asked for."""
        ...


@dataclass(eq=False)
class Question:
    """One question to one person."""

    user: str
    asking: Asking
    capability: Capability
    challenge: Challenge = field(repr=False)
    callback: Callback
    outcome: Future[Outcome] = field(default_factory=Future)
    answered: bool = False
    lapsed: bool = False
    withdrawn: bool = False
    ends: float = 0.0

    def stands(self, now: float) -> bool:
        """Whether to ask it again would be to ask the same: open, or its outcome is still to be handed over.

        One that lapsed in silence does not: whoever agrees to it now is to have a page that is there.
        """
        if not self.outcome.done():
            return not self.withdrawn
        if self.lapsed or self.outcome.exception():
            return False
        found = self.outcome.result()
        whole = isinstance(found, Linked) and not found.missing
        return not whole and now < self.ends + OPEN_SECONDS


def declined(connection: str, error: str) -> Outcome:
    """What the provider's own `error` in the browser's answer means: the person said no, or the provider did."""
    return Declined(connection, _refusal(error))


class Questions:
    """Asks for one flow, each question with a listener of its own for as long as it is open (`seconds`).

    By `clock` a question lapses too, which a machine that slept has to be told by: its timer slept with it. `refused`
    says what an error in the browser's answer means; `silent` is told where no answer came.
    """

    def __init__(
        self,
        flow: Flow,
        *,
        seconds: float = OPEN_SECONDS,
        clock: Callable[[], float] = time.time,
        refused: Callable[[str, str], Outcome] = declined,
        silent: str = SILENT,
    ) -> None:
        self._flow, self._seconds, self._clock = flow, seconds, clock
        self._refused, self._silent = refused, silent
        self._questions: dict[str, Question] = {}
        self._lock = threading.Lock()

    def ask(self, user: str, account: str, capability: Capability) -> Asking | Need:
        self._end_lapsed()
        with self._lock:
            for question in self._questions.values():
                same = (question.user, question.asking.account, question.capability) == (user, account, capability)
                if same and question.stands(self._clock()):
                    return question.asking
            try:
                return self._open(user, account, capability)
            except Unreachable as error:
                return Unavailable(self._flow.connection, str(error))

    def settle(self, user: str, asking: str, *, seconds: float, cut: Cut) -> Outcome:
        question = self._questions.get(asking)
        if question is None or question.user != user:
            return Declined(self._flow.connection, NOT_OPEN)
        ends = time.monotonic() + seconds
        while not question.outcome.done():
            left = ends - time.monotonic()
            if left <= 0:
                return Declined(self._flow.connection, self._silent)
            cut.pause(min(LOOK_SECONDS, left))
        with self._lock:
            self._questions.pop(asking, None)
        return question.outcome.result()

    def paste(self, user: str, asking: str, address: str) -> None:
        question = self._questions.get(asking)
        if question is None or question.user != user:
            raise ConsentError(NOT_OPEN)
        taken = self._take(question, _pasted(address, question, self._flow))
        if taken is None:
            raise ConsentError("the question has been answered already")
        taken.then()
        if taken.onward:
            raise ConsentError(f"that was the first of two steps; open {question.asking.page} again for the second")

    def withdraw(self, user: str, asking: str) -> None:
        question = self._questions.get(asking)
        if question is None or question.user != user:
            return
        with self._lock:
            question.withdrawn = True  # an answer that is under way leads to no further page
        self._expire(question)
        self._questions.pop(asking, None)

    def _open(self, user: str, account: str, capability: Capability) -> Asking | Need:
        callback, challenge = Callback(self._flow.place), Challenge.new()
        with ExitStack() as unless_open:
            unless_open.callback(callback.close)
            onward = self._flow.onward(account, capability, challenge, callback.redirect)
            if not isinstance(onward, str):
                return onward
            unless_open.pop_all()
        name = f"{self._flow.connection}.{secrets.token_urlsafe(12)}"
        asking = Asking(
            id=name,
            connection=self._flow.connection,
            account=account,
            scopes=capability.scopes,
            reason=capability.reason,
            page=callback.page(name),
            capability=capability.consented,
        )
        question = Question(user, asking, capability, challenge, callback)
        self._questions[name] = question
        callback.open(self._door(question, onward))
        self._limit(question)
        return asking

    def _door(self, question: Question, onward: str) -> Door:
        state, take = question.challenge.state, partial(self._take, question)
        return Door(question.asking.id, onward, state, self._flow.issuer, take)

    def _end_lapsed(self) -> None:
        """Close what is past its time, and let go of what nobody has asked after for as long again."""
        now = self._clock()
        for name, question in [*self._questions.items()]:
            if now >= question.ends:
                self._expire(question)
            if question.outcome.done() and now >= question.ends + OPEN_SECONDS:
                self._questions.pop(name, None)

    def _limit(self, question: Question) -> None:
        question.ends = self._clock() + self._seconds
        timer = threading.Timer(self._seconds, self._expire, (question,))
        timer.daemon = True
        timer.start()
        question.outcome.add_done_callback(lambda _: timer.cancel())

    def _take(self, question: Question, query: Mapping[str, str]) -> Taken | None:
        """The outcome of an answer; None where another was taken before."""
        with self._lock:
            if question.answered:
                return None
            question.answered = True
        try:
            outcome = self._outcome(question, query)
        except BaseException as error:  # noqa: BLE001 - raised again by `settle`: nobody looks at this thread
            return Taken(broken(), partial(self._fail, question, error))
        if isinstance(outcome, Onward):
            return self._next_leg(question, outcome)
        return Taken(settled(outcome, question.asking.reason), partial(self._end, question, outcome))

    def _next_leg(self, question: Question, leg: Onward) -> Taken:
        with self._lock:
            if question.withdrawn:
                over = Declined(self._flow.connection, NOT_OPEN)
                return Taken(settled(over, question.asking.reason), partial(self._end, question, over))
            question.challenge = leg.challenge
            question.callback.turn(self._door(question, leg.address))
            question.answered = False
        self._limit(question)  # the time may have run out while the answer was looked at
        return Taken("", _nothing, leg.address)

    def _outcome(self, question: Question, query: Mapping[str, str]) -> Outcome | Onward:
        code = query.get("code") or query.get("connect_code")
        if not code:
            return self._refused(self._flow.connection, query.get("error", ""))
        return self._flow.link(
            question.user,
            question.asking.account,
            question.capability,
            code,
            question.challenge,
            question.callback.redirect,
        )

    def _expire(self, question: Question) -> None:
        with self._lock:
            if question.answered:
                return
            question.answered = question.lapsed = True
        self._end(question, Declined(self._flow.connection, self._silent))

    def _end(self, question: Question, outcome: Outcome) -> None:
        question.callback.close()
        question.outcome.set_result(outcome)

    def _fail(self, question: Question, error: BaseException) -> None:
        question.callback.close()
        question.outcome.set_exception(error)


def _nothing() -> None:
    """There is nothing to do once the browser has been led on."""


def _refusal(error: str) -> str:
    if error in ("", "access_denied", "user_denied"):
        return "the consent was declined"
    plain = "".join(sign for sign in error if sign.isalnum() or sign in " _-.")[:60]
    return f"the provider refused ({plain})"


def _pasted(address: str, question: Question, flow: Flow) -> dict[str, str]:
    """The parameters of a pasted address. Raises ConsentError with what is wrong with it."""
    text = address.strip().strip("'\"<>")
    target = urlsplit(text if "://" in text else f"http://{text}")
    wanted = question.callback.redirect
    if target.path != flow.place.path:
        raise ConsentError(f"that is not where the browser was sent back to; the address begins with {wanted}")
    door = Door("", "", question.challenge.state, flow.issuer, lambda query: None)
    query = fitting(target.query, door)
    if query is None:
        raise ConsentError(
            "that address answers another question, or a part of it is missing; "
            "copy the whole of it, of the page opened last"
        )
    return query
