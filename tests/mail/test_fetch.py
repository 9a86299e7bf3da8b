"""Bulk reads: batches within the limit in flight, failed parts asked again, what stays failed named."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

from tools.errors import AccessRefused, NotFound, RateLimited, ServiceDown
from tools.mail import batch
from tools.mail.fetch import BATCHES, IN_FLIGHT, LONGEST_PAUSE, ROUNDS, Fetched, chunked, get_all

PATH = re.compile(rb"GET (\S+) HTTP/1\.1")
Answerer = Callable[[str, int], tuple[int, Any, str]]


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Service:
    """Answers batches: `answer(path, times asked)` gives status, object and extra headers of each part."""

    answer: Answerer
    spoil: Callable[[int, bytes], bytes] = lambda number, body: body
    asked: dict[str, int] = field(default_factory=dict)
    batches: int = 0
    flying: int = 0
    most: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def request(
        self, method: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        assert (method, url) == ("POST", batch.BATCH_URL)
        paths = [found.decode() for found in PATH.findall(body or b"")]
        with self.lock:
            self.batches += 1
            number = self.batches
            self.flying += len(paths)
            self.most = max(self.most, self.flying)
        pieces = [self.part(n, path) for n, path in enumerate(paths)]
        with self.lock:
            self.flying -= len(paths)
        whole = b"".join(pieces) + b"--b7--\r\n"
        return Reply(200, {"Content-Type": "multipart/mixed; boundary=b7"}, self.spoil(number, whole))

    def part(self, number: int, path: str) -> bytes:
        with self.lock:
            self.asked[path] = self.asked.get(path, 0) + 1
        status, content, extra = self.answer(path, self.asked[path])
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        head = (
            f"--b7\r\nContent-Type: application/http\r\nContent-ID: <response-r{number}>\r\n\r\nHTTP/1.1 {status} X\r\n"
        )
        return f"{head}{extra}Content-Length: {len(raw)}\r\n\r\n".encode() + raw + b"\r\n"


def error(status: int, reason: str = "") -> dict[str, Any]:
    return {"error": {"code": status, "message": "no", "errors": [{"reason": reason}]}}


def fetch(service: Service, count: int, pauses: list[float] | None = None) -> Fetched:
    slept: list[float] = [] if pauses is None else pauses
    return get_all(service, [f"/x/{n}" for n in range(count)], lambda *_: None, what="reading", pause=slept.append)


def echo(path: str, times: int) -> tuple[int, Any, str]:
    return 200, {"path": path}, ""


def test_every_answer_belongs_to_its_request() -> None:
    service = Service(echo)
    found = fetch(service, 120)
    assert found.found == {f"/x/{n}": {"path": f"/x/{n}"} for n in range(120)}
    assert not found.failed
    assert service.most <= IN_FLIGHT
    assert service.batches == 3 * BATCHES


@pytest.mark.parametrize("count", [0, 1, 3, 13, 49, 50, 51, 100, 101])
def test_batches_are_even_and_within_the_limit(count: int) -> None:
    chunks = list(chunked([str(n) for n in range(count)]))
    assert [path for chunk in chunks for path in chunk] == [str(n) for n in range(count)]
    for start in range(0, len(chunks), BATCHES):
        assert sum(len(chunk) for chunk in chunks[start : start + BATCHES]) <= IN_FLIGHT


def test_parts_that_fail_in_passing_are_asked_again() -> None:
    def answer(path: str, times: int) -> tuple[int, Any, str]:
        number = int(path.rpartition("/")[2])
        if times == 1 and number % 5 == 0:
            return 429, error(429, "rateLimitExceeded"), ""
        if times <= 2 and number % 7 == 0:
            return 503, error(503), ""
        return 200, {"path": path}, ""

    pauses: list[float] = []
    found = fetch(Service(answer), 60, pauses)
    assert len(found.found) == 60
    assert not found.failed
    assert pauses == [0.4, 0.8]


def test_what_stays_failed_is_named_after_a_bounded_effort() -> None:
    service = Service(lambda path, _: (503, error(503), "") if path == "/x/3" else (200, {"path": path}, ""))
    pauses: list[float] = []
    found = fetch(service, 10, pauses)
    assert set(found.failed) == {"/x/3"}
    assert isinstance(found.failed["/x/3"], ServiceDown)
    assert "/x/3" not in found.found
    assert service.asked["/x/3"] == ROUNDS
    assert pauses == sorted(pauses)


def test_a_thing_that_is_gone_is_not_asked_for_again() -> None:
    service = Service(lambda path, _: (404, error(404), "") if path == "/x/0" else (200, {"path": path}, ""))
    found = fetch(service, 2)
    assert isinstance(found.failed["/x/0"], NotFound)
    assert service.asked["/x/0"] == 1
    assert isinstance(fetch(Service(lambda *_: (404, error(404), "")), 1).failed["/x/0"], NotFound)


def test_the_service_says_how_long_to_wait() -> None:
    def answer(path: str, times: int) -> tuple[int, Any, str]:
        return (429, error(429, "rateLimitExceeded"), "Retry-After: 2\r\n") if times == 1 else (200, {"p": path}, "")

    pauses: list[float] = []
    assert len(fetch(Service(answer), 3, pauses).found) == 3
    assert pauses == [2.0]


def test_a_long_wait_is_not_waited_for() -> None:
    long = f"Retry-After: {int(LONGEST_PAUSE) + 40}\r\n"
    service = Service(lambda path, _: (429, error(429), long) if path == "/x/1" else (200, {"path": path}, ""))
    pauses: list[float] = []
    found = fetch(service, 3, pauses)
    assert isinstance(found.failed["/x/1"], RateLimited)
    assert pauses == []
    with pytest.raises(RateLimited, match="45 seconds"):
        fetch(Service(lambda *_: (429, error(429), long)), 3)


def test_a_batch_that_breaks_off_loses_nothing() -> None:
    service = Service(echo, spoil=lambda number, body: body[: len(body) // 2] if number == 1 else body)
    found = fetch(service, 40)
    assert len(found.found) == 40
    assert all(found.found[path] == {"path": path} for path in found.found)


def test_a_batch_without_an_answer_is_asked_again() -> None:
    service = Service(echo)
    broken = Broken(service)
    found = get_all(broken, [f"/x/{n}" for n in range(8)], lambda *_: None, what="", pause=lambda _: None)
    assert len(found.found) == 8


@dataclass
class Broken:
    """A transport whose first request breaks."""

    service: Service
    tries: int = 0

    def request(
        self, method: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        with self.service.lock:
            self.tries += 1
            first = self.tries == 1
        if first:
            raise ConnectionError("the connection broke")
        return self.service.request(method, url, body=body, headers=headers)


def test_garbage_is_asked_again_and_never_taken() -> None:
    def answer(path: str, times: int) -> tuple[int, Any, str]:
        return (200, b'{"unfinished": [1,', "") if times == 1 else (200, {"path": path}, "")

    assert fetch(Service(answer), 4).found["/x/2"] == {"path": "/x/2"}
    with pytest.raises(ServiceDown):
        fetch(Service(echo, spoil=lambda *_: b"<html>proxy</html>"), 2)


def test_a_refused_permission_ends_it() -> None:
    with pytest.raises(AccessRefused):
        fetch(Service(lambda *_: (403, error(403, "insufficientPermissions"), "")), 5)


def test_progress_counts_what_was_read() -> None:
    told: list[tuple[int, int | None, str]] = []
    get_all(Service(echo), [f"/x/{n}" for n in range(30)], lambda *step: told.append(step), what="reading")
    assert told[-1] == (30, 30, "reading")
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)


def test_the_same_thing_twice_is_asked_for_once() -> None:
    service = Service(echo)
    get_all(service, ["/x/1", "/x/1"], lambda *_: None, what="")
    assert service.asked == {"/x/1": 1}


def taken_out(instead: bytes, number: int, body: bytes) -> bytes:
    return body.replace(b"ya29.a-token-in-a-mail", instead)


def test_a_part_is_whole_although_the_gateway_took_a_token_out_of_it() -> None:
    """What stands in its place may be shorter or longer than the length the service stated."""
    service = Service(lambda path, times: (200, {"id": path, "snippet": "ya29.a-token-in-a-mail"}, ""))
    for instead in (b"[token removed]", b"[it was longer than what stood here]"):
        service.spoil = partial(taken_out, instead)
        fetched = fetch(service, 12)
        assert {found["snippet"] for found in fetched.found.values()} == {instead.decode()}
        assert (len(fetched.found), fetched.failed) == (12, {})
    assert set(service.asked.values()) == {2}
