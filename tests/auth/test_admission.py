"""What goes out is what was checked: headers, overrides, and every part of a batch."""

from __future__ import annotations

import re

import pytest

from auth.admission import FORM, Admitted, admit
from auth.capability import Capability
from auth.errors import Refused
from tests.auth.signed import GMAIL, ME, READ, TOKEN, WRITE, capability, signed
from tests.loopback import ok

BATCH = f"https://{GMAIL}/batch"
MIXED = 'multipart/mixed; boundary="b"'
THREADS = "/gmail/v1/users/me/threads"


def check(
    url: str = f"{ME}/threads",
    *,
    method: str = "GET",
    body: bytes | None = None,
    given: Capability = READ,
    **headers: str,
) -> Admitted:
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return admit(given, method, url, named, body)


def test_the_headers_of_the_clients_go_through_under_one_spelling() -> None:
    admitted = check(Accept="application/json", User_Agent="(gzip)", X_Goog_Api_Client="gl-python/3", If_Match='"e"')
    assert admitted.headers == {
        "accept": "application/json",
        "user-agent": "(gzip)",
        "x-goog-api-client": "gl-python/3",
        "if-match": '"e"',
    }


@pytest.mark.parametrize(
    "name",
    [
        "Authorization",
        "authorization",
        "Proxy-Authorization",
        "Cookie",
        "Host",
        "Connection",
        "Transfer-Encoding",
        "Upgrade",
        "Expect",
        "X-HTTP-Method",
        "X-Method-Override",
        "X-Forwarded-Host",
        "X-Original-URL",
        "X-Goog-User-Project",
        "X-Made-Up",
        "Accept ",
        "Accept\r\nHost",
        "",
    ],
)
def test_a_header_nobody_listed_is_refused(name: str) -> None:
    with pytest.raises(Refused, match="nothing was sent"):
        admit(READ, "GET", f"{ME}/threads", [(name, "x")], None)


@pytest.mark.parametrize("value", ["a\r\nHost: evil", "a\nb", "a\r\n b", "a\x00b", "ä"])
def test_a_header_value_that_could_end_its_line_is_refused(value: str) -> None:
    with pytest.raises(Refused, match="Accept"):
        check(Accept=value)


def test_a_header_given_twice_is_refused() -> None:
    with pytest.raises(Refused):
        admit(READ, "GET", f"{ME}/threads", [("Content-Type", "a/b"), ("content-type", "c/d")], None)


def test_a_length_the_caller_states_cannot_smuggle_a_second_request() -> None:
    """The rest of the body would be read as the next request on the connection."""
    smuggled = b"{}DELETE /gmail/v1/users/me HTTP/1.1\r\nHost: x\r\n\r\n"
    with signed(ok, WRITE) as world:
        world.transport.request("POST", f"{ME}/messages/send", body=smuggled, headers={"Content-Length": "2"})
        world.transport.request("POST", f"{ME}/messages/send", body=b"{}")
        assert [(got.method, got.body) for got in world.server.got] == [("POST", smuggled), ("POST", b"{}")]


def test_a_refused_request_reaches_no_server() -> None:
    with signed(ok) as world:
        for headers in ({"Host": "evil.example"}, {"Authorization": f"Bearer {TOKEN}"}):
            with pytest.raises(Refused):
                world.transport.request("GET", f"{ME}/threads", headers=headers)
        assert world.server.connections == 0
        assert world.audit.outcomes == [("not admitted", "refused")] * 2


def override(url: str, body: bytes, *, to: str = "GET", method: str = "POST", form: str = FORM) -> Admitted:
    return check(url, method=method, body=body, X_HTTP_Method_Override=to, Content_Type=form)


def test_a_long_get_may_travel_as_a_post_and_is_checked_as_the_get_it_is() -> None:
    admitted = override(f"{ME}/threads/1", b"format=full&metadataHeaders=From")
    assert (admitted.method, admitted.body) == ("POST", b"format=full&metadataHeaders=From")
    assert admitted.operation.startswith("GET ")


@pytest.mark.parametrize(
    ("url", "body", "changed"),
    [
        (f"{ME}/threads/1", b"format=raw", {}),
        (f"{ME}/threads/1", b"", {}),
        (f"{ME}/threads/1?format=raw", b"format=full", {}),
        (f"{ME}/threads/1", b"format=full#", {}),
        (f"{ME}/threads/1", "format=full&q=ä".encode(), {}),
        (f"{ME}/threads/1", b"format=full", {"method": "DELETE"}),
        (f"{ME}/threads/1", b"format=full", {"method": "GET"}),
        (f"{ME}/threads/1", b"format=full", {"form": "application/json"}),
        (f"{ME}/threads/1", b"format=full", {"to": "DELETE"}),
        (f"{ME}/threads/1", b"format=full", {"to": "get"}),
        (f"{ME}/messages/send", b"", {}),
    ],
)
def test_an_override_opens_no_other_road(url: str, body: bytes, changed: dict[str, str]) -> None:
    with pytest.raises(Refused):
        override(url, body, **changed)


def part(line: str, *headers: str, body: str = "", outer: str = "Content-Type: application/http") -> str:
    return "\r\n".join([outer, "Content-ID: <x + 1>", "", line, *headers, "", body])


def batch(*parts: str, content_type: str = MIXED, url: str = BATCH, given: Capability = READ) -> Admitted:
    body = "".join(f"--b\r\n{text}\r\n" for text in parts) + "--b--\r\n"
    return check(url, method="POST", body=body.encode(), given=given, Content_Type=content_type)


GOOD = part(f"GET {THREADS}/1?format=full HTTP/1.1", "Accept: application/json", f"Host: {GMAIL}")


def test_a_batch_is_written_anew_from_its_checked_parts() -> None:
    admitted = batch(GOOD, part(f"GET {THREADS} HTTP/1.1"))
    assert admitted.operation == (
        f"POST {GMAIL}/batch (2 x GET {GMAIL}{THREADS}; GET {GMAIL}{THREADS}/*?format=full|metadata)"
    )
    boundary = admitted.headers["content-type"].partition("boundary=")[2]
    assert re.fullmatch("[0-9a-f]{32}", boundary)
    head = "Content-Type: application/http\r\nContent-ID: <x + 1>\r\n\r\n"
    assert (admitted.body or b"").decode() == (
        f"--{boundary}\r\n{head}GET {THREADS}/1?format=full HTTP/1.1\r\naccept: application/json\r\n\r\n\r\n"
        f"--{boundary}\r\n{head}GET {THREADS} HTTP/1.1\r\n\r\n\r\n"
        f"--{boundary}--\r\n"
    )


def bare(line: str) -> str:
    return f"Content-Type: application/http\r\nContent-ID: <r0>\r\n\r\n{line}\r\n"


def test_a_bare_part_is_written_as_any_other_that_says_the_same() -> None:
    line = f"GET {THREADS}/1?format=full HTTP/1.1"
    other = bare(line).replace("Content-Type", "content-type") + f"Host: {GMAIL}\r\n"
    written = [batch(one) for one in (bare(line), other)]
    boundaries = [one.headers["content-type"].partition("boundary=")[2].encode() for one in written]
    first, second = ((one.body or b"").replace(mark, b"") for one, mark in zip(written, boundaries, strict=True))
    assert first == second
    assert written[0].operation == written[1].operation


@pytest.mark.parametrize(
    "line",
    [
        f"DELETE {THREADS}/1 HTTP/1.1",
        f"GET {THREADS}/1?format=raw HTTP/1.1",
        f"GET {THREADS}/1?format=full&$httpMethod=DELETE HTTP/1.1",
        f"GET {THREADS}/../messages/1 HTTP/1.1",
        f"GET {THREADS}/1?format=full#x HTTP/1.1",
        "GET /batch HTTP/1.1",
    ],
)
def test_a_bare_part_is_checked_as_any_other(line: str) -> None:
    with pytest.raises(Refused):
        batch(bare(line))


def test_a_part_may_be_a_request_line_alone() -> None:
    for ending in ("", "\r\n"):
        written = (batch(bare(f"GET {THREADS} HTTP/1.1") + ending).body or b"").decode()
        assert f"<r0>\r\n\r\nGET {THREADS} HTTP/1.1\r\n\r\n" in written


def test_a_part_keeps_its_body_and_gets_its_true_length() -> None:
    send = part("POST /gmail/v1/users/me/messages/send HTTP/1.1", "Content-Length: 1", body='{"raw": "grüße"}')
    written = (batch(send, given=WRITE).body or b"").decode()
    assert 'content-length: 18\r\n\r\n{"raw": "grüße"}\r\n--' in written


@pytest.mark.parametrize(
    "bad",
    [
        part("DELETE /gmail/v1/users/me/threads/1 HTTP/1.1"),
        part("POST /gmail/v1/users/me/messages/send HTTP/1.1"),
        part(f"GET {THREADS}/1?format=raw HTTP/1.1"),
        part(f"GET {THREADS}/1/../../messages?format=full HTTP/1.1"),
        part("GET //evil.example/gmail HTTP/1.1"),
        part("GET https://evil.example/ HTTP/1.1"),
        part("GET @evil.example/ HTTP/1.1"),
        part("GET  /gmail/v1/users/me/threads HTTP/1.1"),
        part(f"GET {THREADS}"),
        part(f"GET {THREADS} HTTP/1.1\tHTTP/1.1"),
        part(f"get {THREADS} HTTP/1.1"),
        part(f"GET {THREADS} HTTP/1.1", "Authorization: Bearer other"),
        part(f"GET {THREADS} HTTP/1.1", "Host: evil.example"),
        part(f"GET {THREADS} HTTP/1.1", "X-HTTP-Method-Override: DELETE"),
        part(f"POST {THREADS} HTTP/1.1", "X-HTTP-Method-Override: GET", f"Content-Type: {FORM}"),
        part(f"GET {THREADS} HTTP/1.1", "X-Made-Up: 1"),
        part(f"GET {THREADS} HTTP/1.1", " folded: 1"),
        part(f"GET {THREADS} HTTP/1.1", "Accept: a\rDELETE /x HTTP/1.1"),
        part(f"GET {THREADS} HTTP/1.1", outer="Content-Type: text/plain"),
        part(f"GET {THREADS} HTTP/1.1", outer="Content-Type: multipart/mixed; boundary=c"),
        part(f"GET {THREADS} HTTP/1.1", outer="Content-Type: application/http\r\nContent-Transfer-Encoding: base64"),
        part("POST /batch HTTP/1.1", f"Content-Type: {MIXED}", body="--b"),
        "Content-Type: application/http\r\n\r\n",
        "",
    ],
)
def test_one_part_that_is_not_admitted_stops_the_whole_batch(bad: str) -> None:
    with pytest.raises(Refused):
        batch(GOOD, bad)


@pytest.mark.parametrize(
    "content_type",
    [
        "Multipart/Mixed; boundary=zzz",
        "multipart/mixed",
        "multipart/parallel; boundary=b",
        "multipart/related; boundary=b",
        "application/json",
        "text/plain",
        "",
    ],
)
def test_what_goes_to_the_batch_address_is_a_readable_batch(content_type: str) -> None:
    with pytest.raises(Refused):
        batch(GOOD, content_type=content_type)


@pytest.mark.parametrize("content_type", [MIXED, "MULTIPART/MIXED; boundary=b", " multipart/mixed;boundary=b"])
def test_a_batch_is_one_however_its_type_is_spelt(content_type: str) -> None:
    with pytest.raises(Refused):
        batch(part("POST /gmail/v1/users/me/messages/send HTTP/1.1"), content_type=content_type)


def test_a_batch_without_its_end_is_refused() -> None:
    body = f"--b\r\n{GOOD}\r\n".encode()
    with pytest.raises(Refused, match="nothing was sent"):
        check(BATCH, method="POST", body=body, Content_Type=MIXED)


def test_a_batch_as_mime_writers_fold_and_frame_it_is_read() -> None:
    """Bare line feeds, headers and parameters beside those needed, a folded Content-ID, an epilogue."""
    part = (
        "Content-Type: application/http; msgtype=request\nMIME-Version: 1.0\nContent-Transfer-Encoding: binary\n"
        f"Content-ID:\n <x + 1>\n\nGET {THREADS} HTTP/1.1\nMIME-Version: 1.0\nHost: {GMAIL}\n\n"
    )
    body = f"\n--==b==\n{part}\n--==b==--\nepilogue".encode()
    admitted = check(BATCH, method="POST", body=body, Content_Type='multipart/mixed; boundary="==b=="')
    assert f"Content-ID: <x + 1>\r\n\r\nGET {THREADS} HTTP/1.1\r\n\r\n" in (admitted.body or b"").decode()


@pytest.mark.parametrize("path", ["/batch/calendar/v3", "/batch/drive/v3"])
def test_the_parts_for_another_service_are_checked_too(path: str) -> None:
    given = capability("POST www.googleapis.com/batch/**", "GET www.googleapis.com/calendar/v3/calendars/*/events")
    url = f"https://www.googleapis.com{path}"
    admitted = batch(part("GET /calendar/v3/calendars/primary/events HTTP/1.1"), url=url, given=given)
    assert "calendars/primary" in (admitted.body or b"").decode()
    with pytest.raises(Refused):
        batch(part("DELETE /calendar/v3/calendars/primary HTTP/1.1"), url=url, given=given)


def test_an_unlisted_batch_is_refused() -> None:
    with pytest.raises(Refused):
        batch(GOOD, given=capability(f"GET {GMAIL}{THREADS}/*"))
