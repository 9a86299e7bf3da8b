"""Gmail labels of an imported message: from Takeout's header, from the marks of other programs, from the folder."""

import re
import tomllib
from email.message import Message
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from app.demo.mail_text import decoded

_CATEGORY = re.compile(
    r"(?i)^(?:category|kategorie|categoría|catégorie|categoria)[ :]+[\"„“«]?\s*([^\"“”»]+?)\s*[\"“”»]?$"
)
_MAILDIR = re.compile(r"[:;!]2,([A-Za-z]*)$")
EXPUNGED = 0x0008  # X-Mozilla-Status: deleted, and waiting for the folder to be compacted


@cache
def _named(table: Literal["labels", "categories"]) -> dict[str, str]:
    """Label ids by the names of gmail_labels.toml; NONE for words that are no label."""
    source = (files("app.demo") / "data" / "gmail_labels.toml").read_text("utf-8")
    return {name: label for label, names in tomllib.loads(source)[table].items() for name in names}


def takeout_labels(header: str) -> tuple[set[str], list[str]]:
    """System label ids and the names of the owner's own labels in an X-Gmail-Labels header."""
    system: set[str] = set()
    own: list[str] = []
    for name in _split(decoded(header)):
        category = _CATEGORY.match(name)
        table = _named("categories") if category else _named("labels")
        label = table.get((category[1] if category else name).casefold())
        if label is None:
            own.append(name)
        elif label != "NONE":
            system.add(label)
    return system, own


def _split(text: str) -> list[str]:
    """Names between commas; one with a comma in it stands in quotation marks."""
    found = re.findall(r'\s*("(?:[^"\\]|\\.)*"|[^,]+)\s*(?:,|$)', text)
    names = [re.sub(r"\\(.)", r"\1", name.strip().strip('"')).strip() for name in found]
    return [re.sub(r"\s+", " ", name) for name in names if name]


def folder_label(path: Path) -> str:
    """The system label a file's name speaks of (Sent.mbox, Gesendet, Junk); INBOX for all others."""
    for name in (path.stem, path.parent.name.removesuffix(".mbox")):
        label = _named("labels").get(name.casefold(), "")
        if label in ("SENT", "DRAFT", "SPAM", "TRASH"):
            return label
    return "INBOX"


def deleted(message: Message) -> bool:
    """Whether Thunderbird has deleted the message, though it is still in the file."""
    return bool(_mozilla(message) & EXPUNGED)


def marks(message: Message, path: Path) -> set[str]:
    """UNREAD, STARRED, DRAFT and TRASH by the marks of mbox programs, Thunderbird and Maildir; unread without any."""
    maildir = _MAILDIR.search(path.name)
    if maildir:
        said = {letter: letter in maildir[1].upper() for letter in "SFDT"}
        found = {"STARRED": said["F"], "DRAFT": said["D"], "TRASH": said["T"], "UNREAD": not said["S"]}
    else:
        flags = f"{_header(message, 'Status')}{_header(message, 'X-Status')}".upper()
        mozilla = _mozilla(message)
        found = {
            "STARRED": "F" in flags or bool(mozilla & 4),
            "DRAFT": "T" in flags,
            "UNREAD": "R" not in flags and not mozilla & 1,
        }
    return {label for label, holds in found.items() if holds}


def _mozilla(message: Message) -> int:
    try:
        return int(_header(message, "X-Mozilla-Status"), 16)
    except ValueError:
        return 0


def _header(message: Message, name: str) -> str:
    return str(message.get(name, "")).strip()
