"""What changed since the last look: each change with how it was and how it is, and the conflicts they made."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from pydantic import AwareDatetime

from tools.agenda.changes import Change, ChangeKind
from tools.agenda.conflicts import Conflict, Rules
from tools.agenda.event import Answer, Event
from tools.agenda.finding import CalendarFinding, clipped, place_of, quoted, ref_of, sentences
from tools.agenda.telling import KIND_WORDS, reason, title_of
from tools.agenda.words import clock, day_words, length_words, listed, many
from tools.base import Name
from tools.view import Block, Cell, Table, Tone, cells

SHOWN = 40
IN_LEAD = 3
DAY = timedelta(days=1)
ORDER: tuple[ChangeKind, ...] = ("cancelled", "gone", "moved", "new", "place", "answer", "reply")
WORDS: dict[ChangeKind, str] = {
    "cancelled": "cancelled",
    "gone": "no longer there",
    "moved": "moved",
    "new": "new",
    "place": "other place",
    "answer": "you answered",
    "reply": "answered",
}
TONES: dict[ChangeKind, Tone] = {"cancelled": "urgent", "gone": "urgent", "moved": "notice", "new": "strong"}
SAID: dict[Answer, str] = {
    "accepted": "yes",
    "tentative": "maybe",
    "declined": "no",
    "unanswered": "no answer",
    "own": "not asked",
}


class ChangesFinding(CalendarFinding):
    """Changes in `[start, end)` since `since`: asked for, or the last look; None at the first look.

    `watched_since` is when the watching began, `first` names the calendars that were looked at for the first time,
    `clashes` are the conflicts that the changes made and that still stand.
    """

    start: AwareDatetime
    end: AwareDatetime
    since: AwareDatetime | None
    asked: bool
    watched_since: AwareDatetime
    rules: Rules
    changes: tuple[Change, ...]
    clashes: tuple[Conflict, ...]
    looked_at: int
    calendars: tuple[str, ...]
    first: tuple[str, ...] = ()

    @property
    def told(self) -> list[list[Change]]:
        """The changes in order of weight; what befell a whole series alike is one."""
        groups: dict[tuple[object, ...], list[Change]] = {}
        for one in self.changes:
            groups.setdefault(_alike(one), []).append(one)
        return sorted(groups.values(), key=lambda group: (ORDER.index(group[0].kind), group[0].event.start))

    def named_events(self) -> Iterable[Event]:
        yield from (group[0].event for group in self.told[:SHOWN])
        yield from (event for clash in self.clashes[:SHOWN] for event in clash.events)

    def lead(self, name: Name) -> str:
        return sentences(self._outcome(), self._made(), self._limits(), self.gap_words())

    def text(self, name: Name) -> str:
        told = self.told
        lines = [f"- {name(ref_of(group[0].event))} {self._sentence(group)}" for group in told[:SHOWN]]
        lines += [self._clash(one, name) for one in self.clashes[:SHOWN]]
        more = max(0, len(told) - SHOWN) + max(0, len(self.clashes) - SHOWN)
        scope = f"Watched: {', '.join(self.calendars)}; the coming {(self.end - self.start).days} days."
        return "\n".join([self.lead(name), clipped(lines, more, "changes"), f"{scope} Times in {self.zone.key}."])

    def view(self, name: Name) -> tuple[Block, ...]:
        if not self.changes:
            return (*super().view(name), *self.gap_notes())
        rows = tuple(self._row(group) for group in self.told[:SHOWN])
        more = len(self.told) - len(rows)
        note = f"Times in {self.zone.key}" + (f"; {more} more changes not shown" if more > 0 else "")
        table = Table(columns=("Change", "What", "Before", "Now"), rows=rows, grow=1, note=note)
        return (table, *self._conflict_table(), *self.gap_notes())

    def _outcome(self) -> str:
        if self.since is None:
            scope = f"the coming {(self.end - self.start).days} days on {many(len(self.calendars), 'calendar')}"
            watched = f"{many(self.looked_at, 'commitment')} in {scope} are watched from now on."
            before = "What changed before is not known." if self.asked else ""
            return sentences(f"This is the first look: {watched}", before)
        known = max(self.since, self.watched_since)  # of what was before it nothing can be said
        since = f"since {self._moment(known)}" + ("" if self.asked else ", the last look")
        told = self.told
        if not told:
            return f"Nothing has changed {since}."
        said = [self._sentence(group) for group in told[:IN_LEAD]]
        more = f" {len(told) - IN_LEAD} more below." if len(told) > IN_LEAD else ""
        return f"{many(len(told), 'change')} {since}. {' '.join(said)}{more}"

    def _made(self) -> str:
        if not self.clashes:
            return ""
        worst = min(self.clashes, key=lambda one: (("high", "medium", "low").index(one.severity), one.start))
        pair = " and ".join(quoted(event) for event in worst.events)
        count = many(len(self.clashes), "new conflict")
        return f"{count}: {pair}, {self.when(worst.events[-1])} ({KIND_WORDS[worst.kind]})."

    def _limits(self) -> str:
        if self.since is None:
            return ""
        late = ""
        if self.asked and self.since < self.watched_since:
            late = f"Watching began {self._moment(self.watched_since)}: what changed before is not known."
        return sentences(late, f"Watched from now on: {listed(list(self.first))}." if self.first else "")

    def _moment(self, at: AwareDatetime) -> str:
        day = at.astimezone(self.zone).date()
        return f"{day_words(day, self.now.astimezone(self.zone).date())} {clock(at, self.zone)}"

    def _sentence(self, group: list[Change]) -> str:
        one = group[0]
        series = f" ({len(group)} times, the first {self.when(one.before or one.event)})" if len(group) > 1 else ""
        return f"{quoted(one.event)}{series} {self._said(one, alone=len(group) == 1)}."

    def _said(self, one: Change, *, alone: bool) -> str:
        before, now = self._states(one)
        when = f" on {self.when(one.event)}" if alone else ""
        if one.kind == "new":
            return f"is new: {now}" if alone else "is new"
        if one.kind in ("cancelled", "gone"):
            was = f" (it was {before})" if alone else ""
            return ("has been cancelled" if one.kind == "cancelled" else "is no longer there") + was
        if one.kind == "moved":
            return f"moved from {before} to {now}"
        if one.kind == "place":
            return f"{when.strip()} is now at {now}, not {before}" if when else f"is now at {now}, not {before}"
        who = "you" if one.kind == "answer" else one.who
        return f"{when.strip()}: {who} answered {now} ({before} before)".lstrip()

    def _states(self, one: Change) -> tuple[str, str]:
        """How it was and how it is."""
        was = one.before or one.event
        if one.answers:
            return SAID[one.answers[0]], SAID[one.answers[1]]
        if one.kind == "place":
            return place_of(was) or "no place", place_of(one.event) or "no place"
        before = "" if one.kind == "new" else self.when(was)
        now = "" if one.kind in ("cancelled", "gone") else self._now(one)
        return before, now

    def _now(self, one: Change) -> str:
        """Without the day where only the clock differs."""
        was, now = one.before, one.event
        if was is None or was.all_day or now.all_day or now.end - now.start > DAY:
            return self.when(now)
        same = was.start.astimezone(self.zone).date() == now.start.astimezone(self.zone).date()
        longer = now.end - now.start
        length = f" ({length_words(longer)} long)" if longer != was.end - was.start else ""
        return (self.times(now) if same else self.when(now)) + length

    def _clash(self, one: Conflict, name: Name) -> str:
        events = " and ".join(f"{name(ref_of(each))} {quoted(each)} {self.when(each)}" for each in one.events)
        return f"- new conflict, {one.severity} · {KIND_WORDS[one.kind]}: {events}. {reason(one, self.rules)}"

    def _row(self, group: list[Change]) -> tuple[Cell, ...]:
        one = group[0]
        before, now = self._states(one)
        who = f": {one.who}" if one.who else ""
        times = f"\n{len(group)} times" if len(group) > 1 else ""
        day = f"\n{self.when(one.event)}" if one.kind in ("place", "answer", "reply") else ""
        what = Cell(text=f"{title_of(one.event)}{day}{times}", tone=TONES.get(one.kind, "plain"))
        return cells((f"{WORDS[one.kind]}{who}", what, Cell(text=before, tone="dim"), now))

    def _conflict_table(self) -> tuple[Table, ...]:
        rows = tuple(
            cells(
                (
                    "\n".join(self.when(each) for each in one.events),
                    Cell(text="\n".join(title_of(each) for each in one.events), tone="urgent"),
                    reason(one, self.rules),
                )
            )
            for one in self.clashes[:SHOWN]
        )
        return (Table(title="New conflicts", columns=("When", "What", "Why"), rows=rows, grow=2),) if rows else ()


def _alike(one: Change) -> tuple[object, ...]:
    """What two changes of one series share when the same befell both."""
    was = one.before or one.event
    shift = (one.event.start - was.start, one.event.end - was.end)
    return (one.kind, one.event.uid, shift, one.event.place if one.kind == "place" else "", one.who, one.answers)
