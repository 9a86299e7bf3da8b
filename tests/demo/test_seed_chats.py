"""The seeded Slack: the same every time, believable in its bounds, and what the truth says of it is there."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from app.demo.seed import fresh
from app.demo.seed.cast import senders
from app.demo.seed.chats import everything_said
from app.demo.seed.chats_script import Said, lines
from app.demo.seed.chats_team import marked, team
from app.demo.seed.days import Days
from app.demo.seed.material import MaterialError
from app.demo.workspace import Workspace
from tests.demo import chat_truth, truth

TODAY = date(2026, 3, 4)
ZONE = "Europe/Zurich"
WEEK = [TODAY + timedelta(days=count) for count in range(7)]


def said(today: date = TODAY, zone: str = ZONE) -> list[Said]:
    return everything_said(Days(today, zone))


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = fresh(tmp_path_factory.mktemp("seed") / "workspace.db", today=TODAY, zone=ZONE)
    yield workspace
    workspace.close()


def test_a_busy_team(seeded: Workspace) -> None:
    rows = seeded.database.rows("SELECT id, kind, archived, shared FROM slack_channels")
    kinds = Counter(kind for _, kind, _, _ in rows)
    assert 12 <= kinds["public"] + kinds["private"] <= 15
    assert kinds["im"] >= 5
    assert kinds["mpim"] == 1
    assert sum(archived for _, _, archived, _ in rows) == 1
    assert sum(shared for _, _, _, shared in rows) == 1
    assert 500 <= seeded.database.value("SELECT count(*) FROM slack_chats") <= 800
    assert seeded.database.value("SELECT count(*) FROM slack_chats") == len(said())


def test_every_form_of_message_is_there(seeded: Workspace) -> None:
    def count(condition: str) -> int:
        found = seeded.database.value(f"SELECT count(*) FROM slack_chats WHERE {condition}")  # noqa: S608 - ours
        return int(found)

    assert count("thread > 0") >= 100
    assert count("edited IS NOT NULL") >= 1
    assert count("deleted") >= 2
    assert count("reactions <> '{}'") >= 50
    assert count("reactions LIKE '%white_check_mark%'") >= 25
    assert count("files <> '[]'") >= 3
    assert count("subtype = 'bot_message'") >= 20
    assert count("subtype = 'channel_join'") >= 2
    assert count("text LIKE '%```%'") >= 1
    me = seeded.slack.owner
    for mark in (f"<@{me}>", "<!here>", "<!everyone>", "<!subteam^", "<https://", "<#C"):
        assert count(f"text LIKE '%{mark}%'") >= 1, mark


def test_the_owner_is_not_everywhere(seeded: Workspace) -> None:
    inside = {
        row[0]
        for row in seeded.database.rows(
            "SELECT channel FROM slack_channel_members WHERE member = ?", seeded.slack.owner
        )
    }
    outside = {key for key, place in team().places.items() if place.id not in inside}
    assert outside == {"eng-oncall", "finance-close"}


def test_nobody_speaks_where_they_are_not() -> None:
    for message in said():
        writer = team().members[message.who]
        place = team().places[message.place]
        assert writer.hook or writer.bot or writer.deleted or message.who in place.members, (message.place, message.who)
        for name, who in message.reactions.items():
            assert set(who) <= set(place.members), (message.place, message.text, name)


def test_only_members_and_channels_that_exist_are_marked() -> None:
    for message in said():
        loose = re.findall(r"(?<![\w.<|/])[@#](?!\d)[a-z-]+", re.sub(r"<[^>]*>", "", message.text))
        assert not loose, (message.place, message.text)
        assert "{" not in message.text, message.text
        hosts = re.findall(r"https?://([a-z0-9.-]+)", message.text)
        assert all(host.endswith(".example") for host in hosts), message.text


def test_same_day_and_zone_give_the_same_messages() -> None:
    assert said() == said()
    assert [message.ts for message in said(TODAY + timedelta(days=1))] != [message.ts for message in said()]
    assert Counter((message.place, message.ts) for message in said()).most_common(1)[0][1] == 1


@pytest.mark.parametrize("today", WEEK, ids=str)
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland", "America/Los_Angeles"])
def test_nothing_is_said_in_the_future_and_replies_follow(today: date, zone: str) -> None:
    newest = Days(today, zone).at("d+0 08:00").timestamp()
    for message in said(today, zone):
        assert float(message.ts) <= newest, message.text
        assert not message.thread or message.thread < message.ts, message.text


@pytest.mark.parametrize("today", WEEK, ids=str)
def test_the_truth_names_messages_that_are_there(today: date) -> None:
    known = chat_truth.told(today, ZONE)
    names = [row.name for row in known]
    assert len(set(names)) == len(names) >= 80
    for row in known:
        assert row.action == (row.kind in ("request", "commitment", "question")), row.name
        assert bool(row.state) == bool(row.what) == row.action, row.name
        assert set(row.who) <= set(team().members), row.name
        assert not row.same_as or row.same_as in names, row.name
        if row.due and row.state == "open" and not row.unclear:
            assert row.due.date() >= Days(today, ZONE).on("wd+0"), row.name
    keyed = {message.name for message in said(today)} - {""}
    assert len(keyed - set(names)) <= 30


def test_the_truth_holds_every_case() -> None:
    known = chat_truth.told(TODAY, ZONE)
    mine = [row for row in known if "alex" in row.who and row.state == "open"]
    assert len(mine) >= 15
    assert sum(row.state == "done" for row in known) >= 15
    assert sum(row.kind == "none" for row in known) >= 15
    assert sum(row.kind == "commitment" for row in known) >= 10
    assert sum(row.kind == "decision" for row in known) >= 3
    assert sum(bool(row.same_as) for row in known) >= 4
    assert {row.mentions for row in known} == {"me", "group", "all", ""}


def test_the_truth_agrees_with_the_texts() -> None:
    texts = {message.name: message.text for message in said()}
    me = team().members["alex"].id
    for row in chat_truth.told(TODAY, ZONE):
        assert (f"<@{me}>" in texts[row.name]) == (row.mentions == "me"), row.name
        assert ("<!subteam^" in texts[row.name] and "alex" in row.who) == (row.mentions == "group"), row.name
        words = f"{texts[row.name]} {texts.get(row.same_as, '')}".lower()
        for what in row.what:
            assert all(word in words for word in what.split()), (row.name, what)


def test_injections_are_planted_and_their_canaries_are_not(seeded: Workspace) -> None:
    everything = "\n".join(message.text for message in said())
    everything += "\n".join(place.topic for place in team().places.values())
    planted = [found for found in truth.injections() if found.chat or found.topic]
    assert len(planted) == 2
    names = {message.name for message in said()}
    for injection in planted:
        assert injection.canary not in everything
        assert re.sub(r"\d", "", injection.canary) in everything
        assert injection.chat in names or team().places[injection.topic].topic
    topic = seeded.database.value("SELECT topic FROM slack_channels WHERE name = 'contoso'")
    assert "BRASS" in topic


def test_the_members_are_the_people_of_the_mail(seeded: Workspace) -> None:
    rows: dict[str, str] = dict(seeded.database.rows("SELECT email, real_name FROM slack_members WHERE email <> ''"))
    for key in ("alex", "ana", "priya", "roth"):
        assert rows[senders()[key].address] == senders()[key].name
    assert {person.address for person in seeded.people()} <= set(rows)


def test_a_line_that_cannot_be_read_is_named() -> None:
    with pytest.raises(MaterialError, match=r"somewhere: cannot read '9:5 ana'"):
        lines("general", "wd-1", "9:5 ana", "somewhere")
    with pytest.raises(MaterialError, match="unknown words"):
        lines("general", "wd-1", "09:05 ana loudly: hello", "somewhere")
    with pytest.raises(MaterialError, match="cannot read"):
        lines("general", "wd-1", "09:05 nobody: hello", "somewhere")


def test_marks() -> None:
    ana = team().members["ana"].id
    assert marked("@ana <b> & @here") == f"<@{ana}> &lt;b&gt; &amp; <!here>"
    assert marked("see https://a.example/x.") == "see <https://a.example/x>."
    assert marked("@somebody #882") == "@somebody #882"
