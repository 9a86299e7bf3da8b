"""A question that the person turned down at Valet: its page closes at once, and what comes late changes nothing."""

from __future__ import annotations

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from auth.callback import Callback, Door, Place
from auth.capability import Capability
from auth.consent import Asking, ConsentError, Declined
from auth.local.consent import Onward, Questions
from auth.local.grants import Challenge
from tests.auth.local.linking import MAIL, ME, SORT, Desk, browse, fetch, sent_back
from tests.demo.little_office import ALEX
from tests.loopback import PATIENCE


def test_who_says_no_at_valet_has_the_page_closed_and_its_port_free(desk: Desk) -> None:
    asking, other = desk.asked(), desk.asked(SORT)
    back = sent_back(asking.page)
    desk.brokers.withdraw(ME, asking.id)
    with pytest.raises(ConnectionRefusedError):
        fetch(back)
    with socket.create_server(("127.0.0.1", urlsplit(back).port or 0)):
        assert fetch(other.page).status == 302, "another question stays open"
    with pytest.raises(ConsentError, match="no longer open"):
        desk.brokers.paste(ME, asking.id, back)
    assert desk.settled(asking) == Declined("google", "the question is no longer open; ask again")
    assert desk.asked() != asking
    assert desk.posts("/token") == 0


def test_a_late_answer_at_a_port_that_another_question_has_now_is_told_that_it_is_over() -> None:
    listener = Callback(Place("/slack/callback", "localhost"))
    listener.open(Door("slack.now", "http://127.0.0.1/", "now", "https://slack.com", lambda query: None))
    late = [fetch(f"{listener.redirect}?state=before&code=4/x"), fetch(listener.page("slack.before"))]
    assert [(page.status, "This request is over" in page.text) for page in late] == [(404, True)] * 2
    assert "Nothing is here" in fetch(f"{listener.origin}/favicon.ico").text
    listener.close()


class Legs:
    """A flow of two pages whose first answer is looked at until `seen` is set."""

    connection, issuer, place = "legs", "https://legs.invalid", Place("/legs/callback")

    def __init__(self) -> None:
        self.arrived, self.seen = threading.Event(), threading.Event()

    def onward(self, account: str, capability: Capability, challenge: Challenge, redirect: str) -> str:
        return f"http://127.0.0.1/?{urlencode({'redirect_uri': redirect, 'state': challenge.state})}"

    def link(
        self, user: str, account: str, capability: Capability, code: str, challenge: Challenge, redirect: str
    ) -> Onward:
        self.arrived.set()
        assert self.seen.wait(PATIENCE)
        further = Challenge.new()
        return Onward(self.onward(account, capability, further, redirect), further)


def test_a_question_that_is_withdrawn_on_its_first_of_two_pages_leads_to_no_second() -> None:
    flow = Legs()
    questions = Questions(flow)
    asking = questions.ask(ME, "", MAIL)
    assert isinstance(asking, Asking)
    asked = parse_qs(urlsplit(fetch(asking.page).headers["location"]).query)
    back = f"{asked['redirect_uri'][0]}?code=4/x&state={asked['state'][0]}"
    with ThreadPoolExecutor(1) as browser:
        page = browser.submit(fetch, back)
        assert flow.arrived.wait(PATIENCE)
        questions.withdraw(ME, asking.id)
        flow.seen.set()
        assert (page.result().status, "location" in page.result().headers) == (200, False)
    again = questions.ask(ME, "", MAIL)
    assert isinstance(again, Asking)
    assert again != asking
    questions.withdraw(ME, again.id)


def test_only_who_was_asked_withdraws_and_what_is_over_stays_over(desk: Desk) -> None:
    asking = desk.asked()
    desk.brokers.withdraw("someone", asking.id)
    desk.brokers.withdraw(ME, "drive.x")
    browse(asking.page)
    desk.brokers.withdraw(ME, asking.id)
    assert [facts.account for facts in desk.brokers.grants(ME)] == [ALEX], "it was given before"
