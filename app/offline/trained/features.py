"""What the model looks at: the words of a request, their neighbours and their letters.

Law: the features of training are those of use; whoever changes them trains anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from app.offline.everyday import usual
from app.offline.words import Token, stem

KINDS = {
    "number": "<n>", "clock": "<clock>", "date": "<date>", "address": "<address>", "channel": "<channel>",
    "file": "<file>", "quoted": "<quoted>", "handle": "<handle>",
}  # fmt: skip
NOTHING = "-"  # the context of a request that nothing was shown before
JOINTS = frozenset(
    {"and", "then", "also", "plus", "but", "oh", "so", "while", ",", ".", "?", "!", ";", "-", "–", "&", "+"}
)
ENDS = frozenset(".?!")
_MARKS = frozenset("?,.:;")
_LETTERS = 4  # of a piece of a word
STEPS = 4  # of how often a word is the first
_OFTEN = 4  # requests that a word must begin
_LONG = 6  # words from which on a request is merely long


def row(tokens: Sequence[Token]) -> list[str]:
    """The request as the model reads it: stems, marks, and the kinds of what is no word."""
    told = (KINDS.get(token.kind) or (token.word if token.kind == "symbol" else stem(token.word)) for token in tokens)
    return [one for one, token in zip(told, tokens, strict=True) if token.kind != "symbol" or one in _MARKS]


def of_request(tokens: Sequence[Token], context: str) -> list[str]:
    """What tells what is asked for. `context` is the kind of thing that was shown last."""
    words = row(tokens)
    framed = ["^", *words, "$"]
    spelt = (word for word in words if word.isalpha() and len(word) >= _LETTERS)
    size = sum(word.isalpha() for word in words)
    found = [
        "=",
        *words,
        *(f"{a} {b}" for a, b in pairwise(framed)),
        *(f"{a} * {b}" for a, b in zip(framed, framed[2:], strict=False)),
        *(piece for word in spelt for piece in _pieces(word)),
        f"size {min(size, _LONG)}",
        f"@{context}",
        *(f"@{context} {word}" for word in words if context != NOTHING),
    ]
    return list(dict.fromkeys(found))


def _pieces(word: str) -> list[str]:
    whole = f"_{word}_"
    return [f"#{whole[i : i + _LETTERS]}" for i in range(len(whole) - _LETTERS + 1)]


def joints(tokens: Sequence[Token]) -> list[int]:
    """Where a request of its own could begin: behind a comma, a full stop or a word that joins."""
    held = [token.word in JOINTS and token.kind in {"word", "symbol"} for token in tokens]
    return [i for i in range(2, len(tokens) - 1) if held[i - 1] and not held[i]]


def leading(requests: Iterable[Sequence[Token]]) -> dict[str, int]:
    """How often a word is the first of a request, of three steps, for those that often are."""
    first, found = Counter[str](), Counter[str]()
    for tokens in requests:
        words = [_told(token) for token in tokens]
        found.update(words)
        first.update(words[:1])
    steps = {word: int(STEPS * count / found[word]) for word, count in first.items() if count >= _OFTEN}
    return {word: step for word, step in sorted(steps.items()) if step}


def _told(token: Token) -> str:
    return KINDS.get(token.kind) or (stem(token.word) if token.word.isalpha() else token.word)


def of_joint(tokens: Sequence[Token], i: int, leads: Mapping[str, int]) -> list[str]:
    """What tells whether another request begins at token `i`, which stands behind a joint. `leads` says how often a
    word is the first of one."""
    words = [
        "^",
        "^",
        *map(_told, tokens),
        "$",
        "$",
        "$",
    ]
    before, last, joint, first, then, after = words[i - 1 : i + 5]
    lead = f"{leads.get(first, 0)} {leads.get(words[2], 0)}"
    return [
        "=", f"j {joint}", f"l {last}", f"f {first}", f"t {then}", f"a {after}", f"lj {last} {joint}",
        f"jf {joint} {first}", f"ft {first} {then}", f"jft {joint} {first} {then}", f"fta {first} {then} {after}",
        f"bl {before} {last}", f"head {words[2]}", f"left {min(i, 9)}", f"right {min(len(tokens) - i, 9)}",
        f"k {tokens[i].kind} {joint}", f"lead {lead}", f"lead {lead} {joint}", f"lead {lead} {then}",
    ]  # fmt: skip


def of_tokens(tokens: Sequence[Token], timed: Sequence[bool], asked: str) -> list[list[str]]:
    """What tells, of each token, which argument of what is asked for it fills. `timed` are the tokens of a time."""
    if not tokens:
        return []
    words = ["^", "^", *map(_told, tokens), "$", "$"]
    shapes = ["^", *(_shape(*one) for one in zip(tokens, timed, strict=True)), "$"]
    ends = ["first", *("" for _ in tokens[2:]), "last"][-len(tokens) :]
    told = (
        (_near(words[i : i + 5], shapes[i : i + 3]), t, end)
        for i, (t, end) in enumerate(zip(tokens, ends, strict=True))
    )
    return [
        [*near, f"... {token.word[-3:]}", f"at {end}", *(f"{asked}|{one}" for one in near[:16])]
        for near, token, end in told
    ]


def _near(words: Sequence[str], shapes: Sequence[str]) -> list[str]:
    """The token, by its word and by its shape, among its neighbours."""
    far, before, word, after, farther = words
    left, own, right = shapes
    return [
        "=", f"0 {word}", f"-1 {before}", f"+1 {after}", f"-2 {far}", f"+2 {farther}", f"-1 {before} {word}",
        f"+1 {word} {after}", f"-2 {far} {before}", f"s {own}", f"s {left} {own}", f"s {own} {right}",
        f"-1 {before} s {own}", f"+1 {after} s {own}", f"-2 {far} {before} s {own}", f"s {left} {own} {right}",
        f"+2 {after} {farther}",
    ]  # fmt: skip


def _shape(token: Token, timed: bool) -> str:
    """What sort of token it is: of a time, a name, a word of every day or one that is none, a number, a sign."""
    if timed:
        return "time"
    if token.kind != "word":
        return token.word if token.kind == "symbol" else token.kind
    return ("C" if token.capital else "c") + ("'" if token.possessive else "") + ("" if usual(token.word) else "?")
