"""Several accounts of one connection: chosen by name, and said wherever one was used."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.accounts import named, table
from app.ask import accounts_given
from app.demo.consent import Consent
from app.demo.server import serve
from app.setting_rows import SettingsError
from graphs.context import Context
from tests.auth.local.linking import fetch, sent_back
from tests.consent_world import Office, end, office, told, whose
from tests.demo.little_office import ALEX, DANA, Clock, open_office
from tests.terminal import piped, surroundings, terminal
from tests.test_connect import connecting

LINKED = {"google": (ALEX, "home"), "slack": ("alex@northwind",)}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as opened:
        yield opened


def test_the_account_that_is_named_is_used_and_said(world: Office) -> None:
    talk = world.begin(whose(), end(), whose(), end(), whose(), end())

    async def go() -> None:
        [item] = await talk.needs()
        assert told(await talk.answered(True, item["page"]))[0].count("google:") == 0, "there is but one"
        await talk.ask("whose is my mail at home?", Context(accounts={"google": "home"}))
        [item] = await talk.items()
        assert item["account"] == "home"
        world.desk.running.consent = Consent(account=DANA)
        await asyncio.to_thread(lambda: fetch(sent_back(item["page"])))
        said = told(await talk.resume_with(True, Context(accounts={"google": "home"})))[1]
        assert said.startswith("(google: home)\n")
        assert f"Mail of {DANA}, read as home." in said
        said = told(await talk.ask("and at work?"))[2]
        assert said.startswith(f"(google: {ALEX})\n")
        assert f"Mail of {ALEX}" in said
        shown = [result.view[0] for result in talk.parts.results.kept.values()]  # type: ignore[attr-defined]
        assert {getattr(block, "text", "") for block in shown} >= {"google: home", f"google: {ALEX}"}

    asyncio.run(go())


@pytest.mark.parametrize(("text", "chosen"), [
    ("home", {"google": "home"}),
    ("HOME", {"google": "home"}),
    ("ho", {"google": "home"}),
    ("alex", {"google": ALEX, "slack": "alex@northwind"}),
    ("work", {}),
])  # fmt: skip
def test_an_account_goes_by_its_name_or_the_beginning_of_it(text: str, chosen: dict[str, str]) -> None:
    assert named(LINKED, text) == chosen


def test_the_table_says_which_is_used() -> None:
    used = [[cell.text for cell in row] for row in table(LINKED, {"google": "home"}).rows]
    assert used == [["google", ALEX, ""], ["google", "home", "used"], ["slack", "alex@northwind", "used"]]
    assert "Nothing is linked yet" in table({}, {}).note


def test_an_option_names_connection_and_account() -> None:
    assert accounts_given(["google=work", "slack=a=b"]) == {"google": "work", "slack": "a=b"}
    for wrong in ("google", "=work", "google="):
        with pytest.raises(SettingsError, match="names no account"):
            accounts_given([wrong])


def test_accounts_on_the_terminal(tmp_path: Path) -> None:
    """Two accounts are linked, one is chosen in a chat and in a single request, and the doctor names both."""
    workspace = open_office(tmp_path / "office.sqlite", Clock())
    home = tmp_path / "home"
    home.mkdir()
    with serve(workspace) as running:
        env = surroundings(home, VALET_DEMO_ORIGIN=running.origin, VALET_DEMO_CONSENT="ask", VALET_ZONE="UTC")
        for person, argv in ((ALEX, ()), (DANA, ("--account", "home"))):
            running.consent = Consent(account=person, lifetime=86_400)
            with connecting(env, "google", "--for", "gmail.read", "--no-browser", *argv) as run:
                fetch(sent_back(run.page()))
                assert run.end()[0] == 0
        done = piped("ask", "--account", "google=home", "show my inbox", env=env)
        assert (done.returncode, "google: home" in done.stdout) == (0, True), done
        done = piped("ask", "do I have conflicts tomorrow?", env=env)
        assert done.returncode == 3, done
        assert "`valet connect google --for calendar.read`; then ask again" in " ".join(done.stderr.split())
        done = piped("brief", env=env)
        assert (done.returncode, "This needs a permission" in done.stderr) == (3, True), done
        checks = json.loads(piped("doctor", "--json", env=env).stdout)["checks"]
        [google] = [check for check in checks if check["name"] == "google"]
        assert f"{ALEX}, home: gmail.read" in google["what"]
        assert "ends" in google["what"], "in a day"
        with terminal("chat", env=env) as screen:
            screen.expect("› ")
            screen.enter("/account hom")
            screen.expect("home")
            screen.expect("used")
            screen.expect("› ")
            screen.enter("show my inbox")
            screen.expect("The link to google")
            screen.expect("google: home")
            screen.expect("› ")
            screen.enter("/account nobody")
            screen.expect("No linked account is named")
            screen.expect("› ")
            assert screen.leave() == 0
    workspace.close()
