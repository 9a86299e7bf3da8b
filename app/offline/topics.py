"""What a request is about: the words in quotes, the name of a file, or what stands behind "about" and its like."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from app.offline.lexicon import CONCEPTS, EMPTY, listed
from app.offline.people import Words
from app.offline.words import Line, stem

MARKERS = frozenset(
    listed(
        "about regarding concerning mentioning mention mentions mentioned containing contain contains re saying titled"
        " called named subject"
    )
)
_MENTIONS = frozenset({"mention", "mentions"})
_WEAK = frozenset(listed("for on with"))
_SEARCHING = frozenset(listed("search searching look looking dig hunt"))
_PLACES = frozenset(listed("in on at by from to"))
_WHERE = frozenset(listed("in on from"))
_SERVICES = frozenset(
    f"{CONCEPTS['inbox']} slack mail email mails emails gmail drive calendar files documents docs".split()
)
_STARTS = frozenset(listed("the a an my our his her their that this"))
_DETERMINERS = frozenset(listed("the a an our my"))
_RELATIVE, _SPEAKERS = frozenset({"that", "which", "who"}), frozenset({"i", "we"})
_DONE = frozenset(listed("changed updated edited modified shared uploaded created sent received written posted"))
_DATES = frozenset(listed("day date week weekend month morning afternoon evening night"))
_HOLDERS = frozenset(stem(w) for w in f"{CONCEPTS['mail']} {CONCEPTS['file']} {CONCEPTS['message']}".split())
_ENDS = frozenset(
    listed(
        "due please pls again from since before after between by across and or mail mails email emails message messages"
        " ? . , ! ; :"
    )
)


@dataclass(frozen=True)
class Topic:
    """The topic's text as typed, without articles before it; `start` and `end` hold the marker too.

    `held`: it is what a mail or a document holds, "the mail with the slides", so that none of it names a service.

    It is not `sure` behind words like "for" and "on", which more often say something else.
    """

    words: tuple[int, ...]
    start: int
    end: int
    sure: bool = True
    held: bool = False


def find(line: Line, stops: Container[int], names: Container[int], words: Words) -> Topic | None:
    """The topic of the line, None where nothing says that something is its topic.

    It ends before a token of `stops`; behind a weak word such as "for", also before one of `names`.
    """
    for i in range(len(line)):
        if line.kind(i) in {"quoted", "file"}:
            return Topic((i,), i, i + 1)
    for markers, ends in ((MARKERS, stops), (_WEAK, names)):
        for i in range(len(line)):
            marks = line.word(i) in markers or (markers is MARKERS and (_sought(line, i) or _holds(line, i)))
            if marks and i not in stops:
                found = _behind(line, i, ends, words)
                if found:
                    return found
    return None


def _behind(line: Line, i: int, stops: Container[int], words: Words) -> Topic | None:
    start = i + 1
    start += line.word(i) in _MENTIONS and line.word(start) == "of"
    start += line.word(i) == "subject" and line.word(start) in {"line", "is", ":"}
    while line.word(start) in _STARTS:
        start += 1
    end = start
    while end < len(line) and end not in stops and line.word(end) not in _ENDS and not _breaks(line, end):
        end += 1
    end -= end in stops and end - start > 1 and line.word(end - 1) in _DONE  # "about the lease changed this month"
    while end > start and line.word(end - 1) in EMPTY:
        end -= 1
    said = tuple(range(start, end))
    if line.word(start) in _PLACES | MARKERS | {"me", "us"}:
        return None
    held = _holds(line, i)
    sure = held or line.word(i) in MARKERS or _sought(line, i)
    known = words.plain if sure else words.common
    led = line.word(i) == "on" and line.word(i + 1) == "the" and line.word(start) not in _DATES
    strange = any(not known(line.word(k)) for k in (said if sure or led else said[:1])) or (sure and len(said) > 1)
    strange = strange or held
    return Topic(said, i, end, sure, held) if said and strange else None


def _breaks(line: Line, i: int) -> bool:
    """Whether what follows says where to look, or more of the things that are about it: "that I have not answered"."""
    return _placed(line, i) or (line.word(i) in _RELATIVE and line.word(i + 1) in _SPEAKERS)


def _holds(line: Line, i: int) -> bool:
    """Whether what follows is what a thing holds: "the mail with the invitation to the gala"."""
    held = line.word(i) == "with" and line.word(i + 1) in _DETERMINERS and stem(line.word(i - 1)) in _HOLDERS
    return held and stem(line.word(i + 2)) != "attachment"


def _sought(line: Line, i: int) -> bool:
    """Whether what follows is what some place is searched for: "search my mail for meeting notes"."""
    searched = next((k for k in range(i) if line.word(k) in _SEARCHING), i)
    return line.word(i) == "for" and any(line.word(k) in _SERVICES for k in range(searched + 1, i))


def _placed(line: Line, i: int) -> bool:
    """Whether what follows says where to look: "the brand colours in slack", "the deadline in #launch"."""
    j = i + 1 + (line.word(i + 1) in _STARTS)
    named = line.word(j + 1) == "channel" and j > i + 1
    return line.word(i) in _WHERE and (named or line.kind(j) == "channel" or line.word(j) in _SERVICES)
