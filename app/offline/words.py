"""A request as tokens: raw text, the word it stands for, and its stem."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from app.offline.lexicon import listed

Kind = Literal["word", "number", "address", "handle", "channel", "clock", "date", "quoted", "file", "symbol"]

_TOKEN = re.compile(
    r"""
    (?P<quoted>"[^"\n]+"|“[^”\n]+”|«[^»\n]+»|(?<!\w)['‘][^'’\n]+['’](?!\w))
  | (?P<address>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)
  | (?P<file>\b\w[\w.+-]*\.(?:docx?|xlsx?|pptx?|pdf|txt|md|csv|rtf|od[tsp]|html?)\b)
  | (?P<handle>\b[a-z]+:\d+\b)
  | (?P<channel>\#[\w-]*[^\W\d][\w-]*)
  | (?P<date>\b\d{4}-\d{1,2}-\d{1,2}\b|\b\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d{2})?(?!\d)|\b\d{1,2}/\d{1,2}\b)
  | (?P<clock>\b\d{1,2}:\d{2}(?:\b|(?=[aApP][mM]\b)))
  | (?P<slang>\b(?:2day|2moro|2morrow|any1|some1|every1|b4)\b)
  | (?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)
  | (?P<compound>\b[^\W\d_]+/[^\W\d_]+(?:-[^\W\d_]+)+\b)
  | (?P<word>\b(?:[Dd]r|[Mm]rs?|[Mm]s|[Pp]rof)\.(?=\s+\w)|\b[Tt]o-dos?\b|\b[Ww]/(?=\s)|[^\W\d_]+(?:['’][^\W\d_]+)*)
  | (?P<symbol>\S)
    """,
    re.VERBOSE,
)
_TO_DO = re.compile(
    r"\b((?:have|got|need|needs|left|things|stuff|anything|something|much|my) )to do"
    r"(?=\s*(?:$|[?!.,]|(?:list|this|next|today|tomorrow|tonight|on|by|before|still|first|now)\b))",
    re.IGNORECASE,
)
"""What is to be done, as the one word it is; as long as the two."""
_CONTRACTED = {
    "n't": "not", "'re": "are", "'m": "am", "'ve": "have", "'ll": "will", "'d": "would",
}  # fmt: skip
_NOT = frozenset(listed("cant wont havent hasnt hadnt didnt doesnt isnt arent wasnt werent couldnt wouldnt shouldnt"))
"""Contractions typed without their apostrophe."""
_IS = frozenset(listed("what who where when how it that there here which why he she everything anything something"))
_WHOLE = frozenset(
    {"meeting", "booking", "morning", "evening", "briefing", "building", "nothing", "planned", "pressing"}
)
_SHORT = {
    "whats": ("what", "is"), "hows": ("how", "is"), "wheres": ("where", "is"), "whens": ("when", "is"),
    "whos": ("who", "is"), "im": ("i", "am"), "ive": ("i", "have"), "id": ("i", "would"), "dont": ("do", "not"),
    "gimme": ("give", "me"), "wanna": ("want", "to"), "tmrw": ("tomorrow",), "tmr": ("tomorrow",),
    "2day": ("today",), "2moro": ("tomorrow",), "2morrow": ("tomorrow",), "any1": ("anyone",), "some1": ("someone",),
    "every1": ("everyone",), "b4": ("before",), "wats": ("what", "is"),
    "mtg": ("meeting",), "mtgs": ("meetings",), "cal": ("calendar",),
    "appt": ("appointment",), "msgs": ("messages",), "msg": ("message",), "w": ("with",), "thx": ("thanks",),
    "w/": ("with",), "eod": ("end", "of", "day"), "eow": ("end", "of", "week"), "u": ("you",), "n": ("and",),
    "nxt": ("next",), "thats": ("that", "is"), "to-do": ("todo",), "to-dos": ("todos",),
}  # fmt: skip


@dataclass(frozen=True)
class Token:
    """`text` as typed, `word` in lower case; `start` and `end` are offsets into the request."""

    text: str
    word: str
    kind: Kind
    start: int
    end: int
    possessive: bool = False

    @property
    def capital(self) -> bool:
        return self.kind == "word" and self.text[:1].isupper()

    @property
    def stem(self) -> str:
        """That of the word; a file's name stands for a file."""
        return "file" if self.kind == "file" else stem(self.word)


@dataclass(frozen=True)
class Line:
    """Tokens in a row, with a look at any place that never fails: beyond the ends there is the empty word."""

    tokens: tuple[Token, ...]

    def __len__(self) -> int:
        return len(self.tokens)

    @cached_property
    def row(self) -> tuple[str, ...]:
        return tuple(token.word for token in self.tokens)

    def word(self, i: int) -> str:
        return self.row[i] if 0 <= i < len(self.tokens) else ""

    def words(self, i: int, count: int) -> tuple[str, ...]:
        return self.row[max(i, 0) : i + count]

    def kind(self, i: int) -> Kind | None:
        return self.tokens[i].kind if 0 <= i < len(self.tokens) else None

    def capital(self, i: int) -> bool:
        return 0 <= i < len(self.tokens) and self.tokens[i].capital


def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a request; contractions are opened, so two tokens may share one place."""
    found: list[Token] = []
    text = _TO_DO.sub(r"\1to-do", text)
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "symbol"
        if kind in {"word", "slang", "compound"}:
            found += _word(match.group(), match.start(), match.end())
        elif kind == "symbol" and match.group() == "-" and _joins(text, match.start()):
            continue
        else:
            word = match.group().strip("\"'“”«»‘’").lower().replace(",", "" if kind == "number" else ",")
            found.append(Token(match.group(), word, kind, match.start(), match.end()))  # type: ignore[arg-type]
    return tuple(found)


def _joins(text: str, at: int) -> bool:
    """A hyphen inside a word ("double-booked"), not a dash, a minus or a range ("2-4", "Mon-Fri")."""
    before, after = text[max(at - 1, 0) : at], text[at + 1 : at + 2]
    days = re.compile(r"(mon|tue|wed|thu|fri|sat|sun)\w*-(mon|tue|wed|thu|fri|sat|sun)", re.IGNORECASE)
    if any(m.start() <= at < m.end() for m in days.finditer(text)):
        return False
    return before.isalnum() and after.isalpha()


def _word(text: str, start: int, end: int) -> list[Token]:
    low = text.lower().replace("’", "'").rstrip(".")
    low = f"{low[:-1]}'t" if low in _NOT else low
    if low in _SHORT:
        return [Token(text, word, "word", start, end) for word in _SHORT[low]]
    for tail, meaning in _CONTRACTED.items():
        if low.endswith(tail) and low != tail:
            head = {"ca": "can", "wo": "will"}.get(low.removesuffix(tail), low.removesuffix(tail))
            return [Token(text, head, "word", start, end), Token(text, meaning, "word", start, end)]
    if low.endswith("'s"):
        base = low[:-2]
        if base == "let":
            return [Token(text, "let", "word", start, end), Token(text, "us", "word", start, end)]
        if base in _IS:
            return [Token(text, base, "word", start, end), Token(text, "is", "word", start, end)]
        return [Token(text[:-2], base, "word", start, end, possessive=True)]
    return [Token(text, low, "word", start, end)]


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """A word without its commonest endings; both spellings of -ise fall together."""
    for ending, put in (("ies", "y"), ("ied", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x")):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return stem(word[: -len(ending)] + put)
    if word.endswith("s") and len(word) > 3 and not word.endswith(("ss", "us", "is")):
        return stem(word[:-1])
    for ending in ("ing", "ed"):
        if word in _WHOLE:
            return word
        if word.endswith(ending) and len(word) > len(ending) + 2:
            base = word[: -len(ending)]
            return base[:-1] if base[-1] == base[-2] and base[-1] not in "lsz" else _bare(base)
    return _bare(word)


def _bare(word: str) -> str:
    word = word[:-1] if word.endswith("e") and len(word) > 4 else word
    return word[:-2] + "is" if word.endswith("iz") and len(word) > 4 else word
