"""The notation of the word tables: words, "(a|b)" choices that may be empty, "…" gaps; and how it matches words."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

GAP = 4
"""How many words "…" may stand for."""

WORD = re.compile(r"\w+(?:['’]\w+)*")
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff66-\uff9f]")
_MARK = re.compile(r"[()|…]|[^\s()|…]+")


@dataclass(frozen=True)
class Gap:
    """Any words, at most GAP."""


@dataclass(frozen=True)
class Group:
    """One of several phrases; an empty one makes the group optional. Those of one word stand in `singles` as well."""

    choices: tuple["Phrase", ...]
    singles: frozenset[str]
    others: tuple["Phrase", ...]

    @classmethod
    def of(cls, choices: list["Phrase"]) -> "Group":
        singles = [choice[0] for choice in choices if len(choice) == 1 and isinstance(choice[0], str)]
        others = [choice for choice in choices if len(choice) != 1 or not isinstance(choice[0], str)]
        return cls(tuple(choices), frozenset(singles), tuple(others))


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
        elif mark == "(":
            choices[-1].append(Group.of(_choices(marks, inside=True)))
        elif mark == "…":
            choices[-1].append(Gap())
        else:
            choices[-1].extend(fold(part) for part in WORD.findall(mark))
    if inside:
        raise ValueError("a bracket is never closed")
    return [tuple(choice) for choice in choices]


def openings(phrase: Phrase) -> dict[str, frozenset[str] | None]:
    """Every word the phrase may begin with -> the words one of which must follow it; None where none must."""
    found: dict[str, frozenset[str] | None] = {}
    for first, rest in _heads(phrase):
        nexts = [word for word, _ in _heads(rest)]
        known = found.get(first, frozenset())
        found[first] = None if known is None or "" in nexts else known | frozenset(nexts)
    found.pop("", None)
    return found


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
        for choice in head.choices:
            yield from _heads(choice + rest)


def ends(phrase: Phrase, words: Sequence[str], at: int, item: int = 0) -> Sequence[int]:
    """Every index at which the phrase, from `item` on, may end when it starts at word `at`."""
    if item == len(phrase):
        return (at,)
    head = phrase[item]
    if isinstance(head, str):
        return ends(phrase, words, at + 1, item + 1) if at < len(words) and words[at] == head else ()
    starts = range(at, min(at + GAP, len(words)) + 1) if isinstance(head, Gap) else _group_ends(head, words, at)
    return [end for start in starts for end in ends(phrase, words, start, item + 1)]


def _group_ends(group: Group, words: Sequence[str], at: int) -> set[int]:
    found = {at + 1} if at < len(words) and words[at] in group.singles else set()
    for choice in group.others:
        found.update(ends(choice, words, at))
    return found
