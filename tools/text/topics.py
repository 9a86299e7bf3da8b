"""Topic words of a title or subject: what makes a mail, a document and a meeting recognisable as one matter."""

from __future__ import annotations

import re
from unicodedata import normalize

SHORTEST = 3
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_COMMON = frozenset(
    """
    about after again agenda all and any are back before both but call can catch chat check confirm could daily
    date day discuss done draft due each final first for fortnightly friday from fw fwd get give good has have
    hello here how into invitation invite its just last let look make meet meeting minutes monday monthly more
    morning need new next not note notes now off one online our out over plan please prep question questions quick
    re ready regarding reminder reply request review room saturday second see send session short should some soon
    stand standup status sunday sync team than thanks that the their them then there these they this thursday time
    today tomorrow tuesday two update updated updates urgent use via was wednesday week weekly were what when
    where which who why will with would year yes yesterday you your
    """.split()  # noqa: SIM905 - a list of words reads as words
)


def topic_words(title: str) -> tuple[str, ...]:
    """The words that carry the matter, in lower case, each once, in order."""
    words = (word.casefold() for word in _WORD.findall(normalize("NFKC", title)))
    kept = (word for word in words if len(word) >= SHORTEST and word not in _COMMON and not word.isdecimal())
    return tuple(dict.fromkeys(kept))
