"""Pointing at things that were shown: "the second one", "that thread", "mail:3", "the one from Ana"."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.offline.amounts import ORDINALS, SUFFIXES
from app.offline.lexicon import CONCEPTS, EMPTY, listed
from app.offline.thread import Ref
from app.offline.words import Line, stem

_ONE = frozenset({"one", "ones"})
_JOINS = frozenset({"and", "&", ","})
_NUMBER = frozenset(listed("number no nr # item"))
_NEXT = {"next": 1, "following": 1, "previous": -1, "preceding": -1}
_BESIDE = {"after": 1, "before": -1, "below": 1, "above": -1}
_READING = frozenset(listed("open read show view see print expand and , or &"))


@dataclass(frozen=True)
class Pointing:
    """How something is pointed at, and the tokens that do it.

    `handle` as written; else `place` in the list shown last (1 first, -1 last); else `that`: the thing in hand;
    else the one `step` places from that in its list; else words of its label, `described` where they stand inside
    ("the launch one").
    `kinds` where a word for the kind was said: some stand for several ("message", "thread").
    """

    start: int
    end: int
    kinds: tuple[str, ...] = ()
    handle: str = ""
    place: int = 0
    that: bool = False
    described: bool = False
    step: int = 0


def kind_words(kinds: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Stem -> kinds, for every word that stands for a thing of one of these kinds."""
    found: dict[str, tuple[str, ...]] = {}
    for kind in sorted(kinds):
        own = CONCEPTS.get(kind) or " ".join(group for group in CONCEPTS.values() if kind in group.split()) or kind
        for word in {stem(word) for word in own.split()}:
            found[word] = (*found.get(word, ()), kind)
    return found


def find(line: Line, taken: Container[int], kinds: Mapping[str, tuple[str, ...]], *, shown: bool) -> list[Pointing]:
    """Every place in the line that points at something. `kinds` is what `kind_words` gives.

    Where nothing was `shown`, "the first meeting" is one of a time, not of a list.
    """
    found: list[Pointing] = []
    i = 0
    while i < len(line):
        here = None if i in taken else _at(line, i, kinds)
        if here and not shown and here.place and here.kinds and line.word(here.end - 1) not in _ONE:
            here = None
        if here:
            found.append(here)
        i = here.end if here else i + 1
    return found or _bare_numbers(line, taken)


def _at(line: Line, i: int, kinds: Mapping[str, tuple[str, ...]]) -> Pointing | None:
    if line.kind(i) == "handle":
        return Pointing(i, i + 1, kinds=(line.word(i).partition(":")[0],), handle=line.word(i))
    return _onward(line, i, kinds) or _ordinal(line, i, kinds) or _numbered(line, i, kinds) or _that(line, i, kinds)


def _ordinal(line: Line, i: int, kinds: Mapping[str, tuple[str, ...]]) -> Pointing | None:
    the = line.word(i) in {"the", "my"}
    j = i + the
    the = the or (line.word(i - 1) in _JOINS and _place(line, i - 2)[0] > 0)  # "the first and third"
    place, end = _place(line, j)
    if not place:
        return None
    kind = kinds.get(stem(line.word(end)), ())
    if kind or line.word(end) in _ONE:
        return Pointing(i, end + 1, kinds=kind, place=place)
    alone = i == 0 and end == len(line)
    lone = alone or (the and (end >= len(line) or line.kind(end) == "symbol" or line.word(end) in EMPTY))
    return Pointing(i, end, place=place) if lone else None


def _onward(line: Line, i: int, kinds: Mapping[str, tuple[str, ...]]) -> Pointing | None:
    """The one after that, the next one, the one before it."""
    j = i + (line.word(i) == "the")
    if line.word(j) in _NEXT and line.word(j + 1) in _ONE and j > i:
        return Pointing(i, j + 2, step=_NEXT[line.word(j)])
    named = line.word(j) in _ONE or bool(kinds.get(stem(line.word(j)), ()))
    end = j + 2 + (line.word(j + 2) in {"that", "it", "this"})
    if j == i or not named or line.word(j + 1) not in _BESIDE or (end == j + 2 and end < len(line)):
        return None
    return Pointing(i, end, kinds=kinds.get(stem(line.word(j)), ()), step=_BESIDE[line.word(j + 1)])


def _place(line: Line, j: int) -> tuple[int, int]:
    if line.word(j) in ORDINALS:
        return ORDINALS[line.word(j)], j + 1
    if line.word(j) in {"last", "final"}:
        return -1, j + 1
    if line.kind(j) == "number" and line.word(j + 1) in SUFFIXES:
        return int(float(line.word(j))), j + 2
    return 0, j


def _numbered(line: Line, i: int, kinds: Mapping[str, tuple[str, ...]]) -> Pointing | None:
    """Number 2, mail 3, #4."""
    kind = kinds.get(stem(line.word(i)), ())
    if not (kind or line.word(i) in _NUMBER) or line.kind(i + 1) != "number" or not line.word(i + 1).isdigit():
        return None
    return Pointing(i, i + 2, kinds=kind, place=int(line.word(i + 1)))


def _that(line: Line, i: int, kinds: Mapping[str, tuple[str, ...]]) -> Pointing | None:
    word = line.word(i)
    if word == "it" or line.words(i, 2) == ("the", "same"):
        return Pointing(i, i + 1, that=True)
    if word not in {"that", "this", "the"}:
        return None
    kind = kinds.get(stem(line.word(i + 1)), ())
    if word == "the":
        if line.word(i + 1) == "one" and line.word(i + 2) in {"from", "about", "with", "on", "by", "where", "called"}:
            return Pointing(i, i + 2)
        described = line.word(i + 2) == "one" and line.word(i + 1) not in EMPTY and line.kind(i + 1) == "word"
        return Pointing(i, i + 3, described=True) if described else None
    if kind or line.word(i + 1) in _ONE:
        return Pointing(i, i + 2, kinds=kind, that=True)
    return Pointing(i, i + 1, that=True) if i + 1 == len(line) or line.word(i + 1) in {"again", "?"} else None


def _bare_numbers(line: Line, taken: Container[int]) -> list[Pointing]:
    """Open 1 and 3: numbers with nothing but a word of reading around them."""
    numbers = [i for i in range(len(line)) if line.kind(i) == "number" and i not in taken]
    others = {line.word(i) for i in range(len(line)) if i not in numbers and line.kind(i) == "word"}
    if not others <= _READING | {"me", "please", "the"} or any(not line.word(i).isdigit() for i in numbers):
        return []
    return [Pointing(i, i + 1, place=int(line.word(i))) for i in numbers]


def resolve(pointing: Pointing, kind: str, lists: Sequence[tuple[Ref, ...]], hand: Mapping[str, str]) -> str:
    """The handle of this kind that is meant, or "" where that cannot be told.

    `lists` is what was shown, newest first; `hand` the handle of each kind that was used or shown alone last.
    """
    if pointing.kinds and kind not in pointing.kinds:
        return ""
    if pointing.handle:
        return pointing.handle
    if pointing.step:
        return _beside(hand.get(kind, ""), pointing.step, lists)
    if pointing.that:
        return hand.get(kind, "")
    ref = shown(pointing, lists) if pointing.place else None
    return ref.handle if ref and ref.kind == kind else ""


def _beside(handle: str, step: int, lists: Sequence[tuple[Ref, ...]]) -> str:
    """The thing so many places behind that one in the newest list of several that holds it; "" where there is none."""
    for refs in lists:
        places = [i for i, ref in enumerate(refs) if ref.handle == handle and len(refs) > 1]
        if places:
            return refs[places[0] + step].handle if 0 <= places[0] + step < len(refs) else ""
    return ""


def shown(pointing: Pointing, lists: Sequence[tuple[Ref, ...]]) -> Ref | None:
    """The thing at that place of the newest list, or of the newest with such things where their kind was said."""
    lists = [*_opened(lists), *lists[1:]]
    for refs in lists if pointing.kinds else lists[:1]:
        found = [ref for ref in refs if not pointing.kinds or ref.kind in pointing.kinds]
        if found:
            return found[pointing.place - (pointing.place > 0)] if abs(pointing.place) <= len(found) else None
    return None


def _opened(lists: Sequence[tuple[Ref, ...]]) -> Sequence[tuple[Ref, ...]]:
    """The list that one counts in: where one thing of a list was opened, that list still."""
    alone = bool(lists) and len(lists[0]) == 1
    wider = [refs for refs in lists[1:] if len(refs) > 1 and alone and lists[0][0].handle in {r.handle for r in refs}]
    return wider[:1] or lists[:1]


def best_labelled(words: Iterable[str], refs: Sequence[Ref]) -> list[Ref]:
    """The things whose labels hold all of these words; else most of them, where that is more than half."""
    wanted = {stem(word) for word in words if word not in EMPTY}
    held = [(len(wanted & stems(ref.label)), ref) for ref in refs]
    most = max((count for count, _ in held), default=0)
    return [ref for count, ref in held if count == most and 2 * most > len(wanted)]


def stems(label: str) -> set[str]:
    """The stems of a label's words; "stand-up" is also "standup", and "go/no-go" itself."""
    found = {stem(part) for part in "".join(c if c.isalnum() else " " for c in label.lower()).split()}
    found |= {stem(part.strip(",.:;()“”")) for part in label.lower().split() if {"/", "-"} & {*part}}
    return found | {stem(part.replace("-", "")) for part in label.lower().split() if "-" in part}


def by_label(words: Iterable[str], kind: str, lists: Sequence[tuple[Ref, ...]]) -> tuple[str, frozenset[str]]:
    """The one thing whose label holds most of these words, and the stems it was known by; "" where none or several."""
    wanted = {stem(word) for word in words if word not in EMPTY}
    seen: dict[str, frozenset[str]] = {}
    for ref in (ref for refs in lists for ref in refs if ref.kind == kind):
        seen.setdefault(ref.handle, frozenset(wanted & stems(ref.label)))
    best = max((len(stems) for stems in seen.values()), default=0)
    tops = [handle for handle, stems in seen.items() if len(stems) == best]
    return (tops[0], seen[tops[0]]) if best and len(tops) == 1 else ("", frozenset())
