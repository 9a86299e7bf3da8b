"""The demo server's own address: faults can be looked at, ordered and cleared from another terminal."""

import json
from dataclasses import asdict, fields
from typing import Any
from urllib.parse import urlsplit

from app.demo.faults import Fault, FaultError, Faults
from app.demo.wire import Request, Response, json_response

FAULTS = "/demo/faults"
_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


class Admin:
    """GET lists, POST adds (a fault's fields, or {"short": "gmail:503*2"}), DELETE clears."""

    name = "demo"
    routes = ("/demo/",)

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def failure(self, status: int) -> Response:
        return json_response(status, {"error": "The demo server failed as it was told to."})

    def answer(self, request: Request) -> Response:
        if not _from_here(request):
            return json_response(403, {"error": "Only a program on this machine may do that."})
        if request.path != FAULTS:
            return json_response(404, {"error": f"No such address: the demo server has {FAULTS}."})
        if request.method == "POST":
            return self._add(request)
        if request.method == "DELETE":
            self._faults.clear()
        elif request.method != "GET":
            return json_response(405, {"error": "Use GET, POST or DELETE."})
        return self._list()

    def _add(self, request: Request) -> Response:
        try:
            stated = json.loads(request.body)
            if not isinstance(stated, dict):
                raise FaultError('Send a JSON object: a fault\'s fields, or {"short": "gmail:503*2"}.')
            if "short" in stated:
                self._faults.parse(str(stated["short"]))
            else:
                self._faults.add(_fault(stated))
        except ValueError as error:
            return json_response(400, {"error": str(error)})
        return self._list()

    def _list(self) -> Response:
        return json_response(200, {"faults": [asdict(fault) for fault in self._faults.waiting()]})


def _fault(stated: dict[str, Any]) -> Fault:
    known = [field.name for field in fields(Fault)]
    unknown = sorted(set(stated) - set(known))
    if unknown or "match" not in stated:
        wrong = f"no field {unknown[0]!r}" if unknown else "match is missing"
        raise FaultError(f"A fault has the fields {', '.join(known)}: {wrong}.")
    try:
        return Fault(**stated)
    except TypeError as error:
        raise FaultError(f"A field of the fault is of the wrong type: {error}.") from error


def _from_here(request: Request) -> bool:
    """A page in a browser must not order faults: it names another host, or its own origin."""
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname
    return host in _HOSTS and "origin" not in request.headers
