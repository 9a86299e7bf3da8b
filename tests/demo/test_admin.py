"""Faults ordered from another terminal."""

from __future__ import annotations

import json

from app.demo.server import Running
from tests.demo.little_office import Client

FAULTS = "/demo/faults"


def test_faults_are_listed_added_and_cleared(running: Running, alex: Client) -> None:
    assert alex.get(FAULTS).json == {"faults": []}
    added = alex.post(FAULTS, {"short": "gmail:503*2"}).json["faults"]
    assert (added[0]["status"], added[0]["times"], added[0]["kind"]) == (503, 2, "status")
    assert alex.mail("profile").status == 503
    whole = {"match": "GET /gmail/*", "kind": "delay", "seconds": 0.01, "times": None, "after": True}
    assert len(alex.post(FAULTS, whole).json["faults"]) == 2
    assert alex.send("DELETE", FAULTS).json == {"faults": []}
    assert alex.mail("profile").status == 200
    assert running.faults.waiting() == []


def test_what_is_no_fault_is_refused_with_the_reason(alex: Client) -> None:
    for value, told in (
        ({"short": "pager:503"}, "pager"),
        ({"match": "*", "colour": "red"}, "colour"),
        ({"kind": "reset"}, "match is missing"),
        ({"match": "*", "kind": "explode"}, "explode"),
        ({"match": "*", "seconds": "long"}, "wrong type"),
        ([], "JSON object"),
    ):
        answer = alex.post(FAULTS, value)
        assert answer.status == 400
        assert told in answer.json["error"]
    assert alex.send("POST", FAULTS, "{").status == 400
    assert alex.get(FAULTS).json == {"faults": []}


def test_a_page_in_a_browser_orders_nothing(alex: Client) -> None:
    order = json.dumps({"short": "gmail:503"})
    for headers in ({"Host": "evil.example"}, {"Origin": "https://evil.example"}):
        assert alex.send("POST", FAULTS, order, headers).status == 403
    assert alex.mail("profile").status == 200


def test_faults_do_not_hit_their_own_address(running: Running, alex: Client) -> None:
    alex.post(FAULTS, {"match": "*", "status": 500, "times": None})
    assert alex.mail("profile").status == 500
    assert alex.send("DELETE", FAULTS).status == 200
    assert alex.send("PUT", FAULTS).status == 405
    assert alex.get("/demo/else").status == 404
