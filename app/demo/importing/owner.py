"""Whose mailbox and calendar an import is, by what the files themselves say."""

from collections import Counter
from collections.abc import Iterator, Sequence
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from app.demo.importing.labels import takeout_labels
from app.demo.importing.mail import addresses
from app.demo.importing.mbox import messages
from app.demo.importing.slack_archive import Export, ExportRefused, is_export, open_archive
from app.demo.importing.slack_survey import address_of, real_name_of, survey
from app.demo.importing.sources import HEAD, files, head_of, kind_of, without_bom

if TYPE_CHECKING:
    from app.demo.workspace import Person

LOOKED_AT = 3000  # messages of one mbox; the owner is known long before
DELIVERED, WROTE, RECEIVED, CALENDAR = 3, 4, 1, 20


def owner_of(paths: Sequence[Path]) -> "Person | None":
    """The most likely owner of these files, None when no address speaks for itself.

    By whom mail was delivered to, who wrote what is labelled sent, the recipients, and a calendar's own name.
    """
    from app.demo.workspace import Person

    scores: Counter[str] = Counter()
    names: dict[str, Counter[str]] = {}
    for path in files(paths):
        try:
            _look_at(path, scores, names)
        except OSError:
            continue  # the import itself will say what is wrong with it
    if not scores:
        return None
    address = min(scores, key=lambda found: (-scores[found], found))
    called = names.get(address, Counter())
    return Person(address, min(called, key=lambda name: (-called[name], name)) if called else address.partition("@")[0])


def _look_at(path: Path, scores: Counter[str], names: dict[str, Counter[str]]) -> None:
    head = b"" if path.is_dir() else head_of(path)
    if is_export(path, head):
        _look_at_export(path, scores, names)
        return
    kind = kind_of(head, path.name)
    if kind == "calendar":
        for name in _calendar_names(without_bom(head)):
            scores[name] += CALENDAR
        return
    for header in _headers(path, head) if kind in ("mbox", "mail") else ():
        for address, points in _points(header).items():
            scores[address] += points
        for address, name in addresses(header, "To", "From").items():
            if name:
                names.setdefault(address, Counter())[name] += 1


def _look_at_export(path: Path, scores: Counter[str], names: dict[str, Counter[str]]) -> None:
    """Whoever says most in a Slack export; weighed as one calendar is, as mail tells better."""
    try:
        archive = open_archive(path)
    except ExportRefused:
        return  # the import itself will say why
    try:
        found = survey(Export(archive))
    finally:
        archive.close()
    row = found.users.get(found.busiest, {})
    if address := address_of(row):
        scores[address] += CALENDAR
        names.setdefault(address, Counter())[real_name_of(row)] += 1


def _headers(path: Path, head: bytes) -> Iterator[Message]:
    parser = BytesHeaderParser(policy=compat32)
    if kind_of(head, path.name) == "mail":
        yield parser.parsebytes(without_bom(head))
        return
    with path.open("rb") as source:
        for found in islice(messages(source), LOOKED_AT):
            yield parser.parsebytes((found.raw or b"")[:HEAD])


def _points(header: Message) -> Counter[str]:
    points: Counter[str] = Counter()
    points.update(dict.fromkeys(addresses(header, "Delivered-To", "X-Original-To"), DELIVERED))
    points.update(dict.fromkeys(addresses(header, "To", "Cc"), RECEIVED))
    if header["X-Gmail-Labels"] is not None and "SENT" in takeout_labels(str(header["X-Gmail-Labels"]))[0]:
        points.update(dict.fromkeys(addresses(header, "From"), WROTE))
    return points


def _calendar_names(head: bytes) -> Iterator[str]:
    """A calendar that is called like an address is its owner's main one."""
    for line in head.decode("utf-8", "replace").splitlines():
        name, _, value = line.partition(":")
        if name.upper() == "X-WR-CALNAME" and "@" in value and "calendar" not in value:
            yield value.strip().lower()
