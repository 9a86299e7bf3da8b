"""Keeps queries out of urllib3's log: an API key may be a parameter. Law: paths are logged, what follows is not."""

from __future__ import annotations

import logging

REMOVED = "?[query removed]"


class WithoutQuery(logging.Filter):
    """Takes what follows a question mark out of each argument of a record."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_cut(one) if isinstance(one, str) else one for one in record.args)
        return True


def _cut(text: str) -> str:
    before, mark, _ = text.partition("?")
    return before + REMOVED if mark else before


_FILTER = WithoutQuery()


def without_queries() -> None:
    """From now on; once is enough, more does no harm."""
    logging.getLogger("urllib3.connectionpool").addFilter(_FILTER)
