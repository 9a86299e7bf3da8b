"""What a tool may see of an answer. Law: no token, and the lease's own in no form; a file's bytes stay as they are."""

from __future__ import annotations

import re
from typing import NamedTuple

from auth.lease import Lease
from auth.placing import forms
from auth.redaction import REMOVED, Legible, redacted
from auth.underway import Answer

_PART_401 = b"\nHTTP/1.1 401"
"""Not as a pattern, which would take ten times as long over much mail."""

_DEAD_IN_200 = re.compile(rb'"error": ?"(?:token_expired|token_revoked|invalid_auth)"')
_SHORT = 1000


class Screened(NamedTuple):
    """An answer as a tool may see it. `dead`: the service no longer takes the token."""

    answer: Answer
    dead: bool


def is_batch(answer: Answer) -> bool:
    return answer.headers.get("content-type", "").startswith("multipart/mixed")


def screened(answer: Answer, lease: Lease, *, whole: bool) -> Screened:
    """The answer without what looks like a token (with `whole`: without the lease's own alone, as always).

    In texts only: in the bytes of a file such letters stand by chance, and it would be broken.
    """
    own = forms(lease.token) if lease.token is not None else ()
    headers = {name: _without(value if whole else redacted(value), own) for name, value in answer.headers.items()}
    kind, body = headers.get("content-type", ""), answer.body
    legible = Legible.of(body) if _is_text(kind) else None
    if legible and not whole:
        body = legible.redacted()
    for form in own:  # should a service echo it
        if legible is None or legible.holds(form.encode()):
            body = body.replace(form.encode(), REMOVED.encode())
    shown = Answer(answer.status, headers, body)
    return Screened(shown, _says_dead(shown, legible.text if legible else b""))


def _without(text: str, own: tuple[str, ...]) -> str:
    for form in own:
        text = text.replace(form, REMOVED)
    return text


def _says_dead(answer: Answer, text: bytes) -> bool:
    """Whether the service no longer takes the token; a batch may say so part by part."""
    return _PART_401 in text if is_batch(answer) else answer.status == 401 or _says_so_in_200(answer)


def _says_so_in_200(answer: Answer) -> bool:
    """Slack refuses a token so; the answer is short, and the call was not carried out."""
    return answer.status == 200 and len(answer.body) < _SHORT and _DEAD_IN_200.search(answer.body) is not None


def _is_text(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind.startswith(("text/", "multipart/mixed")) or kind.endswith("json") or not kind
