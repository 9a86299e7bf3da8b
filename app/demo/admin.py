"""The demo server's own address: from another terminal, faults are ordered and cleared, and apps and tenant set up."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any
from urllib.parse import urlsplit

from app.demo.faults import Fault, FaultError, Faults
from app.demo.remarks import Remarks
from app.demo.wire import Request, Response, json_response

FAULTS, REMARKS = "/demo/faults", "/demo/remarks"
_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class SetUp:
    """A frozen dataclass that says how a service behaves now, and how to put another in its place."""

    read: Callable[[], Any]
    change: Callable[[Any], None]


class Admin:
    """Faults: GET lists, POST adds (a fault's fields, or {"short": "gmail:503*2"}), DELETE clears.

    `/demo/remarks` lists what the services noticed. `/demo/NAME` of each of `set_ups` tells its fields, POST changes
    those that are named: {"missing": ["mrrt:policy"]} at /demo/auth0.
    """

    name = "demo"
    routes = ("/demo/",)

    def __init__(self, faults: Faults, remarks: Remarks, set_ups: Mapping[str, SetUp]) -> None:
        self._faults = faults
        self._remarks = remarks
        self._set_ups = {f"/demo/{name}": set_up for name, set_up in set_ups.items()}

    def failure(self, status: int) -> Response:
        return json_response(status, {"error": "The demo server failed as it was told to."})

    def answer(self, request: Request) -> Response:
        if not _from_here(request):
            return json_response(403, {"error": "Only a program on this machine may do that."})
        if request.path == REMARKS and request.method == "GET":
            return json_response(200, {"remarks": [asdict(remark) for remark in self._remarks.listed()]})
        if request.path in self._set_ups:
            return _answer_set_up(self._set_ups[request.path], request)
        if request.path != FAULTS:
            known = ", ".join((FAULTS, REMARKS, *self._set_ups))
            return json_response(404, {"error": f"No such address: the demo server has {known}."})
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


def _answer_set_up(set_up: SetUp, request: Request) -> Response:
    if request.method not in ("GET", "POST"):
        return json_response(405, {"error": "Use GET or POST."})
    try:
        if request.method == "POST":
            set_up.change(_changed(set_up.read(), json.loads(request.body)))
    except ValueError as error:
        return json_response(400, {"error": str(error)})
    told = {name: sorted(value) if isinstance(value, frozenset) else value for name, value in _fields(set_up.read())}
    return json_response(200, told)


def _fields(value: Any) -> list[tuple[str, Any]]:
    return [(field.name, getattr(value, field.name)) for field in fields(value)]


def _changed(current: Any, stated: Any) -> Any:
    """The same with the stated fields in place. Raises ValueError, saying which are possible."""
    known = dict(_fields(current))
    if not isinstance(stated, dict) or not set(stated) <= set(known):
        raise ValueError(f"Send a JSON object with some of the fields {', '.join(known)}.")
    return replace(current, **{name: _typed(name, known[name], value) for name, value in stated.items()})


def _typed(name: str, current: Any, value: Any) -> Any:
    if isinstance(current, frozenset) and isinstance(value, list) and all(isinstance(part, str) for part in value):
        return frozenset(value)
    number = isinstance(current, int | float) and not isinstance(current, bool)
    kinds = (int, float) if number else (type(current),)
    if isinstance(value, bool) == isinstance(current, bool) and isinstance(value, kinds):
        return value
    raise ValueError(f"The field {name} takes another type, such as {current!r}.")


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
