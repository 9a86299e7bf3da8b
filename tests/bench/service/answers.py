"""What the fake service answers: Gmail's lists and mails, Google's batch format, and a consent given at once."""

from __future__ import annotations

import json
import re
import struct
import zlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.bench.service.corpus import OWNER, Mail, as_json, history_of, id_of, kinds, mail_of, raw_resource

BOUNDARY = "batch_fake"
JSON = "application/json; charset=UTF-8"
_PART = re.compile(rb"(?is)content-id:\s*<([^>]+)>.*?GET (\S+) HTTP/1\.1")
_GZIP = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"


@dataclass(frozen=True)
class Reply:
    """One answer; `deflated` is its body as a piece of a gzip stream, `packed` the whole of one."""

    status: int
    body: bytes
    kind: str = JSON
    deflated: bytes = b""
    packed: bytes = b""
    location: str = ""

    @classmethod
    def error(cls, status: int, reason: str) -> Reply:
        error = {"code": status, "message": reason, "errors": [{"reason": reason, "domain": "global"}]}
        return cls(status, json.dumps({"error": error}).encode())


class Answers:
    """The mailbox, ready to be sent."""

    def __init__(self, count: int, seed: int) -> None:
        self._numbers = {id_of(number): (number, kind) for number, kind in enumerate(kinds(count, seed))}
        self._seed = seed
        self.hidden = 0
        """So many of the newest mails have not come yet."""
        self._kept: dict[tuple[str, str], Reply] = {}

    def method(self, target: str) -> str:
        """The API method a target calls: "messages.get"; "" for one without a price."""
        found = re.fullmatch(
            r"/gmail/v1/users/[^/]+/(messages|threads|profile|labels|history)(/[^/]+)?", urlsplit(target).path
        )
        if found is None:
            return ""
        return (
            found[1] if found[1] in ("profile", "labels", "history") else f"{found[1]}.{'get' if found[2] else 'list'}"
        )

    def reply(self, target: str, body: bytes) -> Reply:
        split = urlsplit(target)
        query = parse_qs(split.query)
        method = self.method(target)
        if method.endswith(".list"):
            return self._listed(method.partition(".")[0], query)
        if method.endswith(".get"):
            return self._got(method, split.path.rpartition("/")[2], query.get("format", ["full"])[0])
        if method == "history":
            return self._changed(int(query["startHistoryId"][0]))
        if method == "profile":
            return _json({"emailAddress": OWNER, "historyId": str(history_of(self.hidden))})
        if method == "labels":
            return _json({"labels": [{"id": name, "name": name} for name in ("INBOX", "UNREAD")]})
        return _oauth(split.path, query, body)

    def _listed(self, kind: str, query: dict[str, list[str]]) -> Reply:
        """Everything is unread and in the inbox; nobody was ever written to."""
        start, most = int(query.get("pageToken", ["0"])[0]), int(query.get("maxResults", ["100"])[0])
        mails = [] if "in:sent" in query.get("q", [""])[0] else list(self._numbers)[self.hidden :]
        page = mails[start : start + most]
        entry = [
            {"id": one, "threadId": one}
            if kind == "messages"
            else {"id": one, "historyId": str(history_of(self._numbers[one][0]))}
            for one in page
        ]
        found: dict[str, Any] = {"resultSizeEstimate": len(mails), **({kind: entry} if entry else {})}
        return _json(found | ({"nextPageToken": str(start + most)} if start + most < len(mails) else {}))

    def _changed(self, start: int) -> Reply:
        """The mails that came after that moment, oldest first."""
        came = [
            one for one, (number, _) in self._numbers.items() if number >= self.hidden and history_of(number) > start
        ]
        records = [
            {"messagesAdded": [{"message": {"id": one, "threadId": one, "labelIds": ["INBOX", "UNREAD"]}}]}
            for one in reversed(came)
        ]
        return _json({"historyId": str(history_of(self.hidden)), **({"history": records} if records else {})})

    def _got(self, method: str, identity: str, form: str) -> Reply:
        key = (method + form, identity)
        if identity not in self._numbers:
            return Reply.error(404, "notFound")
        if key not in self._kept:
            body = as_json(_shaped(mail_of(*self._numbers[identity], self._seed), method, form))
            self._kept[key] = Reply(200, body, deflated=deflated(body, level=6))
        return self._kept[key]


def _shaped(mail: Mail, method: str, form: str) -> dict[str, Any]:
    resource = raw_resource(mail) if form == "raw" else dict(mail.resource)
    if form == "minimal":
        resource.pop("payload")
    return (
        resource
        if method == "messages.get"
        else {"id": mail.id, "historyId": resource["historyId"], "messages": [resource]}
    )


TOKEN = "ya29.fake-token-of-a-measurement."


def _json(found: object) -> Reply:
    return Reply(200, json.dumps(found).encode())


def _oauth(path: str, query: dict[str, list[str]], body: bytes) -> Reply:
    """Consent and tokens, as Google's installed-app flow has them; nothing is checked."""
    if path.endswith("/auth"):
        back = (
            f"{query['redirect_uri'][0]}?code=c&state={query['state'][0]}&scope={query['scope'][0].replace(' ', '+')}"
        )
        return Reply(302, b"", location=back)
    form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    if path.endswith("/tokeninfo"):
        return _json({"sub": "1", "email": OWNER, "aud": form["access_token"].removeprefix(TOKEN)})
    if not path.endswith("/token"):
        return Reply.error(404, "notFound")
    token = {
        "access_token": TOKEN + form.get("client_id", ""),
        "refresh_token": "1//fake-refresh",
        "expires_in": 3599,
        "token_type": "Bearer",
        "scope": form.get("scope", "https://www.googleapis.com/auth/gmail.readonly"),
    }
    return _json(token)


def parts_of(body: bytes) -> list[tuple[str, str]]:
    """Content-ID and target of every part of a batch."""
    return [(" ".join(name.decode().split()), target.decode()) for name, target in _PART.findall(body)]


def wrapped(names: list[str], replies: list[Reply], gzip: bool) -> Reply:
    """A batch answer; the bodies of the mails are packed once, not in every answer."""
    plain, pieces = list[bytes](), list[bytes]()
    for name, reply in zip(names, replies, strict=True):
        head = (
            f"--{BOUNDARY}\r\nContent-Type: application/http\r\nContent-ID: <response-{name}>\r\n\r\n"
            f"HTTP/1.1 {reply.status} X\r\nContent-Type: {JSON}\r\nContent-Length: {len(reply.body)}\r\n\r\n"
        ).encode()
        plain += [head, reply.body, b"\r\n"]
        if gzip:
            pieces += [deflated(head, 1), reply.deflated or deflated(reply.body, 1), deflated(b"\r\n", 1)]
    plain.append(f"--{BOUNDARY}--\r\n".encode())
    body = b"".join(plain)
    kind = f"multipart/mixed; boundary={BOUNDARY}"
    if not gzip:
        return Reply(200, body, kind)
    pieces.append(deflated(plain[-1], 1))
    return Reply(200, body, kind, packed=_stream(pieces, body))


def deflated(data: bytes, level: int) -> bytes:
    """A piece that may stand anywhere in a deflate stream."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH)


def packed(bodies: list[bytes]) -> bytes:
    return _stream([deflated(body, 6) for body in bodies], b"".join(bodies))


def _stream(pieces: list[bytes], whole: bytes) -> bytes:
    return _GZIP + b"".join(pieces) + b"\x03\x00" + struct.pack("<II", zlib.crc32(whole), len(whole) & 0xFFFFFFFF)
