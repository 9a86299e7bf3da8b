"""The calls that a request comes to once its tool and the words for its arguments are known.

Law: what is acted on is pointed at, described and looked up, or asked for; never the next best thing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.offline import pointing, proposing
from app.offline.clause import Clause
from app.offline.forbidden import action, head
from app.offline.heard.said import TEXTS, Said
from app.offline.heard.values import variants
from app.offline.orders import acting, targets
from app.offline.orders.order import ASKED, Missing, NotAnOrder, Order, step
from app.offline.orders.targets import Target
from app.offline.plan import Plan, Question, Step, Take, Wait
from app.offline.slots import Slot, Sort
from app.offline.thread import Thread
from app.offline.trained.tagging import Span

_NOW = frozenset({"today", "now", "from today", "from now"})
_WHOM = frozenset({"to", "person", "sender"})
_AS = frozenset({"as", "please", "now"})


@dataclass(frozen=True)
class Making:
    """One request being made into calls. `plan` is what the same turn has come to so far, `base` what stays of a call
    before."""

    said: Said
    thread: Thread
    plan: Plan
    hand: Mapping[str, str]
    base: Mapping[str, Any] = field(default_factory=dict)

    def steps(self) -> list[Step]:
        """The calls. Raises Missing with the question to put, NotAnOrder where nothing can be made of it."""
        found = [{**self.base, **args} for args in variants(self.said)]
        self.plan.unused += self._timeless(found) + self._unplaced()
        return [one for args in found for one in self.plainly(args)]

    def _timeless(self, found: Sequence[Mapping[str, Any]]) -> list[str]:
        """A time that comes to no argument of a tool that takes some."""
        takes = {slot.name for slot in self.said.skill.takes("start", "end", "since", "until", "time")}
        things = any(slot.kind for slot in self.said.skill.slots)
        time = self.said.text("time") if takes or not things else ""
        if time.lower() in _NOW:
            return []
        return [time] if time and not any(takes & set(args) for args in found) else []

    def _unplaced(self) -> list[str]:
        """Who, what or where it is about, as typed, for which the tool has no use."""
        skill = self.said.skill
        if any(slot.kind for slot in skill.slots):
            return []
        return [text for names, sorts in _PLACED if not skill.takes(*sorts) for text in self.said.texts(*names)]

    def order(self, *arguments: str) -> Order:
        """The words of these arguments as what is ordered."""
        return self._order(self.said.only(*arguments))

    def whole(self) -> Order:
        return self._order(self.said.clause)

    def _order(self, clause: Any) -> Order:
        return Order(clause, self.said.reader, self.thread, self.plan, hand=self.hand)

    def plainly(self, args: Mapping[str, Any]) -> list[Step]:
        """The call with these arguments, on the thing that is meant, if it takes one."""
        things = [one for one in self.said.skill.slots if one.kind]
        if not things or (not things[0].required and not self.said.texts("thing")):
            return [self.step(args)]
        return self.on(things[0], args)

    def step(self, args: Mapping[str, Any]) -> Step:
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
            step_by = next((p.step for p in self.said.clause.pointings if p.step), 0)
            ask = proposing.ENDS.get(step_by, "") if self.hand.get(thing.kind) else ""
            raise Missing(Question(name, kept, thing, shown=shown, ask=ask or ASKED.get(thing.name, "")))
        return acting.to(self.whole(), name, thing.name, thing.kind, target, args)

    def _behind(self, thing: Slot) -> Wait | None:
        """For what an earlier request of the same turn will show: "find it and open the first one"."""
        skill = self.said.reader.knowledge.every.get(self.plan.steps[-1].name) if self.plan.steps else None
        told = self.said.only("thing") if self.said.texts("thing") else self.said.without(TEXTS)
        points = [p for p in replace(told, shown=True).pointings if p.place or p.that]
        if (
            skill is None
            or not points
            or not (skill.lists and thing.kind in skill.mints)
            or points[0].kinds[:1] not in ((), (thing.kind,))
        ):
            return None
        take: Take = "handles" if thing.type in (list, tuple, set) else "handle"
        first = points[0].that and self.said.skill.reads  # a change is made to the only one found, or it is asked which
        return Wait(thing.name, thing.kind, first=first, place=points[0].place, take=take)

    def target(self, kind: str) -> Target | None:
        """What is meant: all that is named, else the one thing in hand, or the only one in view."""
        found = self._named(kind) or self._first_shown(kind)
        loose = found and found.steps and self.said.skill.reads and kind not in {"event", "mail", "message"}
        return replace(found, first=True) if found and loose else found

    def _by_whom(self, kind: str) -> list[Span]:
        """Whoever is named, where a mail is meant that is from them: "suggest a reply to Priya"."""
        own = kind == "mail" and not self.said.skill.takes("person", "people")
        return [span for span in self.said.spans if own and span.argument in _WHOM]

    def _first_shown(self, kind: str) -> Target | None:
        """The first of the newest list, for an "it" that something is asked about."""
        newest = targets.newest(self.whole(), kind) if self.said.skill.reads else ()
        it = any(p.that for p in self.said.only("thing").pointings)
        asked = it and self.said.text("query")  # "what does it say about rollback"
        return Target((newest[0].handle,)) if asked and newest and not self.hand else None

    def _named(self, kind: str) -> Target | None:
        spans = [span for span in self.said.spans if span.argument == "thing"] or self._by_whom(kind)
        rest = self._order(self._undone())
        if targets.excepts(rest):
            return targets.all_but(rest, kind)  # or nothing: never what is to be spared
        beside = next((p for p in self.said.clause.pointings if p.step), None)
        if beside:
            handle = pointing.resolve(beside, kind, self.said.reader.view.lists, self.hand)
            return Target((handle,)) if handle else None
        dated = self._dated(kind)
        if spans:
            return self._together([(s, self._one([*range(s.start, s.end), *dated], kind)) for s in spans])
        if dated:
            return self._one(dated, kind)
        said = self.said.clause.pointings or self.said.clause.people
        found = targets.find(self._order(self._unordered()), kind) if said else None
        if found and found.handles:
            return found
        held, seen = self.hand.get(kind, ""), targets.of_kind(self.whole(), kind)
        alone = held or (seen[0].handle if len(seen) == 1 else "")
        described = self.said.skill.reads or self.said.clause.people
        return Target((alone,)) if alone else found if described else None

    def _together(self, each: Sequence[tuple[Span, Target | None]]) -> Target | None:
        """All that is named as one; what is found in no such way is said to be left out."""
        named = [one for _, one in each if one]
        whole = all(one.handles for one in named)
        taken = named if whole else named[:1]
        lost = [self.said.clause.said(range(s.start, s.end)) for s, one in each if named and one not in taken]
        self.plan.unused += [text for text in lost if text not in self.plan.unused]
        if not whole or len(named) < 2:
            return next(iter(named), None)
        return Target(tuple(dict.fromkeys(handle for one in named for handle in one.handles)))

    def _undone(self) -> Clause:
        """The words but for a text, and those that the tool is called by: the "as read" of marking mail."""
        clause, own = self.said.clause, self.said.skill.objects
        told = {i for s in self.said.spans if s.argument in TEXTS for i in range(s.start, s.end)}
        named = {i for i, token in enumerate(clause.line.tokens) if token.stem in own or token.word in _AS}
        return self.said.reader.without(clause, told | named)

    def _unordered(self) -> Clause:
        """The words but for a text, and the verb that they begin with."""
        rest = self.said.without(TEXTS)
        return self.said.reader.without(rest, {head(rest.line)} if action(rest) else set())

    def _dated(self, kind: str) -> list[int]:
        """The words for the time of the event that is meant, where the tool is told no other."""
        times = [span for span in self.said.spans if span.argument == "time"]
        moved = bool(self.said.text("newtime")) or not self.said.skill.takes("start", "end")
        return [i for span in times for i in range(span.start, span.end)] if kind == "event" and moved else []

    def _one(self, tokens: Sequence[int], kind: str) -> Target | None:
        return targets.find(self._order(self.said.reader.only(self.said.clause, tokens)), kind)


_PLACED: Sequence[tuple[set[str], tuple[Sort, ...]]] = (
    ({"sender", "person", "to"}, ("person", "people")), ({"query"}, ("topic", "named", "gist", "place")),
    ({"place"}, ("place", "named")), ({"kind"}, ("choice",)),
)  # fmt: skip
"""What may be said, and the sorts of argument that have a use for it."""
