"""Orders faults from a demo workspace's server, whichever process it runs in. Law: loopback only, no proxy."""

from __future__ import annotations

import http.client
import json
from urllib.parse import urlsplit

PATH = "/demo/faults"
SECONDS = 5.0


class FaultsRefused(Exception):
    """The server does not take the order; the text says why."""


def order(origin: str, text: str) -> list[str]:
    """Add the faults of a short form ("" adds none, "clear" removes all); gives a line for each that waits."""
    where = urlsplit(origin)
    connection = http.client.HTTPConnection(where.hostname or "127.0.0.1", where.port, timeout=SECONDS)
    method = "GET" if not text else "DELETE" if text == "clear" else "POST"
    body = json.dumps({"short": text}) if method == "POST" else None
    try:
        connection.request(method, PATH, body, {"Content-Type": "application/json"})
        reply = connection.getresponse()
        answer = json.loads(reply.read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise FaultsRefused(f"The demo server does not answer: {error}.") from error
    finally:
        connection.close()
    if reply.status != http.client.OK:
        raise FaultsRefused(str(answer.get("error", f"The demo server answered {reply.status}.")))
    return [_line(fault) for fault in answer["faults"]]


def _line(fault: dict[str, object]) -> str:
    kind = f"status {fault['status']}" if fault["kind"] == "status" else str(fault["kind"])
    late = f" of {fault['seconds']:g} s" if fault["kind"] == "delay" else ""
    often = {None: "every time", 1: "once"}.get(fault["times"], f"{fault['times']} times")  # type: ignore[call-overload]
    return f"waiting at {str(fault['match']).split('|')[0].strip('/*')}: {kind}{late}, {often}"
