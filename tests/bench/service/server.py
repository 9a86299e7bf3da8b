"""The fake Google service: raw asyncio on loopback, answers as late as told, and counts everything.

Run as `python -m tests.bench.service.server COUNT SEED`; prints its port. `GET /_set?name=value…` sets knobs, begins
the counts anew and re-seeds the faults; `GET /_stats` gives the counts as JSON. Neither is delayed or counted.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from dataclasses import asdict, dataclass
from urllib.parse import parse_qs, urlsplit

from tests.bench.service.answers import Answers, Reply, packed, parts_of, wrapped

UNITS = {
    "messages.get": 20,
    "threads.get": 40,
    "messages.list": 5,
    "threads.list": 10,
    "profile": 1,
    "labels": 1,
    "history": 2,
}


@dataclass
class Knobs:
    """Times in milliseconds. `connection_trips`: round trips a new connection takes from its opening until a
    first request can reach the service (2 with TLS 1.3), whether or not one is waiting.

    `wall`: sub-requests the service has under way at once, the rest get 429. `faults`: share that gets 429 or 503.
    `hidden`: so many of the newest mails have not come yet.
    """

    latency: float = 0.0
    item: float = 1.0
    connection_trips: float = 0.0
    wall: float = 50
    faults: float = 0.0
    seed: float = 7
    hidden: float = 0


@dataclass
class Counts:
    """What has happened since the knobs were last set. `units` are those of the quota in force since May 2026."""

    requests: int = 0
    items: int = 0
    connections: int = 0
    bytes_out: int = 0
    units: int = 0
    under_way: int = 0
    most_under_way: int = 0
    turned_away: int = 0
    faulted: int = 0


class Service:
    """The state all connections share."""

    def __init__(self, count: int, seed: int) -> None:
        self.answers = Answers(count, seed)
        self.knobs, self.counts = Knobs(), Counts()
        self.draw = random.Random(seed)

    def control(self, path: str, query: str) -> Reply:
        if path == "/_set":
            given = {name: values[0] for name, values in parse_qs(query).items()}
            self.knobs = Knobs(**{name: float(text) for name, text in given.items()})
            self.answers.hidden = int(self.knobs.hidden)
            self.counts, self.draw = Counts(), random.Random(self.knobs.seed)
        return Reply(200, json.dumps(asdict(self.counts)).encode())

    def admitted(self, targets: list[str]) -> list[Reply | None]:
        """Count what was asked; for each the refusal, None where it may be answered."""
        counts, refused = self.counts, list[Reply | None]()
        counts.requests += 1
        for target in targets:
            counts.items += 1
            counts.units += UNITS.get(self.answers.method(target), 0)
            refusal = None
            if counts.under_way >= self.knobs.wall:
                counts.turned_away += 1
                refusal = Reply.error(429, "rateLimitExceeded")
            elif self.draw.random() < self.knobs.faults:
                counts.faulted += 1
                refusal = Reply.error(*self.draw.choice(((429, "rateLimitExceeded"), (503, "backendError"))))
            counts.under_way += 0 if refusal and refusal.status == 429 else 1
            refused.append(refusal)
        counts.most_under_way = max(counts.most_under_way, counts.under_way)
        return refused

    def over(self, refused: list[Reply | None]) -> None:
        self.counts.under_way -= sum(1 for refusal in refused if not refusal or refusal.status != 429)


class Line(asyncio.Protocol):
    """One connection: requests one after the other, each answered after its delay."""

    def __init__(self, service: Service) -> None:
        self.service, self.buffer, self.ready = service, b"", 0.0
        self.transport: asyncio.Transport | None = None
        self.tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.service.counts.connections += 1
        knobs = self.service.knobs
        self.ready = asyncio.get_running_loop().time() + knobs.latency * knobs.connection_trips / 1000

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, blank, rest = self.buffer.partition(b"\r\n\r\n")
        if not blank:
            return
        lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        length = int(headers.get("content-length", "0"))
        if len(rest) < length:
            return
        self.buffer = rest[length:]
        method, target, _ = lines[0].split(" ")
        task = asyncio.get_running_loop().create_task(self.answer(method, target, headers, rest[:length]))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> None:
        loop, service, split = asyncio.get_running_loop(), self.service, urlsplit(target)
        came = max(loop.time(), self.ready)
        gzip = "gzip" in headers.get("accept-encoding", "")
        if split.path.startswith("/_"):
            self.write(service.control(split.path, split.query), gzip=False)
            return
        batch = parts_of(body) if split.path.startswith("/batch") else [("", target)]
        refused = service.admitted([inner for _, inner in batch])
        replies = [
            refusal or service.answers.reply(inner, body) for refusal, (_, inner) in zip(refused, batch, strict=True)
        ]
        whole = wrapped([name for name, _ in batch], replies, gzip) if split.path.startswith("/batch") else replies[0]
        due = came + (service.knobs.latency + service.knobs.item * len(batch)) / 1000
        await asyncio.sleep(max(0.0, due - loop.time()))  # what making the answer took is part of the delay
        service.over(refused)
        self.write(whole, gzip)

    def write(self, reply: Reply, gzip: bool) -> None:
        if self.transport is None or self.transport.is_closing():
            return
        body = reply.packed or (packed([reply.body]) if gzip and len(reply.body) > 500 else b"")
        coding = "Content-Encoding: gzip\r\n" if body else ""
        body = body or reply.body
        location = f"Location: {reply.location}\r\n" if reply.location else ""
        head = (
            f"HTTP/1.1 {reply.status} X\r\nContent-Type: {reply.kind}\r\n{coding}{location}"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self.service.counts.bytes_out += len(head) + len(body)
        self.transport.write(head.encode() + body)


async def serve(count: int, seed: int) -> None:
    service = Service(count, seed)
    server = await asyncio.get_running_loop().create_server(lambda: Line(service), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
