"""The consent page as a browser meets it: who asks, which account, which scopes; its answer counts once."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest

from app.demo.consent import Consent
from app.demo.server import Running, serve
from app.demo.workspace import Workspace
from tests.demo.little_office import (
    ALEX,
    CALENDAR,
    DANA,
    FORM,
    READONLY,
    Answer,
    Client,
    authorize,
    callback,
    file,
    letter,
    redeem,
)
from tests.demo.slack import team


@dataclass
class Form(HTMLParser):
    """The one form of a page, as a browser reads it."""

    action: str = ""
    hidden: dict[str, str] = field(default_factory=dict)
    boxes: dict[str, bool] = field(default_factory=dict)
    people: list[str] = field(default_factory=list)
    person: str = ""
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        stated = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = stated["action"]
        elif tag == "input" and stated["type"] == "hidden":
            self.hidden[stated["name"]] = stated["value"]
        elif tag == "input":
            self.boxes[stated["value"]] = "disabled" in stated
        elif tag == "option":
            self.people.append(stated["value"])
            self.person = stated["value"] if "selected" in stated else self.person

    def handle_data(self, data: str) -> None:
        self.text += data


def read(answer: Answer) -> Form:
    assert answer.status == 200, answer
    assert answer.headers["Content-Type"].startswith("text/html")
    form = Form()
    form.feed(answer.body.decode())
    return form


def send(client: Client, form: Form, *scopes: str, answer: str = "allow", person: str = ALEX) -> Answer:
    pairs = [*form.hidden.items(), ("person", person), *(("scope", scope) for scope in scopes), ("answer", answer)]
    return client.send("POST", form.action, urlencode(pairs), FORM)


@pytest.fixture(autouse=True)
def page(running: Running) -> None:
    running.consent = Consent("page")


def test_the_page_says_who_asks_for_what_and_lets_choose_the_account(stranger: Client) -> None:
    form = read(authorize(stranger, ["openid", READONLY, CALENDAR]))
    assert "Valet asks for access to your Google account" in form.text
    assert "View your email messages and settings" in form.text, "Google's own words"
    assert form.boxes == {"openid": True, READONLY: False, CALENDAR: False}
    assert (form.people, form.person) == ([ALEX, DANA], ALEX)
    assert read(authorize(stranger, [READONLY], login_hint=DANA)).person == DANA


def test_allowing_brings_a_code_for_what_was_left_ticked(stranger: Client) -> None:
    form = read(authorize(stranger, ["openid", READONLY, CALENDAR]))
    back = callback(send(stranger, form, CALENDAR))
    assert (back["state"], back["scope"]) == ("state-of-the-client", f"openid {CALENDAR}")
    assert redeem(stranger, back["code"]).json["scope"] == f"openid {CALENDAR}"


@pytest.mark.parametrize("scopes", [(), ("https://www.googleapis.com/auth/gmail.send",)])
def test_leaving_nothing_ticked_is_a_refusal_and_nothing_can_be_added(
    stranger: Client, scopes: tuple[str, ...]
) -> None:
    form = read(authorize(stranger, [READONLY]))
    assert callback(send(stranger, form, *scopes))["error"] == "access_denied"


def test_denying_sends_the_refusal_back(stranger: Client) -> None:
    form = read(authorize(stranger, [READONLY]))
    back = callback(send(stranger, form, READONLY, answer="deny"))
    assert back == {"error": "access_denied", "state": "state-of-the-client"}


def test_another_person_of_the_workspace_can_consent_to_their_own_mailbox(
    running: Running, office: Workspace, stranger: Client
) -> None:
    file(office, letter(subject="For Alex"))
    code = callback(send(stranger, read(authorize(stranger, [READONLY])), READONLY, person=DANA))["code"]
    client = Client(running, redeem(stranger, code).json["access_token"])
    assert client.mail("profile").json["emailAddress"] == DANA
    assert client.mail("messages").json["resultSizeEstimate"] == 0
    client.close()


def test_nobody_from_elsewhere_can_consent(stranger: Client) -> None:
    form = read(authorize(stranger, [READONLY]))
    assert callback(send(stranger, form, READONLY, person="who@nowhere.example"))["error"] == "access_denied"


def test_a_page_is_answered_once_and_only_with_its_ticket(stranger: Client) -> None:
    form = read(authorize(stranger, [READONLY]))
    assert send(stranger, form, READONLY).status == 302
    assert send(stranger, form, READONLY).status == 400
    form.hidden["ticket"] = "guessed"
    assert send(stranger, form, READONLY).status == 400


def test_a_page_of_another_site_answers_nothing(stranger: Client) -> None:
    form = read(authorize(stranger, [READONLY]))
    body = urlencode([*form.hidden.items(), ("person", ALEX), ("scope", READONLY), ("answer", "allow")])
    for foreign in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Host": "evil.example"}):
        assert stranger.send("POST", form.action, body, FORM | foreign).status == 403
        assert stranger.send("GET", "/__consent?auto=grant", headers=foreign).status == 403
    own = {"Origin": stranger.running.origin, "Sec-Fetch-Site": "same-origin"}
    assert stranger.send("POST", form.action, body, FORM | own).status == 302


def test_what_is_shown_is_text(stranger: Client, office: Workspace) -> None:
    from app.demo.workspace import Person

    office.add_person(Person("x@northwind.example", "<script>alert(1)</script>"))
    page = authorize(stranger, [READONLY])
    assert b"<script" not in page.body
    assert page.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]


def test_slack_grants_all_or_nothing_to_the_member_who_answers(running: Running, office: Workspace) -> None:
    team.make_team(office)
    client = Client(running)
    form = read(team.authorize(client, team.READ))
    assert all(form.boxes.values())
    assert form.boxes.keys() == set(team.READ)
    assert "builds" not in " ".join(form.people)
    tokens = team.redeem(client, callback(send(client, form, person=DANA))["code"]).json
    assert tokens["scope"] == ",".join(team.READ)
    client.token = tokens["access_token"]
    told = team.call(client, "auth.test").json
    assert told["user_id"] == tokens["authed_user"]["id"]
    mine = team.call(client, "users.conversations", types="private_channel", limit="50").json["channels"]
    assert {channel["name"] for channel in mine} == {"launch", "secret"}, "Dana's channels, not Alex's"
    client.close()


def test_an_owner_an_import_calls_deleted_can_still_sign_in(running: Running, office: Workspace) -> None:
    office.slack.add_member("alex", real_name="Alex", email=ALEX, deleted=True)
    gone = office.slack.add_member("gone", real_name="Gone", email="gone@northwind.example", deleted=True)
    client = Client(running)
    form = read(team.authorize(client, team.READ))
    assert form.people == [ALEX], f"{gone} cannot"
    client.token = team.redeem(client, callback(send(client, form))["code"]).json["access_token"]
    assert team.call(client, "auth.test").json["ok"]
    client.close()


@pytest.mark.parametrize(
    ("auto", "expected"),
    [
        ("grant", {"consent": "grant", "scopes": []}),
        ("deny", {"consent": "deny", "scopes": []}),
        ("page", {"consent": "page", "scopes": []}),
        (f"partial:{CALENDAR}", {"consent": "partial", "scopes": [CALENDAR]}),
    ],
)
def test_the_answer_can_be_ordered_over_http(stranger: Client, auto: str, expected: object) -> None:
    assert stranger.get("/__consent", auto=auto).json == expected
    assert stranger.get("/__consent").json == expected


def test_an_ordered_partial_consent_is_given_at_once(stranger: Client) -> None:
    stranger.get("/__consent", auto=f"partial:{CALENDAR}")
    assert callback(authorize(stranger, [READONLY, CALENDAR]))["scope"] == CALENDAR


def test_what_is_no_consent_is_refused_with_the_choices(stranger: Client) -> None:
    for wrong in ("", "perhaps", "grant:all"):
        answer = stranger.get("/__consent", auto=wrong)
        assert (answer.status, "partial:SCOPES" in answer.json["error"]) == (400, True)
    assert stranger.send("PUT", "/__consent").status == 405


def test_a_server_can_be_started_asking(office: Workspace) -> None:
    with serve(office, consent=Consent("page")) as running:
        client = Client(running)
        assert read(authorize(client, [READONLY])).person == ALEX
        client.close()


def test_somebody_else_can_answer_at_once(running: Running, stranger: Client) -> None:
    running.consent = Consent(account=DANA)
    tokens = redeem(stranger, callback(authorize(stranger, ["email", READONLY], login_hint=ALEX))["code"]).json
    assert stranger.get("/tokeninfo", access_token=tokens["access_token"]).json["email"] == DANA
