"""A conversation in the terminal.

Law: the first prompt waits for nothing heavy; Ctrl-C stops a turn and keeps the conversation.
"""

# pathlib would cost the prompt 8 ms:
# ruff: noqa: PTH109, PTH118

from __future__ import annotations

import os

from app.backstage import Backstage, Stopped
from app.greeting import greeting
from app.prompt import Prompt, put
from app.settings import Settings, load
from app.slash import TABLE, spoken
from app.strangers import mention
from app.threads import new_thread
from app.unlock import unlocked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any, TypeVar

    from app.pasting import Pasting
    from app.screen import Screen
    from app.turn import Outcome
    from app.watching import Shown
    from app.wiring import Valet
    from graphs.context import Context

    T = TypeVar("T")


class Chat:
    """One conversation at a time, on one thread; the slash commands move it."""

    def __init__(self, settings: Settings, thread: str = "", tape: str = "") -> None:
        """`tape`: the file this conversation is recorded on, "" for none."""
        self.settings = settings
        self.thread = thread or new_thread()
        self._tape = (tape, self.thread) if tape else None
        self.leaving = False
        self.accounts: dict[str, str] = {}
        self._typed: dict[str, dict[str, Any]] = {}
        self._went_back = bool(thread)
        self._caught_up = False
        self._prompt = Prompt(
            os.path.join(settings.home_text, "history"),
            colour=settings.colour,
            words=[f"/{name}" for name in TABLE],
        )
        self._backstage: Backstage | None = None
        self._screen: Screen | None = None

    def hold(self) -> int:
        """Talk until the person leaves; gives the exit code."""
        if self._prompt.live:
            put(greeting(self.settings))
        mention(self.settings)
        self._backstage = Backstage(self.settings, self._tape)
        try:
            if self._went_back and self._prompt.live:
                self._survive("/approvals")
            while not self.leaving and (request := self._prompt.ask()) is not None:
                self._survive(spoken(request))
        finally:
            self._close()
        return 0

    def _close(self) -> None:
        if self._backstage is not None:
            self._backstage.close()

    @property
    def screen(self) -> Screen:
        """Loaded when it is first printed to, which is behind the first prompt."""
        if self._screen is None:
            from app.screen import terminal

            self._screen = terminal(self.settings.colour)
        return self._screen

    def perform(self, work: Callable[[Valet], Coroutine[Any, Any, T]]) -> T:
        """Do something with the wired Valet. Raises Stopped after Ctrl-C."""
        self._backstage = self._backstage or Backstage(self.settings, self._tape)
        if not self._backstage.ready and self._prompt.live:
            put("  getting ready…", end="")
            try:
                self._backstage.wait()
            except KeyboardInterrupt:
                raise Stopped from None
            finally:
                put("\r\x1b[K", end="")
        return self._backstage.perform(work)

    def turn(self, request: str, undo: str = "") -> Outcome | None:
        """Carry out one request, with what has to be decided on the way; None when it was stopped."""

        async def work(valet: Valet) -> Outcome:
            from app.turn import take_turn

            options = self.options(undo)
            return await self._shown(valet, lambda watcher: take_turn(valet, self.thread, request, watcher, options))

        return self.through(work)

    def options(self, undo: str = "") -> Context:
        from graphs.context import Context

        return Context(accounts=dict(self.accounts), undo=undo)

    def through(self, work: Callable[[Valet], Coroutine[Any, Any, Outcome | None]]) -> Outcome | None:
        """Do this work, and ask about whatever it stops at, until it has come to an end or is left for later."""
        try:
            outcome = self._performed(work)
            while outcome is not None and (pending := outcome.pending) is not None:
                answer = self._decision(pending)
                if answer is None:
                    from graphs.consent import let_go

                    self.perform(lambda valet: let_go(valet.parts, self.thread))  # who comes back is given new pages
                    return outcome
                with self._pasting(pending, answer) as pasting:
                    outcome = self._performed(self._answering(answer, pasting))
        except Stopped:
            self.screen.end_answer()
            self.screen.settle()
            self.screen.say(self._stopped(), "notice")
            return None
        if outcome is not None and outcome.sources:
            many = "sources" if len(outcome.sources) > 1 else "source"
            self.screen.say(f"  {len(outcome.sources)} {many}: /sources", "dim")
        return outcome

    def _stopped(self) -> str:
        """What a stopped turn leaves: a write that was approved is not broken off in the middle of a request."""
        said = "Stopped. The conversation goes on where it was."
        backstage = self._backstage
        if backstage is None or not backstage.ready or backstage.failed or not backstage.perform(self._under_way):
            return said
        return f"{said} What you approved is still carried out: /receipts says how it ended."

    async def _under_way(self, valet: Valet) -> bool:
        rows = valet.parts.ledger.rows(valet.parts.user, "approved", "intended", "unknown")
        return any(row.proposal.thread == self.thread for row in rows)

    def _answering(
        self, answer: dict[str, Any], pasting: Pasting
    ) -> Callable[[Valet], Coroutine[Any, Any, Outcome | None]]:
        async def work(valet: Valet) -> Outcome:
            from app.turn import answer_pause

            pasting.begin(valet.parts.consents, valet.parts.user)
            options = self.options()
            return await self._shown(
                valet, lambda watcher: answer_pause(valet, self.thread, answer, watcher, options), pasting
            )

        return work

    def _pasting(self, pending: dict[str, Any], answer: dict[str, Any]) -> Pasting:
        """What takes addresses while the agreed permissions are waited for, if any are."""
        from app.pasting import Pasting

        consent = pending["valet"]["kind"] == "consent"
        return Pasting(self.screen, [name for name, agreed in answer.items() if consent and agreed])

    def _performed(self, work: Callable[[Valet], Coroutine[Any, Any, Outcome | None]]) -> Outcome | None:
        try:
            outcome = self.perform(work)
            self.screen.end_answer()
        finally:
            self.screen.settle()
        return outcome

    async def _shown(
        self, valet: Valet, turn: Callable[[Shown], Coroutine[Any, Any, Outcome]], pasting: Pasting | None = None
    ) -> Outcome:
        from app.watching import Shown

        watcher = Shown(self.screen, pasting.end if pasting else None)
        outcome = await turn(watcher)
        watcher.ended(outcome)
        return outcome

    def _decision(self, pending: dict[str, Any]) -> dict[str, Any] | None:
        """What the person decides about a card; None where they leave it for later, or nobody is there to ask."""
        from app import deciding

        if not self._prompt.live:
            self.screen.error(*deciding.needed(pending, self.thread))
            return None
        try:
            if pending["valet"]["kind"] == "consent":
                return deciding.consent(self.screen, pending, self._browse)
            return deciding.decide(self.screen, pending, self.settings.editor, self._reads, self._typed)
        except deciding.Left:
            if pending["valet"]["kind"] == "writes":
                self.screen.say(deciding.later(pending), "notice")
            return None

    def _reads(self, line: str) -> bool:
        """Whether this is a request to look something up, as the offline planner takes it."""
        return self.perform(lambda valet: valet.models.reads(line))

    def _browse(self, page: str) -> None:
        """Open a page of ours, where there is a browser; the address is on the screen in any case."""
        from app.connect import browse, listens

        if not listens(page):
            return  # its time is over: it is asked again, with a new page
        if not (self.settings.window and browse(page)):
            self.screen.say("No browser could be opened here: open the page above yourself.", "notice")
        if self.settings.remote:
            port = page.partition("://")[2].partition("/")[0].rpartition(":")[2]
            self.screen.say(f"From another machine: ssh -L {port}:localhost:{port} to this one first.", "dim")

    def _survive(self, request: str) -> None:
        """Answer; whatever goes wrong is said, and the conversation goes on."""
        try:
            self._answer(request)
        except KeyboardInterrupt:  # between two waits, where nothing is under way any more
            self.screen.settle()
        except Exception as error:  # noqa: BLE001 - the outermost frame of a turn: a bug must not take the talk with it
            from app.trouble import explained

            trouble = explained(error, self.settings.home_text)
            self.screen.end_answer()
            self.screen.error(trouble.what, trouble.next)
            put()
            if self._backstage is not None and self._backstage.failed:
                self._backstage = None  # the next request tries again

    def _catch_up(self) -> None:
        """Finish, once, what was approved and cut off before, and say how it ended."""
        if self._caught_up:
            return
        self._caught_up = True

        async def work(valet: Valet) -> None:
            from app.accounts import ending
            from app.catching_up import catch_up
            from app.watching import Silent

            for line in await ending(valet):
                self.screen.say(line, "notice")

            for caught in await catch_up(valet, Silent(self.screen)):
                if caught.row.stage != caught.before:
                    told = caught.row.receipt.what if caught.row.receipt else caught.row.why
                    self.screen.say(f"Cut off before, {caught.row.stage} now: {told}", "notice")

        self.perform(work)

    def _answer(self, request: str) -> None:
        if not request.startswith("/"):
            put()
            self._catch_up()
            self.turn(request)
            put()
            return
        name, _, rest = request[1:].strip().partition(" ")
        command = TABLE.get(name)
        if command is None:
            self.screen.error(f"There is no command /{name}.", "/help lists them.")
            return
        try:
            command.run(self, rest.strip())
        except Stopped:
            self.screen.say("Stopped.", "notice")


def main(argv: list[str]) -> int | None:
    """`valet chat` without the command parser; None for options it leaves to that parser."""
    given = _options(argv)
    if given is None:
        return None
    return open_chat(given.get("--workspace"), given.get("--thread", ""))


def open_chat(workspace: str | None, thread: str, tape: str = "") -> int:
    settings = load(cwd=os.getcwd(), explicit={"VALET_WORKSPACE": workspace})
    settings.check_workspace()
    return Chat(unlocked(settings), thread, tape).hold()


def _options(argv: list[str]) -> dict[str, str] | None:
    given: dict[str, str] = {}
    rest = [part for arg in argv for part in (arg.split("=", 1) if arg.startswith("--") else [arg])]
    while rest:
        name, *rest = rest
        if name not in ("--thread", "--workspace") or not rest or rest[0].startswith("-"):
            return None
        given[name], *rest = rest
    return given
