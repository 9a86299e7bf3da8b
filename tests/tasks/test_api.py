"""What can be done with tasks, over HTTP: lists, changes, sources, repeated requests, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from app.tasks.asking import LARGEST
from tests.tasks.office import Clock, Office, opened

MAIL = {"kind": "mail", "id": "18c2", "label": "Ana: the lease", "link": "https://mail.google.com/mail/#all/18c2"}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    with opened(tmp_path / "tasks.db", clock) as office:
        office.sign_in()
        yield office


def test_a_task_as_it_was_made(office: Office) -> None:
    made = office.create("Sign the lease", notes="two copies", due="2026-03-12T09:30:00+01:00", source=MAIL)
    read = office.send("GET", f"/v1/tasks/{made['id']}")
    assert read.json == made
    assert read.headers["etag"] == made["etag"] == '"1"'
    assert read.headers["cache-control"] == "no-store"
    assert (made["due"], made["done"], made["notes"]) == ("2026-03-12T09:30:00+01:00", False, "two copies")
    assert made["source"] == MAIL | {"item": ""}


def test_only_what_is_given_is_changed(office: Office, clock: Clock) -> None:
    made = office.create(notes="n", due="2026-03-12")
    clock.now += 60
    kind = "application/merge-patch+json"
    changed = office.put("PATCH", f"/v1/tasks/{made['id']}", {"done": True}, content_type=kind)
    assert changed.json | {"done": False, "updated": made["updated"], "etag": '"1"'} == made
    assert changed.json["updated"] > made["updated"]
    assert changed.headers["etag"] == '"2"'
    emptied = office.put("PATCH", f"/v1/tasks/{made['id']}", {"due": None, "notes": "", "title": "T"}).json
    assert (emptied["due"], emptied["notes"], emptied["title"], emptied["done"]) == (None, "", "T", True)


def test_a_change_based_on_something_older_is_refused(office: Office) -> None:
    made = office.create()
    place = f"/v1/tasks/{made['id']}"
    assert office.put("PATCH", place, {"done": True}, if_match=made["etag"]).status == 200
    for method in ("PATCH", "DELETE"):
        refused = office.put(method, place, {"done": False}, if_match=made["etag"])
        assert (refused.status, refused.kind, refused.headers["etag"]) == (412, "changed", '"2"')
    assert office.put("PATCH", place, {"done": False}, if_match='W/"2"').status == 412
    assert office.put("PATCH", place, {"done": False}, if_match='"x", "2"').status == 200
    assert office.put("PATCH", place, {"done": False}, if_match="*").status == 200
    assert office.put("PATCH", place, {"done": False}, if_match="2").status == 412
    assert office.send("DELETE", place, if_match='"4"').status == 204


def test_what_is_deleted_is_gone_until_it_is_restored(office: Office) -> None:
    made = office.create()
    place = f"/v1/tasks/{made['id']}"
    assert office.send("DELETE", place).body == b""
    assert office.titles() == []
    assert office.send("GET", place).status == office.send("DELETE", place).status == 404
    assert office.put("PATCH", place, {"done": True}).kind == "not-found"
    restored = office.send("POST", f"{place}/restore")
    assert (restored.status, restored.json["etag"]) == (200, '"3"')
    assert office.send("POST", f"{place}/restore").json == restored.json
    assert office.titles() == ["Sign the lease"]
    assert office.send("POST", "/v1/tasks/0123/restore").status == 404


def test_one_message_makes_a_task_once(office: Office) -> None:
    made = office.create(source=MAIL)
    again = office.put("POST", "/v1/tasks", {"title": "Another title", "source": MAIL | {"label": "x"}})
    assert (again.status, again.kind, again.json["task"]) == (409, "duplicate-source", made["id"])
    office.send("DELETE", f"/v1/tasks/{made['id']}")
    deleted = office.put("POST", "/v1/tasks", {"title": "x", "source": MAIL})
    assert (deleted.status, deleted.json["deleted"]) == (409, True)
    office.create("the second thing it asks for", source=MAIL | {"item": "2"})
    office.create("of another kind", source=MAIL | {"kind": "message"})
    office.create("from nowhere")
    office.create("from nowhere")
    assert len(office.titles()) == 4


def test_a_repeated_request_is_answered_again_and_done_once(office: Office, clock: Clock) -> None:
    first = office.put("POST", "/v1/tasks", {"title": "x"}, idempotency_key="k1")
    clock.now += 5
    again = office.put("POST", "/v1/tasks", {"title": "x"}, idempotency_key="k1")
    assert (again.status, again.json) == (201, first.json)
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotency-replayed"] == "true"
    other = office.put("POST", "/v1/tasks", {"title": "y"}, idempotency_key="k1")
    assert (other.status, other.kind) == (409, "idempotency-key-reused")
    place = f"/v1/tasks/{first.json['id']}"
    assert office.send("DELETE", place, idempotency_key="k2").status == 204
    assert office.send("DELETE", place, idempotency_key="k2").status == 204
    assert office.send("DELETE", place, idempotency_key="k3").status == 404
    assert office.send("DELETE", place, idempotency_key="k1").status == 409
    for key in ("x" * 256, "a b", "\u00e9".encode().decode("latin-1")):
        assert office.put("POST", "/v1/tasks", {"title": "x"}, idempotency_key=key).kind == "idempotency-key"


def test_what_was_refused_is_tried_anew_under_the_same_key(office: Office) -> None:
    taken = office.create(source=MAIL)
    body = {"title": "x", "source": MAIL}
    assert office.put("POST", "/v1/tasks", body, idempotency_key="k").status == 409
    assert office.put("PATCH", f"/v1/tasks/{taken['id']}", {"title": ""}, idempotency_key="j").status == 422
    assert office.put("PATCH", f"/v1/tasks/{taken['id']}", {"title": "T"}, idempotency_key="j").status == 200


def test_requests_at_once_under_one_key_make_one_task(office: Office) -> None:
    def ask(number: int) -> Any:
        return office.put("POST", "/v1/tasks", {"title": "x"}, idempotency_key="same").json["id"]

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(16)))) == 1
    assert office.titles() == ["x"]


def test_due_times_pick_and_order(office: Office) -> None:
    for title, due in (
        ("undated", None),
        ("thursday", "2026-03-12"),
        ("thursday noon in Tokyo", "2026-03-12T12:00:00+09:00"),
        ("wednesday", "2026-03-11"),
        ("friday morning", "2026-03-13T08:00:00+01:00"),
    ):
        office.create(title, due=due)
    assert office.titles() == ["wednesday", "thursday noon in Tokyo", "thursday", "friday morning", "undated"]
    assert office.titles(due_before="2026-03-12") == ["wednesday"]
    assert office.titles(due_from="2026-03-12", due_before="2026-03-13") == ["thursday noon in Tokyo", "thursday"]
    now = "2026-03-12T10:20:00+01:00"
    assert office.titles(due_before=now) == ["wednesday", "thursday noon in Tokyo"], "a day is over when it is"
    assert office.titles(due_from=now) == ["thursday", "friday morning"]


def test_open_done_and_by_source(office: Office) -> None:
    office.create("a", due="2026-03-11", source=MAIL)
    office.create("b", done=True, source=MAIL | {"kind": "message", "id": "C1 17.5"})
    assert office.titles() == ["a", "b"]
    assert (office.titles(only="open"), office.titles(only="done")) == (["a"], ["b"])
    assert office.titles(source_kind="message", source_id="C1 17.5") == ["b"]
    assert office.titles(source_id="18c2", source_kind="message") == []


def test_pages_hold_every_task_once_and_a_token_belongs_to_its_listing(office: Office) -> None:
    made = [office.create(f"t{number}", due="2026-03-12" if number % 2 else None)["id"] for number in range(7)]
    seen: list[str] = []
    tokens = [""]
    for token in tokens:  # which grows as it is read
        page = office.send("GET", f"/v1/tasks?limit=3{token and f'&after={token}'}").json
        seen += [task["id"] for task in page["tasks"]]
        tokens += [page["next"]] if page["next"] else []
    assert sorted(seen) == sorted(made)
    assert len(tokens) == 3
    for query in (f"only=open&after={tokens[1]}", "after=x", "after=bnVsbA", "after="):
        assert office.send("GET", f"/v1/tasks?{query}").kind == "page"


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"title": "x", "colour": "red"},
        {"title": "x", "id": "mine"},
        {"title": ""},
        {"title": " \u2003"},
        {"title": "two\nlines"},
        {"title": "x" * 501},
        {"title": 7},
        {"title": "\ud800"},
        {"title": "x", "notes": "\x00"},
        {"title": "x", "done": "yes"},
        {"title": "x", "due": "2026-03-12T09:30:00"},
        {"title": "x", "due": "2026-02-30"},
        {"title": "x", "due": "12.3.2026"},
        {"title": "x", "due": 0},
        {"title": "x", "due": "0001-01-01T00:00:00+14:00"},
        {"title": "x", "source": {"kind": "mail"}},
        {"title": "x", "source": {"kind": "fax", "id": "1"}},
        {"title": "x", "source": {"kind": "mail", "id": "1", "link": "javascript:alert(1)"}},
        {"title": "x", "source": {"kind": "mail", "id": "1", "link": "https://"}},
        {"title": "x", "source": {"kind": "mail", "id": "1", "more": 1}},
    ],
    ids=str,
)
def test_bodies_that_do_not_fit(office: Office, body: Any) -> None:
    refused = office.put("POST", "/v1/tasks", body)
    assert (refused.status, refused.kind) == (422, "invalid")
    assert refused.json["errors"]
    assert refused.headers["content-type"] == "application/problem+json"


def test_a_change_cannot_move_a_task_to_another_source(office: Office) -> None:
    made = office.create(source=MAIL)
    for change in ({"source": MAIL}, {"id": "x"}, {"title": None}, {"done": None}, {"etag": '"9"'}):
        assert office.put("PATCH", f"/v1/tasks/{made['id']}", change).status == 422


def test_bodies_that_are_no_json(office: Office) -> None:
    sent = {"content_type": "application/json; charset=utf-8"}
    for body in (b"", b"{", b"\xff", b'{"title": "a", "title": "b"}', b'{"title": NaN}', b"[" * 90_000):
        assert office.send("POST", "/v1/tasks", body, **sent).kind == "not-json"
    assert office.send("POST", "/v1/tasks", b"title=x", content_type="application/x-www-form-urlencoded").status == 415
    assert office.send("POST", "/v1/tasks", b'{"title": "x"}').status == 415
    assert office.send("POST", "/v1/tasks", b" " * (LARGEST + 1), **sent).status == 413
    assert office.titles() == []


@pytest.mark.parametrize(
    "query",
    ["colour=red", "only=", "only=open&only=done", "limit=0", "limit=201", "limit=1_0", "limit= 5", "limit=x",
     "due_before=tomorrow", "due_before=2026-03-12T09:30:00", "due_from=", "source_kind=fax", "source_id="],
)  # fmt: skip
def test_queries_that_do_not_fit(office: Office, query: str) -> None:
    assert office.send("GET", f"/v1/tasks?{query.replace(' ', '%20')}").status == 400


def test_what_is_not_there(office: Office) -> None:
    assert office.send("GET", "/").kind == office.send("GET", "/v1/tasks/").kind == "not-found"
    assert office.send("GET", "/v1/tasks/nothing").status == 404
    refused = office.send("PUT", "/v1/tasks")
    assert (refused.status, refused.kind) == (405, "method")
    assert {"GET", "POST"} <= set(refused.headers["allow"].split(", "))
    assert office.send("DELETE", "/v1/tasks/x?force=1").kind == "parameters"
    assert office.send("HEAD", "/v1/tasks").body == b""


def test_another_host_name_is_not_answered(office: Office) -> None:
    assert office.send("GET", "/openapi.json", host="evil.example").status == 400
    assert office.send("GET", "/openapi.json", host="localhost:9").status == 200


def test_the_api_describes_itself(office: Office) -> None:
    described = office.send("GET", "/openapi.json", authorization="").json
    assert described["openapi"].startswith("3.1")
    operations = {one["operationId"]: one for path in described["paths"].values() for one in path.values()}
    assert set(operations) == {
        "list_tasks", "create_task", "get_task", "change_task", "delete_task", "restore_task",
    }  # fmt: skip
    assert operations["list_tasks"]["security"] == [{"login": ["tasks:read"]}]
    references = [text.split('"')[0] for text in json.dumps(described).split('"$ref": "#/components/schemas/')[1:]]
    assert set(references) <= set(described["components"]["schemas"])
    assert described["components"]["schemas"]["NewTask"]["additionalProperties"] is False
