"""A consent over real HTTP, from the question to the lease: what strays in between changes nothing."""

from __future__ import annotations

import dataclasses
import http.client
import socket
import threading
from urllib.parse import urlsplit

import pytest

from app.demo.consent import Consent
from auth.callback import Callback, Place, speaks_ipv6
from auth.capability import Capability
from auth.consent import ConsentError, Declined, Linked
from auth.errors import Cancelled, Unreachable
from auth.lease import Lease
from auth.local.slack import PORTS
from auth.need import Connect, Misconfigured, StepUp, Unavailable
from auth.wire import Cut
from tests.auth.local.linking import CHAT, LABELS, MAIL, ME, READONLY, SORT, Desk, browse, fetch, sent_back
from tests.demo.little_office import ALEX

ALEX_IN_SLACK = "alex.rivera@northwind.slack.com"


def test_a_question_holds_no_secret_and_its_page_leads_on(desk: Desk) -> None:
    asking = desk.asked()
    assert (asking.connection, asking.scopes, asking.reason) == ("google", MAIL.scopes, "read your mail")
    assert asking.page == f"http://127.0.0.1:{urlsplit(asking.page).port}/connect/{asking.id}"
    first = fetch(asking.page)
    assert (first.status, first.headers["cache-control"]) == (302, "no-store")
    assert first.headers["referrer-policy"] == "no-referrer"
    assert "state=" in first.headers["location"]
    assert "state" not in repr(asking)


@pytest.mark.parametrize(("capability", "account"), [(MAIL, ALEX), (CHAT, "")])
def test_a_consent_links_the_account_and_leases_follow(desk: Desk, capability: Capability, account: str) -> None:
    assert isinstance(desk.brokers.lease(ME, "", capability), Connect)
    asking = desk.asked(capability)
    page = browse(asking.page)
    outcome = desk.settled(asking)
    assert isinstance(outcome, Linked)
    assert (outcome.scopes, outcome.missing) == (capability.scopes, frozenset())
    assert outcome.account == account or "@" in outcome.account
    assert (page.status, page.headers["cache-control"], page.headers["referrer-policy"]) == (
        200,
        "no-store",
        "no-referrer",
    )
    assert outcome.account in page.text
    assert capability.reason in page.text
    assert not {"http:", "https:", "src=", "<script"} & set(page.text.split())
    lease = desk.brokers.lease(ME, "", capability)
    assert isinstance(lease, Lease)
    assert lease.account == outcome.account == desk.brokers.account(ME, capability.connection)


def test_what_strays_by_changes_nothing(desk: Desk) -> None:
    asking = desk.asked()
    back = sent_back(asking.page)
    origin = back.partition("/google/")[0]
    state = back.partition("state=")[2].partition("&")[0]
    strays = [
        (f"{origin}/favicon.ico", {}),
        (f"{origin}/", {}),
        (f"{origin}/slack/callback?{urlsplit(back).query}", {}),
        (f"{origin}/google/callback", {}),
        (f"{origin}/google/callback?state=another&code=4/x", {}),
        (f"{origin}/google/callback?code=4/x", {}),
        (f"{origin}/google/callback?state={state}", {}),
        (f"{back}&state={state}", {}),
        (f"{back}&iss=https%3A%2F%2Fevil.example", {}),
        (back, {"Host": "evil.example"}),
        (back, {"Host": "127.0.0.1:1"}),
        (back, {"Sec_Purpose": "prefetch;prerender"}),
        (f"{origin}/connect/google.another", {}),
    ]
    assert [fetch(address, **headers).status for address, headers in strays] == [404] * len(strays)
    assert [fetch(back, method).status for method in ("HEAD", "POST", "PUT", "OPTIONS")] == [405] * 4
    with socket.create_connection(("127.0.0.1", urlsplit(back).port or 0)) as scan:
        scan.sendall(b"\x00\x16\x03 no HTTP\r\n\r\n")
    assert "is linked" in fetch(back).text
    assert isinstance(desk.settled(asking), Linked)


def test_an_answer_counts_once_and_then_nobody_listens(desk: Desk) -> None:
    asking = desk.asked()
    back = sent_back(asking.page)
    fetch(back)
    assert isinstance(desk.settled(asking), Linked)
    with pytest.raises(ConnectionRefusedError):
        fetch(back)
    assert desk.posts("/token") == 1
    assert desk.settled(asking) == Declined("google", "the question is no longer open; ask again")


def test_two_answers_at_once_are_one(desk: Desk) -> None:
    asking = desk.asked()
    back = sent_back(asking.page)
    together = threading.Barrier(4)

    def answer() -> None:
        together.wait()
        try:
            found.append(fetch(back).status)
        except (ConnectionError, http.client.HTTPException):
            found.append(0)

    found: list[int] = []
    threads = [threading.Thread(target=answer) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found.count(200) == 1
    assert set(found) <= {200, 409, 0}
    assert isinstance(desk.settled(asking), Linked)


def test_the_same_question_stays_the_same_until_its_outcome_was_taken(desk: Desk) -> None:
    """A node of the graph runs again from its top."""
    desk.running.consent = Consent("deny")
    asking = desk.asked()
    assert desk.asked() == asking
    assert desk.asked(SORT) != asking
    assert "was not linked" in browse(asking.page).text
    assert desk.asked() == asking, "answered, and nobody knows yet"
    assert desk.settled(asking) == Declined("google", "the consent was declined")
    assert desk.asked() != asking


def test_a_question_of_another_person_or_another_process_is_not_settled(desk: Desk) -> None:
    asking = desk.asked()
    gone = Declined("google", "the question is no longer open; ask again")
    assert desk.brokers.settle("someone", asking.id, seconds=1, cut=Cut()) == gone
    assert dataclasses.replace(desk).settled(asking) == gone
    nobody = desk.brokers.settle(ME, "drive.x", seconds=1, cut=Cut())
    assert nobody == Declined("drive", "the question is no longer open; ask again")
    with pytest.raises(ConsentError, match="no longer open"):
        desk.brokers.paste("someone", asking.id, "http://127.0.0.1/")


def test_who_ticks_less_is_linked_with_less_and_told_so(desk: Desk) -> None:
    desk.running.consent = Consent("partial", frozenset({READONLY}))
    asking = desk.asked(SORT)
    page = browse(asking.page)
    assert desk.settled(asking) == Linked("google", ALEX, frozenset({READONLY}), frozenset({LABELS}))
    assert "gmail.labels" in page.text
    assert desk.brokers.lease(ME, "", SORT) == StepUp("google", frozenset({LABELS}), SORT.reason)
    desk.running.consent = Consent()
    assert isinstance(desk.linked(), Linked), "another capability is not touched by it"
    assert isinstance(desk.brokers.lease(ME, "", MAIL), Lease)


def test_silence_ends_a_question(desk: Desk) -> None:
    desk = dataclasses.replace(desk, open_seconds=0.05)
    asking = desk.asked()
    outcome = desk.settled(asking)
    assert isinstance(outcome, Declined)
    assert "no answer came" in outcome.why
    with pytest.raises(ConnectionRefusedError):
        fetch(asking.page)


def test_waiting_ends_before_the_question_does(desk: Desk) -> None:
    asking = desk.asked()
    assert isinstance(desk.settled(asking, seconds=0.01), Declined)
    browse(asking.page)
    assert isinstance(desk.settled(asking), Linked)


def test_who_stops_the_turn_does_not_wait(desk: Desk) -> None:
    cut = Cut()
    cut.make()
    with pytest.raises(Cancelled):
        desk.brokers.settle(ME, desk.asked().id, seconds=60, cut=cut)


@pytest.mark.parametrize("shape", ["{}", "  '{}' \n", "<{}>"])
def test_a_pasted_address_will_do(desk: Desk, shape: str) -> None:
    asking = desk.asked()
    desk.brokers.paste(ME, asking.id, shape.format(sent_back(asking.page)))
    assert isinstance(desk.settled(asking), Linked)


def test_a_browser_s_shortened_address_will_do(desk: Desk) -> None:
    asking = desk.asked(CHAT)
    desk.brokers.paste(ME, asking.id, sent_back(asking.page).removeprefix("http://"))
    assert isinstance(desk.settled(asking), Linked)


def test_a_wrong_paste_is_told_what_is_wrong_and_costs_nothing(desk: Desk) -> None:
    asking = desk.asked()
    back = sent_back(asking.page)
    for wrong, why in [
        ("", "begins with http://127.0.0.1"),
        ("https://example.org/", "begins with http://127.0.0.1"),
        (asking.page, "begins with http://127.0.0.1"),
        (back.replace("state=", "state=x"), "another question"),
        (back.partition("&")[0], "a part of it is missing"),
    ]:
        with pytest.raises(ConsentError, match=why):
            desk.brokers.paste(ME, asking.id, wrong)
    desk.brokers.paste(ME, asking.id, back)
    with pytest.raises(ConsentError, match="answered already"):
        desk.brokers.paste(ME, asking.id, back)
    assert isinstance(desk.settled(asking), Linked)


@pytest.mark.parametrize("fault", ["oauth:503*", "oauth:reset*", "oauth:truncate*", "oauth:garbage*"])
def test_a_failing_token_service_links_nothing_and_can_be_asked_again(desk: Desk, fault: str) -> None:
    asking = desk.asked()
    back = sent_back(asking.page)
    desk.running.faults.parse(fault)
    assert "Nothing was linked" in fetch(back).text
    assert isinstance(desk.settled(asking), Unavailable)
    desk.running.faults.clear()
    assert isinstance(desk.linked(), Linked)


def test_a_code_that_is_refused_asks_for_another_consent(desk: Desk) -> None:
    asking = desk.asked()
    back = sent_back(asking.page)
    desk.clock.forward(minutes=5)
    fetch(back)
    outcome = desk.settled(asking)
    assert isinstance(outcome, Declined)
    assert outcome.why.endswith("; ask again")


def test_the_next_free_port_is_taken_and_nobody_is_asked_without_one() -> None:
    free = [Callback(Place("/x", "localhost")) for _ in range(2)]
    ports = tuple(callback.port for callback in free)
    place = Place("/x", "localhost", ports)
    with pytest.raises(Unreachable, match=f"{ports[0]}, {ports[1]}"):
        Callback(place)
    free[1].close()
    second = Callback(place)
    assert second.redirect == f"http://localhost:{ports[1]}/x"
    second.close()
    free[0].close()


def test_localhost_is_answered_on_both_of_its_addresses(desk: Desk) -> None:
    asking = desk.asked(CHAT)
    assert asking.page.startswith("http://localhost:5368")
    port = urlsplit(asking.page).port
    hosts = ["127.0.0.1", "[::1]"] if speaks_ipv6() else ["127.0.0.1"]
    for host in hosts:
        assert fetch(asking.page.replace("localhost", host)).status == 302
    assert port in PORTS


def test_a_connection_nobody_serves_is_not_asked_about(desk: Desk) -> None:
    drive = dataclasses.replace(MAIL, connection="drive")
    assert isinstance(desk.brokers.ask(ME, "", drive), Misconfigured)
