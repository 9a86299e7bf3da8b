"""Looks at a zip-shaped file before a library opens it. Law: nothing that expands beyond the limits is let through."""

from __future__ import annotations

import io
import zipfile
import zlib

from tools.documents.parsing.parsed import Unparsable

MEMBERS = 5_000
EXPANDED = 256 * 1024 * 1024
RATIO = 120
RATIO_FROM = 16 * 1024 * 1024
"""Below this size a high ratio harms nobody: empty sheets shrink to nearly nothing."""
CHUNK = 256 * 1024

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def opened(data: bytes) -> zipfile.ZipFile:
    """The archive, once its declared and its actual expansion are known to be harmless. Raises Unparsable."""
    if data.startswith(OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in data
        raise Unparsable("encrypted") if locked else Unparsable("unknown_kind", "old_office")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OverflowError) as error:
        raise Unparsable("broken", "breaks_off") from error
    members = archive.infolist()
    if any(member.flag_bits & 1 for member in members):
        raise Unparsable("encrypted")
    declared = sum(member.file_size for member in members)
    if len(members) > MEMBERS or _excessive(declared, len(data)):
        raise Unparsable("too_large", "expands")
    _expand(archive, members, len(data))
    return archive


def _excessive(expanded: int, packed: int) -> bool:
    return expanded > EXPANDED or (expanded > RATIO_FROM and expanded > RATIO * packed)


def _expand(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], packed: int) -> None:
    """Unpack everything once into nothing: sizes in the directory may lie, and a damaged member is found here."""
    total = 0
    try:
        for member in members:
            with archive.open(member) as stream:
                while chunk := stream.read(CHUNK):
                    total += len(chunk)
                    if _excessive(total, packed):
                        raise Unparsable("too_large", "expands")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise Unparsable("broken", "breaks_off") from error
