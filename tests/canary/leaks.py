"""Looks for secrets in everything a conversation leaves behind: as they are, in pieces, and encoded."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pydantic import BaseModel

LEAST = 8
PIECE = 20


@dataclass(frozen=True)
class Leak:
    """Where which secret was found, and in what form. It never says the secret itself."""

    where: str
    secret: str
    form: str


def forms(secret: str) -> Iterator[tuple[str, bytes]]:
    """The byte sequences that give the secret, or half of it, away; a name with each."""
    plain = secret.encode()
    if len(plain) < LEAST:
        raise ValueError("too short to be told from chance")
    if len(plain) > 2 * PIECE:
        yield "first part", plain[:PIECE]
        yield "last part", plain[-PIECE:]
    else:
        yield "raw", plain
    yield "url-encoded", quote(secret, safe="").encode()
    yield "url-encoded twice", quote(quote(secret, safe=""), safe="").encode()
    yield "hex", plain.hex().encode()
    yield "wide", secret.encode("utf-16-le")
    yield "backwards", plain[::-1]
    for shift in range(3):
        for name, encode in (("base64", base64.b64encode), ("base64url", base64.urlsafe_b64encode)):
            yield f"{name} at {shift}", _inner(encode(b"\0" * shift + plain), shift, len(plain))


def _inner(encoded: bytes, shift: int, length: int) -> bytes:
    """The characters that are the same whatever stands before and behind."""
    return encoded[(0, 2, 3)[shift] : (shift + length) * 8 // 6]


def leaks(evidence: Mapping[str, bytes], secrets: Mapping[str, str]) -> list[Leak]:
    """Every secret that stands in any of the evidence."""
    needles = {needle: (name, form) for name, secret in secrets.items() for form, needle in forms(secret)}
    contents = {content: where for where, content in evidence.items()}
    return [
        Leak(where, *needles[needle]) for content, where in contents.items() for needle in needles if needle in content
    ]


def pieces(value: object) -> Iterator[bytes]:
    """Every text in a value, however deep; what is neither a text nor made of others is told as it tells of itself."""
    if isinstance(value, bytes):
        yield value
    elif isinstance(value, str):
        yield value.encode("utf-8", "replace")
    elif isinstance(value, Mapping):
        yield from (piece for pair in value.items() for one in pair for piece in pieces(one))
    elif isinstance(value, list | tuple | set | frozenset):
        yield from (piece for one in value for piece in pieces(one))
    elif isinstance(value, BaseModel):  # its repr looks at the signatures of its defaults, which takes a second
        yield from pieces(value.__dict__ | (value.__pydantic_extra__ or {}))
    else:
        yield repr(value).encode("utf-8", "replace")


def files(*folders: Path) -> dict[str, bytes]:
    """Every file below the folders, the logs and locks of databases included."""
    found: Iterable[Path] = (path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path): path.read_bytes() for path in found}
