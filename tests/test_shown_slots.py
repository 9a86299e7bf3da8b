"""Times proposed to several people, each against the workspace's own file: free for all, ranked right, reasons true."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.demo.seed.planting import fresh
from app.demo.server import serve
from tests.agenda.signed import Desk
from tests.shown_calendar import DAY, Book, Minutes, in_hours, wall
from tools.agenda.compromise import Compromise
from tools.agenda.slots_finding import SlotsFinding

QUESTIONS = 18
LENGTHS = (15, 25, 30, 45, 60, 90, 180)
BASES = [
    (date(2026, 11, 22), "Etc/UTC"),
    (date(2027, 3, 25), "Europe/Zurich"),  # the clocks change on Sunday
    (date(2026, 10, 29), "America/New_York"),  # the clocks change on Sunday
    (date(2027, 2, 10), "Asia/Kathmandu"),
]


@dataclass(frozen=True)
class Asked:
    """One question and, minute by minute, who can be there: name to zone and busy minutes, the owner as "you"."""

    found: SlotsFinding
    people: dict[str, tuple[ZoneInfo, Minutes]]
    window: range
    length: int
    zone: ZoneInfo

    def starts(self, people: Sequence[str] = (), *, length: int = 0, stretched: int = 0) -> list[int]:
        """Quarter hours from which it fits, and the first minute of a stretch that holds no such quarter."""
        those = [self.people[one] for one in people or self.people]
        free = {
            minute
            for minute in self.window
            if all(minute not in busy and in_hours(minute, zone, stretched=stretched) for zone, busy in those)
        }
        fitting = {one for one in free if all(one + more in free for more in range(length or self.length))}
        quarters = {one for one in fitting if one % 15 == 0}
        odd = {one for one in fitting if one - 1 not in free and not quarters & set(range(one, one + 15))}
        return sorted(quarters | odd)

    def outside(self, start: int) -> dict[str, int]:
        """Minutes outside their hours, of everybody who has any."""
        found = {
            name: sum(1 for minute in range(start, start + self.length) if not in_hours(minute, zone))
            for name, (zone, _) in self.people.items()
        }
        return {name: count for name, count in found.items() if count}

    def reasons(self, start: int, people: Sequence[str] = (), length: int = 0) -> tuple[float, list[str]]:
        """(what it costs but for its day, its reasons) by the clock of each."""
        those, end = people or list(self.people), start + (length or self.length)
        clocks = {one: [wall(minute, self.people[one][0]) for minute in range(start, end)] for one in those}
        edge = [one for one in those if any(not 10 <= at.hour < 16 for at in clocks[one])]
        early = [one for one in edge if clocks[one][0].hour < 10]
        late = [one for one in edge if one not in early]
        hungry = [one for one in those if any(at.hour == 12 for at in clocks[one])]
        tight = [one for one in those if set(range(start - 10, end + 10)) & self.people[one][1]]
        core = "inside everyone's core hours" if len(those) > 1 else "inside your core hours"
        said = [f"{when} in the day for {whom(who, those)}" for when, who in (("early", early), ("late", late)) if who]
        said = [", ".join(said) or core, *([f"over lunch for {whom(hungry, those)}"] if hungry else [])]
        said.append(f"back to back for {whom(tight, those)}" if tight else "room before and after")
        uneven = 1.0 if start % 30 else 0.0
        return 4.0 * len(edge) + 5.0 * len(hungry) + 2.0 * len(tight) + uneven, said

    def day(self, start: int) -> date:
        return wall(start, self.zone).date()

    def priced(self, starts: Sequence[int], people: Sequence[str] = (), length: int = 0) -> list[tuple[float, int]]:
        """Cost and start, best first: a later day among those that are possible costs 6."""
        days = sorted({self.day(one) for one in starts})
        return sorted((6.0 * days.index(self.day(one)) + self.reasons(one, people, length)[0], one) for one in starts)


def listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def whom(names: Sequence[str], everybody: Sequence[str]) -> str:
    return "everyone" if len(names) == len(everybody) > 1 else listed(names)


def minute_of(at: datetime) -> int:
    return int(at.timestamp()) // 60


@pytest.fixture(params=BASES, ids=str, scope="module")
def asked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Asked]:
    """Questions about one workspace: one to three others, any length, hours or days or weeks."""
    today, name = request.param
    zone, now = ZoneInfo(name), datetime.combine(today, time(8, 7), ZoneInfo(name))
    path = tmp_path_factory.mktemp("slots") / "demo.sqlite"
    workspace = fresh(path, today=today, zone=name)
    dice = random.Random(today.toordinal())
    book = Book.of(path)
    with serve(workspace) as running:
        desk = Desk(running, now, zone)
        found = [_ask(desk, book, dice) for _ in range(QUESTIONS)]
    workspace.close()
    return found


def _ask(desk: Desk, book: Book, dice: random.Random) -> Asked:
    others = dice.sample(sorted(set(book.people) - {book.owner}), dice.randint(1, 3))
    begin = desk.now + timedelta(minutes=dice.randrange(0, 9 * 24 * 60, 15))
    end = begin + timedelta(minutes=dice.choice((240, 600, 3 * 1440, 7 * 1440)))
    length = dice.choice(LENGTHS)
    found = desk.call("find_slots", people=others, duration_minutes=length, start=begin, end=end)
    first, days = begin.astimezone(UTC).date() - DAY * 16, (end - begin).days + 34
    everybody = {"you": (desk.zone, book.busy(book.owner, first, days))}
    for one in others:
        called, home = book.people[one]
        everybody[called] = ZoneInfo(home), book.busy(one, first, days)
    for party in found.parties:
        assert party.zone == everybody[party.called][0]
        assert not party.unseen
    return Asked(found, everybody, range(minute_of(begin), minute_of(end)), length, desk.zone)


def expected(one: Asked) -> list[int]:
    """The five best that do not overlap, two a day at most while there are other days."""
    chosen: list[tuple[float, int]] = []
    for most in (2, 5):
        for priced in one.priced(one.starts()):
            apart = all(abs(priced[1] - other) >= one.length for _, other in chosen)
            same_day = sum(1 for _, other in chosen if one.day(other) == one.day(priced[1]))
            if len(chosen) < 5 and apart and same_day < most:
                chosen.append(priced)
    return [start for _, start in sorted(chosen)]


def test_the_best_five_are_proposed_and_every_reason_is_true(asked: list[Asked]) -> None:
    assert sum(bool(one.found.slots) for one in asked) > QUESTIONS // 6
    for one in asked:
        assert [minute_of(slot.start) for slot in one.found.slots] == expected(one)
        starts = one.starts()
        soonest = "the soonest possible" if len(starts) > 1 else "the only time possible"
        for slot in one.found.slots:
            start = minute_of(slot.start)
            assert minute_of(slot.end) == start + one.length
            first = [soonest] if [start] == starts[:1] else []
            assert list(slot.reasons) == first + one.reasons(start)[1]


def test_without_a_slot_the_compromise_is_the_nearest_there_is(asked: list[Asked]) -> None:
    without = [one for one in asked if not one.found.slots]
    assert len(without) > QUESTIONS // 6
    for one in without:
        told = {
            each.kind: each for each in one.found.nearest if "instead of" not in each.what or each.kind == "shorter"
        }
        _is_least_outside(one, told.get("outside_hours"))
        _is_best_without_somebody(one, told.get("missing"))
        _is_least_shortened(one, told.get("shorter"))


def _is_least_outside(one: Asked, told: Compromise | None) -> None:
    """Nobody is stretched by an hour more than is needed, and among those nobody could lose less time in all."""
    for stretched in range(1, 5):
        if starts := one.starts(stretched=stretched):
            best = min(starts, key=lambda start: (sum(one.outside(start).values()), start))
            assert told is not None
            assert minute_of(told.slot.start) == best
            over = one.outside(best)
            assert told.what.startswith("outside working hours for ")
            for name, count in over.items():
                here = f"{wall(best, one.people[name][0]):%H:%M} {'here' if name == 'you' else 'there'}"
                length = f"{count} minutes" if count < 60 else f"{count // 60} h"
                assert f"{name} ({here}, " in told.what
                assert length in told.what or (count % 60 == 0 and "hour" in told.what)
            assert told.what.count("(") == len(over)
            return
    assert told is None


def _is_best_without_somebody(one: Asked, told: Compromise | None) -> None:
    """Of all times without one of the others, the best: days are counted alike whoever is missing."""
    names = list(one.people)
    options = []
    for missing in names[1:] if len(names) > 2 else ():
        rest = [name for name in names if name != missing]
        options += [(start, missing, one.reasons(start, rest)[0]) for start in one.starts(rest)]
    days = sorted({one.day(start) for start, _, _ in options})
    prices = {(start, who): cost + 6.0 * days.index(one.day(start)) for start, who, cost in options}
    if not prices:
        assert told is None
        return
    assert told is not None
    start, who = minute_of(told.slot.start), told.what.removeprefix("without ")
    assert (prices[start, who], start) == min((cost, at) for (at, _), cost in prices.items())


def _is_least_shortened(one: Asked, told: Compromise | None) -> None:
    """No longer meeting fits, counted in quarters of an hour."""
    for length in range((one.length - 1) // 15 * 15, 0, -15):
        if starts := one.starts(length=length):
            assert told is not None
            assert told.slot.end - told.slot.start == timedelta(minutes=length)
            assert minute_of(told.slot.start) == one.priced(starts, length=length)[0][1]
            return
    assert told is None
