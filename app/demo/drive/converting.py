"""What an upload becomes: a file of its own bytes, or a Google Doc made of its text.

Source: Drive API guides, "Create and manage files" (import to Google Docs types).
"""

from app.demo.drive.written import Content
from app.demo.drive_store import FOLDER, NATIVE
from app.demo.google_errors import bad_request
from app.demo.uploads import Media

DOCUMENT = f"{NATIVE}document"
UNKNOWN = "application/octet-stream"
IMPORTS = {"text/markdown": [DOCUMENT], "text/plain": [DOCUMENT]}
_WORDS = ("text/", "application/json")


def content_of(media: Media | None, wanted: str, name: str) -> Content:
    """The content of a file of type `wanted` ("": that of the upload). Raises GoogleError for what is not converted."""
    kind = media.kind.partition(";")[0].strip().lower() if media else ""
    data = media.data if media else b""
    if wanted == FOLDER and media is None:
        return Content(FOLDER)
    if wanted.startswith(NATIVE):
        if wanted != DOCUMENT or (media is not None and kind not in IMPORTS):
            raise bad_request("Bad Request: the requested conversion is not supported.")
        return _document(_text(data), name)
    mime = wanted or kind or UNKNOWN
    return Content(mime, data, text=data.decode("utf-8", "replace") if mime.startswith(_WORDS) else "")


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise bad_request("Bad Request: the upload is not UTF-8.") from error


def _document(source: str, name: str) -> Content:
    from app.demo.seed.document_forms import form

    made = form("doc", name, source)
    return Content(DOCUMENT, exports=made.exports, text=made.text)
