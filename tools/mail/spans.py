"""Spans of time as a mail puts them: "within ten days", "a week before that".

Law: a span is counted from the moment the mail was written, or back from a time named beside it.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache

from tools.mail.lexicon import Words
from tools.mail.phrases import fold

_COUNTS = """a an one ein eine einer eines einem un una une um uma uno een
two couple zwei dos dois duas deux due twee
three drei tres trois tre drie
four vier cuatro quatro quatre quattro
five funf cinco cinq cinque vijf
six sechs seis sei zes
seven sieben siete sete sept sette zeven
eight acht ocho oito huit otto
nine neun nueve nove neuf negen
ten zehn diez dez dix dieci tien"""
_UNITS = {
    "hour": r"hours?|hrs?|stunden?|horas?|heures?|ore|uur|uren|h",
    "working": r"(?:working|business) days?|werktagen?|arbeitstagen?|d[ií]as (?:h[aá]biles|[uú]teis)|jours ouvr\w+"
    r"|giorni lavorativi|werkdagen",
    "day": r"days?|tagen?|d[ií]as?|jours?|giorni|giorno|dagen|dag",
    "week": r"weeks?|wochen?|semanas?|semaines?|settiman[ae]|weken",
    "fortnight": r"fortnight",
    "quinzaine": r"quinzaine",
    "huitaine": r"huitaine",
    "month": r"months?|monaten?|monat|mese|mesi|m[eê]s|meses|mois|maanden?",
}
_DAYS = {"week": 7, "huitaine": 8, "fortnight": 14, "quinzaine": 15, "month": 30}
_BACK = r"before|earlier|ahead|prior|vorher|davor|zuvor|vor|avant|antes|prima|ervoor|daarvoor|voor|van tevoren"


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A span a limit is set by, and one that is counted back; compiled when first needed."""
    # A longer unit first: "working days" before "days".
    unit = "|".join(f"(?P<{name}>{form})" for name, form in _UNITS.items())
    span = rf"(?P<n>\d{{1,3}}|[^\W\d_]+)?(?: of)? ?(?:{unit})\b"
    within = (
        r"\b(?:within|innerhalb(?: von)?|binnen|dentro de|en menos de|no prazo de|em até|sous|dans|entro|in)"
        r"(?: the| den| der| les| las| los| as| os| le| i| de)?"
        r"(?P<next> (?:next|coming|n[äa]chsten|kommenden|prochaine?s?|pr[óo]xim[oa]s|prossim[ei]|komende))?(?: a)? "
    )
    return re.compile(within + span, re.IGNORECASE), re.compile(rf"\b{span} (?:{_BACK})\b", re.IGNORECASE)


@cache
def _counts() -> dict[str, int]:
    return {word: number for number, line in enumerate(_COUNTS.splitlines(), 1) for word in line.split()}


def limits(words: Words, written: datetime) -> Iterator[tuple[datetime, bool, str]]:
    """Each limit set by a span ("within ten days"): its end, whether it is an hour, and the words."""
    if "due.within" not in words.concepts:
        return
    for match in _patterns()[0].finditer(words.text):
        # "in ten days" says when something happens, "in the next ten days" by when.
        bare = match.group().lower().startswith(("in ", "dans ")) and not match["next"]
        if not bare and (moment := _moved(written, match, 1)):
            yield moment, bool(match["hour"]), match.group()


def back(words: Words, anchor: datetime) -> tuple[datetime, str] | None:
    """The moment a span before the anchor, and the words ("a week before that"); None where none is named."""
    if "due.back" not in words.concepts:
        return None
    match = _patterns()[1].search(words.text)
    moment = _moved(anchor, match, -1) if match else None
    return (moment, match.group()) if match and moment else None


def _moved(start: datetime, match: re.Match[str], sign: int) -> datetime | None:
    said = fold(match["n"] or "") or "a"
    count = int(said) if said.isdigit() else _counts().get(said)
    if count is None:
        return None
    if match["working"]:
        return _working(start, sign * count)
    hours = count if match["hour"] else 24 * count * _days(match)
    return start + sign * timedelta(hours=hours)


def _days(match: re.Match[str]) -> int:
    return next((days for unit, days in _DAYS.items() if match[unit]), 1)


def _working(start: datetime, count: int) -> datetime:
    day, step = start, timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while day.weekday() > 4:
            day += step
    return day
