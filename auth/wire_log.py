"""Keeps secrets out of urllib3's log: an API key may be a parameter, and a service may echo one in a broken header.

Law: paths are logged, what follows is not; of an error its name.
"""

from __future__ import annotations

import logging

REMOVED = "?[query removed]"


class WithoutQuery(logging.Filter):
    """Takes what follows a question mark out of each argument of a record, and what an error quotes."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_cut(one) for one in record.args)
        record.exc_info = None
        return True


def _cut(given: object) -> object:
    if isinstance(given, BaseException):
        return type(given).__name__
    before, mark, _ = given.partition("?") if isinstance(given, str) else ("", "", "")
    return before + REMOVED if mark else given


_FILTER = WithoutQuery()


def without_queries() -> None:
    """From now on; once is enough, more does no harm."""
    for name in ("urllib3.connectionpool", "urllib3.connection"):  # the second tells of headers it cannot read
        logging.getLogger(name).addFilter(_FILTER)
