"""A file of Drive as the tools speak of it, read from the service's JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from tools.documents import kinds
from tools.text.characters import one_line

NAME = 160
_PEOPLE = "(displayName,emailAddress,me)"
LISTED = (
    "id,name,mimeType,modifiedTime,viewedByMeTime,sharedWithMeTime,size,webViewLink,driveId,"
    f"owners{_PEOPLE},lastModifyingUser{_PEOPLE},sharingUser{_PEOPLE},shortcutDetails(targetId,targetMimeType)"
)
ONE = f"{LISTED},exportLinks,capabilities(canDownload),md5Checksum"


@dataclass(frozen=True)
class Who:
    """A person as Drive knows them. `me` is the person Valet works for."""

    name: str = ""
    address: str = ""
    me: bool = False

    @property
    def words(self) -> str:
        return "you" if self.me else self.name or self.address


NOBODY = Who()


@dataclass(frozen=True)
class File:
    """Times are aware. `mime` and `id` are those of the file itself, `target` the id behind a shortcut.

    `size` in bytes; None where the service names none. A file of a shared drive has no owner.
    """

    id: str
    name: str
    mime: str
    modified: datetime | None = None
    seen: datetime | None = None
    shared: datetime | None = None
    size: int | None = None
    link: str | None = None
    drive: bool = False
    owner: Who = NOBODY
    changed_by: Who = NOBODY
    shared_by: Who = NOBODY
    target: str = ""
    exports: tuple[str, ...] = ()
    locked: bool = False
    checksum: str = ""

    @property
    def kind(self) -> str:
        """What a person calls it."""
        return kinds.words(self.mime)

    @property
    def unseen(self) -> bool:
        """Whether someone else changed it after the person last looked."""
        by_others = not self.changed_by.me if self.changed_by.words else not self.owner.me
        if not by_others or self.modified is None:
            return False
        return self.seen is None or self.seen < self.modified


def file_of(raw: Mapping[str, Any]) -> File:
    """Read a File resource; what is missing or strange is left out. Raises KeyError where it has no id."""
    shortcut = raw.get("shortcutDetails") or {}
    owners = raw.get("owners") or []
    return File(
        id=str(raw["id"]),
        name=one_line(str(raw.get("name") or ""), NAME) or "(without a name)",
        mime=str(shortcut.get("targetMimeType") or raw.get("mimeType") or ""),
        modified=_time(raw.get("modifiedTime")),
        seen=_time(raw.get("viewedByMeTime")),
        shared=_time(raw.get("sharedWithMeTime")),
        size=int(raw["size"]) if str(raw.get("size") or "").isdigit() else None,
        link=_link(raw.get("webViewLink")),
        drive=bool(raw.get("driveId")),
        owner=_who(owners[0] if owners else None),
        changed_by=_who(raw.get("lastModifyingUser")),
        shared_by=_who(raw.get("sharingUser")),
        target=str(shortcut.get("targetId") or ""),
        exports=tuple(raw.get("exportLinks") or ()),
        locked=(raw.get("capabilities") or {}).get("canDownload") is False,
        checksum=str(raw.get("md5Checksum") or ""),
    )


def _who(raw: Mapping[str, Any] | None) -> Who:
    if not raw:
        return NOBODY
    name, address = str(raw.get("displayName") or ""), str(raw.get("emailAddress") or "")
    return Who(one_line(name, 60), one_line(address, 80), bool(raw.get("me")))


def _time(raw: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(raw))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _link(raw: object) -> str | None:
    """The link, where it leads to Google."""
    text = str(raw or "")
    host = urlsplit(text).hostname or ""
    return text if text.startswith("https://") and (host == "google.com" or host.endswith(".google.com")) else None
