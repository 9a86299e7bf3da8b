"""What a text is to say, in the person's own words: where they begin in an order, and how they are put into a text.

Law: the words stand as typed; at most a capital, a full stop or the frame of a question is put around them.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, replace

from app.offline.lexicon import listed
from app.offline.words import Line, stem

_SAYING = frozenset(listed("saying telling stating"))
_WHOM = frozenset(listed("him her them it everyone"))
_BEFORE_THAT = frozenset(listed("to for of on in with at about from under as into like"))
_BEHIND_THAT = frozenset(listed("one ones in to on as with from for and , . ? ! at by again now please instead there"))
_NAMING = frozenset(listed("called titled named subject label as"))
_TITLED = frozenset(listed("doc document file page event meeting"))
_STARTS = frozenset(
    listed("i we he she they it you there the my our your this that's its let please sorry thanks yes no")
)
_ENDS = frozenset(".?!")
_MODALS = frozenset(listed("can could will would should may"))
_SENSES = (
    ("along", "the", "lines", "of"), ("on", "the", "lines", "of"), ("to", "the", "effect"), ("in", "the", "sense"),
)  # fmt: skip
"""What leads up to a text that is told by its sense."""
_ASKING = re.compile(
    r",? and ask (?:(?:him|her|them) )?(?P<how>if|whether|what|when|where|who|why|how|which) (?P<what>.+)"
)
QUOTES = "\"'“”‘’«» "
_CLOSING = {"“": "”", "‘": "’", "«": "»"}
_PAIRS = {'"': '"', "'": "'", "”": "“”", "’": "‘’", "»": "«»"}
"""What a quotation that ends with one of these holds twice in all."""


@dataclass(frozen=True)
class Said:
    """The text is tokens `start` to `end`; what leads up to it begins at `lead`. `frame` says how it is put."""

    lead: int
    start: int
    end: int
    frame: str = ""


def find(line: Line, first: int, last: int, nouns: Container[str]) -> Said | None:
    """The text in tokens `first` to `last`; `nouns` are words for things, behind which "that" points."""
    for i in range(first, last):
        found = _quoted(line, i, first) or _opened(line, i, first, last, nouns)
        if found and found.start < last:
            whole = line.kind(found.start) == "quoted"
            return replace(found, end=found.start + 1) if whole else found
    return None


def text(said: str, frame: str) -> str:
    """The words as a text of their own."""
    words = _unquoted(said.strip())
    if not words:
        return ""
    asks = _ASKING.search(words) if not frame else None
    if asks and words[: asks.start()].strip(" ,"):
        told, how = text(words[: asks.start()].rstrip(" ,"), ""), asks["how"]
        either = how in {"if", "whether"}
        return f"{told} {text(asks['what'], 'whether') if either else text(how + ' ' + asks['what'], 'question')}"
    if frame == "to":
        return f"Could you {words.rstrip('.?!')}?"
    if frame == "for":
        return f"May I ask you for {words.rstrip('.?!')}?"
    if frame == "thanks":
        return f"Thank you for {words.rstrip('.!')}."
    if frame == "question":
        return f"Could you tell me {words.rstrip('.?')}?"
    if frame == "whether":
        return _asked(words.rstrip(".?!"))
    whole = words if said.strip()[0] in QUOTES else words[0].upper() + words[1:]
    if words is whole and said.strip()[-1] in QUOTES:
        return words  # in quotes: to the letter
    return whole if not whole[-1].isalnum() else f"{whole}."


def _unquoted(words: str) -> str:
    """Without the quotes around all of it, and without one that stands alone; those of a part of it stay."""
    if words[:1] in QUOTES and words[-1:] in QUOTES:
        return words.strip(QUOTES)
    if words[:1] in QUOTES and words[1:].count(_CLOSING.get(words[0], words[0])) != 1:
        return words.lstrip(QUOTES)
    return words if sum(words.count(one) for one in _PAIRS.get(words[-1:], "")) == 2 else words.rstrip(QUOTES)


def _asked(words: str) -> str:
    who, _, rest = words.partition(" ")
    verb, _, more = rest.partition(" ")
    if who.lower() in {"he", "she", "they"} and verb.lower() in _MODALS and more:
        return f"{verb.capitalize()} you {more}?"
    return f"Could you tell me whether {words}?"


def _quoted(line: Line, i: int, first: int) -> Said | None:
    named = line.word(i - 1) in _TITLED and line.word(i + 1) in _SAYING | {"with", ":", "containing"}
    if line.kind(i) != "quoted" or line.word(i - 1) in _NAMING or named:
        return None
    lead = i
    while lead > first and line.word(lead - 1) in _SAYING | {":", "with", "that", "text", "the", "says", "and", "say"}:
        lead -= 1
    return Said(lead, i, i + 1)


def _opened(line: Line, i: int, first: int, last: int, nouns: Container[str]) -> Said | None:
    word, after = line.word(i), line.word(i + 1)
    if word == ":" and (i == first or line.tokens[i].end < line.tokens[min(i + 1, len(line) - 1)].start):
        return Said(i, i + 1, last)
    if word in _SAYING:
        j = i + 1 + (after in _WHOM)
        return Said(i, j + (line.word(j) in {"that", ":"}), last)
    if (word, after) in {("that", "says"), ("which", "says"), ("to", "say"), ("and", "say")}:
        return Said(i, i + 2 + (line.word(i + 2) in {"that", ":"}), last)
    if word == "say" and line.word(i - 1) in {",", ";"} and after in _STARTS | {"that", ":"}:
        return Said(i - 1, i + 1 + (after in {"that", ":"}), last)
    if (word, after) in {("and", "tell"), ("to", "tell"), ("and", "write")} and line.word(i + 2) in _WHOM:
        return Said(i, i + 3 + (line.word(i + 3) == "that"), last)
    for phrase in _SENSES:
        if line.words(i, len(phrase)) == phrase:
            return Said(i, i + len(phrase) + (line.word(i + len(phrase)) in {"that", ":"}), last)
    if word in {"asking", "thanking"} and i > first:
        found = asking(line, i, last)
        return replace(found, frame="thanks") if found and word == "thanking" else found
    if word == "because" and i > first:
        return Said(i, i + 1, _sentence(line, i, last))
    return _that(line, i, first, last, nouns)


def _that(line: Line, i: int, first: int, last: int, nouns: Container[str]) -> Said | None:
    after = line.word(i + 1)
    if line.word(i) != "that" or i == first or line.word(i - 1) in _BEFORE_THAT:
        return None
    pointing = after in _BEHIND_THAT or not after or (stem(after) in nouns and line.word(i + 2) in _BEHIND_THAT | {""})
    return None if pointing else Said(i, i + 1, _sentence(line, i, last))


def _sentence(line: Line, i: int, last: int) -> int:
    """The end of the sentence that token `i` stands in: words told with "that" are one."""
    ends = (k for k in range(i, last) if line.word(k) in _ENDS and _spaced(line, k))
    return next(ends, last - (line.word(last - 1) in _ENDS))


def _spaced(line: Line, k: int) -> bool:
    return k + 1 >= len(line) or line.tokens[k].end < line.tokens[k + 1].start


def asking(line: Line, first: int, last: int) -> Said | None:
    """What somebody is asked: "to send the notes", "for the figures", "whether she can join", "when it starts"."""
    for i in range(first + 1, last):
        word = line.word(i)
        if word in {"to", "for"}:
            return Said(i, i + 1, last, word)
        if word in {"if", "whether"}:
            return Said(i, i + 1, last, "whether")
        if word in {"what", "when", "where", "how", "who", "why", "which"}:
            return Said(i, i, last, "question")
    return None
