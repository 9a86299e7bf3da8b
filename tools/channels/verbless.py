"""Orders that say what is to be handed over, and nothing else: "@ana one page each, before Wednesday".

Law: somebody is called first, the thing is one that is handed over, a day or an hour is named, and nothing is stated.
"""

from __future__ import annotations

import re

from tools.channels.calling import MARKS

_HOW_MANY = (
    r"(?:(?:just|only|also|nur|noch|bitte|please|pls)\s+)*"
    r"(?:\d{1,3}|an?|one|two|three|four|five|six|ten|a few|some"
    r"|ein(?:e[nr]?)?|zwei|drei|vier|fünf|una?|dos|tres|un|deux|trois|uma?|dois|duas|três)"
)
_THING = (
    r"(?:pages?|pagers?|one-pagers?|paragraphs?|lines?|sentences?|slides?|bullets?|bullet points?|figures?|numbers?"
    r"|lists?|drafts?|summar(?:y|ies)|pictures?|photos?|screenshots?|quotes?|names?|cop(?:y|ies)|files?|reports?|estimates?"
    r"|proposals?|headlines?|comments?|answers?|repl(?:y|ies)|signatures?|decisions?|confirmations?|versions?|ideas?"
    r"|topics?|examples?|dates?"
    r"|seiten?|folien?|s[aä]tze?|absatz|absätze|zeilen?|listen?|entw[uü]rfe?|bild(?:er)?|fotos?|zahlen?|vorschl[aä]ge?"
    r"|antwort(?:en)?|stichworte?|zusammenfassung(?:en)?"
    r"|páginas?|diapositivas?|frases?|listas?|fotos?|resumen|resumo|diapos?|phrases?|listes?|résumé)"
)
_ORDER = re.compile(
    rf"^[^\w@]{{0,3}}{MARKS}\b[\s,:–-]*{_HOW_MANY}\s+(?:[\w'’-]+\s+){{0,2}}?{_THING}\b(?P<rest>.*)$",
    re.IGNORECASE,
)
_STATES = re.compile(
    r"(?<!what )(?<!which )(?<!that )(?<!who )\b(?:is|are|was|were|has|have|had|went|came|will|would|did|does|do"
    r"|missing|left|thanks|thank|sent|done|ready|ist|sind|war|waren|hat|haben|fehlt|fehlen|es|son|está|están|est|sont|é|são"
    r"|looks?|arrived|lands?|starts?|happens?|follows?"
    r"|(?:from|since|last|of|vom|von|seit|letzten|yesterday|gestern) (?:\w+day|\w+tag|mittwoch|today))\b"
    r"|'(?:s|re|ll|ve)\b",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"\b(?:today|tonight|tomorrow|by|before|until|eod|eow|cob|asap|heute|morgen|bis|vor|hoy|mañana|antes|hoje|amanhã"
    r"|até|demain|avant"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch"
    r"|\d{1,2}[:.]\d\d|\d{1,2} ?(?:am|pm|uhr|h))\b",
    re.IGNORECASE,
)

_STOP = re.compile(r"[.!;](?:\s|$)")
"""An hour before a full stop does not always end a sentence: "Tuesday 09:00. You have my mail."."""


def orders(text: str) -> bool:
    """Whether a sentence is an order without a verb."""
    found = _ORDER.search(text.replace("’", "'"))
    if found is None or "?" in text:
        return False
    rest = _STOP.split(found["rest"], maxsplit=1)[0]
    return bool(_WHEN.search(rest)) and not _STATES.search(rest)
