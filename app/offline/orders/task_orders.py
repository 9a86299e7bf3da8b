"""Orders about tasks: reminders, tasks made of what is in view, done, changed, deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

from app.offline.lexicon import EMPTY, listed
from app.offline.orders import targets
from app.offline.orders.mail_orders import to
from app.offline.orders.order import ASKED, Missing, NotAnOrder, Order, must, slot, step
from app.offline.orders.saying import QUOTES
from app.offline.plan import Question, Step
from app.offline.rounds import titled
from app.offline.thread import Ref
from app.offline.times import Timed
from app.offline.window import midnight
from app.offline.words import Line

_TASK = frozenset(listed("task tasks todo todos to-do to-dos reminder reminders"))
_TASKS = frozenset(listed("tasks todos to-dos reminders"))
_ASKING = frozenset(listed("what who whom when where how which if whether why of again"))
_LEAD = frozenset(
    listed("to that : called titled named saying a task todo new the of for about , i we me my out from as")
)
_NEED = frozenset({"need", "have", "must", "should"})
_POINTS = frozenset(listed("those them these all it that first last both"))
_FROM = frozenset({"from", "of"})
_OF_ONE = frozenset({"about", "of"})
_SOURCES = ("message", "mail", "event", "file")
_WORDING = frozenset({"rename", "amend", "alter"})
_DUE = frozenset(listed("due by on for until before till at"))


def about_tasks(line: Line) -> bool:
    row = line.row
    return bool(_TASK & set(row)) or ("to", "do") in pairwise(row) or _listed(line)


def _listed(line: Line) -> bool:
    """My list, the task list."""
    return any(line.words(i, 2) in {("my", "list"), ("the", "list")} for i in range(len(line)))


def reminded(order: Order) -> list[Step]:
    """Remind me to …; several things joined by "and to" are several tasks."""
    if order.line.word(0) in _ASKING:
        raise NotAnOrder("remind")
    pointed = order.line.word(0) in _OF_ONE and any(p.place for p in order.clause.pointings)
    sources = _sources(order) if pointed else []
    if sources:
        return made(order, [sourced(ref, order) for ref in sources])
    bounds = [i for i in range(1, len(order.line) - 1) if order.line.words(i, 2) == ("and", "to")]
    bounds += _listed_apart(order)
    bounds = sorted(bounds)
    starts, ends = [0, *(i + 1 for i in bounds)], [*bounds, len(order.line)]
    pieces = [order.reader.only(order.clause, range(a, b)) for a, b in zip(starts, ends, strict=True)]
    items = [item for piece in pieces if (item := _item(replace(order, clause=piece)))]
    return made(order, items)


def _listed_apart(order: Order) -> list[int]:
    """The marks between tasks of a list, each behind its own day, or all parted by ";": "tasks: A by Monday, B"."""
    if order.verb.partition(" ")[0] not in _TASKS:
        return []
    marks = [i for i in range(1, len(order.line) - 1) if order.line.word(i) in {",", ";"}]
    ends = {t.end for t in order.clause.windows(1)}
    return [i for i in marks if i in ends or order.line.word(i) == ";"]


def created(order: Order) -> list[Step]:
    """Add a task to …, put … on my list, make a task of the second one."""
    if "due" in order.line.row and any("task" in p.kinds for p in order.clause.pointings):
        return changed(order)
    sources = _sources(order)
    if sources:
        return made(order, [sourced(ref, order) for ref in sources])
    pieces = [order.reader.only(order.clause, piece) for piece in _pieces(order.line)]
    named = pieces or [order.without(_naming(order.line))]
    return made(order, [item for one in named if (item := _item(replace(order, clause=one)))])


def turned(order: Order) -> list[Step]:
    """Turn those into tasks."""
    if not about_tasks(order.line):
        raise NotAnOrder("turn")
    sources = _sources(order)
    if not sources:
        last = order.plan.steps[-1] if order.plan.steps else None
        skill = order.reader.knowledge.every.get(last.name) if last else None
        kind = next(iter(skill.mints), "") if skill and skill.lists else ""
        if kind not in _SOURCES:
            raise Missing(_of_what(order))
        wait = replace(targets.Target(many=True).wait("items", kind), take="items")
        return [step(order, "create_tasks", {}, wait)]
    return made(order, [sourced(ref, order) for ref in sources])


def _of_what(order: Order) -> Question:
    return Question("create_tasks", {}, slot(must(order, "create_tasks"), "items"), ask=ASKED["items"])


def made(order: Order, items: list[dict[str, Any]]) -> list[Step]:
    """The call that makes these tasks. Raises Missing where there are none."""
    if not items:
        raise Missing(_of_what(order))
    return [step(order, "create_tasks", {"items": items})]


def _sources(order: Order) -> list[Ref]:
    """The mails, messages, events or files in view that are to become tasks."""
    refs = {ref.handle: ref for found in order.lists for ref in found}
    gone = {i for i, word in enumerate(order.line.row) if word in _TASK or word in {"into", "out"}}
    gone |= {i for t in order.clause.windows(1) for i in range(t.start, t.end)}
    rest = replace(order, clause=order.without(gone))
    for kind in targets.kinds_meant(rest, _SOURCES):
        led = rest.names(kind) and _FROM & set(rest.line.row)
        pointed = led or rest.clause.pointings or _POINTS & set(rest.line.row)
        found = targets.find(rest, kind) if pointed and len(rest.content()) <= 3 else None
        if found and found.handles:
            return [refs[handle] for handle in found.handles if handle in refs]
    return []


def sourced(ref: Ref, order: Order) -> dict[str, Any]:
    """The task that is made of a thing in view, by its own name, due when the order says."""
    due = due_of(order.clause.windows(1))
    return {"title": titled(ref), "source": ref.handle, **({"due": due} if due else {})}


def _pieces(line: Line) -> list[range]:
    """What each of several tasks is: "two tasks: water the plants, pay the rent and call Ana"; none of a single one."""
    head = next((i for i, word in enumerate(line.row) if word in _TASKS and line.word(i + 1) == ":"), None)
    if head is None:
        return []
    inside = range(head + 2, len(line))
    marks = [i for i in inside if line.word(i) == ";"] or [i for i in inside if line.word(i) == ","]
    counted = any(line.kind(i) == "number" or line.word(i) in {"two", "both"} for i in range(head))
    if (marks and line.word(marks[-1]) == ",") or counted:
        marks += [i for i in inside if i > max(marks, default=head) and line.word(i) == "and"][:1]
    starts, ends = [head + 2, *(i + 1 for i in marks)], [*marks, len(line)]
    return [range(a, b) for a, b in zip(starts, ends, strict=True)]


def _naming(line: Line) -> list[int]:
    """The tokens that only say that it is to be a task: "a task to", "to my to-do list"."""
    gone: list[int] = []
    for i, word in enumerate(line.row):
        if (
            word in _TASK
            or word == "list"
            or (word == "to" and line.word(i + 1) == "do")
            or (word == "do" and line.word(i - 1) == "to")
        ):
            k = i - 1
            while k >= 0 and line.word(k) in {"a", "my", "the", "new", "to", "on", "onto", "in", "as", "into", "me"}:
                gone.append(k)
                k -= 1
            gone.append(i)
    return gone


def _item(order: Order) -> dict[str, Any] | None:
    """A title and when it is due; the words as typed, without those of the time."""
    clause = order.clause
    found = [t for t in clause.windows(1) if t.window.start or t.window.end]
    held = {i for t in found[-1:] for i in range(t.start, t.end)}
    often = {t.start - 1 for t in found[-1:] if clause.line.word(t.start - 1) in {"every", "each"}}
    order.plan.unused += [clause.said({*often, *held})] if often else []  # a task is due once
    held |= often
    words = [i for i in range(len(clause.line)) if i not in held]
    while words and (_leads(clause.line, words[0]) or clause.line.kind(words[0]) == "symbol"):
        words = words[1:]
    while words and (
        clause.line.word(words[-1]) in _DUE | {"please", "and", "is"} or clause.line.kind(words[-1]) == "symbol"
    ):
        words = words[:-1]
    title = _text(order, words)
    if not [i for i in words if clause.line.word(i) not in EMPTY]:
        return None
    due = due_of(found[-1:])
    return {"title": title.strip(QUOTES), **({"due": due} if due else {})}


def _leads(line: Line, i: int) -> bool:
    """Whether the word only leads up to what is to be done: "that I need to"."""
    if line.word(i) in {"i", "we"}:
        return line.word(i + 1) in _NEED
    return line.word(i) in _LEAD or (line.word(i) in _NEED and line.word(i - 1) in {"i", "we"})


def _text(order: Order, words: list[int]) -> str:
    """The tokens as typed, in runs where something between was left out."""
    runs: list[list[int]] = []
    for i in words:
        if runs and runs[-1][-1] == i - 1:
            runs[-1].append(i)
        else:
            runs.append([i])
    said = (order.clause.said(run).strip(" ,;:") for run in runs)
    return " ".join(one for one in said if one)


def due_of(found: list[Timed]) -> str:
    """When it is due: a time with its zone where one was said, else the day; a part of a day by its begin."""
    if not found:
        return ""
    window = found[-1].window
    if window.grain in {"clock", "part"} and window.start:
        return window.start.isoformat()
    if window.start and window.end and window.start == midnight(window.end) != window.end:
        return window.end.isoformat()  # "by Wednesday 5pm"
    last = (window.end - timedelta(microseconds=1)).date() if window.end else None
    first = window.start.date() if window.start else None
    return (last or first).isoformat() if last or first else ""  # type: ignore[union-attr]


def done(order: Order) -> list[Step]:
    return _for(order, "complete_tasks", {})


def reopened(order: Order) -> list[Step]:
    return _for(order, "reopen_tasks", {})


def deleted(order: Order) -> list[Step]:
    return _for(order, "delete_tasks", {})


def _for(order: Order, name: str, args: dict[str, Any]) -> list[Step]:
    gone = [
        i
        for i, w in enumerate(order.line.row)
        if w in {"done", "complete", "completed", "finished", "as", "open", "off"}
    ]
    argument = must(order, name).takes("handle")[0].name
    target = targets.find(order, "task", gone=gone)
    if target is None:
        one = slot(must(order, name), argument)
        raise Missing(Question(name, args, one, shown=bool(targets.of_kind(order, "task"))))
    return to(order, name, argument, "task", target, args)


def changed(order: Order) -> list[Step]:
    """Another due time, or another name."""
    line = order.line
    split = next((i for i in range(len(line) - 1, -1, -1) if line.word(i) in {"to", "until", "due"}), len(line))
    first = line.row.index("to") if "to" in line.row else split
    worded = order.verb in _WORDING and not order.clause.timed >= {*range(first + 1, len(line))}
    split = first if worded else split
    head = order.reader.only(order.clause, range(split))
    gone = [i for i, word in enumerate(head.line.row) if word in {"due", "date", "deadline", "name", "title", "of"}]
    target = targets.find(replace(order, clause=self_without(order, head, gone)), "task")
    rest = range(split + 1, len(line))
    args: dict[str, Any] = {}
    if worded or {"name", "title"} & set(head.line.row):
        args["title"] = order.clause.said(rest).strip(QUOTES + ".") if rest else ""
    else:
        args["due"] = due_of([t for t in order.clause.windows(1) if t.end > split][:1])
    if target is None or not any(args.values()):
        missing = "task" if target is None else "title" if "title" in args else "due"
        held = {"task": target.handles[0]} if target and target.handles else {}
        one = slot(must(order, "change_task"), missing)
        raise Missing(
            Question("change_task", held | {k: v for k, v in args.items() if v}, one, ask=ASKED.get(missing, ""))
        )
    return to(order, "change_task", "task", "task", target, args)


def self_without(order: Order, clause: Any, gone: list[int]) -> Any:
    return order.reader.without(clause, gone)
