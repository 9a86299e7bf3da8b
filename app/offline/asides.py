"""What is said beside a request: idioms put in plain words, circumstances before it, a doubtful time behind it.

Law: a text that is to be sent keeps its words; only how a request is read changes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import accumulate

from app.offline.clause import Clause
from app.offline.lexicon import listed
from app.offline.reading import Reading
from app.offline.times import Timed
from app.offline.words import Line, Token

_IDIOMS = tuple(
    (re.compile(rf"(?<!\S)(?:{said})(?!\S)"), plain.split())
    for said, plain in (
        (r"(?:fill|clue) me in|(?:get|bring|put) me (?:back )?(?:up to (?:speed|date)|in the picture)", "catch me up"),
        (r"(?:(?:meant|supposed|expected) )?(?:to (?:be|sit) )?(?:at|in) (?:two|2) (?:places|meetings|things) at"
         r" (?:once|the same time)", "double booked"),
        (r"(?:can|will|must|may|should|could|would) not (?:really |possibly )?(?:be )?(?:leave|left|wait|put off)"
         r"(?: any longer)?(?: (?:till|until|to|for) (?:the )?(?:next )?\w+)?", "urgent"),
        (r"(?:not|never) (?:yet )?(?:got|gotten|get|come) (?:round|around) to (?:answer|reply|respond|writ)\w*(?: to)?",
         "not answered"),
        (r"(?:not|never) (?:yet )?(?:(?:written|write|wrote|got|gotten|mailed) back|replied)(?: to)?", "not answered"),
        (r"called off", "cancelled"),
        (r"^new (?:appointment|meeting|event|entry) :", "add"),
        (r"(?:give me )?(?:a|the) (?:rundown|roundup|recap) (?:of|on)(?= (?:slack|#))", "catch me up on"),
        (r"drop(?= (?:\w+ ){1,3}a (?:quick |short )?(?:line|note|mail|email|message) )", "send"),
        (r"a (?:quick |short )?line(?= (?::|saying|that|to say))", "an email"),
        (r"(?:everything|mails?|emails?|messages) (?:tagged|labell?ed|filed under|with the label)(?: as| with)?",
         "mail under the label"),
        (r"^(?:neither|none) (?:of (?:them|those|these) )?(?:works?|suits?|fits?)(?: for)?(?: me| us)? [,.]", ""),
        (r"call off", "cancel"),
        (r", (?:but )?(?:please )?(?:do not send it|not to be sent|not to send)(?: yet| off)*(?= :|$)", ""),
    )
)  # fmt: skip
"""How people put it, and the words that say so plainly."""
_LEADS = frozenset(
    listed("fill clue speed date picture two 2 leave left wait put got gotten get come written write wrote mailed"
           " replied off new rundown roundup recap drop line tagged labelled labeled filed label neither none send")
)  # fmt: skip
"""Words without one of which no idiom is said."""
_FILLING = re.compile(r"(?<!\S)(?:at the moment|by any chance|if (?:at all )?possible)(?!\S)")
_VAGUE = frozenset({"moment", "chance", "possible"})
_HEDGES = frozenset(
    listed("must might may could would should have been be it was is i think believe guess probably maybe perhaps"
           " possibly presumably likely sometime some time came arrived that had from then about around at or so hm")
)  # fmt: skip
_DOUBT = frozenset(listed("must might may could would think believe guess probably maybe perhaps possibly presumably"
                          " likely sometime came arrived"))  # fmt: skip
_PARTS = frozenset({"early", "late", "mid"})
_MARKS = frozenset({",", ".", ";", "-", "–", "(", "…"})
_AWAY = frozenset(
    listed("off out away ill sick poorly travelling traveling abroad holiday holidays vacation leave offline asleep"
           " unwell flying")
)  # fmt: skip
_BEEN = frozenset(listed("been was were had got back came"))
_MANNERS = frozenset(listed("so hi hey hello well ok okay right um sorry i we have am are just only"))
_THEN = (("from", "then", "on"), ("since", "then"), ("from", "then"), ("after", "that"))
_LONGEST = 30  # words of the circumstances


def plain(line: Line) -> Line:
    """The line with its idioms put in plain words, each over the same stretch of the text."""
    if _LEADS.isdisjoint(line.row):
        return line
    tokens = list(line.tokens)
    row = " ".join(line.row)
    for said, words in _IDIOMS:
        for match in reversed([*said.finditer(row)]):
            if not words and match.start() and "draft" not in row[: match.start()]:
                continue  # what is only a draft is not sent anyway
            first, last = _places(row, match.start(), match.end())
            tokens[first : last + 1] = _over(tokens[first : last + 1], words)
            row = " ".join(token.word for token in tokens)
    return line if len(tokens) == len(line) and tokens == [*line.tokens] else Line(tuple(tokens))


def _places(row: str, start: int, end: int) -> tuple[int, int]:
    """The tokens that hold these letters of the joined words."""
    starts = [0, *accumulate(len(word) + 1 for word in row.split(" "))]
    return bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1


def _over(said: Sequence[Token], words: Sequence[str]) -> list[Token]:
    """Tokens of these words, that stand where the others stood."""
    return [replace(said[0], text=word, word=word, kind="word", end=said[-1].end) for word in words]


def read(clause: Clause, best: Callable[[Line], Reading]) -> Line:
    """What is asked, with the time that its circumstances give where that is wanted, or that was put as a guess."""
    line = _unfilled(clause.line)
    end = _circumstances(line)
    if not end and _DOUBT.isdisjoint(line.row):
        return line
    back = replace(clause, line=line).windows(-1)
    if not (end and back):
        return _undoubted(line, back)
    timely = _since(line, end, back)
    filling = best(timely).filling
    return timely if filling and filling.skill.takes("since") else Line(line.tokens[end + 1 :])


def _unfilled(line: Line) -> Line:
    """The line without what adds nothing: "at the moment", "by any chance"."""
    if _VAGUE.isdisjoint(line.row):
        return line
    row = " ".join(line.row)
    gone: set[int] = set()
    for match in _FILLING.finditer(row):
        first, last = _places(row, match.start(), match.end())
        gone |= {*range(first, last + 1)}
    return Line(tuple(t for i, t in enumerate(line.tokens) if i not in gone)) if gone else line


def _undoubted(line: Line, timed: Sequence[Timed]) -> Line:
    """The line with a time that is only guessed at as a part of its request: "…, must have been in January"."""
    for found in timed:
        part = line.word(found.start - 1) in _PARTS
        start = found.start - part
        while start and line.word(start - 1) in _HEDGES:
            start -= 1
        said = {line.word(i) for i in range(start, found.start)}
        if said & _DOUBT and start > 1 and line.word(start - 1) in _MARKS:
            led = (replace(line.tokens[found.start - 1], word="in"),) if part else ()
            return Line((*line.tokens[: start - 1], *led, *line.tokens[found.start :]))
    return line


def _circumstances(line: Line) -> int:
    """Where what the person was at ends: "I was off yesterday, …"; 0 where nothing is told before the request."""
    i = 0
    while line.word(i) in _MANNERS or line.word(i) == ",":
        i += 1
    if line.word(i) not in _BEEN:
        return 0
    ends = (k for k in range(i, min(len(line), _LONGEST)) if line.kind(k) == "symbol" and line.word(k) in _MARKS)
    end = next(ends, 0)
    return end if end and _AWAY & {*line.row[i:end]} else 0


def _since(line: Line, end: int, timed: Sequence[Timed]) -> Line:
    """The request behind its circumstances; since when they were, where it says "since then" or no time at all."""
    rest = line.tokens[end + 1 :]
    told = [t for t in timed if t.end <= end and t.window.start]
    if not told or any(t.start > end for t in timed):
        return Line(rest)
    first = told[0].start + (line.word(told[0].start) in {"since", "from", "on"})
    lead = replace(line.tokens[told[0].start], text="since", word="since", kind="word")
    time = (lead, *line.tokens[first : told[0].end])
    row = [token.word for token in rest]
    for words in _THEN:
        at = next((i for i in range(len(row)) if tuple(row[i : i + len(words)]) == words), None)
        if at is not None:
            return Line((*rest[:at], *time, *rest[at + len(words) :]))
    stop = len(rest) - (bool(rest) and rest[-1].word in {"?", ".", "!"})
    return Line((*rest[:stop], *time, *rest[stop:]))
