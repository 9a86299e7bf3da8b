"""A file in words: what it is, whose, when it changed, and why it could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tools.agenda.words import day_words
from tools.base import Ref, Source
from tools.documents.file import File
from tools.documents.finding_files import Wish
from tools.documents.kinds import Sort
from tools.documents.parsing.parsed import Limits, Parsed, Unit

PLURAL: dict[Unit, str] = {"page": "pages", "section": "sections", "slide": "slides", "sheet": "sheets"}
MEGABYTE = 1024 * 1024
OWN = ("me", "my", "mine")
NOUNS: dict[Sort, str] = {"any": "document", "pdf": "PDF", "text": "text file"}


def ref_of(file: File) -> Ref:
    return Ref(kind="file", id=file.id, label=file.name)


def source_of(file: File) -> Source:
    """Name and content are whatever those who may edit it wrote."""
    by = file.owner.address or file.changed_by.address
    return Source(kind="file", id=file.id, label=file.name, by=by, link=file.link, trust="untrusted")


def when(instant: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Such as "today 09:30", "yesterday 17:40", "Tue 3 Mar 09:30"."""
    local, today = instant.astimezone(zone), now.astimezone(zone).date()
    near = {today: "today", today - timedelta(days=1): "yesterday"}
    return f"{near.get(local.date()) or day_words(local.date(), today)} {local:%H:%M}"


def changed(file: File, zone: ZoneInfo, now: datetime) -> str:
    """Such as "changed yesterday 17:40 by Tom Baker"; "" where the service names no time."""
    if file.modified is None:
        return ""
    by = file.changed_by.words
    other = by if by and by != file.owner.words else ""
    return f"changed {when(file.modified, zone, now)}" + (f" by {other}" if other else "")


def about(file: File, zone: ZoneInfo, now: datetime) -> str:
    """Such as "Google Doc by Ana Novak, changed yesterday 17:40", "PDF of yours"."""
    whose = "of yours" if file.owner.me else f"by {file.owner.words}" if file.owner.words else ""
    kept = "in a shared drive" if file.drive else whose
    return ", ".join(part for part in (f"{file.kind} {kept}".strip(), changed(file, zone, now)) if part)


def extent(parsed: Parsed) -> str:
    """Such as "12 pages", "1 sheet"."""
    return f"{parsed.total} {parsed.unit if parsed.total == 1 else PLURAL[parsed.unit]}"


def refusal(file: File, parsed: Parsed) -> tuple[str, str]:
    """(what kept the text from being read, what to do next)."""
    name = f"“{file.name}”"
    whom = file.owner.words if file.owner.words and not file.owner.me else "whoever made it"
    known = {
        ("encrypted", ""): (
            f"{name} is protected with a password, so its text cannot be read.",
            f"Ask {whom} for a copy without the password, or open it yourself with it.",
        ),
        ("scanned", ""): (
            f"{name} holds only pictures of its pages, as a scanner makes them, and no text.",
            "Open it in Drive with Google Docs, which recognises the text, and ask again about that copy.",
        ),
        ("empty", ""): (f"{name} is empty: there is no text in it.", _instead_of_empty(file, whom)),
        ("too_large", "expands"): (
            f"{name} would unpack to far more than its size, as a zip bomb does, and was not opened.",
            "Do not open it unless you know where it comes from.",
        ),
        ("too_large", "memory"): (
            f"{name} needs more than the {Limits().memory // MEGABYTE} MB of memory one file may use.",
            "Open it in Drive, or ask for a smaller version.",
        ),
        ("timed_out", ""): (
            f"Reading {name} took longer than {Limits().wall} seconds and was stopped.",
            "Open it in Drive; the file is very large, or made to be slow.",
        ),
        ("unknown_kind", "old_office"): (
            f"{name} is in Microsoft's format of before 2007, which Valet does not read.",
            "Open it in Drive with Google's editor, save it in a current format, and ask again about that copy.",
        ),
        ("unknown_kind", "picture"): (
            f"{name} is a picture; Valet reads no text in pictures.",
            "Open it in Drive with Google Docs, which recognises text, and ask again about that copy.",
        ),
    }
    found = known.get((parsed.outcome, parsed.reason)) or known.get((parsed.outcome, ""))
    return found or _otherwise(name, file, parsed)


def _instead_of_empty(file: File, whom: str) -> str:
    own = "It is your own: look whether another version was saved."
    return own if file.owner.me else f"Ask {whom} whether it is the right file."


def _otherwise(name: str, file: File, parsed: Parsed) -> tuple[str, str]:
    if parsed.outcome == "too_large":
        return f"{name} is larger than Valet reads.", "Open it in Drive, or ask for a smaller version."
    if parsed.outcome == "unknown_kind":
        return f"{name} is a {file.kind}; Valet knows no way to its text.", "Open it in Drive."
    cut = ": it breaks off before its end" if parsed.reason == "breaks_off" else ""
    return f"{name} is damaged{cut}, and cannot be read.", "Ask for a fresh copy, or upload it again from the original."


def asked(wish: Wish, zone: ZoneInfo, now: datetime) -> str:
    """The request repeated after "documents": "about “lease” by Ana, changed since Mon 2 Mar 00:00"."""
    said = [
        f"about “{wish.query}”" if wish.query else "",
        "of yours" if wish.owner.casefold() in OWN else f"from {_called(wish.owner)}" if wish.owner else "",
        _changed_within(wish, zone, now),
    ]
    return " ".join(part for part in said if part) or "in your Drive"


def noun(sort: Sort, count: int) -> str:
    """What files of a kind are called: "documents", "PDF"."""
    called = NOUNS.get(sort, sort)
    return called if count == 1 else f"{called}s"


def less(wish: Wish) -> str:
    """What to ask where nothing was found."""
    given = {"person": wish.owner, "kind": wish.sort != "any", "time": wish.since or wish.until}
    left = [f"the {name}" for name, value in given.items() if value]
    word = "Ask with another word of its name or content" if wish.query else "Ask"
    without = f"{', or' if wish.query else ''} without {' or '.join(left)}" if left else ""
    return f"{word}{without}." if wish.query or left else ""


def _changed_within(wish: Wish, zone: ZoneInfo, now: datetime) -> str:
    """Whole days without their hours; the last day named where whole days were asked for."""
    said = [
        f"since {_edge(wish.since, zone, now)}" if wish.since else "",
        f"{'and ' if wish.since else ''}before {_edge(wish.until, zone, now)}" if wish.until else "",
    ]
    whole = " ".join(part for part in said if part)
    return f"changed {whole}" if whole else ""


def _edge(instant: datetime, zone: ZoneInfo, now: datetime) -> str:
    return when(instant, zone, now).removesuffix(" 00:00")


def _called(name: str) -> str:
    """A name as names are written, however it was typed; an address as it is."""
    return name if "@" in name else " ".join(word[:1].upper() + word[1:] for word in name.split())


def changes_asked(since: datetime, zone: ZoneInfo, now: datetime) -> str:
    return f"changed since {_edge(since, zone, now)}"


def addressed(marks: Sequence[str]) -> str:
    """The warning about text that speaks to an assistant; "" where there is none."""
    if not marks:
        return ""
    return f"It holds text that tries to instruct an assistant ({', '.join(marks[:5])}); it was not followed."
