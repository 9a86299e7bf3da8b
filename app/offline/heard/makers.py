"""The calls of the tools whose arguments are more than the words for them: texts, events, tasks, documents, lists.

Law: a text is what was typed, or what was told just before; a time is never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from app.offline import naming
from app.offline.fill_words import ME
from app.offline.heard import borrowed, events, reckoning
from app.offline.heard.making import Making
from app.offline.heard.said import Said
from app.offline.heard.values import filled, variants, worded
from app.offline.lexicon import EMPTY, listed
from app.offline.orders import acting, said_before, targets, task_orders
from app.offline.orders.describing import lister
from app.offline.orders.order import ASKED, Missing, NotAnOrder, must, slot
from app.offline.orders.saying import QUOTES
from app.offline.orders.targets import Target
from app.offline.plan import Pick, Question, Step
from app.offline.rounds import plain
from app.offline.trained.tagging import Span

NEW = "newtime"
_NOTES = frozenset({"note", "comment", "message"})
_LISTING = frozenset(listed("which all list meetings events appointments calls"))
_INSIDE = frozenset({("in", "it"), ("inside", "it"), ("in", "there")})
_WRITING = frozenset(listed("write draft compose about saying with plan one-page"))
_SEVERAL = frozenset((word, ":") for word in listed("tasks todos to-dos list things items reminders todo"))
_ROW = frozenset({",", "and", "&"})
_SOMEBODY = frozenset({"the", "my", "our"})


def steps(making: Making) -> list[Step]:
    """The calls that the request comes to. Raises Missing with the question to put, NotAnOrder where it is none."""
    own = _OWN.get(making.said.skill.name)
    if own:
        return own(making)
    if making.said.skill.reads and (lent := borrowed.steps(making)):
        return lent
    return _by_time(making) if making.said.skill.by_time else making.steps()


def _by_time(making: Making) -> list[Step]:
    """What is listed by its time alone: opened by its name, or the list with which of it is meant."""
    said = making.said
    who, what = said.texts("person", "sender", "to"), said.texts("query", "title", "thing")
    words = tuple(word.lower() for text in who or what for word in text.split() if word.lower() not in EMPTY)
    pointed = not who and any(p.place or p.that for p in said.only("thing").pointings)
    if not words or pointed:
        return [making.step({**making.base, **args}) for args in variants(said)]
    if not said.text("time") and not _LISTING & {*said.clause.line.row[:3]}:
        return naming.opened(said.skill, said.reader, said.clause.moment.now, words, who=bool(who))
    for text in who or what:
        plain_words = tuple(word for word in text.lower().split() if word not in EMPTY)
        making.plan.picks.append(Pick(said.skill.name, plain_words, text, who=bool(who)))
    return [making.step(filled(said))]


def _mail(making: Making) -> list[Step]:
    """A new mail: its subject is its first words where none was said."""
    args = _with_text(making, "body")
    _addressed(making, args)
    if not args.get("body") and any(one.name == "body" for one in making.said.skill.required):
        kept = {key: value for key, value in args.items() if value}
        raise Missing(Question(making.said.skill.name, kept, slot(making.said.skill, "body"), ask=ASKED["body"]))
    subject = making.said.text("subject") or acting.opening(str(args.get("body", "")))
    return [making.step(args | {"subject": subject[:1].upper() + subject[1:]})]


def _addressed(making: Making, args: Mapping[str, Any]) -> None:
    """Raises Missing where it goes to somebody without a name, "the bank", whose address nobody said."""
    to = making.said.text("to", "person")
    if to.partition(" ")[0].lower() not in _SOMEBODY:
        return
    body = str(args.get("body", ""))
    given = {"subject": making.said.text("subject") or acting.opening(body), "body": body}
    kept = {key: value for key, value in given.items() if value}
    one = slot(making.said.skill, "to")
    raise Missing(
        Question(making.said.skill.name, kept, one, ask=f"I know no address of {to}. To which one should it go?")
    )


def _answer(making: Making) -> list[Step]:
    """A reply to the conversation that is meant, or to the newest one with whoever is named."""
    args = _with_text(making, "body")
    one = slot(making.said.skill, "conversation")
    names = making.said.name("to", "person")
    theirs = targets.find(making.order("to", "person"), "mail") if names and not making.said.texts("thing") else None
    if theirs and theirs.handles:
        return acting.to(making.whole(), making.said.skill.name, one.name, one.kind, theirs, args)
    if making.target("mail") is None and names and making.whole().skill("search_mail"):
        look = Target(steps=(Step("search_mail", {"sender": names[0]}, aside=True),), first=True)
        return acting.to(making.whole(), making.said.skill.name, one.name, one.kind, look, args)
    return making.on(one, args)


def _told(making: Making) -> list[Step]:
    """A message in each channel, or to each person, that is named."""
    args = _with_text(making, "text")
    people = making.said.name("person", "to")
    if making.said.skill.takes("person") and people:
        return [making.step({**args, "person": who}) for who in people]
    channels = making.said.name("channel")
    return [making.step({**args, "channel": one.lstrip("#")}) for one in channels] or [making.step(args)]


def _with_text(making: Making, name: str) -> dict[str, Any]:
    """The arguments; where no text was typed, what "that" stands for."""
    args = filled(making.said)
    text = args.get(name) or said_before.pointed_text(making.whole())
    return args | {name: text} if text else args


def _tasks(making: Making) -> list[Step]:
    """One task for each title, due by the time that is said; what is in view becomes one by its own name."""
    said = making.said
    titles = _listed([span for span in said.spans if span.argument == "title"], said)
    inside = range(titles[0].end, titles[-1].start) if len(titles) > 1 else ()
    times = [span for span in said.spans if span.argument == "time"]
    due = _due(said, [span for span in times if span.start not in inside])
    rest = {"due": due} if due else {}
    if not titles:
        items = [{**task_orders.sourced(ref, making.whole()), **rest} for ref in _sources(making)]
        return _of_last(making) or task_orders.made(making.whole(), items)
    note = {"notes": said.text("notes")} if said.text("notes") else {}
    ends = [*(span.start for span in titles[1:]), len(said.clause.line)]
    items = [_item(said, span, end, rest) | note for span, end in zip(titles, ends, strict=True)]
    return task_orders.made(making.whole(), items)


def _listed(titles: list[Span], said: Said) -> list[Span]:
    """The titles, and of several in a row the last one too, where nothing is known of it: "milk, eggs, bread"."""
    line, marked = said.clause.line, {i for span in said.spans for i in range(span.start, span.end)}
    if titles and line.words(titles[0].start - 2, 2) in _SEVERAL:
        titles = _parted(titles, said)
    at = titles[-1].end if len(titles) > 1 else len(line)
    if line.word(at) not in _ROW or line.word(titles[-2].end) not in _ROW:
        return titles
    start = at + 1 + (line.word(at + 1) in _ROW)
    rest = [i for i in range(start, len(line)) if line.kind(i) != "symbol"]
    free = bool(rest) and rest == [*range(start, rest[-1] + 1)] and marked.isdisjoint(rest)
    return [*titles, Span(start, rest[-1] + 1, "title")] if free else titles


def _parted(titles: list[Span], said: Said) -> list[Span]:
    """The parts of a row, where it is one by a comma."""
    row = said.clause.line.row
    if "," not in row[titles[0].start : titles[-1].end]:
        return titles
    found = list[Span]()
    for title in titles:
        bounds = [title.start - 1, *(i for i in range(title.start, title.end) if row[i] in _ROW), title.end]
        found += [Span(a + 1, b, "title") for a, b in pairwise(bounds) if b > a + 1]
    return found


def _item(said: Said, title: Span, end: int, rest: Mapping[str, str]) -> dict[str, Any]:
    """A task, due by the time that stands behind its title, up to the next one; else by that of all."""
    times = [span for span in said.spans if span.argument == "time"]
    own = _due(said, [span for span in times if title.end <= span.start < end])
    words = said.clause.said(range(title.start, title.end)).strip(QUOTES + " ,")
    return {"title": words, **({"due": own} if own else rest)}


def _due(said: Said, times: Sequence[Span]) -> str:
    clause = said.reader.only(said.clause, [i for span in times for i in range(span.start, span.end)])
    return task_orders.due_of(clause.windows(1)[-1:])


def _of_last(making: Making) -> list[Step]:
    """A task of each thing that the request before it will show."""
    last = making.plan.steps[-1] if making.plan.steps else None
    skill = making.said.reader.knowledge.every.get(last.name) if last else None
    kind = next(iter(skill.mints), "") if skill and skill.lists else ""
    if kind not in _SOURCES:
        return []
    wait = replace(Target(many=True).wait("items", kind), take="items")
    return [Step("create_tasks", {}, wait)]


def _sources(making: Making) -> list[Any]:
    order = making.order("thing")
    refs = {ref.handle: ref for found in order.lists for ref in found}
    for kind in targets.kinds_meant(order, _SOURCES):
        found = making.target(kind)
        if found and found.handles:
            return [refs[handle] for handle in found.handles if handle in refs]
    return []


def _task(making: Making) -> list[Step]:
    """Another due time, or another name."""
    said = making.said
    due = task_orders.due_of([t for clause in (said.only(NEW), said.only("time")) for t in clause.windows(1)][:1])
    args = {"title": said.text("title"), "due": due, "notes": said.text("notes")}
    given = {key: value for key, value in args.items() if value}
    if not given:
        raise Missing(Question("change_task", {}, slot(must(making.whole(), "change_task"), "due"), ask=ASKED["due"]))
    return making.on(slot(said.skill, "task"), given)


def _document(making: Making) -> list[Step]:
    """A new document with a text that was said, or with what was told just before; an empty one where none is meant."""
    said = making.said
    args = _with_text(making, "content")
    behind = said.texts("title")[1:]
    if behind and not said.text("text"):
        args["content"] = behind[0]  # "a doc "Minutes" with: Ana opens"
    if not args.get("title") and args.get("content"):
        args["title"] = plain(said.reader.view.topic)
    if not args.get("content") and not _WRITING.isdisjoint(said.clause.line.row):
        kept = {key: value for key, value in args.items() if value}
        raise Missing(Question(said.skill.name, kept, slot(said.skill, "content"), ask=ASKED["content"]))
    making.plan.unused += said.texts("kind") if said.value("kind") not in {"", "document"} else []
    return [making.step(args | _folder(making))]


def _folder(making: Making) -> dict[str, Any]:
    """The folder it goes to: the one just made, or one of that name in view; else it is said to be left out."""
    line, calls = making.said.clause.line, [past for turn in making.thread.before[-1:] for past in turn.calls]
    inside = any(line.words(i, 2) in _INSIDE for i in range(len(line)))
    if inside and calls and calls[-1].name == "create_folder" and "file" in making.hand:
        return {"folder": making.hand["file"]}
    named = targets.find(making.order("folder"), "file") if making.said.text("folder") else None
    if named and len(named.handles) == 1:
        return {"folder": named.handles[0]}
    making.plan.unused += making.said.texts("folder")
    return {}


def _more(making: Making) -> list[Step]:
    """More text for a document, or another in its place where that was said; never a word inside it."""
    if sum(token.kind == "quoted" for token in making.said.clause.line.tokens) > 1:
        raise NotAnOrder("replace")
    return making.plainly({"mode": "append", **_with_text(making, "content")})


def _invitation(making: Making) -> list[Step]:
    """The answer to an invitation; the note that is to go with it is asked for where only that is said."""
    args = filled(making.said)
    note = making.said.text("text", "notes")
    if note:
        args["note"] = worded(making.said) or note
    elif not _NOTES.isdisjoint(making.said.without({"thing"}).line.row):
        target = making.target("event")
        kept = args | ({"event": target.handles[0]} if target and target.handles else {})
        one = slot(making.said.skill, "note")
        raise Missing(Question(making.said.skill.name, kept, one, ask="What should the note say?"))
    return making.plainly(args)


def _own_message(making: Making) -> list[Step]:
    """A message of one's own: no other is looked for, since no other can be deleted."""
    found, finder = making.steps(), lister(making.said.reader, "message")
    by = finder.takes("person")[0].name if finder and finder.takes("person") else ""
    looks = by and finder and not making.said.texts("sender", "person")
    return [replace(s, args={**s.args, by: ME}) if looks and finder and s.name == finder.name else s for s in found]


_SOURCES = ("message", "mail", "event", "file")
_OWN: Mapping[str, Callable[[Making], list[Step]]] = {
    "send_mail": _mail, "draft_mail": _mail, "send_reply": _answer, "draft_reply": _answer, "post_message": _told,
    "message_person": _told, "create_event": events.created, "move_event": events.moved, "create_tasks": _tasks,
    "change_task": _task, "create_document": _document, "update_document": _more, "answer_invitation": _invitation,
    "calculate": reckoning.summed, "delete_message": _own_message,
    "find_date": reckoning.dated,
}  # fmt: skip
