"""The calls that a request comes to once its tool and the words for its arguments are known.

Law: what is acted on is pointed at, described and looked up, or asked for; never the next best thing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.offline.heard.values import Said, filled, lost_times, variants
from app.offline.orders import event_changes, event_orders, event_words, mail_orders, repeating, targets, task_orders
from app.offline.orders.order import ASKED, Missing, NotAnOrder, Order, must, slot, step
from app.offline.orders.targets import Target
from app.offline.plan import Plan, Question, Step, Take, Wait
from app.offline.slots import Slot, Sort
from app.offline.thread import Thread

_NEW = "newtime"


@dataclass(frozen=True)
class Making:
    """One request being made into calls. `plan` is what the same turn has come to so far."""

    said: Said
    thread: Thread
    plan: Plan
    hand: Mapping[str, str]

    def steps(self) -> list[Step]:
        """The calls. Raises Missing with the question to put, NotAnOrder where nothing can be made of it."""
        own = _OWN.get(self.said.skill.name)
        if lost_times(self.said.clause, self.said.spans):
            raise NotAnOrder(self.said.skill.name)  # it would be passed over in silence
        if own:
            return own(self)
        found = variants(self.said)
        if self._unplaced() or self._timeless(found):
            raise NotAnOrder(self.said.skill.name)
        return [one for args in found for one in self._plain(args)]

    def _timeless(self, found: Sequence[Mapping[str, Any]]) -> str:
        """A time that comes to no argument of a tool that takes some."""
        takes = {slot.name for slot in self.said.skill.takes("start", "end", "since", "until", "time")}
        time = self.said.text("time") if takes else ""
        return "" if any(takes & set(args) for args in found) else time

    def _unplaced(self) -> bool:
        """Whether it is said who, what about or where, and the tool has no use for that."""
        skill = self.said.skill
        things = any(slot.kind for slot in skill.slots)
        said = {span.argument for span in self.said.spans}
        return not things and any(said & arguments and not skill.takes(*sorts) for arguments, sorts in _PLACED)

    def order(self, *arguments: str) -> Order:
        """The words of these arguments as what is ordered."""
        return self._order(self.said.only(*arguments))

    def whole(self) -> Order:
        return self._order(self.said.clause)

    def _order(self, clause: Any) -> Order:
        return Order("", "", clause, "", "", self.said.reader, self.thread, self.plan, hand=self.hand)

    def _plain(self, args: Mapping[str, Any]) -> list[Step]:
        """The call with these arguments, on the thing that is meant, if it takes one."""
        things = [one for one in self.said.skill.slots if one.kind]
        if not things or (not things[0].required and not self.said.texts("thing")):
            return [self._step(args)]
        return self.on(things[0], args)

    def _step(self, args: Mapping[str, Any]) -> Step:
        return step(self.whole(), self.said.skill.name, args)

    def on(self, thing: Slot, args: Mapping[str, Any]) -> list[Step]:
        """The call on whatever is pointed at or described."""
        name = self.said.skill.name
        behind = self._behind(thing)
        if behind:
            return [step(self.whole(), name, args, behind)]
        target = self.target(thing.kind)
        if target and target.many and self.said.skill.reads and thing.type is str:
            raise NotAnOrder(name)  # several are listed, not opened one after the other
        if target is None:
            shown = bool(targets.of_kind(self.whole(), thing.kind))
            kept = {key: value for key, value in args.items() if value}
            raise Missing(Question(name, kept, thing, shown=shown, ask=ASKED.get(thing.name, "")))
        return mail_orders.to(self.whole(), name, thing.name, thing.kind, target, args)

    def _behind(self, thing: Slot) -> Wait | None:
        """For what an earlier request of the same turn will show: "find it and open the first one"."""
        skill = self.said.reader.knowledge.every.get(self.plan.steps[-1].name) if self.plan.steps else None
        points = [p for p in replace(self.said.only("thing"), shown=True).pointings if p.place or p.that]
        if (
            skill is None
            or not points
            or not (skill.lists and thing.kind in skill.mints)
            or points[0].kinds[:1] not in ((), (thing.kind,))
        ):
            return None
        take: Take = "handles" if thing.type in (list, tuple, set) else "handle"
        return Wait(thing.name, thing.kind, first=points[0].that, place=points[0].place, take=take)

    def target(self, kind: str) -> Target | None:
        """What is meant: all that is named, else the one thing in hand, or the only one in view."""
        spans = [span for span in self.said.spans if span.argument == "thing"]
        found = [self._one(range(span.start, span.end), kind) for span in spans]
        named = [one for one in found if one]
        if len(named) > 1 and all(one.handles for one in named):
            return Target(tuple(dict.fromkeys(handle for one in named for handle in one.handles)))
        if named:
            return named[0]
        if not spans and (self.said.clause.pointings or self.said.clause.people):
            return targets.find(self.whole(), kind)
        held, seen = self.hand.get(kind, ""), targets.of_kind(self.whole(), kind)
        alone = held or (seen[0].handle if len(seen) == 1 else "")
        return Target((alone,)) if alone and not spans else None

    def _one(self, tokens: range, kind: str) -> Target | None:
        return targets.find(self._order(self.said.reader.only(self.said.clause, tokens)), kind)


def _mail(making: Making) -> list[Step]:
    """A new mail: its subject is its first words where none was said."""
    args = filled(making.said)
    subject = making.said.text("subject") or mail_orders.opening(str(args.get("body", "")))
    return [making._step(args | {"subject": subject[:1].upper() + subject[1:]})]


def _answer(making: Making) -> list[Step]:
    """A reply to the conversation that is meant, or to the newest one with whoever is named."""
    args = filled(making.said)
    one = slot(making.said.skill, "conversation")
    names = making.said.name("to", "person")
    theirs = targets.find(making.order("to", "person"), "mail") if names and not making.said.texts("thing") else None
    if theirs and theirs.handles:
        return mail_orders.to(making.whole(), making.said.skill.name, one.name, one.kind, theirs, args)
    if making.target("mail") is None and names and making.whole().skill("search_mail"):
        look = Target(steps=(Step("search_mail", {"sender": names[0]}),), first=True)
        return mail_orders.to(making.whole(), making.said.skill.name, one.name, one.kind, look, args)
    return making.on(one, args)


def _event(making: Making) -> list[Step]:
    """A meeting at a time that was said, in a slot that was proposed, or on whole days."""
    order = replace(making.whole(), verb="book", deed="make")
    if targets.newest(order, "slot"):
        raise NotAnOrder("book")  # which of the times that were proposed: the rules tell
    clock = [t for t in event_words.timed(order) if t.window.grain == "clock" and t.window.start]
    if repeating.often(order) or not clock:
        return event_orders.created(order)
    args = {key: value for key, value in filled(making.said).items() if key not in {"start", "end", "repeat"}}
    args |= event_orders.span(order, clock[0])
    people = args.get("people", [])
    named = making.said.text("title") or (f"Meeting with {event_words.joined(people)}" if people else "")
    if not named:
        return event_orders.created(order)
    return [making._step(args | {"title": named[:1].upper() + named[1:]})]


def _moved(making: Making) -> list[Step]:
    """An event put at another time."""
    thing, new = making.order("thing", "time"), making.order(_NEW)
    if not len(new.line):
        raise NotAnOrder("move")
    to = making.said.reader.knowledge.line("to").tokens
    tokens = [*thing.line.tokens, *to, *new.line.tokens]
    return event_changes.moved(making._order(making.said.reader.of(making.said.clause, tokens)))


def _tasks(making: Making) -> list[Step]:
    """One task for each title, due by the time that is said; what is in view becomes one by its own name."""
    said = making.said
    due = task_orders.due_of(said.only("time").windows(1)[-1:])
    rest = {"due": due} if due else {}
    titles = said.texts("title")
    if not titles:
        items = [{**task_orders.sourced(ref, making.whole()), **rest} for ref in _sources(making)]
        return task_orders.made(making.whole(), items)
    note = {"notes": said.text("notes")} if said.text("notes") else {}
    return task_orders.made(making.whole(), [{"title": title, **rest, **note} for title in titles])


def _sources(making: Making) -> list[Any]:
    order = making.order("thing")
    refs = {ref.handle: ref for found in order.lists for ref in found}
    for kind in targets.kinds_meant(order, ("message", "mail", "event", "file")):
        found = making.target(kind)
        if found and found.handles:
            return [refs[handle] for handle in found.handles if handle in refs]
    return []


def _task(making: Making) -> list[Step]:
    """Another due time, or another name."""
    said = making.said
    due = task_orders.due_of([t for clause in (said.only(_NEW), said.only("time")) for t in clause.windows(1)][:1])
    args = {"title": said.text("title"), "due": due, "notes": said.text("notes")}
    given = {key: value for key, value in args.items() if value}
    if not given:
        raise Missing(Question("change_task", {}, slot(must(making.whole(), "change_task"), "due"), ask=ASKED["due"]))
    return making.on(slot(said.skill, "task"), given)


def _document(making: Making) -> list[Step]:
    """More text for a document, or another in its place where that was said."""
    order = making.whole()
    if not (order.names("file") or making.hand.get("file") or targets.of_kind(order, "file")):
        raise NotAnOrder("update")
    return making._plain({"mode": "append", **filled(making.said)})


_PLACED: Sequence[tuple[set[str], tuple[Sort, ...]]] = (
    ({"sender", "person", "to"}, ("person", "people")), ({"query"}, ("topic", "named", "gist", "place")),
    ({"place"}, ("place", "named")),
)  # fmt: skip
"""What may be said, and the sorts of argument that have a use for it."""
_OWN: Mapping[str, Callable[[Making], list[Step]]] = {
    "send_mail": _mail, "draft_mail": _mail, "send_reply": _answer, "draft_reply": _answer, "create_event": _event,
    "move_event": _moved, "create_tasks": _tasks, "change_task": _task, "update_document": _document,
}  # fmt: skip
