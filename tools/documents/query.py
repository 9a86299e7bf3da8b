"""Drive's search language: clauses for names, content, kinds, owners and times. Law: every value is escaped.

https://developers.google.com/workspace/drive/api/guides/search-files
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from tools.documents.kinds import FOLDER, SORTS, Sort

_ID = re.compile(
    r"https://(?:docs|drive|sheets|slides)\.google\.com/(?:[\w./-]*/)?(?:d|folders)/([\w-]{10,100})"
    r"|https://(?:docs|drive)\.google\.com/(?:open|uc)\?(?:[\w=&-]*&)?id=([\w-]{10,100})"
)
_PHRASE = re.compile(r'"([^"]{2,100})"')


def quoted(value: str) -> str:
    """The value as a string of the language."""
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def every(*clauses: str) -> str:
    return " and ".join(clause for clause in clauses if clause)


def either(clauses: Iterable[str]) -> str:
    found = [clause for clause in clauses if clause]
    return f"({' or '.join(found)})" if len(found) > 1 else "".join(found)


def topic(words: list[str], *, all_of_them: bool = True) -> str:
    """Files whose name or whose content has the words: all of them, or any."""
    if not all_of_them:
        return either(clause for word in words for clause in (_in("name", word.strip('"')), _in("fullText", word)))
    bare = [_in("name", word.strip('"')) for word in words]
    return either((_together(bare), _together([_in("fullText", word) for word in words])))


def _in(field: str, word: str) -> str:
    return f"{field} contains {quoted(word)}"


def _together(clauses: list[str]) -> str:
    joined = every(*clauses)
    return f"({joined})" if len(clauses) > 1 else joined


def sort_clause(sort: Sort) -> str:
    """Files of that kind; for "any", everything but folders."""
    if sort == "any":
        return f"mimeType != {quoted(FOLDER)}"
    return either(f"mimeType = {quoted(mime)}" for mime in SORTS[sort])


def changed(since: datetime | None, until: datetime | None) -> str:
    """Files last changed in [since, until); both aware."""
    return every(
        f"modifiedTime >= {quoted(_stamp(since))}" if since else "",
        f"modifiedTime < {quoted(_stamp(until))}" if until else "",
    )


def _stamp(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def owned_by(address: str) -> str:
    """`address` or "me"."""
    return f"{quoted(address)} in owners"


def linked_id(text: str) -> str | None:
    """The id of the file that a link in the text leads to."""
    found = _ID.search(text)
    return (found[1] or found[2]) if found else None


def phrases(text: str) -> list[str]:
    """What the person put in quotation marks, the marks kept: content search takes such a phrase as one."""
    plain = text.replace("“", '"').replace("”", '"').replace("„", '"')
    return [f'"{found}"' for found in _PHRASE.findall(plain)]
