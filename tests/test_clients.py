"""The real Google client over the signed transport: every way it sends, and every way an answer can be wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaInMemoryUpload

from auth.capability import Capability
from auth.errors import Cancelled, Refused
from tests.auth.signed import GMAIL, GOOGLE, TOKEN, WRITE, Signed, capability, signed
from tests.loopback import Got, Line, Play, ok, once_each, whole
from tools.clients import GoogleHttp, calendar, gmail, google, run
from tools.errors import AccessRefused, BadArgument, NotFound, RateLimited, ServiceDown, ToolError, Unreadable

THREADS = "/gmail/v1/users/me/threads"


def threads(world: Signed, **arguments: Any) -> dict[str, Any]:
    return run(gmail().users().threads().list(userId="me", **arguments), world.transport, service="Gmail")


def test_a_call_goes_to_the_real_name_by_way_of_its_origin() -> None:
    with signed(ok) as world:
        assert threads(world, q="from:ana@example.org", maxResults=5)["path"] == THREADS
        (got,) = world.server.got
    assert got.target == f"{THREADS}?q=from%3Aana%40example.org&maxResults=5&alt=json"
    assert got.headers["authorization"] == f"Bearer {TOKEN}"


def test_the_calendar_client_encodes_an_id_so_that_it_stays_one_segment() -> None:
    events = capability(f"GET {GOOGLE}/calendar/v3/calendars/*/events")
    request = calendar().events().list(calendarId="de.german#holiday@group.v.calendar.google.com")
    with signed(ok, events) as world:
        found = run(request, world.transport, service="Calendar")
    assert found["path"] == "/calendar/v3/calendars/de.german%23holiday%40group.v.calendar.google.com/events"


@pytest.mark.parametrize("hostile", ["../../messages/send", "a/b", "..", "x?format=raw", "a:trash", "a%2fb"])
def test_an_id_of_somebody_elses_making_leads_nowhere_else(hostile: str) -> None:
    request = gmail().users().threads().get(userId="me", id=hostile, format="full")
    with signed(ok) as world:
        try:
            run(request, world.transport, service="Gmail")
        except Refused:
            assert world.server.connections == 0
        else:
            assert [got.path.count("/") for got in world.server.got] == [THREADS.count("/") + 1]


def test_a_method_the_capability_lacks_is_refused_before_anything_is_sent() -> None:
    request = gmail().users().messages().send(userId="me", body={"raw": "aGk"})
    with signed(ok) as world:
        with pytest.raises(Refused, match=r"'POST' to gmail\.googleapis\.com/gmail/v1/users/me/messages/send"):
            run(request, world.transport, service="Gmail")
        assert world.server.connections == 0


def test_a_get_too_long_for_a_url_arrives_as_the_post_it_becomes() -> None:
    query = " OR ".join(f"from:person{n}@example.org" for n in range(200))
    with signed(ok) as world:
        threads(world, q=query)
        (got,) = world.server.got
    assert (got.method, got.target, got.headers["x-http-method-override"]) == ("POST", THREADS, "GET")
    assert got.body.startswith(b"q=from%3Aperson0%40example.org+OR")
    assert world.audit.outcomes == [(f"GET {GMAIL}{THREADS}", "200")]


def test_a_long_get_that_is_not_admitted_is_refused_as_a_post_too() -> None:
    request = gmail().users().threads().get(userId="me", id="1", format="minimal", metadataHeaders=["X" * 3000])
    with signed(ok) as world:
        with pytest.raises(Refused, match="'GET'"):
            run(request, world.transport, service="Gmail")
        assert world.server.connections == 0


def batch_of(*requests: Any) -> tuple[Any, dict[str, Any]]:
    answers: dict[str, Any] = {}

    def keep(name: str, answer: Any, error: HttpError | None) -> None:
        answers[name] = error.resp.status if error else answer

    batch = gmail().new_batch_http_request(callback=keep)
    for request in requests:
        batch.add(request)
    return batch, answers


def answer_batch(got: Got, line: Line) -> None:
    """Answers each part with the request line it came with; the second is not there."""
    boundary = got.headers["content-type"].partition("boundary=")[2]
    pieces = got.body.decode().split(f"--{boundary}")[1:-1]
    parts = []
    for number, piece in enumerate(pieces, 1):
        name = piece.partition("Content-ID: <")[2].partition(">")[0]
        line_sent = piece.partition("\r\n\r\n")[2].partition("\r\n")[0]
        body = json.dumps({"line": line_sent})
        head = f"HTTP/1.1 {404 if number == 2 else 200} Said\r\nContent-Type: application/json\r\n\r\n"
        parts.append(f"--r\r\nContent-Type: application/http\r\nContent-ID: <response-{name}>\r\n\r\n{head}{body}\r\n")
    line.reply(200, ("".join(parts) + "--r--").encode(), Content_Type="multipart/mixed; boundary=r")


def test_a_batch_is_one_request_and_each_part_gets_its_own_answer() -> None:
    one = gmail().users().threads()
    batch, answers = batch_of(*(one.get(userId="me", id=str(n), format="full") for n in range(3)))
    with signed(answer_batch) as world:
        batch.execute(http=GoogleHttp(world.transport, service="Gmail"))
        assert [got.path for got in world.server.got] == ["/batch"]
        inner = f"GET {GMAIL}{THREADS}/*?format=full|metadata"
        assert world.audit.outcomes == [(f"POST {GMAIL}/batch (3 x {inner})", "200")]
    assert answers == {
        "1": {"line": f"GET {THREADS}/0?format=full&alt=json HTTP/1.1"},
        "2": 404,
        "3": {"line": f"GET {THREADS}/2?format=full&alt=json HTTP/1.1"},
    }


def test_a_batch_with_one_part_too_many_sends_nothing() -> None:
    one = gmail().users().threads()
    batch, answers = batch_of(one.get(userId="me", id="1", format="full"), one.trash(userId="me", id="1"))
    with signed(ok) as world:
        with pytest.raises(Refused, match="trash"):
            batch.execute(http=GoogleHttp(world.transport, service="Gmail"))
        assert (world.server.connections, answers) == (0, {})


def upload(*, resumable: bool) -> Any:
    media = MediaInMemoryUpload(b"From: me\r\n\r\nHi", mimetype="message/rfc822", resumable=resumable)
    return gmail().users().messages().send(userId="me", body={"threadId": "t1"}, media_body=media)


def test_an_upload_in_one_piece_arrives_with_its_parts() -> None:
    with signed(ok, WRITE) as world:
        assert run(upload(resumable=False), world.transport, service="Gmail")["path"].startswith("/upload/")
        (got,) = world.server.got
    assert got.headers["content-type"].startswith("multipart/related")
    assert b'{"threadId": "t1"}' in got.body
    assert b"From: me\r\n\r\nHi" in got.body


def test_a_resumable_upload_sends_its_bytes_where_the_capability_lets_it() -> None:
    place = f"https://{GMAIL}/upload/gmail/v1/users/me/messages/send?uploadType=resumable&upload_id=u1"
    given = Capability("google", "gmail.read", WRITE.scopes, (*WRITE.operations, PUT_UPLOAD), "write")
    with signed(once_each(lambda got, line: line.reply(200, Location=place), ok), given) as world:
        run(upload(resumable=True), world.transport, service="Gmail")
        first, second = world.server.got
    assert (first.method, first.headers["x-upload-content-length"]) == ("POST", "14")
    assert (second.method, second.body) == ("PUT", b"From: me\r\n\r\nHi")


PUT_UPLOAD = f"PUT {GMAIL}/upload/gmail/v1/users/me/messages/send?uploadType=resumable"


def test_a_resumable_upload_follows_no_answer_to_another_host() -> None:
    given = Capability("google", "gmail.read", WRITE.scopes, (*WRITE.operations, PUT_UPLOAD), "write")
    with signed(lambda got, line: line.reply(200, Location="https://evil.example/take"), given) as world:
        with pytest.raises(Refused, match=r"evil\.example"):
            run(upload(resumable=True), world.transport, service="Gmail")
        assert len(world.server.got) == 1


def fault(status: int, reason: str = "", message: str = "said the service", **headers: str) -> Play:
    error = {"code": status, "message": message, "errors": [{"reason": reason, "domain": "global"}]}
    return lambda got, line: line.reply(status, {"error": error}, **headers)


@pytest.mark.parametrize(
    ("play", "kind", "text"),
    [
        (fault(400, "badRequest"), BadArgument, "Gmail refused the request: said the service"),
        (fault(401, "authError"), AccessRefused, "Reconnect Gmail"),
        (fault(403, "insufficientPermissions"), AccessRefused, "Gmail refused access"),
        (fault(403, "rateLimitExceeded"), RateLimited, "Try again in 60 seconds"),
        (fault(403, "userRateLimitExceeded"), RateLimited, "slow down"),
        (fault(404, "notFound"), NotFound, "said the service"),
        (fault(410, "deleted"), NotFound, "List the items again"),
        (fault(429, "rateLimitExceeded", Retry_After="30"), RateLimited, "Try again in 30 seconds"),
        (fault(429, "rateLimitExceeded", Retry_After="²²"), RateLimited, "Try again in 60 seconds"),
        (fault(503, "backendError", Retry_After="99"), ServiceDown, "HTTP 503"),
    ],
)
def test_an_error_answer_becomes_the_error_that_fits(play: Play, kind: type[ToolError], text: str) -> None:
    with signed(play, fresh=lambda dead: None) as world, pytest.raises(kind, match=text):
        threads(world)


SHAPES = [
    b"",
    b"<html>Forbidden</html>",
    b"\xff\xfe\x00",
    b"null",
    b"[]",
    b"7",
    b'"message"',
    b'{"error": "message of one word"}',
    b'{"error": {"message": {"not": "text"}}}',
    b'{"error": {"message": null, "errors": null}}',
    b'{"error": {"errors": [7]}}',
    b'{"error": {"errors": {"reason": "x"}}}',
    b"[" * 100_000,
]


@pytest.mark.parametrize("body", SHAPES, ids=lambda body: repr(body[:30]))
@pytest.mark.parametrize("status", [400, 403, 404])
def test_an_error_in_an_unknown_shape_is_still_the_error_of_its_status(status: int, body: bytes) -> None:
    kind = {400: BadArgument, 403: AccessRefused, 404: NotFound}[status]
    with signed(lambda got, line: line.reply(status, body)) as world, pytest.raises(kind):
        threads(world)


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[1, 2]", b'"text"', b"null", b'{"half": ', b"\xff\xfe", b"[" * 100_000],
    ids=lambda b: repr(b[:9]),
)
def test_a_200_that_is_no_json_object_is_unreadable(body: bytes) -> None:
    with signed(lambda got, line: line.reply(200, body)) as world, pytest.raises(Unreadable, match="Gmail sent"):
        threads(world)


def reset(got: Got, line: Line) -> None:
    line.reset()


def truncated(got: Got, line: Line) -> None:
    line.send(whole(200, b'{"half": 1}', Content_Length="400"))
    line.hang_up()


@pytest.mark.parametrize("play", [reset, truncated])
def test_no_whole_answer_is_the_service_being_down(play: Play) -> None:
    with signed(play) as world, pytest.raises(ServiceDown, match=r"Gmail did not answer: .*Try again"):
        threads(world)


def test_a_send_that_broke_off_was_sent_once() -> None:
    request = gmail().users().messages().send(userId="me", body={"raw": "aGk"})
    with signed(reset, WRITE) as world:
        with pytest.raises(ServiceDown):
            run(request, world.transport, service="Gmail")
        assert len(world.server.got) == 1


def test_a_redirect_is_not_an_answer() -> None:
    with signed(lambda got, line: line.reply(302, b"", Location="https://evil.example")) as world:
        with pytest.raises(BadArgument):
            threads(world)
        assert len(world.server.got) == 1


def test_a_stopped_turn_is_no_fault_of_the_service() -> None:
    with signed(ok) as world:
        world.cut.make()
        with pytest.raises(Cancelled):
            threads(world)


@pytest.mark.parametrize("answer", [b"HTTP/1.1 204 No Content\r\n\r\n", whole(200, b"")])
def test_an_empty_answer_to_a_deletion_is_an_empty_object(answer: bytes) -> None:
    given = capability(f"DELETE {GMAIL}/gmail/v1/users/me/drafts/*", effect="write")
    request = gmail().users().drafts().delete(userId="me", id="d1")
    with signed(lambda got, line: line.send(answer), given) as world:
        assert run(request, world.transport, service="Gmail") == {}


def test_a_client_is_built_once() -> None:
    assert google("gmail", "v1") is gmail()
