"""Takes what looks like a credential out of texts. Law: by its form alone, so that an unknown secret is found too.

The forms are those of the services in use: Google's access and refresh tokens and client secrets, Slack's tokens,
JSON Web Tokens (RFC 7519), API keys of Google's and OpenAI's kind, Bearer headers and the fields of token requests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

REMOVED = "[token removed]"
LONGEST_TOKEN = 512
"""In bytes. Longer ones (JSON Web Tokens) hold dots; a longer string without a sign that ends a word is none."""
_DATA = b'"data": "'
_ENDING = (b".", b"/", b" ", b"\\")
_KEPT = re.compile(rb"Bearer |(?:code|client_secret|refresh_token|access_token)=")
"""What stands before a secret, and stays."""
Form = tuple[bytes, re.Pattern[bytes]]
_TOKENS: tuple[Form, ...] = tuple(
    (hint, re.compile(form))
    for hint, form in (
        (b"ya29.", rb"ya29\.[A-Za-z0-9_.-]{10,}"),
        (b"1//", rb"(?<![A-Za-z0-9/_+-])1//[A-Za-z0-9_-]{16,}"),
        (b"GOCSPX-", rb"GOCSPX-[A-Za-z0-9_-]{16,}"),
        (b"xox", rb"(?<![A-Za-z0-9_-])xox[a-z](?:\.xox[a-z])?-(?=[a-zA-Z-]*[0-9])[A-Za-z0-9-]{10,}"),
        (b"xapp-", rb"(?<![A-Za-z0-9_-])xapp-[0-9]-[A-Za-z0-9-]{10,}"),
        (b"eyJ", rb"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*"),
        (b"AIza", rb"(?<![A-Za-z0-9_-])AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])"),
        (b"sk-", rb"(?<![A-Za-z0-9_-])sk-[A-Za-z0-9_-]{20,}"),
        (b"Bearer ", rb"Bearer [A-Za-z0-9._~+/=-]{16,}"),
    )
)
"""What each form begins with, and the form. The beginnings are looked for first: a pattern alone is slow over mail."""
_FIELDS: tuple[Form, ...] = tuple(
    (hint, re.compile(form))
    for hint, form in (
        (b"code=", rb"(?<![A-Za-z0-9_])code=[A-Za-z0-9._%~/+-]{8,}"),
        (b"client_secret=", rb"client_secret=[^&\s\"'<]{4,}"),
        (b"refresh_token=", rb"refresh_token=[^&\s\"'<]{8,}"),
        (b"access_token=", rb"access_token=[^&\s\"'<]{8,}"),
    )
)
"""Of token requests: looked for in what Valet itself says and logs, not in what a service sends."""


def redacted(text: str) -> str:
    """The text without anything that looks like a credential."""
    body = Legible.of(text.encode("utf-8", "surrogatepass"))
    return body.redacted((*_TOKENS, *_FIELDS)).decode("utf-8", "surrogatepass")


@dataclass(frozen=True)
class Legible:
    """A text, and apart from it what there is to read: all but long encoded strings, which are most of a batch of
    mail. `stretches` are places in `whole`; between them stand those strings, without their quotes."""

    whole: bytes
    stretches: tuple[tuple[int, int], ...]
    text: bytes

    @classmethod
    def of(cls, body: bytes) -> Legible:
        stretches = tuple(_stretches(body))
        return cls(body, stretches, b" ".join([body[a:b] for a, b in stretches]) if stretches[1:] else body)

    def holds(self, secret: bytes) -> bool:
        """Whether the secret stands anywhere. What has a sign that no encoded string has is not looked for in those."""
        apart = b'"' not in secret and any(sign in secret for sign in _ENDING)
        return secret in (self.text if apart else self.whole)

    def redacted(self, forms: tuple[Form, ...] = _TOKENS) -> bytes:
        """The whole without what has one of the forms."""
        spans = sorted(self._spans(forms))
        pieces, end = [], 0
        for start, stop in spans:
            if start >= end:
                kept = _KEPT.match(self.whole, start)
                pieces += [self.whole[end : kept.end() if kept else start], REMOVED.encode()]
                end = stop
        return b"".join([*pieces, self.whole[end:]]) if spans else self.whole

    def _spans(self, forms: tuple[Form, ...]) -> Iterator[tuple[int, int]]:
        likely = [(hint, form) for hint, form in forms if hint in self.text]
        for start, stop in self.stretches if likely else ():
            for hint, form in likely:
                at = self.whole.find(hint, start, stop)
                while at >= 0:
                    found = form.match(self.whole, at)
                    if found:
                        yield found.span()
                    at = self.whole.find(hint, found.end() if found else at + 1, stop)


def _stretches(body: bytes) -> Iterator[tuple[int, int]]:
    start = 0
    at = body.find(_DATA)
    while at >= 0:
        begin = at + len(_DATA)
        end = body.find(b'"', begin)
        if end - begin > LONGEST_TOKEN and not any(body.find(sign, begin, end) >= 0 for sign in _ENDING):
            yield start, begin
            start = end
        at = body.find(_DATA, max(end, begin))
    yield start, len(body)
