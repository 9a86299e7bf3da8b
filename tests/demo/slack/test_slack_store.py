"""The Slack tables keep their law: unique times and ids, known members, times with a zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.demo.slack.lookup import SlackLookup, Window
from app.demo.slack_store import SlackStore
from app.demo.workspace import Workspace
from app.demo.workspace_error import WorkspaceError
from tests.demo.little_office import ALEX, DANA, NOW, ZONE, Clock, open_office
from tests.demo.slack.team import Team, make_team


def test_the_same_team_made_twice_has_the_same_ids(team: Team, tmp_path: Path, clock: Clock) -> None:
    other = open_office(tmp_path / "other.sqlite", clock)
    assert make_team(other) == team
    other.close()


def test_ids_tell_what_they_name(team: Team) -> None:
    assert [value[0] for value in (team.alex, team.general, team.launch, team.dana_im)] == ["U", "C", "C", "D"]


def test_moments_of_one_channel_never_meet(office: Workspace, team: Team) -> None:
    said = [office.slack.add_chat(team.general, team.dana, "x", NOW) for _ in range(3)]
    second = int(NOW.timestamp())
    assert said == [f"{second}.000100", f"{second}.000200", f"{second}.000300"]
    given = office.slack.add_chat(team.general, team.dana, "x", NOW, ts=f"{second}.000150")
    assert given == f"{second}.000150"


def test_the_owner_is_a_member_and_can_be_replaced_by_an_imported_one(office: Workspace) -> None:
    first = office.slack.owner
    general = office.slack.add_channel("general", members=[first], created=NOW)
    office.slack.add_chat(general, first, "hello", NOW)
    again = office.slack.add_member("arivera", real_name="Alex R.", email=ALEX.upper(), id="U777")
    assert (again, office.slack.owner) == ("U777", "U777")
    lookup = SlackLookup(office.database, "U777")
    assert lookup.channel(general).members == ("U777",)
    assert lookup.history(general, Window(), 10)[0].member == "U777"
    assert [member.name for member in lookup.members()] == ["arivera"]
    assert office.slack.add_member("alex", real_name="Alex Rivera", email=ALEX) != ""


def test_clearing_leaves_the_owner_alone(office: Workspace, team: Team) -> None:
    office.clear(zone=ZONE)
    lookup = SlackLookup(office.database, office.slack.owner)
    assert [member.id for member in lookup.members()] == [team.alex]
    assert (lookup.channels(), lookup.usergroups(), lookup.chats_matching("", "")) == ([], [], [])


def test_an_older_workspace_gets_its_tables_and_its_owner(office: Workspace) -> None:
    office.database.run("DROP TABLE slack_members")
    office.close()
    again = Workspace.open(office.path)
    assert again.slack.owner
    again.close()


@pytest.mark.parametrize(
    ("work", "said"),
    [
        (lambda slack, team: slack.add_member("d", real_name="D", email=DANA), "already"),
        (lambda slack, team: slack.add_member("d", real_name="D", id=team.dana), "already"),
        (lambda slack, team: slack.add_member("d", real_name="D", id="dana"), "not a Slack id"),
        (lambda slack, team: slack.add_usergroup("leads", "Again", []), "already"),
        (lambda slack, team: slack.add_usergroup("ghosts", "Ghosts", ["U0"]), "no member"),
        (lambda slack, team: slack.add_channel("general", members=[], created=NOW), "already"),
        (lambda slack, team: slack.add_channel("Two Words", members=[], created=NOW), "channel name"),
        (lambda slack, team: slack.add_channel("x", members=["U0"], created=NOW), "no member"),
        (lambda slack, team: slack.add_channel("x", members=[], created=NOW, kind="party"), "choose one of"),
        (lambda slack, team: slack.add_channel("", members=[], created=NOW, kind="im"), "two members"),
        (lambda slack, team: slack.add_channel("x", members=[], created=datetime(2026, 1, 1)), "zone"),  # noqa: DTZ001
        (lambda slack, team: slack.add_chat("C0", team.dana, "x", NOW), "no conversation"),
        (lambda slack, team: slack.add_chat(team.general, "U0", "x", NOW), "no member"),
        (lambda slack, team: slack.add_chat(team.launch, team.dana, "x", NOW, ts=team.question), "already"),
        (lambda slack, team: slack.add_chat(team.launch, team.dana, "x", NOW, ts="monday"), "not the time"),
        (
            lambda slack, team: slack.add_chat(
                team.launch, team.dana, "x", NOW - timedelta(days=1), thread=team.question
            ),
            "cannot come before",
        ),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    office: Workspace, team: Team, work: Callable[[SlackStore, Team], Any], said: str
) -> None:
    with pytest.raises(WorkspaceError, match=said):
        work(office.slack, team)
