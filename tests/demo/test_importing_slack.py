"""Importing Slack exports: what is sound is taken, what is not is named, and nothing stops the rest."""

import json
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.demo.importing import ImportReport, load, open_for, owner_of
from app.demo.workspace import Person, Workspace
from tests.demo.imports import KIM, only, quiet, take

USERS = [
    {
        "id": "U1KIM",
        "name": "kim",
        "tz": "Europe/Lisbon",
        "profile": {"real_name": "Kim Doe", "email": "Kim@home.example"},
    },
    {"id": "U2BO", "name": "bo", "tz": "Nowhere", "profile": {"real_name": "Bo Lind", "email": "bo@home.example"}},
    {"id": "U3ROB", "name": "rob", "is_bot": True, "real_name": "Robot"},
]
CHANNELS = [
    {"id": "C1GEN", "name": "general", "created": 1700000000, "members": ["U1KIM", "U2BO"], "topic": {"value": "hi"}}
]


def said(ts: str, text: str = "hello", user: str = "U2BO", **more: Any) -> dict[str, Any]:
    return {"type": "message", "user": user, "text": text, "ts": ts, **more}


T1, T2, T3 = "1709290000.000100", "1709290060.000200", "1709376400.000300"
BEEP = {"type": "message", "subtype": "bot_message", "bot_id": "B1", "username": "Robby", "text": "beep", "ts": T1}
SMALL: dict[str, Any] = {
    "users.json": USERS,
    "channels.json": CHANNELS,
    "groups.json": [{"id": "G1SEC", "name": "secret", "members": ["U1KIM"]}],
    "dms.json": [{"id": "D1BO", "members": ["U1KIM", "U2BO"]}],
    "mpims.json": [{"id": "G2ALL", "name": "mpdm-kim--bo--rob-1", "members": ["U1KIM", "U2BO", "U3ROB"]}],
    "general/2024-03-01.json": [
        said(T1, "Can you <@U1KIM> send it?", edited={"user": "U2BO", "ts": T2}, reply_count=1, thread_ts=T1),
        said(T2, "Sent", "U1KIM", thread_ts=T1, reactions=[{"name": "tada", "users": ["U2BO"], "count": 1}]),
    ],
    "general/2024-03-02.json": [said(T3, "", "U2BO", files=[{"id": "F1", "name": "plan.pdf", "size": 9, "odd": {}}])],
    "secret/2024-03-01.json": [said(T1, "psst", "U1KIM")],
    "D1BO/2024-03-01.json": [said(T1, "just us")],
    "mpdm-kim--bo--rob-1/2024-03-01.json": [BEEP],
}  # fmt: skip


def folder(root: Path, files: Mapping[str, Any]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return root


def packed(path: Path, files: Mapping[str, Any]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in files.items():
            out.writestr(name, content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    opened = Workspace.create(tmp_path / "w.db", owner=Person(KIM, "Kim Doe"), zone="Europe/Lisbon")
    yield opened
    opened.close()


def texts(workspace: Workspace) -> list[str]:
    return [row[0] for row in workspace.database.rows("SELECT text FROM slack_chats ORDER BY number")]


def left_out(report: ImportReport) -> dict[str, str]:
    return {found.what: found.why for found in only(report).left_out}


@pytest.mark.parametrize("form", ["folder", "zip", "zip in a folder"])
def test_everything_of_an_export_is_taken(workspace: Workspace, tmp_path: Path, form: str) -> None:
    if form == "folder":
        source = folder(tmp_path / "export", SMALL)
    else:
        prefix = "Home Slack export/" if form == "zip in a folder" else ""
        source = packed(tmp_path / "export.zip", {f"{prefix}{name}": content for name, content in SMALL.items()})
    report = take(workspace, source)
    found = only(report)
    assert (found.kind, found.outcome, found.loaded, report.chats) == ("slack", "loaded", 6, 6)
    channels = workspace.database.rows("SELECT id, name, kind, topic FROM slack_channels ORDER BY id")
    assert channels == [
        ("C1GEN", "general", "public", "hi"),
        ("D1BO", "", "im", ""),
        ("G1SEC", "secret", "private", ""),
        ("G2ALL", "mpdm-kim--bo--rob-1", "mpim", ""),
    ]
    assert workspace.slack.owner == "U1KIM"
    assert workspace.database.value("SELECT zone FROM slack_members WHERE id = 'U2BO'") == ""
    row = workspace.database.row("SELECT thread > 0, reactions FROM slack_chats WHERE text = 'Sent'")
    assert row == (1, '{"tada": ["U2BO"]}')
    assert workspace.database.value("SELECT files FROM slack_chats WHERE files <> '[]'") == (
        '[{"id": "F1", "name": "plan.pdf", "size": 9}]'
    )
    assert workspace.database.value("SELECT bot_name FROM slack_chats WHERE text = 'beep'") == "Robby"
    assert workspace.database.value("SELECT edited FROM slack_chats WHERE text LIKE 'Can%'")


def test_a_second_run_adds_nothing(workspace: Workspace, tmp_path: Path) -> None:
    source = packed(tmp_path / "export.zip", SMALL)
    take(workspace, source)
    before = workspace.database.rows("SELECT * FROM slack_chats")
    again = only(take(workspace, source))
    assert (again.loaded, again.duplicates, again.outcome) == (0, 6, "loaded")
    assert workspace.database.rows("SELECT * FROM slack_chats") == before


def test_missing_indexes_are_deduced(workspace: Workspace, tmp_path: Path) -> None:
    days = {name: content for name, content in SMALL.items() if "/" in name}
    days["general/2024-03-02.json"] = [said(T3, user="U9NEW", user_profile={"name": "newbie", "real_name": "New B"})]
    found = only(take(workspace, folder(tmp_path / "export", days)))
    assert found.loaded == 6
    assert any("users.json is missing" in note for note in found.notes)
    assert dict(workspace.database.rows("SELECT name, kind FROM slack_channels")) == {
        "general": "public",
        "secret": "public",
        "": "im",
        "mpdm-kim--bo--rob-1": "mpim",
    }
    assert workspace.database.value("SELECT real_name FROM slack_members WHERE id = 'U9NEW'") == "New B"


def test_a_broken_day_is_named_and_the_rest_kept(workspace: Workspace, tmp_path: Path) -> None:
    broken = SMALL | {"general/2024-03-02.json": b'[{"type": "mess', "secret/2024-03-01.json": {"not": "a list"}}
    found = take(workspace, packed(tmp_path / "export.zip", broken))
    assert (only(found).outcome, only(found).loaded) == ("partly", 4)
    assert "not JSON" in left_out(found)["general/2024-03-02.json"]
    assert left_out(found)["secret/2024-03-01.json"] == "it is not a list"
    mended = only(take(workspace, packed(tmp_path / "again.zip", SMALL)))
    assert (mended.loaded, mended.duplicates) == (2, 4)


def test_strange_messages(workspace: Workspace, tmp_path: Path) -> None:
    strange: list[Any] = [
        7,
        None,
        {"type": "message", "text": "no time", "user": "U2BO"},
        said("not a time"),
        said("99999999999999.000100"),
        {"type": "message", "text": "nobody", "ts": T1},
        {"type": "call", "ts": T1},
        said(T1, "orphan", thread_ts="1600000000.000100", reactions="many", files=[3], blocks={"a": 1}),
        said(T1, "the same time again"),
        said(T2, "\ud800 \0 odd", subtype="channel_join", unknown={"deep": [1]}),
        said(T3, "one more", thread_ts=T2, user="U7GONE", edited="yes"),
    ]
    report = take(
        workspace,
        folder(tmp_path / "export", SMALL | {"general/2024-03-01.json": strange, "general/2024-03-02.json": []}),
    )
    found = only(report)
    assert found.left_out_count == 7
    assert (found.loaded, found.duplicates) == (6, 1)
    assert "it has no time" in left_out(report)["general/2024-03-01.json, message 3"]
    assert "does not say who" in left_out(report)["general/2024-03-01.json, message 6"]
    assert any("replies whose thread" in note for note in found.notes)
    assert {"orphan", "?  odd", "one more"} <= set(texts(workspace))
    assert "the same time again" not in texts(workspace)


@pytest.mark.parametrize("name", ["../general/2024-03-01.json", "/etc/2024-03-01.json", "a\\..\\..\\b/2024-03-01.json"])
def test_path_tricks_are_refused(workspace: Workspace, tmp_path: Path, name: str) -> None:
    found = only(take(workspace, packed(tmp_path / "export.zip", SMALL | {name: []})))
    assert found.outcome == "refused"
    assert "outside itself" in found.reason
    assert not texts(workspace)


def test_a_zip_bomb_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    bomb = SMALL | {"general/2024-03-03.json": b"[" + b" " * 20_000_000 + b"]"}
    found = only(take(workspace, packed(tmp_path / "export.zip", bomb)))
    assert found.outcome == "refused"
    assert "swells" in found.reason


def test_encrypted_and_damaged_zips_are_refused(workspace: Workspace, tmp_path: Path) -> None:
    source = packed(tmp_path / "locked.zip", SMALL)
    raw = bytearray(source.read_bytes())
    place = raw.find(b"PK\x01\x02")
    while place >= 0:  # the flag that says so, in every entry of the directory
        raw[place + 8] |= 1
        place = raw.find(b"PK\x01\x02", place + 4)
    source.write_bytes(raw)
    assert "encrypted: unpack it with its password" in only(take(workspace, source)).reason
    torn = packed(tmp_path / "torn.zip", SMALL)
    torn.write_bytes(torn.read_bytes()[:-200])
    assert "damaged" in only(take(workspace, torn)).reason


def test_a_damaged_entry_is_left_out(workspace: Workspace, tmp_path: Path) -> None:
    source = packed(tmp_path / "export.zip", SMALL)
    with zipfile.ZipFile(source) as opened:
        entry = opened.getinfo("secret/2024-03-01.json")
    raw = bytearray(source.read_bytes())
    start = entry.header_offset + 30 + len(entry.filename) + 4
    raw[start : start + 8] = b"\xff" * 8
    source.write_bytes(raw)
    report = take(workspace, source)
    assert only(report).loaded == 5
    assert "cannot be unpacked" in left_out(report)["secret/2024-03-01.json"]


def test_a_link_out_of_the_folder_is_not_followed(workspace: Workspace, tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_text(json.dumps([said(T3, "stolen")]))
    source = folder(tmp_path / "export", SMALL)
    (source / "general" / "2024-03-04.json").symlink_to(outside)
    report = take(workspace, source)
    assert "outside the export" in left_out(report)["general/2024-03-04.json"]
    assert "stolen" not in texts(workspace)


def test_the_owner(tmp_path: Path) -> None:
    unknown = {**SMALL, "users.json": [{"id": "U1KIM", "name": "kim"}, {"id": "U2BO", "name": "bo"}]}
    for owner, mine in (("", "U2BO"), ("@kim", "U1KIM"), ("nobody", "U2BO")):
        opened = Workspace.create(tmp_path / f"{mine}{owner}.db", owner=Person("x@y.example", "X"), zone="UTC")
        source = packed(tmp_path / "export.zip", unknown)
        found = only(load(opened, [source], progress=quiet, owner=owner))
        assert opened.slack.owner == mine
        assert any("says most" in note for note in found.notes) == (owner != "@kim")
        opened.close()


def test_a_workspace_of_its_own_belongs_to_who_says_most(tmp_path: Path) -> None:
    source = packed(tmp_path / "export.zip", SMALL)
    assert owner_of([source]) == Person("bo@home.example", "Bo Lind")
    opened = open_for(tmp_path / "new.db", [source], zone="UTC")
    take(opened, source)
    assert opened.slack.owner == "U2BO"
    opened.close()


def test_other_files_beside_an_export_are_taken_too(workspace: Workspace, tmp_path: Path) -> None:
    source = folder(tmp_path / "export", SMALL | {"mail.eml": b"From: a@b.example\r\nSubject: x\r\n\r\nhi\r\n"})
    kinds = {found.kind: found.loaded for found in take(workspace, source).files}
    assert kinds == {"slack": 6, "mail": 1}


FIELDS = [
    *("type", "user", "ts", "text", "thread_ts", "reactions", "files", "edited", "id", "name", "members", "profile"),
    *("blocks", "subtype", "bot_id", "user_profile", "users", "created", "topic", "email", "tz", "username"),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from([T1, T2, "U2BO"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(FIELDS),
            inner,
            max_size=8,
        )
    ),
    max_leaves=25,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(JSON, max_size=5), JSON, JSON)
def test_no_json_stops_it(day: list[Any], users: Any, channels: Any) -> None:
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        opened = Workspace.create(root / "w.db", owner=Person(KIM, "Kim Doe"), zone="UTC")
        files = {**SMALL, "users.json": users, "channels.json": channels, "general/2024-03-03.json": day}
        found = only(take(opened, folder(root / "export", files)))
        assert found.outcome in ("loaded", "partly")
        assert "psst" in texts(opened)
        opened.close()
