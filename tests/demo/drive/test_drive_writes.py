"""Writing to the demo Drive, by the real client: uploads, conversion, ids given ahead, what an app may touch."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any

import pytest
from google.oauth2.credentials import Credentials
from google_auth_httplib2 import AuthorizedHttp  # type: ignore[import-untyped]
from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaInMemoryUpload, build_http

from app.demo.drive.written import writes
from app.demo.server import Running
from app.demo.workspace import Workspace
from tests.demo.discovery_schema import check_response
from tests.demo.drive.conftest import APP, DOC, FOLDER, METADATA, READ, Shelf
from tests.demo.little_office import ALEX, AUTH, DANA, Clock, sign_in

FULL = f"{AUTH}drive"
NOTES = b"# Notes\n\n- gold & silver\n"
Drives = Callable[..., Any]


@pytest.fixture
def drives(running: Running, shelf: Shelf) -> Iterator[Drives]:
    """Makes a client of the Drive for some scopes and a person."""
    made: list[Any] = []

    def make(*scopes: str, hint: str = "") -> Any:
        document = json.loads(
            (files("googleapiclient") / "discovery_cache" / "documents" / "drive.v3.json").read_text("utf-8")
        )
        document |= {"rootUrl": f"{running.origin}/", "baseUrl": f"{running.origin}/{document['servicePath']}"}
        document.pop("mtlsRootUrl", None)
        token = sign_in(running, *scopes, hint=hint)["access_token"]
        credentials = Credentials(token=token)  # type: ignore[no-untyped-call]
        made.append(build_from_document(document, http=AuthorizedHttp(credentials, http=build_http())))
        return made[-1]

    yield make
    for client in made:
        client.close()


@pytest.fixture
def drive(drives: Drives) -> Any:
    return drives(APP)


def upload(data: bytes = NOTES, kind: str = "text/markdown", **more: Any) -> MediaInMemoryUpload:
    return MediaInMemoryUpload(data, kind, **more)


def refusal(request: Any) -> tuple[int, str]:
    with pytest.raises(HttpError) as refused:
        request.execute()
    return refused.value.resp.status, json.loads(refused.value.content)["error"]["errors"][0]["reason"]


def made(drive: Any, name: str = "Notes.md", data: bytes = NOTES, **body: Any) -> Any:
    answer = drive.files().create(body={"name": name, **body}, media_body=upload(data), fields="*").execute()
    check_response("POST", "/drive/v3/files", answer)
    return answer


def test_an_upload_is_a_file_of_ones_own(drive: Any, office: Workspace, clock: Clock) -> None:
    clock.forward(minutes=5)
    file = made(drive, appProperties={"k": "v"})
    assert (file["name"], file["mimeType"], file["size"]) == ("Notes.md", "text/markdown", str(len(NOTES)))
    assert (file["shared"], file["ownedByMe"], file["isAppAuthorized"]) == (False, True, True)
    assert (file["appProperties"], len(file["permissions"])) == ({"k": "v"}, 1)
    assert drive.files().get_media(fileId=file["id"]).execute() == NOTES
    [write] = writes(office.drive)
    assert (write.at, write.address, write.act, write.file) == (clock(), ALEX, "create", file["id"])
    assert office.note("frozen")


def test_markdown_becomes_a_google_doc(drive: Any, drives: Drives) -> None:
    file = made(drive, "Notes", mimeType=DOC)
    assert file["mimeType"] == DOC
    assert drive.files().export(fileId=file["id"], mimeType="text/markdown").execute() == NOTES
    found = drives(READ).files().list(q="fullText contains 'silver'").execute()["files"]
    assert [one["name"] for one in found] == ["Notes"]
    sheet = "application/vnd.google-apps.spreadsheet"
    assert refusal(drive.files().create(body={"mimeType": sheet}, media_body=upload()))[0] == 400
    assert refusal(drive.files().create(body={"mimeType": DOC}, media_body=upload(b"\xff")))[0] == 400


def test_the_same_twice_is_two_files(drive: Any) -> None:
    assert made(drive)["id"] != made(drive)["id"]


def test_an_upload_in_pieces(drive: Any) -> None:
    media = upload(NOTES * 40_000, resumable=True, chunksize=256 * 1024)
    request = drive.files().create(body={"name": "Long.md"}, media_body=media, fields="id,size")
    answer = None
    while answer is None:
        _, answer = request.next_chunk()
    assert int(answer["size"]) == len(NOTES) * 40_000


def test_ids_given_ahead_serve_once_and_for_uploads_only(drive: Any, drives: Drives) -> None:
    first, second = drive.files().generateIds(count=2, space="drive", type="files").execute()["ids"]
    assert made(drive, id=first)["id"] == first
    again = drive.files().create(body={"id": first}, media_body=upload())
    assert refusal(again) == (409, "fileIdInUse")
    assert refusal(drive.files().create(body={"id": second, "mimeType": DOC}, media_body=upload()))[0] == 400
    assert refusal(drive.files().create(body={"id": "1invented"}, media_body=upload()))[0] == 400
    dana = drives(APP, hint=DANA)
    assert refusal(dana.files().create(body={"id": second}, media_body=upload()))[0] == 400
    assert drive.files().create(body={"id": second, "mimeType": FOLDER, "name": "F"}).execute()["id"] == second


def test_new_content_a_new_name_and_a_new_revision(drive: Any, clock: Clock) -> None:
    file = made(drive)
    clock.forward(minutes=5)
    patch = drive.files().update(
        fileId=file["id"], body={"name": "New.md", "appProperties": {"k": "2"}}, media_body=upload(b"new"), fields="*"
    )
    changed = patch.execute()
    assert (changed["name"], changed["size"], changed["appProperties"]) == ("New.md", "3", {"k": "2"})
    assert changed["headRevisionId"] != file["headRevisionId"]
    assert changed["modifiedTime"] > file["modifiedTime"]
    gone = drive.files().update(fileId=file["id"], body={"appProperties": {"k": None}}, fields="*").execute()
    assert "appProperties" not in gone
    assert gone["modifiedTime"] == changed["modifiedTime"]
    doc = made(drive, "Doc", mimeType=DOC)["id"]
    drive.files().update(fileId=doc, media_body=upload(b"one line")).execute()
    assert drive.files().export(fileId=doc, mimeType="text/markdown").execute() == b"one line"


def test_found_by_the_apps_own_properties(drive: Any) -> None:
    file = made(drive, appProperties={"it's": "k\\1"})
    made(drive)
    query = "appProperties has { key='it\\'s' and value='k\\\\1' } and trashed = false"
    assert [one["id"] for one in drive.files().list(q=query).execute()["files"]] == [file["id"]]
    for none in ("appProperties has { key='k' and value='v' }", "properties has { key='it\\'s' and value='k\\\\1' }"):
        assert drive.files().list(q=none).execute()["files"] == []
    for wrong in ("appProperties has { key='k' }", "appProperties = 'k'", "appProperties has { key='a' and value='b'"):
        assert refusal(drive.files().list(q=wrong))[0] == 400


def test_into_the_trash_and_out(drive: Any) -> None:
    file = made(drive)["id"]
    for wanted in (True, False):
        drive.files().update(fileId=file, body={"trashed": wanted}).execute()
        assert drive.files().get(fileId=file, fields="trashed").execute() == {"trashed": wanted}


def test_an_app_touches_only_what_it_made(drive: Any, drives: Drives, shelf: Shelf) -> None:
    assert refusal(drive.files().update(fileId=shelf.plan, body={"name": "x"})) == (404, "notFound")
    assert refusal(drive.files().create(body={"parents": [shelf.folder]})) == (404, "notFound")
    folder = drive.files().create(body={"name": "Mine", "mimeType": FOLDER}).execute()["id"]
    assert made(drive, parents=[folder])["parents"] == [folder]
    assert drives(FULL).files().update(fileId=shelf.plan, body={"name": "x"}).execute()["name"] == "x"


def test_what_is_refused(drives: Drives, drive: Any, shelf: Shelf) -> None:
    everything = drives(FULL)
    assert refusal(everything.files().update(fileId=shelf.budget, body={"name": "x"}))[1] == (
        "insufficientFilePermissions"
    )
    into = [([shelf.shared_folder], "insufficientParentPermissions"), ([shelf.plan], "parentNotAFolder")]
    for parents, reason in into:
        assert refusal(everything.files().create(body={"parents": parents})) == (403, reason)
    assert refusal(drive.files().create(body={"parents": ["a", "b"]}))[1] == "cannotAddParent"
    assert refusal(drive.files().create(body={"owners": []}))[1] == "fieldNotWritable"
    assert refusal(drive.files().create(body={"appProperties": {"k": "v" * 124}}))[1] == "propertyLimitExceeded"
    for scope in (READ, METADATA):
        assert refusal(drives(scope).files().create(body={"name": "x"}))[1] == "insufficientPermissions"
    facts_only = drives(f"{AUTH}drive.metadata")
    assert facts_only.files().update(fileId=shelf.plan, body={"name": "y"}).execute()["name"] == "y"
    assert refusal(facts_only.files().update(fileId=shelf.plan, media_body=upload()))[0] == 403
