"""Google's uploads: bytes alone, a multipart/related body, or a resumable session as google-api-python-client sends it.

Law: nothing of an upload is read before its token is known to be good.
"""

import re
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, replace

from app.demo.google_errors import GoogleError, bad_request, not_found
from app.demo.wire import Request, Response

MOST_SESSIONS = 100
_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)")
_BOUNDARY = re.compile(r'boundary="?([^";]+)"?', re.IGNORECASE)
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_KIND = re.compile(rb"(?im)^content-type:[ \t]*([^\r\n]+)")
_PREFIXES = ("/upload/", "/resumable/upload/")


@dataclass(frozen=True)
class Media:
    """What was uploaded: its type, as the client states it, and its bytes."""

    kind: str
    data: bytes


@dataclass
class _Session:
    start: Request
    kind: str
    data: bytes = b""


def is_upload(request: Request) -> bool:
    return request.path.startswith(_PREFIXES)


def protocol(request: Request) -> str:
    """media, multipart or resumable; "" for a call without an upload. Raises GoogleError."""
    if not is_upload(request):
        return ""
    named = dict(request.parameters)
    found = named.get("uploadType") or named.get("upload_protocol") or ""
    if found not in ("media", "multipart", "resumable"):
        raise bad_request(
            "Upload requests must include an uploadType URL parameter and a URL path beginning with /upload/"
        )
    return found


def opened(request: Request) -> tuple[Request, Media | None]:
    """The call itself, with the metadata as its body, and what is uploaded with it. Raises GoogleError."""
    match protocol(request):
        case "media":
            return replace(request, body=b"{}"), Media(request.media_type, request.body)
        case "multipart":
            parts = split_related(request)
            if len(parts) != 2:
                raise bad_request("Multipart must have two parts: the metadata and the media.")
            (_, metadata), (kind, data) = parts
            return replace(request, body=metadata), Media(kind, data)
        case _:
            return request, None


def split_related(request: Request) -> list[tuple[str, bytes]]:
    """The parts of a multipart/related body, each with its type; none where it is no such body."""
    boundary = _BOUNDARY.search(request.headers.get("content-type", ""))
    if boundary is None or request.media_type != "multipart/related":
        return []
    line = rb"(?:^|\r?\n)--" + re.escape(boundary[1].encode()) + rb"(?:--)?[ \t]*(?:\r?\n|$)"
    return [_part(piece) for piece in re.split(line, request.body)[1:] if piece.strip()]


def _part(piece: bytes) -> tuple[str, bytes]:
    blank = _BLANK_LINE.search(piece)
    head, data = (piece[: blank.start()], piece[blank.end() :]) if blank else (b"", piece)
    kind = _KIND.search(head)
    return (kind[1].decode("latin-1").strip() if kind else "", data)


class Sessions:
    """The resumable uploads under way, by the id in their address; the oldest are forgotten."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, _Session] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, request: Request) -> Response:
        """Open a session for a call that was admitted; its address is answered."""
        name = secrets.token_urlsafe(24)
        with self._lock:
            self._kept[name] = _Session(request, request.headers.get("x-upload-content-type", ""))
            while len(self._kept) > MOST_SESSIONS:
                self._kept.popitem(last=False)
        host = request.headers.get("host", "127.0.0.1")
        place = f"http://{host}{request.path}?uploadType=resumable&upload_id={name}"
        return Response(200, b"", headers=(("Location", place), ("X-GUploader-UploadID", name)))

    @staticmethod
    def named(request: Request) -> str:
        """The session a request belongs to, "" for none."""
        return dict(request.parameters).get("upload_id", "") if is_upload(request) else ""

    def add(self, request: Request) -> Response | tuple[Request, Media]:
        """Take a piece: 308 while more is to come, then the call that began it, and all that was uploaded.

        Raises GoogleError for a session that is unknown, and for a piece that leaves a gap.
        """
        with self._lock:
            session = self._kept.get(self.named(request))
            if session is None:
                raise not_found("Upload session not found.")
            total = _take(session, request)
            if total is None or len(session.data) < total:
                held = (("Range", f"bytes=0-{len(session.data) - 1}"),) if session.data else ()
                return Response(308, b"", headers=held)
            del self._kept[self.named(request)]
        bearer = {"authorization": request.headers["authorization"]} if "authorization" in request.headers else {}
        call = replace(session.start, headers={**session.start.headers, **bearer})
        return call, Media(session.kind or request.media_type, session.data)


def _take(session: _Session, request: Request) -> int | None:
    """Add a piece to what there is; the whole length, where the client knows it."""
    stated = request.headers.get("content-range", "")
    if not stated:
        session.data = request.body
        return len(session.data)
    found = _RANGE.fullmatch(stated)
    if found is None:
        raise bad_request("Failed to parse Content-Range header.")
    if found[1] is not None:
        if int(found[1]) > len(session.data):
            raise GoogleError(400, "badRequest", "The piece begins after what was received.")
        session.data = session.data[: int(found[1])] + request.body
    return None if found[3] == "*" else int(found[3])
