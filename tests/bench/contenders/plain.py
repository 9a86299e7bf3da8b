"""googleapiclient as its own guide uses it: one request after the other, or batches of 50, over one httplib2."""

from __future__ import annotations

import base64
import gzip
import json
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httplib2
from googleapiclient.discovery import build
from googleapiclient.http import BatchHttpRequest

from tests.bench.contenders.worker import loop
from tests.bench.service.corpus import digest_of

BATCH = 50


class Reader:
    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._http = httplib2.Http()
        self._service = self._built()

    def _built(self) -> Any:
        options = {"api_endpoint": self._origin}
        return build("gmail", "v1", http=self._http, static_discovery=True, client_options=options)

    def _listed(self, command: dict[str, Any]) -> list[str]:
        if command.get("cold"):
            self._http.close()
            self._http = httplib2.Http()
            self._service = self._built()
        return []

    def _ids(self, count: int) -> list[str]:
        request = self._service.users().messages().list(userId="me", labelIds=["INBOX", "UNREAD"], maxResults=count)
        return [one["id"] for one in request.execute().get("messages", [])]

    def relist(self, command: dict[str, Any]) -> Any:
        """List every id again, 500 to a page, and read those that are new in one batch."""
        before = command["before"]

        def timed() -> dict[str, Any]:
            messages, ids = self._service.users().messages(), list[str]()
            request = messages.list(userId="me", q="in:inbox is:unread", maxResults=500)
            while request is not None:
                page = request.execute()
                ids += [one["id"] for one in page.get("messages", [])]
                request = messages.list_next(request, page)
            mails, batch = (
                list[Any](),
                BatchHttpRequest(
                    callback=lambda _, mail, error: mails.append(mail) if error is None else None,
                    batch_uri=f"{self._origin}/batch/gmail/v1",
                ),
            )
            for one in ids[: len(ids) - before]:
                batch.add(messages.get(userId="me", id=one))
            if len(ids) > before:
                batch.execute(http=self._http)
            return {"mails": {mail["id"]: mail["snippet"] for mail in mails}}

        return timed

    def sequential(self, command: dict[str, Any]) -> Any:
        self._listed(command)

        def timed() -> dict[str, Any]:
            ids = self._ids(command["count"])
            mails = [self._service.users().messages().get(userId="me", id=one).execute() for one in ids]
            return {"read": sum(1 for mail in mails for _ in texts(mail["payload"])), "late": lambda: judged(mails)}

        return timed

    def batched(self, command: dict[str, Any]) -> Any:
        self._listed(command)

        def timed() -> dict[str, Any]:
            ids, mails = self._ids(command["count"]), list[Any]()
            for start in range(0, len(ids), BATCH):
                batch = BatchHttpRequest(
                    callback=lambda _, mail, error: mails.append(mail) if error is None else None,
                    batch_uri=f"{self._origin}/batch/gmail/v1",
                )
                for one in ids[start : start + BATCH]:
                    batch.add(self._service.users().messages().get(userId="me", id=one))
                batch.execute(http=self._http)
            return {"read": sum(1 for mail in mails for _ in texts(mail["payload"])), "late": lambda: judged(mails)}

        return timed


def texts(payload: dict[str, Any]) -> Iterator[bytes]:
    """The text parts, decoded."""
    for part in payload.get("parts", ()):
        yield from texts(part)
    if payload["mimeType"].startswith("text/") and "data" in payload["body"]:
        yield base64.urlsafe_b64decode(payload["body"]["data"])


def judged(mails: list[Any]) -> dict[str, Any]:
    return {"mails": {mail["id"]: [mail["snippet"], digest_of(mail["payload"])] for mail in mails}}


def floor(command: dict[str, Any]) -> Any:
    """What nobody can do without: unpack, parse, decode, of mails kept in a file beforehand."""
    packed = [gzip.compress(body) for body in json.loads(Path(command["file"]).read_text()) for body in [body.encode()]]

    def timed() -> dict[str, Any]:
        read = [json.loads(zlib.decompress(one, 31)) for one in packed]
        return {"read": sum(1 for mail in read for _ in texts(mail["payload"])), "late": lambda: judged(read)}

    return timed


if __name__ == "__main__":
    reader = Reader(sys.argv[1])
    loop({"sequential": reader.sequential, "batched": reader.batched, "relist": reader.relist, "floor": floor})
