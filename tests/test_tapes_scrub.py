"""A tape of somebody's own data, scrubbed: nothing of them is left in any byte, and it still replays."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from app.settings import load
from app.tapes.private_words import found_in
from app.tapes.script import performed
from app.tapes.scrub import scrubbed
from app.tapes.tape import Exchange, Step, Tape
from app.tapes.tape_file import read
from app.tapes.verdict import cleaned, verdict
from tests.canary.leaks import leaks
from tests.private_world import OWNER, PRIVATE, TEXTS, exports
from tests.taping import MORNING
from tests.terminal import piped, surroundings


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Mail, meetings, chats and documents are read, and a mail is sent."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "home").mkdir()
    given = {"VALET_NOW": MORNING, "VALET_ZONE": "Europe/Zurich", "VALET_WORKSPACE": "mine"}
    files = str(exports(folder / "exports"))
    env = surroundings(folder / "home", **given)
    done = piped("demo", "import", "--owner", OWNER, "--workspace", "mine", files, env=env)
    assert "5 files loaded" in done.stdout, done
    settings = load({"VALET_HOME": env["VALET_HOME"], **given}, cwd=folder)
    asyncio.run(performed(settings, folder / "own.tape.yaml", "t", TEXTS))
    return folder / "own.tape.yaml"


def test_nothing_private_is_left_in_any_byte_and_the_tape_replays(recorded: Path, tmp_path: Path) -> None:
    before = recorded.read_bytes()
    assert {leak.secret for leak in leaks({"tape": before}, PRIVATE)} == PRIVATE.keys()
    assert [step.ends for step in read(recorded).steps] == [*["answered"] * 6, "waiting", "answered"]
    file = tmp_path / "own.tape.yaml"
    shutil.copyfile(recorded, file)
    [(_, count)] = asyncio.run(cleaned([file], []))
    assert count > len(PRIVATE)
    left = file.read_bytes()
    assert leaks({"tape": left}, PRIVATE) == []
    assert not [part for part in ("QUASTHOFF", "quasthoff", "Zdzis", "kumquat", "vexillum") if part.encode() in left]
    came = asyncio.run(verdict(file))
    assert came.ok, came.told
    assert scrubbed(read(file))[1] == {}, "what stands for something is nobody's name"
    with_word = asyncio.run(cleaned([file], ["Thessaly"]))
    assert with_word[0][1] == 1
    assert b"Thessaly" not in file.read_bytes()
    assert asyncio.run(verdict(file)).ok


def swaps(text: str, url: str = "https://api.example/things") -> dict[str, str]:
    """What goes of a tape on which a person says this."""
    step = Step(at=MORNING, person=text, ends="answered", path=["route", "mail"])
    tape = Tape(thread="t", user="u", zone="UTC", workspace="own", model="offline", steps=[step])
    tape = tape.model_copy(update={"exchanges": [Exchange(step=1, send=f"GET {url}")]})
    return found_in(tape, tape.model_dump(mode="json"), ())


@pytest.mark.parametrize(
    "number", ["+41 79 555 77 31", "+4179557731", "+1 (415) 555-0142", "(0043) 1 987 65 43", "(415) 555-0142"]
)
def test_a_number_that_can_be_called_is_private(number: str) -> None:
    assert swaps(f"call {number}, please") == {number: "+1 555 0100"}


@pytest.mark.parametrize(
    "text",
    [
        "Wed, 18 Nov 2026 10:00:00 +0100",
        "2026-11-18T09:30:00+01:00",
        "10:00:00 +1000 2026",
        "lunch+2026/11/18",
        "1763451000.000100",
        "17 % of 3400 + 2500",
        "https://api.example/things?page=2",
        "https://www.googleapis.com/drive/v3/files and https://files.slack.com/x",
        "on 127.0.0.1 and 192.0.2.7, +1 555 0107, host3.scrubbed.example, person1@scrubbed.example",
    ],
)
def test_what_is_no_ones_stays(text: str) -> None:
    assert swaps(text) == {}


def test_names_are_found_beside_addresses_and_the_words_of_a_sentence_are_not() -> None:
    found = swaps('write to Kim Doe <kim@home.example>, "Lind, Bo" <b.lind@home.example> or Xi <xi@home.example>')
    assert {"Kim", "Doe", "Lind", "Bo", "Xi", "b.lind", "home.example"} <= found.keys()
    assert not {"write", "to", "or", "kim", "xi"} & found.keys()


def test_a_team_is_known_by_its_host_and_a_company_by_its_domain() -> None:
    found = swaps("see https://acme-rockets.slack.com/archives/C1 and https://wiki.plumbago.example/x")
    assert found["acme-rockets.slack.com"].endswith(".scrubbed.example")
    assert found["wiki.plumbago.example"].endswith(".scrubbed.example")
    assert {"plumbago.example", "Plumbago", "plumbago"} <= found.keys()
