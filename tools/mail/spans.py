"""Spans of time as a mail puts them: "within ten days", "a week before that".

Law: a span is counted from the moment the mail was written, or back from a time named beside it.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache

from tools.mail.lexicon import Words
from tools.mail.phrases import fold

_COUNTS = """a an one the am le el il den der dem ein eine einer eines einem un una une um uma uno een
two couple zwei par paar dos dois duas deux due twee
three drei tres trois tre drie
four vier cuatro quatro quatre quattro
five funf cinco cinq cinque vijf
six sechs seis sei zes
seven sieben siete sete sept sette zeven
eight acht ocho oito huit otto
nine neun nueve nove neuf negen
ten zehn diez dez dix dieci tien"""
_MORE = {
    12: "twelve zwolf doce doze douze dodici twaalf",
    14: "fourteen vierzehn catorce quatorze quattordici veertien",
    15: "fifteen funfzehn quince quinze quindici vijftien",
    20: "twenty zwanzig veinte vinte vingt venti twintig",
    30: "thirty dreissig dreißig treinta trinta trente trenta dertig",
    40: "forty vierzig cuarenta quarenta quarante quaranta veertig",
    60: "sixty sechzig sesenta sessenta soixante sessanta zestig",
    90: "ninety neunzig noventa novanta negentig",
}
_UNITS = {
    "half": r"half an hour|halben? stunde|media hora|meia hora|demi[- ]heure|mezz['’]?a? ?ora|half uur",
    "minute": r"minut(?:es|en|os|i|e)|mins?",
    "hour": r"hours?|hrs?|stunden?|horas?|heures?|ore|uur|uren|h",
    "working": r"(?:working|business) days?|werktagen?|arbeitstagen?|d[ií]as (?:h[aá]biles|[uú]teis)|jours ouvr\w+"
    r"|giorni lavorativi|werkdagen",
    "day": r"days?|tag(?:en?)?|d[ií]as?|jours?|giorni|giorno|dagen|dag",
    "week": r"weeks?|wochen?|semanas?|semaines?|settiman[ae]|weken",
    "fortnight": r"fortnight",
    "quinzaine": r"quinzaine",
    "huitaine": r"huitaine",
    "month": r"months?|monaten?|monat|mese|mesi|m[eê]s|meses|mois|maanden?",
}
_EVE = (
    r"(?P<eve>(?:evening|night|afternoon|morning|day) (?:before|earlier|prior)|previous (?:day|evening|night|afternoon)"
    r"|vorabend|vortag|abend (?:davor|vorher|zuvor)|la veille|v[ií]spera|d[ií]a anterior|noche anterior|tarde anterior"
    r"|vigilia|(?:giorno|sera) (?:prima|precedente)|v[eé]spera|noite anterior|(?:dag|avond|middag) (?:ervoor|daarvoor))"
)
"""The day before the one that is named."""
_DAYS = {"week": 7, "huitaine": 8, "fortnight": 14, "quinzaine": 15, "month": 30}
_BACK = r"before|earlier|ahead|prior|vorher|davor|zuvor|vor|avant|antes|prima|ervoor|daarvoor|voor|van tevoren"
_WHEN = ("in ", "dans ", "en ", "tra ", "fra ", "over ", "daqui a ")
_LIMITS = ("dans les ", "dans un ", "en un plazo ", "en el plazo ")
"""What begins as if it said when, and sets a limit."""
_HELD = (
    "hold|holds|held|good|valid|stands?|guarantee[ds]?|reserve[ds]?|gelten|gilt|gültig|halten?|hält|bindend|reserviert?"
    "|v[aá]lid[oa]s?|mantengo|mantenemos|reservamos|valables?|gard(?:e|ons|ent)|maintenons|teniamo|tengo|geldig|houden?"
)
_FOR = "for|für|por|durante|pendant|per|voor|gedurende"
_GIVEN = (
    r"you have|you've(?: got)?|you get|(?:gives?|leaves|allows?|grants?)(?: \w+){0,2}|ihnen bleiben"
    r"|(?:sie|du|ihr) ha(?:ben|st|bt)|(?:te|le) quedan|tienes?(?: usted)?|dispone(?: usted)? de"
    r"|vous avez|tu as|il (?:vous|te) reste"
    r"|(?:u|je) he(?:eft|bt)|(?:ha|hai|avete)"
)
_JUST = "(?:only |just |noch |still |nur |exactly |genau |solo |encore |nog )?"
_FROM = (
    r"from (?:today|now|receipt)|ab (?:heute|jetzt|erhalt)|a partir d[eo] (?:hoy|hoje)|à compter d\w*"
    r"|(?:vanaf|van) (?:vandaag|nu)|da oggi"
)


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], tuple[re.Pattern[str], ...]]:
    """A span a limit is set by, one that is counted back, and those of what is held or given; made when needed."""
    # A longer unit first: "working days" before "days".
    unit = "|".join(f"(?P<{name}>{form})" for name, form in _UNITS.items())
    span = rf"(?P<n>\d{{1,3}}|[^\W\d_]+)?(?: of| de)? ?(?:{unit})\b"
    within = (
        r"\b(?:within|inside(?: of)?|en (?:un|el) plazo de|nel giro di"
        r"|innerhalb(?: von)?|innert|binnen|dentro de|en menos de|no prazo de|em até|sous|dans"
        r"|entro|d['’]ici|dans un d[ée]lai de|en el transcurso de|im laufe (?:von|der)|nel corso di"
        r"|in|en|tra|fra|daqui a|over(?= \w+ (?:uur|minuten|half|kwartier)))"
        r"(?: the| den| der| les| las| los| as| os| le| i| de)?"
        r"(?P<next> (?:next|coming|n[äa]chsten|kommenden|prochaine?s?|pr[óo]xim[oa]s|prossim[ei]|komende))?(?: a)? "
    )
    counted = span.replace(")?(?: of| de)?", ")(?: of| de)?")
    held = rf"\b(?:{_HELD})\b[^.,;:!?\n]{{0,40}}? (?:{_FOR}) (?:the next |another |noch |die nächsten )?{counted}"
    given = rf"\b(?:{_GIVEN}) {_JUST}{counted}(?! (?:of|off)\b)"
    forms = (within + span, rf"\b{_EVE}\b|\b{span} (?:{_BACK})\b", held, given, rf"\b{counted} (?:{_FROM})\b")
    first, before, *others = (re.compile(form, re.IGNORECASE) for form in forms)
    return first, before, tuple(others)


@cache
def _counts() -> dict[str, int]:
    small = {word: number for number, line in enumerate(_COUNTS.splitlines(), 1) for word in line.split()}
    return small | {word: number for number, line in _MORE.items() for word in line.split()}


def limits(words: Words, written: datetime) -> Iterator[tuple[datetime, bool, str]]:
    """Each limit set by a span ("within ten days"): its end, whether it is an hour, and the words."""
    if "due.within" in words.concepts:
        ends = not words.concepts.isdisjoint(("due.ends", "due.latest"))  # "expires in five days"
        for match in _patterns()[0].finditer(words.text):
            if (ends or not _happens(match)) and (moment := _moved(written, match, 1)):
                yield moment, _is_hour(match), match.group()
    if "due.held" in words.concepts and "lasting" not in words.concepts:
        for match in (match for pattern in _patterns()[2] for match in pattern.finditer(words.text)):
            if moment := _moved(written, match, 1):
                yield moment, _is_hour(match), match.group()


def shortly(words: Words, written: datetime) -> Iterator[tuple[datetime, bool, str]]:
    """The moment something happens in so many minutes or hours ("in half an hour"), and the words."""
    if "due.within" in words.concepts:
        for match in _patterns()[0].finditer(words.text):
            if _happens(match) and _is_hour(match) and (moment := _moved(written, match, 1)):
                yield moment, True, match.group()
                return


def _happens(match: re.Match[str]) -> bool:
    """Whether the span says when something happens ("in ten days"), not by when ("in the next ten days")."""
    said = match.group().lower()
    return said.startswith(_WHEN) and not said.startswith(_LIMITS) and not match["next"]


def _is_hour(match: re.Match[str]) -> bool:
    return bool(match["hour"] or match["half"] or match["minute"])


def back(words: Words, anchor: datetime) -> tuple[datetime, str] | None:
    """The moment a span before the anchor, and the words ("a week before that"); None where none is named."""
    if "due.back" not in words.concepts:
        return None
    match = _patterns()[1].search(words.text)
    if match and match["eve"]:
        return anchor - timedelta(days=1), match.group()
    moment = _moved(anchor, match, -1) if match else None
    return (moment, match.group()) if match and moment else None


def _moved(start: datetime, match: re.Match[str], sign: int) -> datetime | None:
    said = fold(match["n"] or "") or "a"
    count = int(said) if said.isdigit() else _counts().get(said)
    if count is None:
        return None
    if match["working"]:
        return _working(start, sign * count)
    if match["minute"] or match["half"]:
        return start + sign * count * timedelta(minutes=1 if match["minute"] else 30)
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
