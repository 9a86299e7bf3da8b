"""A permission that is missing is asked for at the server as everywhere: a card, and no secret in it."""

from __future__ import annotations

import asyncio
import json
import re
from html import unescape
from pathlib import Path

import httpx
import pytest

from tests.studio.served import served
from tests.studio.talk import Person


def agree(page: str) -> None:
    """What a person does in the browser: follow the page, leave every box ticked, press allow, and come back."""
    with httpx.Client(follow_redirects=True, timeout=30) as browser:
        asked = browser.get(page)
        [ticket] = re.findall(r'name=ticket value="([^"]+)"', asked.text)
        given = {
            "ticket": unescape(ticket),
            "answer": "allow",
            "person": re.findall(r'<option value="([^"]+)"', asked.text)[0],
            "scope": [unescape(box) for box in re.findall(r'name=scope value="([^"]+)" checked>', asked.text)],
        }
        browser.post(asked.url.join("/__consent"), data=given).raise_for_status()


def test_a_consent_is_a_card_and_is_rejected_and_approved(tmp_path: Path) -> None:
    pytest.importorskip("langgraph_api", reason="the LangGraph server is not installed here: `make test-studio`")

    async def work() -> None:
        async with server.client(server.key("ana")) as client:
            ana = Person(client)
            thread = await ana.thread()
            [card] = (await ana.ask(thread, "Summarise my inbox")).pending
            assert [action["name"] for action in card["action_requests"]] == ["connect_google"]
            assert card["review_configs"] == [
                {"action_name": "connect_google", "allowed_decisions": ["approve", "reject"]}
            ]
            assert "token" not in json.dumps(card)
            over = await ana.decide(thread, {"type": "reject", "message": "not now"})
            assert not over.pending
            assert "did not connect google" in over.answer
            [card] = (await ana.ask(thread, "Summarise my inbox")).pending
            await asyncio.to_thread(agree, card["action_requests"][0]["args"]["page"])
            done = await ana.decide(thread, {"type": "approve"})
            assert not done.pending
            assert "50 conversations" in done.answer

    with served(tmp_path, VALET_DEMO_CONSENT="ask") as server:
        asyncio.run(work())
    kept = b"".join(path.read_bytes() for path in (server.work / ".langgraph_api").iterdir())
    assert b"summarise_inbox" in kept
    assert b"ya29." not in kept, "an access token"
