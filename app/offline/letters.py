"""A letter, put as the mail it is: "Elena's letter", "the last letter from the bank".

Law: only a letter that no other word makes something else; a cover letter and a letter of intent are documents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.offline.lexicon import EMPTY, listed
from app.offline.words import Token

_OF_MAIL = frozenset(listed("new unread old long short important urgent recent other"))
_PLAIN = {"letter": "mail", "letters": "mails"}


def named(found: Sequence[Token]) -> tuple[Token, ...]:
    """The tokens, each word for a letter as that for a mail."""
    row = ["", *(token.word for token in found), ""]
    return tuple(
        replace(token, word=_PLAIN[token.word])
        if token.word in _PLAIN and _mail(row[i], row[i + 2], possessive=i > 0 and found[i - 1].possessive)
        else token
        for i, token in enumerate(found)
    )


def _mail(before: str, behind: str, *, possessive: bool) -> bool:
    return behind != "of" and (possessive or not before or before in EMPTY | _OF_MAIL)
