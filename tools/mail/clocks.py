"""Reads one expression of time where it stands in a text: a day, a clock time, a period, in any usual order.

Law: reads only what stands together from the given place on; anything else ends the expression.
"""

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta

from tools.mail.dayparts import daypart
from tools.mail.expression import END_OF_DAY, Expression
from tools.mail.lexicon import Sign, Words
from tools.mail.phrases import fold
from tools.mail.zones import zone_at

_FILLING = """the on at of this by around about latest close day business o'clock sharp my your our local later than no
am den dem der um uhr des spatestens abend abends nachmittag noch zum ca circa el la las los dia de del a este esta
tarde o as os da do ao ce cet le les l au du jour soir heures coming und e y et proximo proxima
om uur alle ore het di il lo della dello horas"""
_FILLERS = frozenset(_FILLING.split())
_DAY_LEADS = frozenset(("el", "le", "dia", "den", "am", "dem", "the", "zum"))
_CLOCK_LEADS = frozenset(("las", "as", "a", "um", "at", "om", "alle"))
_LIMIT_LEADS = frozenset(
    (
        "by",
        "before",
        "until",
        "till",
        "bis",
        "vor",
        "voor",
        "tot",
        "avant",
        "antes",
        "entro",
        "prima",
        "ate",
        "hasta",
        "after",
        "nach",
        "apres",
        "dopo",
    )
)
_ALONE = re.compile(
    r"\s*(?:$|[.,;:!?)\]–—-]|(?:today|tonight|tomorrow|this|on|or|and|so|please|pls|latest|sharp|you|i|we|it|otherwise"
    r"|heute|morgen|sonst|dann|und|oder|y|o|e|et|ou)\b)",
    re.IGNORECASE,
)
"""What may follow a number that is an hour though nothing says so: "before 11", but not "by 11 people"."""
_HALF = re.compile(r"(half|halb)(\spast)?\s(\d{1,2}\b|[^\W\d_]+)", re.IGNORECASE)
_DUTCH = frozenset(("om", "tegen", "rond", "voor", "tot"))
_AFTER_HOUR = re.compile(r"\s(?:o['’]clock|uhr|heures?|horas|uur)\b", re.IGNORECASE)
_CLOCKS = {"time.noon": time(12), "time.midnight": END_OF_DAY, "time.morning": time(12)}
_SKIP = re.compile(r"[\s,()\"'“”„*_-]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*\.?")
_ISO = re.compile(r"(20\d\d)-(\d{1,2})-(\d{1,2})\b")
_UNSPACED_DAY = re.compile(r"(?:(20\d\d)\s?年\s?)?(\d{1,2})\s?月\s?(\d{1,2})\s?[日号]")
_UNSPACED_CLOCK = re.compile(r"(?:([午上下])[午前後后]+)?\s?(\d{1,2})\s?[時点:时](\d\d)?分?")
_NUMERIC = re.compile(r"(\d{1,2})([./])(\d{1,2})(?!\d)(?:\2(20\d\d|\d\d))?\.?")
_NAMED = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|º|ª|\.|-)?\s?(?:de |of |d['’])?([^\W\d_]{3,12})\.?(?:,? ?(?:de )?(20\d\d))?",
    re.IGNORECASE,
)
_AFTER_MONTH = re.compile(r"\.?\s?(\d{1,2})(?:st|nd|rd|th)?\b(?!:)(?:,? (20\d\d))?", re.IGNORECASE)
_BARE = re.compile(r"(\d{1,2})\b")
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)(?!\d|\w)", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,2})(?:(?:[:.]|\s?[hu]\s?)(\d\d))?\s?(uhr\b|h\b|o'clock|[ap]\.?m\b\.?)?", re.IGNORECASE)


def _swallowed(sign: Sign, words: Words) -> bool:
    """Whether it is a part of other words: the "mañana" of "por la mañana", the "segunda" of "segunda semana"."""
    if sign.concept.startswith("time.weekday."):
        return any(other.at == sign.at for other in words.of("ordinal"))
    if sign.concept.startswith("time.hour."):  # "at once" is no eleven
        return any(other.at < sign.at < other.until for other in words.of("immediate"))
    mornings = words.of("time.morning") if sign.concept.startswith("time.day.") else ()
    return any(other.at < sign.at and sign.until <= other.until for other in mornings)


class ExpressionReader:
    """Reads expressions of one sentence; `month_first`: 11/3 is 3 November."""

    def __init__(self, words: Words, written: datetime, *, month_first: bool = False) -> None:
        self.text = words.text
        self.written = written
        self.month_first = month_first
        self.signs: dict[int, list[Sign]] = {}
        for sign in words.signs:
            if sign.concept.startswith("time.") and not _swallowed(sign, words):
                self.signs.setdefault(sign.at, []).append(sign)

    def read(self, start: int, lead: str = "") -> Expression:
        """The expression that stands at `start`, after fillers; `empty` when there is none. `lead` is the word before
        it, folded, where that belongs to it."""
        found = Expression(end=start)
        at = start
        while at < len(self.text):
            skipped = _SKIP.match(self.text, at)
            at = skipped.end() if skipped else at
            end = self._number(found, at, lead) or self._half(found, at, lead) or self._named(found, at, lead)
            if end:
                found.end, at, lead = end, end, ""
                continue
            word = _WORD.match(self.text, at)
            lead = fold(word.group()) if word else ""
            if word is None or lead not in _FILLERS:
                break
            if not found.empty and (part := daypart(lead)):
                found.daypart, found.end = part, word.end()
            at = word.end()
        return found

    def _half(self, found: Expression, at: int, lead: str) -> int:
        """Read "half past ten", "halb elf", "half elf" at `at`; the place after it, 0 if there is none."""
        match = _HALF.match(self.text, at)
        if not match:
            return 0
        said = [sign.concept for sign in self.signs.get(match.start(3), ()) if sign.concept.startswith("time.hour.")]
        hour = int(match[3]) if match[3].isdigit() else int(said[0].rpartition(".")[2]) if said else 0
        if not 1 <= hour <= 24:
            return 0
        hour += 12 if hour < 8 and not found.early else 0
        before = not match[2] and (match[1].lower() == "halb" or lead in _DUTCH)  # "half elf" is half past ten
        return self._set_clock(found, hour - before, 30, match.end())

    def _named(self, found: Expression, at: int, lead: str) -> int:
        """Read the time words at `at` into `found`; the place after them, 0 if there are none."""
        signs = sorted(self.signs.get(at, ()), key=lambda sign: sign.until, reverse=True)
        for sign in signs:
            if sign.concept.startswith("time.hour."):
                led = lead in _CLOCK_LEADS - {"a"} or (lead in _LIMIT_LEADS and _ALONE.match(self.text, sign.until))
                if led or _AFTER_HOUR.match(self.text, sign.until):
                    return self._clock_hour(found, int(sign.concept.rpartition(".")[2]), sign.until)
            elif end := self._apply(found, sign):
                return self._zone(found, end) if sign.concept in _CLOCKS else end
        return 0

    def _apply(self, found: Expression, sign: Sign) -> int:
        """Read one sign; the place after it, 0 where it means nothing here."""
        kind, _, value = sign.concept.removeprefix("time.").partition(".")
        words = self.text[sign.at : sign.until]
        match kind:
            case "day":
                found.offset = int(value)
            case "next" | "coming":
                found.next, found.coming = found.next or kind == "next", True
            case "start" | "middle" | "end" | "out":
                found.place(kind, value or ("week" if "sem" in fold(words) else ""))
            case "afternext":
                found.week_after = True
            case "nextweek":
                found.week = 1
            case "week" | "weekday":
                if not self._week(found, value):
                    return 0
            case "month":
                return self._month(found, sign, value)
            case "part":
                found.part = True
        found.daypart = daypart(words) or found.daypart
        half = kind in ("weekday", "day") and found.daypart in ("morning", "noon")
        found.clock = found.clock or _CLOCKS.get(sign.concept) or (time(12) if half else None)
        return sign.until

    def _week(self, found: Expression, weekday: str) -> bool:
        """Read a weekday, or without one the word "week"; False where it means nothing here."""
        if weekday:
            fits = found.weekday is None  # "until Wednesday, on Thursday it goes to the next" speaks of two
            found.weekday = int(weekday) if fits else found.weekday
            return fits
        if found.closing or found.coming or found.week is not None:
            found.week = 1 if found.next and found.weekday is None else found.week or 0
            return True
        found.week_after = found.weekday is not None  # "Monday week": the one after the next
        return found.week_after

    def _month(self, found: Expression, sign: Sign, value: str) -> int:
        """ "March 3rd", or the end of a month, of this one or of one that is named."""
        if value == "end":
            found.month_end = found.closing
            return sign.until if found.closing else 0
        number = _AFTER_MONTH.match(self.text, sign.until)
        if number and (day := self._date(int(number[1]), int(value), number[2])) is not None:
            found.day = day
            return number.end()
        if not found.closing or (first := self._date(1, int(value), None)) is None:
            return 0
        if first.month == self.written.month:
            first = self.written.date()
        found.day = first.replace(day=monthrange(first.year, first.month)[1])
        return sign.until

    def _number(self, found: Expression, at: int, lead: str) -> int:
        """Read the date or clock time written with digits at `at`; the place after it, 0 if there is none."""
        if not self.text[at : at + 1].isdigit() and self.text[at : at + 1] not in ("上", "下", "午"):
            return 0
        for read in (self._iso, self._unspaced, self._day_month, self._numeric, self._clock, self._ordinal):
            if end := read(found, at, lead):
                return end
        return 0

    def _iso(self, found: Expression, at: int, _: str) -> int:
        match = _ISO.match(self.text, at)
        if match and (day := self._date(int(match[3]), int(match[2]), match[1])):
            found.day = day
            return match.end()
        return 0

    def _unspaced(self, found: Expression, at: int, _: str) -> int:
        if (match := _UNSPACED_DAY.match(self.text, at)) and (
            day := self._date(int(match[3]), int(match[2]), match[1])
        ):
            found.day = day
            return match.end()
        if (match := _UNSPACED_CLOCK.match(self.text, at)) and ":" not in match.group():
            hour = int(match[2]) + (
                12 if match[1] in ("午", "下") and "前" not in match.group() and int(match[2]) < 12 else 0
            )
            return self._set_clock(found, hour, int(match[3] or 0), match.end())
        return 0

    def _day_month(self, found: Expression, at: int, _: str) -> int:
        match = _NAMED.match(self.text, at)
        month = next((m for m in self._months(match.start(2)) if m), 0) if match else 0
        if match and month and (day := self._date(int(match[1]), month, match[3])):
            found.day = day
            return match.end()
        return 0

    def _months(self, at: int) -> list[int]:
        values = (sign.concept.rpartition(".")[2] for sign in self.signs.get(at, ()) if ".month." in sign.concept)
        return [int(value) for value in values if value.isdigit()]

    def _numeric(self, found: Expression, at: int, _: str) -> int:
        match = _NUMERIC.match(self.text, at)
        if not match:
            return 0
        first, second = int(match[1]), int(match[3])
        swap = match[2] == "/" and ((self.month_first and first <= 12) or second > 12)
        day, month = (second, first) if swap else (first, second)
        if (read := self._date(day, month, match[4])) is None:
            return 0
        found.day = read
        return match.end()

    def _ordinal(self, found: Expression, at: int, lead: str) -> int:
        match = _ORDINAL.match(self.text, at) or (_BARE.match(self.text, at) if lead in _DAY_LEADS else None)
        if not match or not 1 <= int(match[1]) <= 31:
            return 0
        today = self.written.date()
        for month in range(13):
            first = date(today.year + (today.month - 1 + month) // 12, (today.month - 1 + month) % 12 + 1, 1)
            if int(match[1]) <= monthrange(first.year, first.month)[1] and first.replace(day=int(match[1])) > today:
                found.day = first.replace(day=int(match[1]))
                return match.end()
        return 0

    def _clock(self, found: Expression, at: int, lead: str) -> int:
        match = _CLOCK.match(self.text, at)
        alone = match and lead in _LIMIT_LEADS and _ALONE.match(self.text, match.end())
        if not match or not (match[2] or match[3] or lead in _CLOCK_LEADS or alone):
            return 0
        hour, half = int(match[1]), (match[3] or "").lower()[:1]
        if half in ("a", "p"):
            hour = hour % 12 + (12 if half == "p" else 0)
        elif not match[2] and half in ("", "o"):
            return self._clock_hour(found, hour, match.end())
        return self._set_clock(found, hour, int(match[2] or 0), match.end())

    def _clock_hour(self, found: Expression, hour: int, end: int) -> int:
        """ "at four" is in the afternoon, unless a morning is spoken of."""
        return self._set_clock(found, hour + 12 if hour < 8 and not found.early else hour, 0, end)

    def _set_clock(self, found: Expression, hour: int, minute: int, end: int) -> int:
        if hour > 24 or minute > 59:
            return 0
        found.clock = END_OF_DAY if hour == 24 else time(hour, minute)
        return self._zone(found, end)

    def _zone(self, found: Expression, end: int) -> int:
        """Read the zone of a clock time at `end`; the place after it."""
        zone, after = zone_at(self.text, end)
        found.zone = zone or found.zone
        return after

    def _date(self, day: int, month: int, year: str | None) -> date | None:
        """The date, of the year that brings it nearest ahead when none is given; None if there is no such date."""
        today = self.written.date()
        given = int(year) + (2000 if len(year) == 2 else 0) if year else today.year
        try:
            found = date(given, month, day)
            return found if year or found >= today - timedelta(days=45) else date(given + 1, month, day)
        except ValueError:
            return None
