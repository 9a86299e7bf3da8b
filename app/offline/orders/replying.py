"""The answer to a question that an order was put back with: the text, the time, the person that was missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.offline import talk
from app.offline.lexicon import EMPTY
from app.offline.orders import acting, event_words, said_before, targets
from app.offline.orders.order import Missing, NotAnOrder, Order, must, slot, step
from app.offline.orders.saying import QUOTES, text
from app.offline.plan import Question, Step
from app.offline.slots import Slot
from app.offline.thread import Asked
from app.offline.window import Moment, midnight

TEXTS = frozenset({"body", "text", "content", "note"})
_ADDING = re.compile(r"^(?:add|put in|put|write|say)\s*:\s*(?=\S)", re.IGNORECASE)
_NEVER = frozenset(
    {"no", "nope", "nah", "nothing", "stop", "cancel", "forget", "never", "nevermind", "leave", "skip", "none"}
)
NO_TEXT = "What should it say? If no more than “{said}”, put that in quotes."


class NeverMind(NotAnOrder):
    """The person does not want it any more."""


def steps(order: Order, asked: Asked) -> list[Step]:
    """The call with what was missing. Raises NotAnOrder where the request says something else."""
    if order.line.word(0) in _NEVER and len(order.line) <= 4:
        raise NeverMind("never mind")
    args = dict(asked.args)
    bare = talk.nothing_asked(order.line) and order.line.kind(0) != "quoted"
    if asked.missing in TEXTS and bare:
        again = NO_TEXT.format(said=order.told.strip())
        raise Missing(Question(asked.name, args, slot(must(order, asked.name), asked.missing), ask=again))
    if asked.missing in TEXTS:
        return [step(order, asked.name, _with_text(order, asked, args))]
    if asked.missing == said_before.SERVICE:
        return _by(order, args)
    given = [_GIVEN[asked.missing](order, args)] if asked.missing in _GIVEN else _named(order, asked)
    if not any(given):
        raise NotAnOrder(asked.missing)
    return [step(order, asked.name, {**args, **one}) for one in given]


def _with_text(order: Order, asked: Asked, args: dict[str, Any]) -> dict[str, Any]:
    said = text(_ADDING.sub("", order.told), "")
    given = {**args, asked.missing: said}
    return given if "subject" in args or asked.missing != "body" else {**given, "subject": acting.opening(said)}


def _by(order: Order, args: dict[str, Any]) -> list[Step]:
    """By mail, or on Slack."""
    if order.has("slack", "dm"):
        return [step(order, "message_person", args)]
    if order.has("mail", "email"):
        said = str(args.get("text", ""))
        mail = {"to": [args["person"]], "subject": acting.opening(said), "body": said}
        return [step(order, "send_mail", mail)]
    raise NotAnOrder("service")


def _start(order: Order, args: dict[str, Any]) -> Mapping[str, Any]:
    """A time on the clock; of the day that was said before, where it names none; or the day of a time said before."""
    day = args.pop("start", None)
    kept = datetime.fromisoformat(day) if day else None
    if kept and kept != midnight(kept):
        return _day_of(order, kept)
    moment = Moment(order.now, 1, datetime.fromisoformat(day), there=True) if day else _coming(order)
    found = [t for t in replace(order.clause, moment=moment).windows(1) if t.window.start]
    clock = [t for t in found if t.window.grain == "clock"]
    start = clock[0].window.start if clock else None
    return {"start": start.isoformat()} if start else {}


def _coming(order: Order) -> Moment:
    """The moment; a time on the clock is of the day that was spoken of, where that is to come."""
    moment = order.clause.moment
    return replace(moment, there=bool(moment.anchor and midnight(moment.anchor) > midnight(order.now)))


def _day_of(order: Order, kept: datetime) -> Mapping[str, Any]:
    """The day that is said, at the time that was said before or is said now."""
    days = [t for t in event_words.timed(order) if t.window.start and event_words.dated(order, t)]
    start = days[0].window.start if days else None
    if start is None:
        return {}
    clock = days[0].window.grain == "clock"
    return {"start": (start if clock else start.replace(hour=kept.hour, minute=kept.minute)).isoformat()}


def _people(order: Order, args: dict[str, Any]) -> Mapping[str, Any]:
    return {"to": [who for who, _ in order.people()]}


def _person(order: Order, args: dict[str, Any]) -> Mapping[str, Any]:
    return {"person": next((who for who, _ in order.people()), "")}


def _channel(order: Order, args: dict[str, Any]) -> Mapping[str, Any]:
    last = order.line.tokens[-1].text if len(order.line) and order.line.word(len(order.line) - 1) not in EMPTY else ""
    return {"channel": said_before.channel_of(order) or last}


def _label(order: Order, args: dict[str, Any]) -> Mapping[str, Any]:
    return {"label": order.told.strip(QUOTES + ".")}


def _title(order: Order, args: dict[str, Any]) -> Mapping[str, Any]:
    return {"title": order.told.strip(QUOTES + ".")}


def _named(order: Order, asked: Asked) -> list[Mapping[str, Any]]:
    """The thing that was asked for, by pointing, by its name, or of those left to choose from by its time; all of them
    where all are meant."""
    found, thing = handles(order, asked), _thing(order, asked)
    if thing and thing.type in (list, tuple, set):
        return [{thing.name: list(found)}] if found else []
    return [{asked.missing: handle} for handle in found]


def handles(order: Order, asked: Asked) -> tuple[str, ...]:
    """Those of the things that were asked for."""
    thing = _thing(order, asked)
    target = targets.find(order, thing.kind) if thing else None
    if thing is None or (target and target.handles):
        return target.handles if target else ()
    return targets.at_that_time(order, thing.kind)


def _thing(order: Order, asked: Asked) -> Slot | None:
    """The argument that was asked for, where it takes a thing."""
    skill = order.skill(asked.name)
    return next((one for one in skill.slots if one.name == asked.missing and one.kind), None) if skill else None


_GIVEN: Mapping[str, Callable[[Order, dict[str, Any]], Mapping[str, Any]]] = {
    "start": _start, "to": _people, "person": _person, "channel": _channel, "label": _label, "title": _title,
}  # fmt: skip
