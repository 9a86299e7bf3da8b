"""The Drive over HTTP: who sees what with which scope, pages, bytes and ranges, exports, changes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.demo.quota import DRIVE_UNITS, Limits
from app.demo.server import Running, serve
from app.demo.workspace import Workspace
from tests.demo.drive.conftest import APP, BYTES, DOC, METADATA, READ, Caller, Callers, Shelf, put
from tests.demo.little_office import ALEX, CALENDAR, DANA, NOW, Clock


def test_a_file_in_full(reader: Caller, shelf: Shelf) -> None:
    report = reader.get(f"files/{shelf.report}", fields="*").json
    assert (report["name"], report["size"], report["starred"], report["ownedByMe"]) == (
        "report's 10.bin",
        str(len(BYTES)),
        True,
        True,
    )
    plan = reader.get(f"files/{shelf.plan}", fields="*").json
    assert plan["parents"] == [shelf.folder]
    assert set(plan["exportLinks"]) == {"text/plain", "text/markdown"}
    assert "size" not in plan
    budget = reader.get(f"files/{shelf.budget}", fields="*").json
    assert budget["owners"][0]["emailAddress"] == DANA
    assert (budget["ownedByMe"], budget["shared"], "permissions" in budget) == (False, True, False)
    assert budget["capabilities"]["canEdit"] is False


def test_without_fields_little_is_told(reader: Caller, shelf: Shelf) -> None:
    assert set(reader.get(f"files/{shelf.plan}").json) == {"kind", "id", "name", "mimeType"}
    listed = reader.get("files").json
    assert set(listed) == {"kind", "incompleteSearch", "files"}
    assert set(listed["files"][0]) == {"kind", "id", "name", "mimeType"}
    assert reader.get("about").json["error"]["errors"][0]["reason"] == "required"
    assert reader.get("about", fields="user,storageQuota").json["user"]["emailAddress"] == ALEX
    assert reader.get("files", fields="files(feelings)").status == 400


def test_what_is_not_shared_is_not_there(reader: Caller, shelf: Shelf) -> None:
    answer = reader.get(f"files/{shelf.secret}")
    assert (answer.status, answer.reason) == (404, "notFound")
    assert answer.json["error"]["message"] == f"File not found: {shelf.secret}."
    assert "Dana's secret" not in reader.names("fullText contains 'gold'")


def test_a_colleague_sees_her_own(running: Running, shelf: Shelf, caller: Callers) -> None:
    dana = caller(running, READ, hint=DANA)
    assert set(dana.names()) == {"Dana's things", "Budget_2026.txt", "Dana's secret"}
    shown = dana.get(f"files/{shelf.budget}/permissions", fields="permissions(emailAddress,role)").json
    assert {(one["emailAddress"], one["role"]) for one in shown["permissions"]} == {(DANA, "owner"), (ALEX, "reader")}


def test_permissions_are_told_to_those_who_may_change_them(reader: Caller, shelf: Shelf) -> None:
    assert reader.get(f"files/{shelf.plan}/permissions").json["permissions"][0]["role"] == "owner"
    assert reader.get(f"files/{shelf.budget}/permissions").reason == "insufficientFilePermissions"
    assert reader.get(f"files/{shelf.secret}/permissions").status == 404


def test_order_and_pages(reader: Caller) -> None:
    mine = "'me' in owners and name contains 'report'"
    assert reader.names(mine, orderBy="name") == ["report's 10.bin", "report's 9.txt"]
    assert reader.names(mine, orderBy="name_natural desc") == ["report's 10.bin", "report's 9.txt"]
    assert reader.names(mine, orderBy="name_natural") == ["report's 9.txt", "report's 10.bin"]
    assert reader.names(orderBy="folder,name")[:2] == ["Dana's things", "Plans"]
    assert reader.get("files", orderBy="colour").status == 400
    first = reader.get("files", pageSize=4, fields="nextPageToken,files(id)").json
    rest = reader.get("files", pageSize=1000, pageToken=first["nextPageToken"], fields="nextPageToken,files(id)").json
    assert len({file["id"] for file in first["files"] + rest["files"]}) == 6
    assert "nextPageToken" not in rest
    assert reader.get("files", q="trashed=true", pageToken=first["nextPageToken"]).status == 400
    assert reader.get("files", pageSize=0).status == 400


def test_shared_drives(reader: Caller, shelf: Shelf) -> None:
    drives = reader.get("drives").json["drives"]
    assert [(drive["id"], drive["name"]) for drive in drives] == [(shelf.drive, "Team")]
    assert reader.get(f"drives/{shelf.drive}", fields="*").json["name"] == "Team"
    assert reader.get("drives/0Anothing").status == 404
    both = {"includeItemsFromAllDrives": "true", "supportsAllDrives": "true"}
    assert "Minutes" not in reader.names()
    assert "Minutes" not in reader.names(**both)
    assert "Minutes" in reader.names(corpora="allDrives", **both)
    assert reader.names(corpora="drive", driveId=shelf.drive, **both) == ["Minutes"]
    assert reader.names(f"'{shelf.drive}' in parents", **both) == ["Minutes"]
    assert reader.get(f"files/{shelf.minutes}").status == 404
    shown = reader.get(f"files/{shelf.minutes}", supportsAllDrives="true", fields="*").json
    assert (shown["driveId"], shown["parents"], "owners" in shown) == (shelf.drive, [shelf.drive], False)


@pytest.mark.parametrize(
    "asked",
    [
        {"includeItemsFromAllDrives": "true"},
        {"corpora": "drive", "includeItemsFromAllDrives": "true", "supportsAllDrives": "true"},
        {"driveId": "0A", "includeItemsFromAllDrives": "true", "supportsAllDrives": "true"},
        {"corpora": "allDrives", "supportsAllDrives": "true"},
        {"corpora": "planet"},
    ],
)
def test_corpora_that_do_not_fit(reader: Caller, asked: dict[str, str]) -> None:
    assert reader.get("files", **asked).status in (400, 403)


def test_bytes_and_ranges(reader: Caller, shelf: Shelf) -> None:
    target = f"/drive/v3/files/{shelf.report}?alt=media"
    whole = reader.client.send("GET", target)
    assert (whole.status, whole.body, whole.headers["Content-Type"]) == (200, BYTES, "application/octet-stream")
    for wanted, part, place in (
        ("bytes=0-9", BYTES[:10], "0-9"),
        ("bytes=1000-", BYTES[1000:], "1000-1023"),
        ("bytes=1000-99999", BYTES[1000:], "1000-1023"),
        ("bytes=-5", BYTES[-5:], "1019-1023"),
    ):
        answer = reader.client.send("GET", target, headers={"Range": wanted})
        assert (answer.status, answer.body) == (206, part), wanted
        assert answer.headers["Content-Range"] == f"bytes {place}/1024"
    beyond = reader.client.send("GET", target, headers={"Range": "bytes=1024-"})
    assert (beyond.status, beyond.headers["Content-Range"]) == (416, "bytes */1024")
    for nonsense in ("bytes=9-1", "bytes=-", "pages=1-2", "bytes=a-b"):
        assert reader.client.send("GET", target, headers={"Range": nonsense}).status == 200, nonsense


def test_exports(reader: Caller, shelf: Shelf) -> None:
    refused = reader.get(f"files/{shelf.plan}", alt="media")
    assert (refused.status, refused.reason) == (403, "fileNotDownloadable")
    plain = reader.get(f"files/{shelf.plan}/export", mimeType="text/plain")
    assert (plain.body, plain.headers["Content-Type"]) == (b"Dear all, the launch", "text/plain")
    assert reader.get(f"files/{shelf.plan}/export", mimeType="text/rtf").json["error"]["message"] == (
        "The requested conversion is not supported."
    )
    assert reader.get(f"files/{shelf.plan}/export").status == 400
    assert reader.get(f"files/{shelf.report}/export", mimeType="text/plain").reason == "fileNotExportable"
    assert reader.get(f"files/{shelf.folder}/export", mimeType="text/plain").reason == "fileNotExportable"
    assert reader.get(f"files/{shelf.secret}/export", mimeType="text/plain").status == 404


def test_an_export_has_its_limit(reader: Caller, office: Workspace) -> None:
    large = put(office, "Large", mime=DOC, exports={"text/plain": b"x" * (10 * 1024 * 1024 + 1)})
    assert reader.get(f"files/{large}/export", mimeType="text/plain").reason == "exportSizeLimitExceeded"


def test_metadata_alone(running: Running, shelf: Shelf, caller: Callers) -> None:
    metadata = caller(running, METADATA)
    assert metadata.names("name contains 'plan'") == ["Aurora launch plan", "Plans"]
    for answer in (
        metadata.get("files", q="fullText contains 'launch'"),
        metadata.get(f"files/{shelf.report}", alt="media"),
        metadata.get(f"files/{shelf.plan}/export", mimeType="text/plain"),
        metadata.get("drives"),
    ):
        assert (answer.status, answer.reason) == (403, "insufficientPermissions")


def test_only_what_the_app_made(running: Running, shelf: Shelf, caller: Callers) -> None:
    app = caller(running, APP)
    assert app.names() == ["report's 9.txt"]
    assert app.names("fullText contains 'pad'") == ["report's 9.txt"]
    assert app.get(f"files/{shelf.made}", alt="media").body == b"by the app"
    assert app.get(f"files/{shelf.plan}").status == 404
    both = caller(running, APP, METADATA)
    assert both.get(f"files/{shelf.report}").status == 200
    assert both.get(f"files/{shelf.report}", alt="media").status == 403
    assert both.get(f"files/{shelf.made}", alt="media").status == 200


def test_full_text_is_not_sorted(reader: Caller) -> None:
    assert reader.get("files", q="fullText contains 'launch'", orderBy="name").reason == "forbidden"


def test_other_scopes_and_writing(running: Running, shelf: Shelf, caller: Callers) -> None:
    assert caller(running, CALENDAR).get("files").status == 403
    writer = caller(running, f"{READ.removesuffix('.readonly')}")
    answer = writer.client.send("DELETE", f"/drive/v3/files/{shelf.plan}")
    assert (answer.status, answer.reason) == (501, "notImplemented")
    assert "Aurora launch plan" in writer.names()


def test_changes(reader: Caller, office: Workspace, shelf: Shelf) -> None:
    start = reader.get("changes/startPageToken").json["startPageToken"]
    assert reader.get("changes", pageToken=start).json["changes"] == []
    new = put(office, "New")
    office.drive.change(shelf.plan, by=DANA, modified=NOW, name="Renamed plan")
    office.drive.change(shelf.secret, by=DANA, modified=NOW, trashed=True)
    office.drive.remove(shelf.budget)
    office.drive.remove(shelf.secret)
    first = reader.get("changes", pageToken=start, pageSize=2, fields="*").json
    assert [change["file"]["name"] for change in first["changes"]] == ["New", "Renamed plan"]
    last = reader.get("changes", pageToken=first["nextPageToken"]).json
    assert [(change["fileId"], change["removed"]) for change in last["changes"]] == [(shelf.budget, True)]
    assert reader.get("changes", pageToken=last["newStartPageToken"]).json["changes"] == []
    assert len(reader.get("changes", pageToken=start, includeRemoved="false").json["changes"]) == 2
    everything = reader.get("changes", pageToken="1", includeItemsFromAllDrives="true", supportsAllDrives="true").json
    assert {shelf.minutes, new} <= {change["fileId"] for change in everything["changes"]}
    for token in ("0", "x", "99999999", ""):
        assert reader.get("changes", pageToken=token).status == 400, token


def test_what_calls_cost(office: Workspace, shelf: Shelf, clock: Clock, caller: Callers) -> None:
    assert (DRIVE_UNITS["drive.files.list"], DRIVE_UNITS["drive.files.get?alt=media"]) == (100, 200)
    with serve(office, limits=Limits(drive_units_per_minute=310, clock=clock)) as running:
        reader = caller(running, READ)
        assert reader.get("files").status == 200
        assert reader.get(f"files/{shelf.report}", alt="media").status == 200
        assert reader.get(f"files/{shelf.report}").status == 200
        refused = reader.get("files")
        assert (refused.status, refused.reason) == (429, "rateLimitExceeded")
        assert int(refused.headers["Retry-After"]) > 0
        clock.forward(seconds=timedelta(minutes=1).total_seconds() + 1)
        assert reader.get("files").status == 200


def test_faults_have_its_name(running: Running, reader: Caller) -> None:
    running.faults.parse("drive:503")
    assert reader.get("files").status == 503
    assert reader.get("files").status == 200
