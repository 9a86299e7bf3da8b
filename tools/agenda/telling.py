"""Why something is a conflict and what could give, as stated facts. Pure functions over conflicts."""

from __future__ import annotations

from tools.agenda.conflicts import SAME_TIME, Conflict, ConflictKind, Rules
from tools.agenda.event import Event
from tools.agenda.hours import WEEKDAYS, wall
from tools.agenda.words import length_words, many

KIND_WORDS: dict[ConflictKind, str] = {
    "overlap": "overlap",
    "double_booking": "double booking",
    "away": "while away",
    "travel": "without travel time",
    "outside_hours": "outside hours",
}
COUNTED: dict[ConflictKind, tuple[str, str]] = {
    kind: (words, f"{words}s" if kind in SAME_TIME else words) for kind, words in KIND_WORDS.items()
}
NOUNS: dict[ConflictKind, tuple[str, str]] = {
    "overlap": ("overlap", "overlaps"),
    "double_booking": ("double booking", "double bookings"),
    "away": ("commitment while you are away", "commitments while you are away"),
    "travel": ("change of place without travel time", "changes of place without travel time"),
    "outside_hours": ("meeting outside your working hours", "meetings outside your working hours"),
}
UNTITLED = "(no title)"
HIDDEN = "(details hidden)"


def title_of(event: Event) -> str:
    """The title, or what stands in for it."""
    return event.title or (HIDDEN if event.hidden else UNTITLED)


def reason(conflict: Conflict, rules: Rules) -> str:
    """The plain reason, in one sentence without the titles."""
    return _sentence(_core(conflict, rules), conflict)


def kind_and_reason(conflict: Conflict, rules: Rules) -> str:
    """The same, with the word for the kind."""
    kind = KIND_WORDS[conflict.kind]
    if conflict.kind in SAME_TIME and not _whole_days(conflict):
        return _sentence(f"{kind} of {_shared(conflict)}", conflict)
    return _sentence(f"{kind}: {_core(conflict, rules)}", conflict)


def _sentence(core: str, conflict: Conflict) -> str:
    said = "; ".join([core, *(_doubt(one) for one in conflict.events if one.weak)])
    return said[0].upper() + said[1:] + "."


def _core(conflict: Conflict, rules: Rules) -> str:
    if conflict.kind == "travel":
        return _travel(conflict)
    if conflict.kind == "outside_hours":
        return _hours(conflict.first, rules)
    if conflict.kind == "away":
        block = conflict.first if conflict.first.all_day or conflict.first.kind == "away" else conflict.events[-1]
        marked = "you are marked out of office" if block.kind == "away" else "the whole day is marked as busy"
        return f"{marked} ({title_of(block)})"
    return "both block the whole day" if _whole_days(conflict) else f"they overlap for {_shared(conflict)}"


def _whole_days(conflict: Conflict) -> bool:
    return all(one.all_day for one in conflict.events)


def _shared(conflict: Conflict) -> str:
    """How long two entries share time, and what the calendars tell of it."""
    shared = length_words(conflict.end - conflict.start)
    lanes = " and ".join(dict.fromkeys(one.lane for one in conflict.events))
    where = f" on two calendars ({lanes})" if conflict.kind == "double_booking" else ""
    focus = ", one of them focus time" if "focus" in [one.kind for one in conflict.events] else ""
    twice = ", under the same title: perhaps entered twice" if _is_twin(*conflict.events) else ""
    return f"{shared}{where}{focus}{twice}"


def _is_twin(first: Event, second: Event) -> bool:
    return bool(first.title) and (first.title, first.start, first.end) == (second.title, second.start, second.end)


def _travel(conflict: Conflict) -> str:
    gap = conflict.end - conflict.start
    between = f"only {length_words(gap)}" if gap else "no time"
    places = " to ".join(one.place for one in conflict.events)
    return f"{between} to get from {places}"


def _hours(event: Event, rules: Rules) -> str:
    day = event.start.astimezone(rules.zone).date()
    periods = rules.hours.on(day)
    if not periods:
        return f"it is on a {WEEKDAYS[day.weekday()]}, not one of your working days"
    hours = ", ".join(one.words for one in periods)
    opens, closes = wall(day, periods[0].start, rules.zone), wall(day, periods[-1].end, rules.zone)
    if event.start < opens:
        return f"it begins {length_words(opens - event.start)} before your working day ({hours})"
    if event.start >= closes:
        return f"it begins after your working day ({hours})"
    if event.end > closes:
        return f"it runs {length_words(event.end - closes)} past your working day ({hours})"
    return f"it lies outside your working hours ({hours})"


def _doubt(event: Event) -> str:
    if event.answer == "unanswered":
        return f"you have not answered “{title_of(event)}”"
    if event.answer == "tentative":
        return f"you said maybe to “{title_of(event)}”"
    return f"“{title_of(event)}” is tentative"


def what_gives(conflict: Conflict) -> tuple[Event | None, str]:
    """(the event that is easier to move, the facts about it); None where the facts do not tell the two apart."""
    if conflict.second is None:
        return None, facts(conflict.first)
    first, second = sorted(conflict.events, key=lambda one: (_firmness(one), one.others))
    told_apart = _firmness(first) != _firmness(second) or (
        first.others != second.others and not _is_errand(first) and not _is_errand(second)
    )
    if told_apart:
        return first, facts(first)
    return None, f"neither is plainly easier to move ({_each(*conflict.events)})"


def _each(first: Event, second: Event) -> str:
    """The facts of both, in the order in which they are shown."""
    one, other = facts(first), facts(second)
    return f"both: {one}" if one == other else f"the first: {one}; the second: {other}"


def _firmness(event: Event) -> tuple[bool, bool, bool, bool]:
    """What sorts first moves more easily: no block of days, focus time, unsure, mine to move."""
    return (
        _is_block(event),
        event.kind != "focus",
        not event.weak,
        not event.organised_by_me or _is_errand(event),
    )


def _is_block(event: Event) -> bool:
    return event.all_day or event.kind == "away"


def _is_errand(event: Event) -> bool:
    """My own entry at a place: whoever waits there is not in the calendar, so nothing is known of how firm it is."""
    return not event.others and bool(event.place)


def facts(event: Event) -> str:
    """Who organises it and how many are in it, as far as the calendar tells."""
    if _is_block(event):
        return "a block of whole days" if event.all_day else "out of office"
    if event.kind == "focus":
        return "your own focus time"
    if not event.others:
        return "your own entry, nobody invited" if event.organised_by_me else f"{_organiser(event)} organises it"
    series = ", one of a series" if event.repeats else ""
    if event.organised_by_me:
        return f"you organise it, {many(event.others, 'other person', 'other people')}{series}"
    return f"{_organiser(event)} organises it, {many(event.others, 'person', 'people')} besides you{series}"


def _organiser(event: Event) -> str:
    return event.organiser.name or event.organiser.address or "someone else"
