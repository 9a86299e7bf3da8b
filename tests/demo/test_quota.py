"""The ledger of units, and the places in flight."""

from __future__ import annotations

from app.demo.quota import GMAIL_UNITS, Limits, Quota
from app.demo.routes import load
from tests.demo.little_office import Clock


def test_units_slide_with_the_minute() -> None:
    clock = Clock(now=0.0)
    quota = Quota(50, Limits(clock=clock), {"get": 20, "list": 5})
    assert [quota.charge("a", "get") for _ in range(2)] == [0, 0]
    clock.forward(seconds=30)
    assert quota.charge("a", "list") == 0
    assert quota.charge("a", "get") == 30, "the first two have to pass"
    assert quota.charge("b", "get") == 0, "everybody has their own"
    clock.forward(seconds=30)
    assert quota.charge("a", "get") == 0
    assert [quota.charge("a", "get"), quota.charge("a", "list")] == [0, 0]
    assert quota.charge("a", "list") == 30


def test_more_than_a_minute_holds_waits_in_vain() -> None:
    assert Quota(10, Limits(clock=Clock(0.0)), {"get": 20}).charge("a", "get") == 60


def test_places_in_flight_are_given_back() -> None:
    quota = Quota(None, Limits(in_flight=2))
    assert [quota.enter("a"), quota.enter("a"), quota.enter("a"), quota.enter("b")] == [True, True, False, True]
    quota.leave("a")
    assert quota.enter("a")


def test_the_table_names_real_methods_only() -> None:
    assert set(GMAIL_UNITS) <= set(load("gmail.v1").methods)
    assert (GMAIL_UNITS["gmail.users.messages.get"], GMAIL_UNITS["gmail.users.threads.get"]) == (20, 40)
