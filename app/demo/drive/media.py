"""Downloads: the bytes of a file or a part of them (RFC 9110, section 14), and the exports of google-apps files."""

import re
from dataclasses import replace

from app.demo.drive.lookup import DriveLookup, StoredFile
from app.demo.drive_store import FOLDER, NATIVE
from app.demo.google_call import Call
from app.demo.google_errors import GoogleError
from app.demo.wire import Response

LARGEST_EXPORT = 10 * 1024 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})$")


def download(call: Call, lookup: DriveLookup, file: StoredFile) -> Response:
    """The bytes of an uploaded file: 200, or 206 and 416 for one range. Raises GoogleError for a google-apps file."""
    if file.mime.startswith(NATIVE):
        raise GoogleError(
            403,
            "fileNotDownloadable",
            "Only files with binary content can be directly downloaded. Use Export with Docs Editors files.",
            location="alt",
        )
    return ranged(lookup.content(file) or b"", file.mime, call.range)


def ranged(content: bytes, mime: str, wanted: str) -> Response:
    """The part of the content a Range header asks for; a header that is none is not heeded, as RFC 9110 says."""
    whole = Response(200, content, mime)
    found = _RANGE.match(wanted.strip())
    if not found or not (found[1] or found[2]):
        return whole
    size = len(content)
    start = int(found[1]) if found[1] else max(0, size - int(found[2]))
    end = min(int(found[2]), size - 1) if found[1] and found[2] else size - 1
    if found[1] and found[2] and int(found[2]) < start:
        return whole
    if start >= size:
        return _unsatisfiable(size)
    part = (("Content-Range", f"bytes {start}-{end}/{size}"),)
    return replace(whole, status=206, body=content[start : end + 1], headers=part)


def _unsatisfiable(size: int) -> Response:
    refusal = GoogleError(
        416,
        "requestedRangeNotSatisfiable",
        "Request range not satisfiable",
        location="Range",
        location_type="header",
        headers=(("Content-Range", f"bytes */{size}"),),
    )
    return refusal.response()


def export(call: Call, lookup: DriveLookup, file: StoredFile) -> Response:
    """A google-apps file in one of the forms it is offered in. Raises GoogleError for any other form or file."""
    if not file.mime.startswith(NATIVE) or file.mime == FOLDER:
        raise GoogleError(403, "fileNotExportable", "Export only supports Docs Editors files.")
    mime = call.text("mimeType")
    content = lookup.content(file, mime) if mime else None
    if content is None:
        raise GoogleError(400, "badRequest", "The requested conversion is not supported.", location="convertTo")
    if len(content) > LARGEST_EXPORT:
        raise GoogleError(403, "exportSizeLimitExceeded", "This file is too large to be exported.")
    return Response(200, content, mime)
