"""The real Google client on the demo Drive: pages, downloads in pieces, exports, batches."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import httplib2
import pytest
from google.oauth2.credentials import Credentials
from google_auth_httplib2 import AuthorizedHttp  # type: ignore[import-untyped]
from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaIoBaseDownload

from app.demo.server import Running
from app.demo.workspace import Workspace
from tests.demo.drive.conftest import BYTES, READ, Shelf, put
from tests.demo.little_office import sign_in


@pytest.fixture
def drive(running: Running, shelf: Shelf) -> Iterator[Any]:
    document = json.loads(
        (files("googleapiclient") / "discovery_cache" / "documents" / "drive.v3.json").read_text("utf-8")
    )
    document["rootUrl"] = f"{running.origin}/"
    document["baseUrl"] = f"{running.origin}/{document['servicePath']}"
    document.pop("mtlsRootUrl", None)
    credentials = Credentials(token=sign_in(running, READ)["access_token"])  # type: ignore[no-untyped-call]
    client = build_from_document(document, http=AuthorizedHttp(credentials, http=httplib2.Http()))
    yield client
    client.close()


def test_pages(drive: Any, office: Workspace) -> None:
    for number in range(30):
        put(office, f"Note {number}", content=b"n")
    request, seen = drive.files().list(q="name contains 'note'", pageSize=7, orderBy="name_natural"), []
    while request is not None:
        answer = request.execute()
        seen += [file["name"] for file in answer["files"]]
        request = drive.files().list_next(request, answer)
    assert seen == [f"Note {number}" for number in range(30)]


def test_a_download_in_pieces(drive: Any, shelf: Shelf) -> None:
    out = io.BytesIO()
    download = MediaIoBaseDownload(out, drive.files().get_media(fileId=shelf.report), chunksize=300)
    done, pieces = False, 0
    while not done:
        _, done = download.next_chunk()
        pieces += 1
    assert (out.getvalue(), pieces) == (BYTES, 4)


def test_an_export(drive: Any, shelf: Shelf) -> None:
    request = {"fileId": shelf.plan, "mimeType": "text/markdown"}
    assert drive.files().export(**request).execute() == b"# Dear all"
    assert drive.files().export_media(**request).execute() == b"# Dear all"
    out = io.BytesIO()
    assert MediaIoBaseDownload(out, drive.files().export_media(**request)).next_chunk()[1]
    with pytest.raises(HttpError) as refused:
        drive.files().get_media(fileId=shelf.plan).execute()
    assert "Use Export with Docs Editors files" in refused.value.reason


def test_a_batch(drive: Any, shelf: Shelf) -> None:
    seen: dict[str, Any] = {}

    def note(name: str, answer: Any, error: HttpError | None) -> None:
        seen[name] = error.resp.status if error else answer["name"]

    batch = drive.new_batch_http_request(callback=note)
    for file in (shelf.plan, shelf.secret):
        batch.add(drive.files().get(fileId=file), request_id=file)
    batch.execute()
    assert seen == {shelf.plan: "Aurora launch plan", shelf.secret: 404}


def test_a_long_query_is_sent_as_a_post(drive: Any) -> None:
    query = " or ".join(f"name contains 'word{number}'" for number in range(90)) + " or name contains 'aurora'"
    assert len(query) > 2048
    assert [file["name"] for file in drive.files().list(q=query).execute()["files"]] == ["Aurora launch plan"]
