"""Slack's search finds by words, people, places, days and what a message has; it finds nothing one cannot see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from app.demo.server import Running
from app.demo.workspace import Workspace
from tests.demo.little_office import NOW
from tests.demo.slack.team import Team


@pytest.fixture
def slack(office: Workspace, running: Running, slack: WebClient, team: Team) -> WebClient:
    """The owner, with something to find."""
    add = office.slack.add_chat
    link = "Budget draft: <https://files.example/b|budget> please check"
    add(team.general, team.dana, link, NOW - timedelta(days=1), reactions={"white_check_mark": [team.lee]})
    add(
        team.general,
        team.lee,
        "The budget is final",
        NOW - timedelta(days=2),
        files=[{"id": "F1", "name": "sums.xlsx"}],
    )
    add(team.general, team.bot, "Café opens: budget budget budget", NOW - timedelta(days=30))
    add(team.others, team.lee, "budget elsewhere", NOW - timedelta(days=3))
    add(team.secret, team.dana, "budget in secret", NOW)
    add(team.dana_im, team.dana, "budget between us", NOW)
    add(team.general, team.lee, "budget was deleted", NOW, deleted=True)
    add(team.general, team.lee, "来週の予算 meeting", NOW - timedelta(days=5))
    return slack


FIRST = {
    "budget": ["Café", "The budget", "budget between", "Budget draft", "budget elsewhere"],
    "budget from:@lee": ["The budget", "budget elsewhere"],
    "budget from:dana": ["budget between", "Budget draft"],
    'budget from:"Lee Chan"': ["The budget", "budget elsewhere"],
    "from:me": ["Yes, on"],
    "budget in:#general": ["Budget draft", "The budget", "Café"],
    "budget in:general -from:@dana": ["The budget", "Café"],
    "budget in:@dana": ["budget between"],
    "budget in:secret": [],
    "budget in:#nowhere": [],
    "from:nobody": [],
    '"budget is"': ["The budget"],
    "budget -draft -elsewhere -café": ["The budget", "budget between"],
    "cafe": ["Café"],
    "budg*": ["Café", "The budget", "budget between", "Budget draft", "budget elsewhere"],
    "budg": [],
    "on:2026-03-24": ["Budget draft"],
    "on:yesterday": ["Budget draft"],
    "after:2026-03-22 before:2026-03-24": ["The budget"],
    "budget during:february": ["Café"],
    "budget before:2026-03-01": ["Café"],
    "budget after:someday": [],
    "has:link": ["Budget draft"],
    "has::white_check_mark:": ["Budget draft"],
    "has:file": ["The budget"],
    "sums": ["The budget"],
    "has:reaction": ["Yes, on", "Budget draft"],
    "is:thread": ["Yes, on", "Thanks"],
    "予算": ["来週の"],
}


@pytest.mark.parametrize("query", FIRST)
def test_a_query_finds_what_slack_would_find(slack: WebClient, query: str) -> None:
    expected = FIRST[query]
    found = slack.search_messages(query=query, count=50)["messages"]
    assert found["total"] == len(expected)
    texts = [match["text"] for match in found["matches"]]
    assert sorted(next(want for want in expected if text.startswith(want)) for text in texts) == sorted(expected)


def test_entities_name_people_and_places(slack: WebClient, team: Team) -> None:
    query = f"budget from:<@{team.dana}> in:<#{team.general}|general>"
    (match,) = slack.search_messages(query=query)["messages"]["matches"]
    assert match["channel"] | {"id": team.general, "name": "general"} == match["channel"]
    assert (match["user"], match["username"]) == (team.dana, "dana")
    assert match["permalink"].endswith(f"/archives/{team.general}/p{match['ts'].replace('.', '')}")


def test_the_order_is_by_score_or_by_time(slack: WebClient) -> None:
    best = slack.search_messages(query="budget")["messages"]["matches"]
    assert best[0]["text"].startswith("Café")
    newest = [m["ts"] for m in slack.search_messages(query="budget", sort="timestamp")["messages"]["matches"]]
    assert newest == sorted(newest, reverse=True)
    oldest = slack.search_messages(query="budget", sort="timestamp", sort_dir="asc")["messages"]["matches"]
    assert [match["ts"] for match in oldest] == newest[::-1]


def test_pages_are_numbered(slack: WebClient) -> None:
    first = slack.search_messages(query="budget", sort="timestamp", count=2, page=1)["messages"]
    last = slack.search_messages(query="budget", sort="timestamp", count=2, page=3)["messages"]
    assert first["paging"] == {"count": 2, "total": 5, "page": 1, "pages": 3}
    assert (len(first["matches"]), len(last["matches"])) == (2, 1)
    assert (last["pagination"]["first"], last["pagination"]["last"]) == (5, 5)
    beyond = slack.search_messages(query="budget", count=2, page=9)["messages"]
    assert (beyond["matches"], beyond["total"]) == ([], 5)


@pytest.mark.parametrize(
    ("query", "sort", "error"),
    [(" ", "score", "missing_query"), ("x", "luck", "invalid_arguments")],
)
def test_odd_searches_are_refused(slack: WebClient, query: str, sort: str, error: str) -> None:
    with pytest.raises(SlackApiError) as raised:
        slack.search_messages(query=query, sort=sort)
    assert raised.value.response["error"] == error


@pytest.mark.parametrize(
    "query", ['"', '""', "-", 'a"b', "NEAR(a b)", "a AND OR", "x:*", "-from:", "on:0000-00-00", "during:99999"]
)
def test_no_query_breaks_it(slack: WebClient, query: str) -> None:
    assert slack.search_messages(query=query)["ok"]


@pytest.mark.parametrize(
    "query", ["a " * 500, "-a " * 500, "x" * 50_000, "on:" + "9" * 9000, "a\0b", "before:0001-01-01"]
)
def test_not_even_an_enormous_one(slack: WebClient, query: str) -> None:
    assert slack.search_messages(query=query)["messages"]["total"] >= 0
