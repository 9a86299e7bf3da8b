"""Labelled requests that the model is counted from: what was shown before, what is asked for, which words fill what.

A line of `examples/*.tsv` is `context<TAB>asked<TAB>text`; an argument's words stand in brackets, `[sender:Ana]`, or
`[only=urgent:pressing]` where its values are a closed set; " ;; " parts the requests of one line. In `examples/*.txt`
no words are marked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files

from app.offline.trained.tagging import OUTSIDE
from app.offline.words import Token, tokens

_SPAN = re.compile(r"\[([a-z_]+(?:=[a-z]+)?):([^\[\]]*)\]")
_APART = " ;; "
COUNTED_BY = (
    "words.py", "everyday.py", "ordinary.txt", "amounts.py", "clocks.py", "dates.py", "days.py", "times.py",
    "window.py", "trained/features.py", "trained/tagging.py", "trained/training.py",
)  # fmt: skip
"""What the features of an example hang on: its tokens, the usual words, the times among them, and what is counted."""
After = Callable[[str, Sequence[str]], str]
MARKED, UNMARKED = ".tsv", ".txt"


@dataclass(frozen=True)
class Example:
    """One request: its tokens, each with the argument that it begins ("B-sender"), goes on with ("I-sender"), or "O".

    No tags where nobody marked any words."""

    context: str
    asked: str
    tokens: tuple[Token, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """Requests typed in one go."""

    requests: tuple[Example, ...]


def lines(after: After) -> Iterator[Line]:
    """Every labelled line, file by file; `after` tells the context behind a request. Raises ValueError for a line that
    is not in the format."""
    for name, text in _texts():
        for number, line in enumerate(text.splitlines(), 1):
            if line and not line.startswith("#"):
                yield _line(line, f"{name}, line {number}", after, marked=name.endswith(MARKED))


def digest() -> str:
    """Of all that the model is counted from: the examples, and the code that reads and counts them."""
    whole = sha256("\0".join(text for _, text in _texts()).encode())
    for source in COUNTED_BY:
        whole.update(files("app.offline").joinpath(source).read_bytes())
    return whole.hexdigest()


def _texts() -> list[tuple[str, str]]:
    folder = files("app.offline.trained").joinpath("examples")
    found = sorted((f for f in folder.iterdir() if f.name.endswith((MARKED, UNMARKED))), key=lambda file: file.name)
    return [(file.name, file.read_text(encoding="utf-8")) for file in found]


def _line(line: str, where: str, after: After, *, marked: bool) -> Line:
    fields = line.split("\t")
    if len(fields) != 3:
        raise ValueError(f"{where}: three fields parted by tabs are needed, “context, asked, text”.")
    asked, texts = fields[1].split(_APART), fields[2].split(_APART)
    if len(asked) != len(texts):
        raise ValueError(f"{where}: as many requests are needed as there are things asked for.")
    contexts = [after(fields[0], asked[:i]) for i in range(len(asked))]
    return Line(tuple(_example(*one, marked) for one in zip(contexts, asked, texts, strict=True)))


def _example(context: str, asked: str, text: str, marked: bool) -> Example:
    plain, spans = _plain(text)
    found = tokens(plain)
    return Example(context, asked, found, tuple(_tags(found, spans)) if marked else ())


def _plain(text: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The text as it was typed, and where in it each argument stands."""
    plain, at, spans = "", 0, list[tuple[int, int, str]]()
    for match in _SPAN.finditer(text):
        plain += text[at : match.start()]
        spans.append((len(plain), len(plain) + len(match[2]), match[1]))
        plain, at = plain + match[2], match.end()
    return plain + text[at:], spans


def _tags(found: Sequence[Token], spans: Sequence[tuple[int, int, str]]) -> Iterator[str]:
    last = None
    for token in found:
        held = next((span for span in spans if span[0] < token.end and token.start < span[1]), None)
        yield OUTSIDE if held is None else f"{'I' if held is last else 'B'}-{held[2]}"
        last = held
