"""A task as the tasks API answers with it. Law: what does not fit is Unreadable, what is new there is left alone."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict

from tools.base import Ref, Source

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_OURS = frozenset({"mail.google.com", "calendar.google.com", "docs.google.com", "drive.google.com", "www.google.com"})


def read_due(value: object) -> object:
    """A day and a time look alike to pydantic where the time is midnight. Raises ValueError."""
    if not isinstance(value, str):
        return value
    return date.fromisoformat(value) if _DAY.fullmatch(value) else datetime.fromisoformat(value)


Due = Annotated[AwareDatetime | date, BeforeValidator(read_due)]


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class Origin(_Told):
    """Where a task came from; `item` tells several from one message apart."""

    kind: Literal["mail", "message", "event", "document", "person"]
    id: str
    item: str = ""
    label: str = ""
    link: str | None = None

    @property
    def known_link(self) -> str | None:
        """The link, where it leads to the service the task came from; anybody may have put another there."""
        host = urlsplit(self.link or "").hostname or ""
        return self.link if host in _OURS or host.endswith(".slack.com") else None


class Task(_Told):
    """One thing to do. `due` is a day, or a time with its zone."""

    id: str
    title: str
    notes: str = ""
    due: Due | None = None
    done: bool
    source: Origin | None = None
    created: AwareDatetime
    updated: AwareDatetime
    etag: str

    @property
    def ref(self) -> Ref:
        return Ref(kind="task", id=self.id, label=self.title)

    @property
    def provenance(self) -> Source:
        """What was taken from a mail or a message is as trustworthy as that."""
        origin = self.source
        trust: Literal["service", "untrusted"] = "service" if origin is None else "untrusted"
        link = origin.known_link if origin else None
        return Source(kind="task", id=self.id, label=self.title, link=link, trust=trust)


class Page(_Told):
    """One page of tasks."""

    tasks: tuple[Task, ...]
    next: str | None
