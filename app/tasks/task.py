"""What a task is on the wire. Law: a field that is not named here is refused, and a time carries its zone."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, StrictBool, WithJsonSchema

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_SIGN = r"[^\x00-\x1f\x7f]"
_TITLE = rf"^{_SIGN}*[^\s\x00-\x1f\x7f]{_SIGN}*$"
_LINE = rf"^{_SIGN}*$"
_LINK = r"^https://[!-~]+$"

Due = date | datetime
"""A day, which ends when it does wherever the person is, or an aware time."""


def read_due(value: object) -> Due:
    """A day (2026-03-12) or a time with its zone (RFC 3339). Raises ValueError."""
    if isinstance(value, date):
        return value
    if isinstance(value, str) and _DAY.fullmatch(value):
        return date.fromisoformat(value)
    if isinstance(value, str) and _TIME.fullmatch(value):
        moment = datetime.fromisoformat(value.upper())
        if 1 < moment.year < 9999:  # else its instant in UTC may be none
            return moment
    raise ValueError("a due time is a day (2026-03-12) or a time with its zone (2026-03-12T09:30:00+01:00)")


DueField = Annotated[
    Due,
    PlainValidator(read_due),
    PlainSerializer(lambda due: due.isoformat(), return_type=str),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]}),
]
Title = Annotated[str, Field(min_length=1, max_length=500, pattern=_TITLE, description="One line.")]
Notes = Annotated[str, Field(max_length=20_000, pattern=r"^[^\x00]*$", description="Plain text.")]
Kind = Literal["mail", "message", "event", "document", "person"]


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TaskSource(_Shape):
    """Where a task came from. Kind, id and item together are taken once: a second task from there is refused."""

    kind: Kind
    id: str = Field(min_length=1, max_length=500, pattern=_LINE, description="The service's own id of the message.")
    item: str = Field("", max_length=100, pattern=_LINE, description="Which of several things the message asks for.")
    label: str = Field("", max_length=500, pattern=_LINE, description="What a person calls it, such as its subject.")
    link: str | None = Field(None, max_length=2000, pattern=_LINK, description="Where a person can look.")


class NewTask(_Shape):
    """What a client sends to create a task."""

    title: Title
    notes: Notes = ""
    due: DueField | None = None
    done: StrictBool = False
    source: TaskSource | None = None


class TaskChange(_Shape):
    """What a client may change; what is left out stays. `due: null` takes the due time away."""

    title: Title = Field("", validate_default=False)
    notes: Notes = ""
    due: DueField | None = None
    done: StrictBool = False


class Task(_Shape):
    """A task as the service answers with it. `etag` goes into If-Match."""

    id: str
    title: str
    notes: str
    due: DueField | None
    done: bool
    source: TaskSource | None
    created: datetime
    updated: datetime
    etag: str


class Page(_Shape):
    """One page of tasks, by due time; `next` is the page token of the one behind it."""

    tasks: tuple[Task, ...]
    next: str | None
