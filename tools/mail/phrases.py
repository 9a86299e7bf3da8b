"""The notation of the word tables: words, "(a|b)" choices that may be empty, "…" gaps; and how it matches words."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

GAP = 4
"""How many words "…" may stand for."""

WORD = re.compile(r"\w+(?:['’]\w+)*")
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff66-\uff9f]")
_MARK = re.compile(r"\([a-z0-9| ]*\)|[()|…]|[^\s()|…]+")
"""A bracket of plain words is one mark: most are."""


@dataclass(frozen=True)
class Gap:
    """Any words, at most `width`."""

    width: int


@dataclass(frozen=True)
class Group:
    """One of several phrases: those of one word, and the others; an empty one makes the group optional."""

    singles: frozenset[str]
    others: tuple["Phrase", ...]

    @classmethod
    def of(cls, choices: Sequence["Phrase"]) -> "Group":
        singles = [choice[0] for choice in choices if len(choice) == 1 and isinstance(choice[0], str)]
        others = [choice for choice in choices if len(choice) != 1 or not isinstance(choice[0], str)]
        return cls(frozenset(singles), tuple(others))


Phrase = tuple[str | Group | Gap, ...]


def fold(word: str) -> str:
    """Lower case, without accents, with a straight apostrophe."""
    if word.isascii():
        return word.lower()
    word = word.replace("’", "'").casefold()
    if UNSPACED.search(word):
        return word
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


def parse(text: str) -> Phrase:
    """Read a phrase. Raises ValueError for an unbalanced bracket."""
    marks = list(reversed(_MARK.findall(text)))
    choices = _choices(marks, inside=False)
    if len(choices) != 1:
        raise ValueError(f"a choice outside of brackets in phrase {text!r}")
    return choices[0]


def _choices(marks: list[str], *, inside: bool) -> list[Phrase]:
    choices: list[list[str | Group | Gap]] = [[]]
    while marks:
        mark = marks.pop()
        if mark == ")":
            if not inside:
                raise ValueError("a bracket closes that was never opened")
            return [tuple(choice) for choice in choices]
        if mark == "|":
            choices.append([])
        elif mark[0] == "(" and mark != "(":
            choices[-1].append(Group.of([tuple(choice.split()) for choice in mark[1:-1].split("|")]))
        elif mark == "(":
            choices[-1].append(Group.of(_choices(marks, inside=True)))
        elif mark == "…":
            before = choices[-1].pop() if choices[-1] and isinstance(choices[-1][-1], Gap) else Gap(0)
            choices[-1].append(Gap(GAP + before.width if isinstance(before, Gap) else GAP))
        elif mark.isalnum() and mark.isascii():  # one word, as most marks are
            choices[-1].append(mark.lower())
        else:
            choices[-1].extend(fold(part) for part in WORD.findall(mark))
    if inside:
        raise ValueError("a bracket is never closed")
    return [tuple(choice) for choice in choices]


def openings(phrase: Phrase) -> dict[str, frozenset[str] | None]:
    """Every word the phrase may begin with -> the words one of which must follow it; None where none must."""
    found: dict[str, frozenset[str] | None] = {}
    after: dict[int, tuple[Phrase, frozenset[str]]] = {}  # many first words go on with one and the same rest
    for first, rest in _heads(phrase):
        if id(rest) not in after:
            after[id(rest)] = rest, frozenset(word for word, _ in _heads(rest))
        nexts = after[id(rest)][1]
        known = found.get(first, frozenset())
        found[first] = None if known is None or "" in nexts else known | nexts
    found.pop("", None)
    return found


@cache
def needed(phrase: Phrase) -> frozenset[str]:
    """Words one of which stands behind the first wherever the phrase does, the fewest of them; none where none must."""
    firsts = (frozenset(word for word, _ in _heads((head,))) for head in phrase[1:])
    return min((words for words in firsts if "" not in words), key=len, default=frozenset())


def _heads(phrase: Phrase) -> Iterator[tuple[str, Phrase]]:
    """Each way the phrase may begin: its first word and what is left; "" where it may be anything, or nothing."""
    if not phrase:
        yield "", ()
        return
    head, rest = phrase[0], phrase[1:]
    if isinstance(head, str):
        yield head, rest
    elif isinstance(head, Gap):
        yield "", rest
    else:
        for word in head.singles:
            yield word, rest
        for choice in head.others:
            yield from _heads(choice + rest)


def ends(phrase: Phrase, words: Sequence[str], at: int, item: int = 0) -> Sequence[int]:
    """Every index at which the phrase, from `item` on, may end when it starts at word `at`."""
    size, count = len(phrase), len(words)
    while item < size:
        head = phrase[item]
        item += 1
        if isinstance(head, str):
            if at >= count or words[at] != head:
                return ()
            at += 1
        elif isinstance(head, Group) and not head.others:
            if at >= count or words[at] not in head.singles:
                return ()
            at += 1
        else:
            starts = _group_ends(head, words, at) if isinstance(head, Group) else _beyond(head, phrase, words, at, item)
            return starts if item == size else [end for start in starts for end in ends(phrase, words, start, item)]
    return (at,)


def _beyond(gap: Gap, phrase: Phrase, words: Sequence[str], at: int, item: int) -> Sequence[int]:
    """Where the phrase may go on, from `item`, after a gap: where its next word stands, if one word must."""
    last = min(at + gap.width + 1, len(words))
    after = phrase[item] if item < len(phrase) else None
    if isinstance(after, str):
        return [start for start in range(at, last) if words[start] == after]
    if isinstance(after, Group) and not after.others:
        singles = after.singles
        return [start for start in range(at, last) if words[start] in singles]
    return range(at, min(at + gap.width, len(words)) + 1)


def _group_ends(group: Group, words: Sequence[str], at: int) -> Sequence[int]:
    found = {at + 1} if at < len(words) and words[at] in group.singles else set()
    for choice in group.others:
        if choice:
            found.update(ends(choice, words, at))
        else:
            found.add(at)
    return list(found)
