"""The orders of a request, each taken for the calls it comes to.

Law: what is no order is left to the reading of questions as it stands, so that nothing there changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from app.offline.clause import Clause
from app.offline.lexicon import listed
from app.offline.orders import deeds, event_orders, event_words, opening, otherwise, replying, talk_orders, targets
from app.offline.orders.cutting import ASKS, SHORT, Cutting, Part
from app.offline.orders.opening import Opening
from app.offline.orders.order import Missing, NotAnOrder, Order
from app.offline.orders.saying import Said
from app.offline.plan import Plan, Step
from app.offline.reading import Reader
from app.offline.slots import Skill
from app.offline.thread import Thread
from app.offline.window import Moment
from app.offline.words import Line, Token

_WHETHER = frozenset(listed("was were has have had can could should would will am"))
_PLAIN = frozenset(listed("archive label mark delete move cancel accept decline maybe complete make save"))
_MYSELF = frozenset(listed("am will have can need would had"))
_POINTS = frozenset(listed("it that those them these"))
_ONE = frozenset(listed("one me us for please new ? ."))
_NEEDED = frozenset(listed("need want like"))
NOT_LATER = "I can only do that now, not once something else happens: “{text}”. Nothing was changed."
LEFT = "All right; nothing was changed."
UNDO = "`/undo {receipt}` proposes to take that back, and asks you first (outside the chat: `valet undo {receipt}`)."
FOR_GOOD = (
    "The last thing done here (receipt {receipt}) cannot be taken back; open it at the service, and change it there."
)
UNDONE = "What was done here was taken back already. `/undo {receipt}` does the last of it again, and asks you first."
NO_UNDO = (
    "I see nothing that was done in this conversation. `/receipts` lists what was, `/undo ID` takes one back (outside"
    " the chat: `valet receipts`, `valet undo ID`)."
)


class Ordering:
    """The orders of one request."""

    def __init__(self, reader: Reader, thread: Thread, moment: Moment) -> None:
        self._reader, self._thread, self._moment = reader, thread, moment
        self._cutting = Cutting(reader.knowledge.kinds)

    @property
    def skills(self) -> Mapping[str, Skill]:
        """Every tool there is, by name."""
        return self._reader.knowledge.every

    @property
    def present(self) -> bool:
        """Whether any tool here writes."""
        return any(skill.writes for skill in self._reader.knowledge.every.values())

    def parts(self, line: Line) -> list[Part]:
        """The request as orders and rests, in order; one rest alone where nothing is ordered."""
        found = opening.openings(line) if self.present else []
        while True:
            parts = self._cutting.parts(line, found)
            before = [None, *parts[:-1]]
            wrong = {p.opening for b, p in zip(before, parts, strict=False) if p.opening and not self._fits(line, p, b)}
            if not wrong:
                return parts
            found = [one for one in found if one not in wrong]

    def told(self, line: Line) -> list[tuple[Part, Part | None]]:
        """The parts, each order with the statement before it that says what its "it" is."""
        found: list[tuple[Part, Part | None]] = []
        for part in self.parts(line):
            about = found.pop()[0] if found and self._refers(line, found[-1][0], part) else None
            found.append((part, about))
        return found

    def _refers(self, line: Line, before: Part, part: Part) -> bool:
        """Whether the order is about "it" alone, and a statement before it says what that is."""
        if before.opening or not part.opening or line.word(before.end) == "?" or _question(line, before.start):
            return False
        order = self._order(line, part, Plan())
        own = {order.line.word(i) for i in order.content(order.clause.timed)}
        them = order.deed == "tell" and order.line.word(0) in talk_orders.THEM
        pointed = them or ((_POINTS & {*order.line.row} or (own and order.deed == "make")) and own <= event_words.BARE)
        if not (pointed or self._one(order)):
            return False
        about = self._about(line, order, before)
        return about is not order and _ordered(about)

    def _one(self, order: Order) -> bool:
        """Whether one is to be made of what was said just before: "I need a folder named X, could you make one"."""
        return order.deed == "make" and "one" in order.line.row and {*order.line.row} <= _ONE

    def _about(self, line: Line, order: Order, before: Part) -> Order:
        """The order, done to what the statement names: one thing in view, or something at a time, which is made."""
        if self._one(order):
            start = next((i + 1 for i in range(before.start, before.end) if line.word(i) in _NEEDED), before.end)
            return replace(order, clause=self._clause(line, range(start, before.end))) if start < before.end else order
        named = self._named(line, before)
        if named:
            return replace(order, hand={k: v for k, v in order.hand.items() if k not in named} | named)
        said = self._clause(line, range(before.start, before.end))
        clock = any(t.window.grain == "clock" for t in said.windows(1))
        rest = [token for token in order.line.tokens if token.word not in _POINTS]
        clause = self._reader.of(said, [*said.line.tokens, *rest])
        return replace(order, clause=clause) if clock and order.deed == "make" else order

    def _named(self, line: Line, part: Part) -> dict[str, str]:
        """The one thing in view that a statement names, by its kind."""
        order = self._order(line, Part(part.start, part.end, Opening(part.start, part.start, part.start, "")), Plan())
        kinds = [ref.kind for refs in order.lists for ref in refs]
        for kind in targets.kinds_meant(order, list(dict.fromkeys(kinds))):
            target = targets.find(order, kind)
            if target and len(target.handles) == 1:
                return {kind: target.handles[0]}
        return {}

    def reply(self, line: Line, plan: Plan) -> bool:
        """Take the request as the answer to the question of the turn before; False where it is none."""
        asked = self._thread.before[-1].asked if self._thread.before else None
        skill = self._reader.knowledge.every.get(asked.name) if asked else None
        if asked is None or skill is None or not skill.writes or not len(line):
            return False
        if self.other(line, text=asked.missing in replying.TEXTS):
            return False
        order = self.whole(line, plan)
        try:
            plan.steps += replying.steps(order, asked)
        except Missing as missing:
            plan.question = missing.question
        except replying.NeverMind:
            plan.notes.append(LEFT)
        except NotAnOrder:
            return False
        return True

    def whole(self, line: Line, plan: Plan) -> Order:
        """The whole line as what is said to something that was asked or proposed."""
        return self._order(line, Part(0, len(line), Opening(0, 0, 0, "answer")), plan)

    def other(self, line: Line, *, text: bool = False) -> bool:
        """Whether the line begins with a request of its own; where a `text` was asked for, a statement is one."""
        orders = [part.opening for part in self.parts(line) if part.opening]
        asks = line.word(0) in ASKS or otherwise.asks(self._clause(line, range(len(line))), self._reader)
        return asks or any(not text or one.after > one.verb for one in orders)

    def take(self, line: Line, part: Part, plan: Plan, about: Part | None = None) -> None:
        """Put what the order comes to into the plan. `about` is a statement that says what it is done to."""
        order = self._order(line, part, plan)
        order = self._about(line, order, about) if about else order
        if order.deed == "undo":
            plan.notes.append(self._undo())
            return
        if opening.conditional(order.line):
            plan.notes.append(NOT_LATER.format(text=order.told))
            return
        reason = _reason(line, part.opening) if part.opening and not part.said else part.end
        plan.unused += [_typed(order, line.tokens[reason + 1 : part.end])] if reason < part.end else []
        try:
            plan.steps += deeds.steps(order)
        except Missing as missing:
            plan.question = plan.question or missing.question

    def _fits(self, line: Line, part: Part, before: Part | None) -> bool:
        order = self._order(line, part, Plan(steps=self._looked_for(line, part, before)))
        if order.deed == "undo":
            return len(order.line) <= SHORT // 2 and not any(t.kind == "number" for t in order.line.tokens)
        return _ordered(order) or (before is not None and self._refers(line, before, part))

    def _looked_for(self, line: Line, part: Part, before: Part | None) -> list[Step]:
        """The look for a time that stands before an order to book it: "find 45 minutes with Ana and book it"."""
        if before is None or before.opening or part.opening is None or part.opening.deed not in {"make", "chosen"}:
            return []
        found = self._reader.readings(self._clause(line, range(before.start, before.end)))[0]
        return [Step(found.name, {})] if found.filling and found.filling.skill.name == event_orders.FINDER else []

    def _order(self, line: Line, part: Part, plan: Plan) -> Order:
        held = part.opening
        if held is None:
            raise ValueError("a rest is no order")
        lead = part.said.lead if part.said else part.end
        tail = range(part.said.end, part.end) if part.said else range(0)
        text = self._thread.now.request
        lead = lead if part.said else min(lead, _reason(line, held))
        clause = self._clause(line, [*range(held.after, lead), *tail])
        whole = self._clause(line, range(part.start, part.end))
        said = whole.text[line.tokens[part.said.start].start : line.tokens[part.said.end - 1].end] if part.said else ""
        return Order(
            deed=held.deed,
            verb=" ".join(line.row[held.verb : held.after]),
            clause=clause,
            said=said,
            frame=self._frame(held, part.said),
            reader=self._reader,
            thread=self._thread,
            plan=plan,
            told=text[line.tokens[part.start].start : line.tokens[part.end - 1].end],
            hand=in_hand(self._reader.view.hand, plan),
        )

    def _frame(self, held: Opening, said: Said | None) -> str:
        return "thanks" if held.deed == "thank" and said and said.frame == "for" else said.frame if said else ""

    def _clause(self, line: Line, kept: Iterable[int]) -> Clause:
        tokens = Line(tuple(line.tokens[i] for i in kept))
        shown = bool(self._reader.view.lists)
        return self._reader.knowledge.clause(self._thread.now.request, tokens, self._moment, shown=shown)

    def _undo(self) -> str:
        """What can be taken back: the newest write of this conversation that stands, and took nothing back itself."""
        done = [o for turn in reversed(self._thread.before) for _, o in reversed([*turn.results]) if o.receipt]
        gone: set[str] = set()
        for one in done:
            if one.receipt in gone:
                continue
            if one.takes_back:
                gone.add(one.takes_back)
            else:
                return (UNDO if one.undo else FOR_GOOD).format(receipt=one.receipt)
        return UNDONE.format(receipt=done[0].receipt) if done else NO_UNDO


def _typed(order: Order, tokens: Sequence[Token]) -> str:
    return order.clause.text[tokens[0].start : tokens[-1].end]


def _reason(line: Line, held: Opening) -> int:
    """Where the person goes on about themselves: "decline the second, I'm away"; the end where they do not."""
    marks = (i for i in range(held.after, len(line)) if line.kind(i) == "symbol" and line.word(i) in {",", ";", "-"})
    about = (i for i in marks if line.word(i + 1) in {"i", "we"} and line.word(i + 2) in _MYSELF)
    return next(about, len(line)) if held.deed in _PLAIN else len(line)


def _ordered(order: Order) -> bool:
    """Whether a tool here does what is ordered, once all that must be said is."""
    try:
        deeds.steps(order)
    except Missing:
        return True
    except NotAnOrder:
        return False
    return True


def _question(line: Line, start: int) -> bool:
    return line.word(start) in ASKS | _WHETHER and line.word(start + 1) != "not"


def in_hand(hand: Mapping[str, str], plan: Plan) -> dict[str, str]:
    """The handle of each kind that is in hand, this request's own calls last."""
    found = dict(hand)
    for one in plan.steps:
        for value in one.args.values():
            for handle in value if isinstance(value, list) else [value]:
                kind, colon, number = str(handle).partition(":")
                if colon and kind.isalpha() and number.isdigit():
                    found.pop(kind, None)
                    found[kind] = str(handle)
    return found
