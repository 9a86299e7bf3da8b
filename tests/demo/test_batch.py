"""Batches: every part is admitted by itself; the wall of requests in flight; what is no batch."""

from __future__ import annotations

import json
from collections.abc import Sequence
from email import message_from_bytes
from typing import Any

import pytest

from app.demo.faults import Fault
from app.demo.quota import Limits
from app.demo.server import Running, serve
from app.demo.workspace import Workspace
from tests.demo.little_office import CALENDAR, READONLY, Answer, Client, file, letter, sign_in

KIND = {"Content-Type": 'multipart/mixed; boundary="==edge=="'}
PROFILE = "GET /gmail/v1/users/me/profile"


def write(parts: Sequence[str], ending: str = "\n") -> str:
    """A batch body; a part is a request line and, after it, header lines and a body as they are."""
    pieces = [
        ending.join(["--==edge==", "Content-Type: application/http", f"Content-ID: <b-id + {n}>", "", part, ""])
        for n, part in enumerate(parts)
    ]
    return ending.join([*pieces, "--==edge==--", ""])


def send(client: Client, *parts: str, path: str = "/batch", **options: Any) -> list[tuple[str, int, Any]]:
    """Name, status and JSON of every answer."""
    return read(client.send("POST", path, write([f"{part} HTTP/1.1\n\n" for part in parts], **options), KIND))


def read(answer: Answer) -> list[tuple[str, int, Any]]:
    assert answer.status == 200, answer.body
    message = message_from_bytes(f"Content-Type: {answer.headers['Content-Type']}\r\n\r\n".encode() + answer.body)
    found = []
    for part in list(message.walk())[1:]:
        assert part.get_content_type() == "application/http"
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        head, _, body = content.partition(b"\r\n\r\n")
        value = json.loads(body) if body.startswith(b"{") else body
        found.append((str(part["Content-ID"]), int(head.split()[1]), value))
    return found


@pytest.mark.parametrize("path", ["/batch", "/batch/gmail/v1"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_answers_come_in_order_and_by_name(alex: Client, office: Workspace, path: str, ending: str) -> None:
    message = file(office, letter(body="Grüße"))
    one = f"GET /gmail/v1/users/me/messages/{message}?format=minimal"
    answers = send(alex, PROFILE, one, "GET /gmail/v1/users/me/messages/1234", path=path, ending=ending)
    assert [(name, status) for name, status, _ in answers] == [
        ("<response-b-id + 0>", 200),
        ("<response-b-id + 1>", 200),
        ("<response-b-id + 2>", 404),
    ]
    assert answers[1][2]["snippet"] == "Grüße"


def test_every_part_is_admitted_by_itself(running: Running, alex: Client) -> None:
    narrow = sign_in(running, CALENDAR)["access_token"]
    parts = [
        f"{PROFILE} HTTP/1.1\n\n",
        f"{PROFILE} HTTP/1.1\nAuthorization: Bearer {narrow}\n\n",
        f"{PROFILE} HTTP/1.1\nAuthorization: Bearer ya29.demo-none\n\n",
        "POST /gmail/v1/users/me/messages/send HTTP/1.1\nContent-Type: application/json\n\n{}",
        "GET /calendar/v3/users/me/calendarList HTTP/1.1\n\n",
        "POST /batch HTTP/1.1\n\n",
        f"GET /tokeninfo?access_token={narrow} HTTP/1.1\n\n",
    ]
    answers = read(alex.send("POST", "/batch", write(parts), KIND))
    assert [status for _, status, _ in answers] == [200, 403, 401, 403, 404, 404, 404]
    without = Client(running)
    assert [status for _, status, _ in send(without, PROFILE)] == [401]
    without.close()


def test_the_calendar_has_a_batch_of_its_own(alex: Client) -> None:
    body = '{"timeMin": "2026-03-26T00:00:00Z", "timeMax": "2026-03-27T00:00:00Z", "items": []}'
    ask = f"POST /calendar/v3/freeBusy HTTP/1.1\nContent-Type: application/json\n\n{body}"
    parts = [ask, "GET /calendar/v3/users/me/settings/locale HTTP/1.1\n\n", f"{PROFILE} HTTP/1.1\n\n"]
    answers = read(alex.send("POST", "/batch/calendar/v3", write(parts), KIND))
    assert [status for _, status, _ in answers] == [200, 200, 404]


@pytest.mark.parametrize(
    ("body", "kind", "told"),
    [
        (write([f"{PROFILE} HTTP/1.1\n\n"] * 101), KIND, "Received: 101, Limit: 100"),
        (write([]), KIND, "0 items"),
        (write(["\n"]), KIND, "request line"),
        ("{}", {"Content-Type": "application/json"}, "multipart/mixed"),
        (write([PROFILE]), {"Content-Type": "multipart/mixed"}, "multipart/mixed"),
    ],
)
def test_what_is_no_batch(alex: Client, body: str, kind: dict[str, str], told: str) -> None:
    answer = alex.send("POST", "/batch", body, kind)
    assert answer.status == 400
    assert told in answer.json["error"]["message"]


def test_a_batch_larger_than_the_wall_is_served_in_part(alex: Client) -> None:
    answers = send(alex, *[PROFILE] * 60)
    assert [status for _, status, _ in answers] == [200] * 50 + [429] * 10
    assert answers[-1][2]["error"]["message"] == "Too many concurrent requests for user."
    assert [status for _, status, _ in send(alex, *[PROFILE] * 50)] == [200] * 50, "the places are free again"


def test_the_quota_counts_the_parts(office: Workspace) -> None:
    with serve(office, limits=Limits(gmail_units_per_minute=3)) as running:
        client = Client(running, sign_in(running, READONLY)["access_token"])
        assert [status for _, status, _ in send(client, *[PROFILE] * 5)] == [200, 200, 200, 429, 429]
        client.close()


def test_parts_can_be_made_to_fail_and_are_in_the_log(running: Running, alex: Client) -> None:
    running.faults.add(Fault("GET /gmail/v1/users/me/profile", status=503, times=2))
    running.faults.add(Fault("GET /gmail/v1/users/me/labels*", status=429, retry_after=7))
    running.faults.add(Fault("GET /gmail/v1/users/me/threads*", kind="delay", seconds=0.01))
    labels, threads = "GET /gmail/v1/users/me/labels", "GET /gmail/v1/users/me/threads"
    answers = send(alex, PROFILE, labels, PROFILE, PROFILE, threads)
    assert [status for _, status, _ in answers] == [503, 429, 503, 200, 200]
    parts = [(record.path[-7:], record.status) for record in running.log if record.inside_batch]
    assert parts == [("profile", 503), ("/labels", 429), ("profile", 503), ("profile", 200), ("threads", 200)]
    assert running.faults.waiting() == []
