"""The commands inside a chat: one table, from which help and completion are made.

Law: importing it is cheap; a command loads what it needs when it runs.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from app.chat import Chat
    from app.turn import Outcome
    from app.wiring import Valet


class Slash:
    """One command: how it is written, what it does in a few words, and the function."""

    __slots__ = ("run", "says", "usage")

    def __init__(self, usage: str, says: str, run: Callable[[Chat, str], None]) -> None:
        self.usage, self.says, self.run = usage, says, run


NOTHING_DONE = (
    "Nothing was done in this conversation that still stands. /receipts lists what was done, /undo ID takes one back."
)
_SAID = {
    "/undo": ("undo", "undo it", "undo that", "undo this", "take it back", "take that back"),
    "/quit": ("exit", "quit", "bye", "goodbye"),
    "/receipts": ("receipts",),
    "/approvals": ("approvals",),
}
_SPOKEN = {words: command for command, rows in _SAID.items() for words in rows}


def spoken(line: str) -> str:
    """The command that a line of nothing but its plain words means; any other line as it is."""
    return _SPOKEN.get(line.strip().rstrip(".!").lower(), line)


def _help(chat: Chat, rest: str) -> None:
    from tools.view import Cell, Facts

    rows = tuple((slash.usage, Cell(text=slash.says)) for slash in TABLE.values())
    more = (("line \\", Cell(text="a backslash at the end of a line goes on in the next one")),)
    chat.screen.show([Facts(facts=rows + more)])


def _tools(chat: Chat, rest: str) -> None:
    from app.tool_list import table

    async def work(valet: Valet) -> None:
        chat.screen.show([table(valet.parts.registry)])

    chat.perform(work)


def _threads(chat: Chat, rest: str) -> None:
    from tools.view import Cell, Table

    async def work(valet: Valet) -> None:
        now = valet.parts.now()
        rows = tuple(
            (
                Cell(text=thread.id, tone="good" if thread.id == chat.thread else "plain"),
                Cell(text=f"{thread.updated.astimezone(now.tzinfo):%d %b %H:%M}", tone="dim"),
                Cell(text=thread.title),
            )
            for thread in valet.storage.threads.list()
        )
        note = "/thread ID goes back to one." if rows else "No conversation has been kept yet."
        chat.screen.show([Table(columns=("Thread", "Last used", "Began with"), rows=rows, grow=2, note=note)])

    chat.perform(work)


def _thread(chat: Chat, rest: str) -> None:
    if not rest:
        chat.screen.say(f"This is thread {chat.thread}. /threads lists them, /thread ID goes to one.")
        return

    async def work(valet: Valet) -> None:
        from app.turn import exchanges

        if not valet.storage.threads.knows(rest):
            chat.screen.error(f"There is no thread {rest!r}.", "/threads lists them; /new begins one.")
            return
        chat.thread = rest
        for request, answer in (await exchanges(valet, rest))[-2:]:
            chat.screen.say(f"› {request}", "dim")
            chat.screen.write(answer)
            chat.screen.end_answer()
            chat.screen.say("")

    chat.perform(work)
    chat.screen.settle()


def _new(chat: Chat, rest: str) -> None:
    from app.threads import new_thread

    chat.thread = new_thread()
    chat.screen.say(f"A new conversation, thread {chat.thread}.", "dim")


def _sources(chat: Chat, rest: str) -> None:
    from tools.view import Cell, Table

    async def work(valet: Valet) -> None:
        from app.turn import last_outcome

        sources = (await last_outcome(valet, chat.thread)).sources
        rows = tuple(
            (Cell(text=s.kind, tone="dim"), Cell(text=s.label, link=s.link), Cell(text=s.by), Cell(text=s.trust))
            for s in sources
        )
        note = "" if rows else "The last answer used no source."
        chat.screen.show([Table(columns=("Kind", "What", "By", "Trust"), rows=rows, grow=1, note=note)])

    chat.perform(work)


def _day(chat: Chat, rest: str) -> None:
    chat.turn(f"Show my agenda for {rest or 'today'}")


def _fault(chat: Chat, rest: str) -> None:
    async def work(valet: Valet) -> None:
        import asyncio

        from app.faults_order import FaultsRefused, order

        try:
            waiting = await asyncio.to_thread(order, valet.demo.origin, rest)
        except FaultsRefused as error:
            chat.screen.error(str(error), "For example /fault gmail:503*2, /fault calendar:delay=5, /fault clear.")
            return
        chat.screen.say("\n".join(waiting) or "No fault is waiting.", "notice" if waiting else "dim")

    chat.perform(work)


def _approvals(chat: Chat, rest: str) -> None:
    """Ask again about what waits in this conversation, and say what waits elsewhere."""

    async def pending(valet: Valet) -> Outcome | None:
        from app.turn import ask_again, carry_on, last_outcome
        from app.watching import Shown

        shown = Shown(chat.screen)
        asked = await ask_again(valet, chat.thread, shown, chat.options()) or await carry_on(valet, chat.thread, shown)
        if asked:
            shown.ended(asked)
        return asked or await last_outcome(valet, chat.thread)

    async def others(valet: Valet) -> None:
        from app.waiting import cards, lapsed

        rows = [row for card in await cards(valet) for row in card]
        for row in rows:
            where = "here" if row.proposal.thread == chat.thread else f"/thread {row.proposal.thread}"
            chat.screen.say(f"{row.id}  {row.proposal.plan.title}  ({where})")
        if not rows:
            chat.screen.say("Nothing waits for your decision.")
        for line in lapsed(valet):
            chat.screen.say(line, "notice")

    chat.through(pending)
    chat.perform(others)


def _account(chat: Chat, rest: str) -> None:
    """Say, or choose, which account is used of a connection with several."""

    async def work(valet: Valet) -> None:
        import asyncio

        from app.accounts import linked, named, table

        found = await asyncio.to_thread(linked, valet)
        if rest == "default":
            chat.accounts.clear()
        elif rest and (chosen := named(found, rest)):
            chat.accounts |= chosen
        elif rest:
            chat.screen.error(f"No linked account is named {rest!r}.", "/account lists them.")
            return
        chat.screen.show([table(found, chat.accounts)])

    chat.perform(work)


def _receipts(chat: Chat, rest: str) -> None:
    async def work(valet: Valet) -> None:
        from app.effect_commands import table
        from graphs.undo import taken_back

        rows = valet.parts.ledger.rows(valet.parts.user, "done", "failed", "unknown", limit=20)
        chat.screen.show([table(valet, rows, taken_back(rows))])

    chat.perform(work)


def _undo(chat: Chat, rest: str) -> None:
    """Propose to take back what is named, or what was done last in this conversation and still stands."""

    async def last(valet: Valet) -> str:
        from graphs.undo import standing

        return next((row.id for row in standing(valet.parts, chat.thread)), "")

    rest = rest or chat.perform(last)
    if not rest:
        chat.screen.say(NOTHING_DONE)
        return

    async def thread_of(valet: Valet) -> str:
        row = valet.parts.ledger.get(valet.parts.user, rest)
        return row.proposal.thread if row else ""

    thread = chat.perform(thread_of)
    if not thread:
        chat.screen.error(f"There is no receipt {rest!r}.", "/receipts lists them.")
        return
    chat.thread = thread
    chat.turn(f"Undo {rest}", undo=rest)


def _quit(chat: Chat, rest: str) -> None:
    chat.leaving = True


TABLE = {
    slash.usage[1:].split(" ")[0]: slash
    for slash in (
        Slash("/help", "this list", _help),
        Slash("/tools", "what Valet can do, and with which permissions", _tools),
        Slash("/day [DATE]", "a day of the calendar, as in /day tomorrow", _day),
        Slash("/sources", "where the last answer comes from", _sources),
        Slash("/account [NAME]", "which account to use, where several are linked; default for the usual", _account),
        Slash("/approvals", "what waits for your decision", _approvals),
        Slash("/receipts", "what was done", _receipts),
        Slash("/undo [ID]", "take back what was done; without an ID, the last of this conversation", _undo),
        Slash("/threads", "your conversations", _threads),
        Slash("/thread ID", "go back to a conversation", _thread),
        Slash("/new", "begin a new conversation", _new),
        Slash("/fault SPEC", "let a service of the demo workspace fail, as in /fault gmail:503*2", _fault),
        Slash("/quit", "leave (as Ctrl-D does)", _quit),
    )
}
