"""A permission is asked for from inside a conversation, given in a browser, and the turn goes on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.demo.consent import Consent
from tests.auth.local.linking import LABELS, ME, READONLY, fetch
from tests.consent_world import Office, end, labelling, office, told, whose, writing
from tests.demo.little_office import ALEX, DANA
from tests.loopback import PATIENCE
from tests.scripted import calling


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as opened:
        yield opened


def test_the_card_says_why_and_what_and_the_turn_goes_on_after_the_browser(world: Office) -> None:
    talk = world.begin(whose(), end())

    async def go() -> None:
        [item] = await talk.needs("whose mail is this?")
        assert (item["connection"], item["account"], item["capability"]) == ("google", "", "mail.read")
        assert item["reason"] == "read your mail; read and label your mail"
        assert item["permits"] == ["see and change your labels", "read all of your mail and its settings"]
        assert item["scopes"] == [LABELS, READONLY]
        card = await talk.card()
        [action] = card["action_requests"]
        assert (action["name"], card["review_configs"][0]["allowed_decisions"]) == (
            "connect_google",
            ["approve", "reject"],
        )
        assert "- see and change your labels\n" in action["description"]
        assert item["page"] in action["description"]
        shown = json.dumps(card)
        assert not any(secret in shown for secret in ("state=", "code_challenge", "client_id", "oauth", "1//", "ya29"))
        messages = await talk.answered({"decisions": [{"type": "approve"}]}, item["page"])
        assert told(messages)[0].count(f"Mail of {ALEX}, read as {ALEX}.") == 1
        assert messages[-1].text == "So it is."

    asyncio.run(go())


@pytest.mark.parametrize("answer", [True, "yes", [{"type": "approve"}], {"type": "accept", "args": None}, "by id"])
def test_every_shape_of_a_yes_resumes(world: Office, answer: Any) -> None:
    talk = world.begin(whose(), end())

    async def go() -> None:
        [item] = await talk.needs()
        given = {item["id"]: True} if answer == "by id" else answer
        messages = await talk.answered(given, item["page"])
        assert f"Mail of {ALEX}" in told(messages)[0]

    asyncio.run(go())


@pytest.mark.parametrize(("answer", "clicks", "expected"), [
    (False, None, "You did not connect google."),
    ({"decisions": [{"type": "reject"}]}, None, "You did not connect google."),
    (True, {"press": "deny"}, "google was not connected: the consent was declined."),
    (True, {"untick": "gmail.readonly"}, "google is connected without the permission to read your mail."),
])  # fmt: skip
def test_a_no_in_any_place_is_told_and_the_turn_ends(
    world: Office, answer: Any, clicks: dict[str, Any] | None, expected: str
) -> None:
    talk = world.begin(whose(), end())

    async def go() -> None:
        [item] = await talk.needs()
        messages = await talk.answered(answer, *([item["page"]] if clicks else []), **(clicks or {}))
        [said] = told(messages)
        assert expected in said
        assert messages[-1].text == "So it is."

    asyncio.run(go())


def test_what_was_not_ticked_is_asked_for_when_it_is_needed(world: Office) -> None:
    talk = world.begin(whose(), end(), labelling(), end())

    async def go() -> None:
        [item] = await talk.needs()
        assert "Mail of" in told(await talk.answered(True, item["page"], untick="gmail.labels"))[0]
        [item] = await talk.needs("which labels are there?")
        assert item["account"] == ALEX
        assert "labels." in told(await talk.answered(True, item["page"]))[1]

    asyncio.run(go())


def test_another_account_than_the_linked_one_is_not_taken(world: Office) -> None:
    talk = world.begin(whose(), end(), labelling(), end())

    async def go() -> None:
        [item] = await talk.needs()
        await talk.answered(True, item["page"], untick="gmail.labels")
        [item] = await talk.needs()
        said = told(await talk.answered(True, item["page"], person=DANA))[1]
        assert f"you chose {DANA}" in said
        assert [facts.account for facts in talk.desk.brokers.grants(ME)] == [ALEX]

    asyncio.run(go())


def test_an_address_pasted_while_the_turn_waits_counts(world: Office) -> None:
    talk = world.begin(whose(), end())

    async def go() -> None:
        [item] = await talk.needs()
        turn = asyncio.create_task(talk.resume(True))
        assert await asyncio.to_thread(talk.heard.waits.wait, PATIENCE)
        world.desk.running.consent = Consent("grant")
        onward = (await asyncio.to_thread(fetch, item["page"])).headers["location"]
        back = (await asyncio.to_thread(fetch, onward)).headers["location"]
        await asyncio.to_thread(talk.parts.consents.paste, ME, item["id"], back)
        assert "Mail of" in told(await turn)[0]

    asyncio.run(go())


def test_no_answer_in_time_is_told(world: Office) -> None:
    talk = world.begin(whose(), end(), seconds=0.01)

    async def go() -> None:
        await talk.needs()
        assert "no answer came from the browser" in told(await talk.resume(True))[0]

    asyncio.run(go())


def test_an_unclear_answer_is_asked_again_with_the_same_page(world: Office) -> None:
    talk = world.begin(whose(), end())

    async def go() -> None:
        [first] = await talk.needs()
        await talk.resume("perhaps")
        [second] = await talk.items()
        assert second == first
        assert "was not understood: say yes or no" in (await talk.card())["valet"]["problem"]
        assert "Mail of" in told(await talk.answered("yes", second["page"]))[0]

    asyncio.run(go())


def test_two_needs_are_one_pause_and_each_is_decided_by_itself(world: Office) -> None:
    both = calling(("whose_mail", {}), ("labels", {}), ("who_in_slack", {}))
    talk = world.begin(both, end())

    async def go() -> None:
        google, slack = await talk.needs()
        assert (google["connection"], slack["connection"]) == ("google", "slack")
        messages = await talk.answered({google["id"]: True, slack["id"]: False}, google["page"])
        assert ["Mail of" in told(messages)[0], "labels." in told(messages)[1]] == [True, True]
        assert "You did not connect slack." in told(messages)[2]

    asyncio.run(go())


def test_both_pages_may_be_answered_in_any_order(world: Office) -> None:
    talk = world.begin(calling(("whose_mail", {}), ("who_in_slack", {})), end())

    async def go() -> None:
        google, slack = await talk.needs()
        messages = await talk.answered([True, True], slack["page"], google["page"])
        assert "Mail of" in told(messages)[0]
        assert "Slack knows you as" in told(messages)[1]

    asyncio.run(go())


def test_the_permission_to_write_is_asked_for_after_the_yes_to_the_write(world: Office) -> None:
    talk = world.begin(writing(), end())

    async def go() -> None:
        [look] = await talk.needs("label it")
        assert look["capability"] == "mail.read", "only what planning needs"
        await talk.answered(True, look["page"])
        card = await talk.card()
        assert (card["valet"]["kind"], [facts.capability for facts in talk.desk.brokers.grants(ME)]) == (
            "writes",
            ["mail.read"],
        )
        await talk.resume(True)
        [item] = await talk.items()
        assert (item["capability"], item["reason"], item["account"]) == ("mail.write", "label your mail", ALEX)
        assert "Done: Labelled" in told(await talk.answered(True, item["page"]))[0]

    asyncio.run(go())


def test_who_approves_a_write_and_not_its_permission_has_written_nothing(world: Office) -> None:
    talk = world.begin(writing(), end())

    async def go() -> None:
        [look] = await talk.needs("label it")
        await talk.answered(True, look["page"])
        await talk.resume(True)
        assert "You did not connect google." in told(await talk.resume(False))[0]
        assert [row.stage for row in talk.parts.ledger.rows(ME, "withdrawn")] == ["withdrawn"]

    asyncio.run(go())
