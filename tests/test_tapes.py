"""Tapes from end to end: recorded on the demo workspace, replayed at every depth, scrubbed, and made of a thread."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from app.settings import Settings, load
from app.tapes.from_thread import tape_of
from app.tapes.junit import report
from app.tapes.live import model_live, tools_live
from app.tapes.recording import checked, recorded
from app.tapes.replay import Replayed, replay
from app.tapes.script import Unseen, performed
from app.tapes.scrub import scrubbed
from app.tapes.tape import Tape
from app.tapes.tape_error import TapeError
from app.tapes.tape_file import read, text_of, write
from app.tapes.trajectory import compare, nearness
from app.tapes.verdict import accepted, found_in, verdict
from app.turn import take_turn
from tests.taping import LUNCH, MORNING

TAPES = Path(__file__).parent / "tapes"
SENT, CRASHED, SEARCHED, AGENDA = (
    TAPES / f"{name}.tape.yaml" for name in ("mail_sent", "crash_resumed", "mail_search", "agenda")
)


def settings(home: Path, **more: str) -> Settings:
    return load({"VALET_HOME": str(home), "VALET_NOW": MORNING, "VALET_ZONE": "Europe/Zurich", **more}, cwd=home)


def replayed(tape: Tape) -> Replayed:
    return asyncio.run(replay(tape))


def changed(tape: Tape, number: int, **facts: Any) -> Tape:
    steps = [*tape.steps]
    steps[number] = steps[number].model_copy(update=facts)
    return tape.model_copy(update={"steps": steps})


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where one conversation was held and recorded: a mail is looked for, one is sent, and sums are done."""
    folder = tmp_path_factory.mktemp("home")
    texts = (LUNCH, "yes", "what is 2 + 2?")
    asyncio.run(performed(settings(folder), folder / "a.tape.yaml", "thread-a", texts))
    return folder


def test_a_recorded_conversation_replays_as_it_was(home: Path) -> None:
    tape = read(home / "a.tape.yaml")
    assert [step.ends for step in tape.steps] == ["waiting", "answered", "answered"]
    assert tape.steps[1].path == ["approve", "authorize_writes", "gmail_send", "route", "answer"]
    assert [e.send.split("/v1/")[1].split("?")[0] for e in tape.exchanges] == [
        "users/me/drafts",
        "users/me/drafts/send",
    ]
    assert replayed(tape).same


def test_no_credential_is_on_a_tape(home: Path) -> None:
    for file in (home / "a.tape.yaml", *found_in([TAPES])):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"(?i)ya29\.|xox[a-z]|1//|bearer|authorization:|refresh_token|client_secret", text), file


def test_a_step_that_goes_another_way_is_shown_as_a_diff() -> None:
    tape = read(SENT)
    came = replayed(changed(tape, 1, answer="It was sent twice.", path=["approve", "answer"]))
    assert not came.same
    assert "-  answer: It was sent twice." in came.diff
    assert "+  - gmail_send" in came.diff


def test_what_is_sent_and_not_recorded_ends_the_replay() -> None:
    tape = read(SENT)
    came = replayed(tape.model_copy(update={"exchanges": tape.exchanges[1:]}))
    assert any("sent, and not recorded" in problem and "users/me/drafts" in problem for problem in came.problems)


def test_what_is_recorded_and_not_sent_fails() -> None:
    tape = read(SENT)
    more = tape.exchanges[0].model_copy(update={"send": "GET https://gmail.googleapis.com/gmail/v1/users/me/profile"})
    came = replayed(tape.model_copy(update={"exchanges": [*tape.exchanges, more]}))
    assert [p for p in came.problems if "recorded, and not sent" in p]


def test_a_reply_too_few_and_a_reply_too_many_fail() -> None:
    tape = read(SENT)
    fewer = replayed(changed(tape, 0, model=[]))
    more = replayed(changed(tape, 0, model=[*tape.steps[0].model, *tape.steps[0].model]))
    assert "a model is asked once more than recorded" in fewer.problems[0]
    assert "no model was asked for it" in more.problems[0]


def test_another_decision_changes_what_happens() -> None:
    came = replayed(changed(read(SENT), 1, decision="no"))
    assert "not_executed" in came.diff
    assert any("recorded, and not sent: POST" in problem for problem in came.problems)


def test_a_crash_is_replayed_where_it_was_and_nothing_is_sent_twice() -> None:
    tape = read(CRASHED)
    assert [step.ends for step in tape.steps] == ["waiting", "broken off", "answered", "answered"]
    assert tape.steps[2].anew
    assert sum("drafts/send" in e.send for e in tape.exchanges) == 1
    assert replayed(tape).same


def first(tape: Tape) -> Tape:
    """Its first step alone."""
    return tape.model_copy(
        update={"steps": tape.steps[:1], "exchanges": [one for one in tape.exchanges if one.step == 1]}
    )


def failing() -> Tape:
    """A tape on which Valet itself raised: a service answered what no client could expect."""
    tape = first(read(AGENDA))
    odd = tape.exchanges[0].model_copy(update={"answer": {"json": {"items": 17}}})
    return replayed(tape.model_copy(update={"exchanges": [odd, *tape.exchanges[1:]]})).tape


def test_a_bug_is_on_the_tape_and_replays_as_such(tmp_path: Path) -> None:
    tape = failing()
    assert tape.steps[0].ends == "broken off"
    assert tape.steps[0].raised.startswith("TypeError: ")
    write(tmp_path / "bug.tape.yaml", tape)
    came = asyncio.run(verdict(tmp_path / "bug.tape.yaml"))
    assert came.ok, came.told


def test_a_bug_that_is_new_gone_or_another_is_told_in_a_few_lines() -> None:
    tape = failing()
    other = replayed(changed(tape, 0, raised="KeyError: threads"))
    lines = [line for line in other.diff.splitlines() if line[:1] in "+-"][2:]
    assert [line[:12] for line in lines] == ["-  raised: '", "+  raised: '"]
    assert "TypeError: " in lines[1]
    mended = replayed(tape.model_copy(update={"exchanges": first(read(AGENDA)).exchanges}))
    assert "was ended by a bug (TypeError: " in mended.problems[0]
    assert "Unexpected" not in mended.diff
    new = replayed(first(read(AGENDA)).model_copy(update={"exchanges": tape.exchanges}))
    assert "+  raised: " in new.diff


def test_accepting_takes_over_what_changed_and_only_that(tmp_path: Path) -> None:
    file = tmp_path / "a.tape.yaml"
    write(file, changed(read(SENT), 1, answer="something else"))
    assert not asyncio.run(verdict(file)).ok
    [(_, diff)] = asyncio.run(accepted([file]))
    assert "-  answer: something else" in diff
    assert asyncio.run(verdict(file)).ok
    assert read(file).exchanges == read(SENT).exchanges


def test_accepting_does_not_invent_what_services_would_say(tmp_path: Path) -> None:
    file = tmp_path / "a.tape.yaml"
    tape = read(SENT)
    for lacking in (tape.model_copy(update={"exchanges": []}), changed(tape, 1, model=[]), changed(tape, 0, writes=[])):
        write(file, lacking)
        before = file.read_bytes()
        with pytest.raises(TapeError, match="does not hold all"):
            asyncio.run(accepted([file]))
        assert file.read_bytes() == before


def test_tools_live_do_it_again_on_a_workspace_of_that_day(tmp_path: Path) -> None:
    tape = read(SENT)
    assert asyncio.run(tools_live(tape, settings(tmp_path))).same
    reply = tape.steps[0].model[0]
    other = reply.calls[0].model_copy(update={"args": {"to": ["x@y.example"], "subject": "Hi", "body": "Hi."}})
    came = asyncio.run(
        tools_live(changed(tape, 0, model=[reply.model_copy(update={"calls": [other]})]), settings(tmp_path))
    )
    assert "x@y.example" in came.diff
    assert not list(tmp_path.iterdir()), "a live replay leaves nothing"


def test_the_watched_channels_are_on_the_tape_and_replay(tmp_path: Path) -> None:
    file = tmp_path / "a.tape.yaml"
    watching = settings(tmp_path, VALET_SLACK_WATCH="product,#aurora-lanch")
    asyncio.run(performed(watching, file, "a", ("what are my action items in slack?",)))
    tape = read(file)
    assert tape.watched == ["product", "aurora-lanch"]
    assert "you watch #product; of " in tape.steps[0].answer
    assert "did you mean #aurora-launch?" in tape.steps[0].answer
    assert replayed(tape).same
    assert asyncio.run(tools_live(tape, settings(tmp_path))).same


def test_a_live_model_is_compared_by_its_calls(tmp_path: Path) -> None:
    tape = read(SENT)
    assert compare("a", tape, asyncio.run(model_live(tape, settings(tmp_path)))).nearness == "same"
    other = changed(tape, 0, person="what is 2 + 2?")
    assert compare("a", tape, asyncio.run(model_live(other, settings(tmp_path)))).nearness == "other"


def test_live_depths_refuse_what_they_cannot_replay(tmp_path: Path) -> None:
    with pytest.raises(TapeError, match="broke off"):
        asyncio.run(tools_live(read(CRASHED), settings(tmp_path)))
    with pytest.raises(TapeError, match="own accounts"):
        asyncio.run(model_live(read(SENT).model_copy(update={"workspace": "own"}), settings(tmp_path)))


A, B, C = (("a", {"x": 1}), ("b", {"x": 1}), ("a", {"x": 2}))


@pytest.mark.parametrize(
    ("then", "now", "near"),
    [
        ([A, B], [A, B], "same"),
        ([A, B], [C, B], "same tools"),
        ([A, B], [B, A], "other order"),
        ([A, B], [A], "fewer"),
        ([A], [A, B], "more"),
        ([A], [B], "other"),
    ],
)
def test_nearness(then: list[Any], now: list[Any], near: str) -> None:
    assert nearness(then, now) == near


def test_a_stored_thread_becomes_a_tape_that_replays_with_live_tools(home: Path) -> None:
    tape = asyncio.run(tape_of(settings(home), "thread-a"))
    assert [step.person for step in tape.steps] == [LUNCH, None, "what is 2 + 2?"]
    assert not tape.exchanges
    with pytest.raises(TapeError, match="--depth tools"):
        replayed(tape)
    came = asyncio.run(tools_live(tape, settings(home)))
    assert came.same, came.diff
    with pytest.raises(TapeError, match="no conversation 'nobody'"):
        asyncio.run(tape_of(settings(home), "nobody"))


@pytest.mark.parametrize("file", [SENT, SEARCHED], ids=lambda file: file.name)
def test_a_scrubbed_tape_names_nobody_and_still_replays(file: Path, tmp_path: Path) -> None:
    tape, swaps = scrubbed(read(file), ["lunch"])
    came = replayed(tape)
    assert not came.problems
    text = text_of(came.tape)
    assert swaps
    assert not re.search(r"northwind\.example|alex\.rivera|priya@|Daniel Roth", text)
    assert scrubbed(came.tape, ["lunch"])[0].steps == came.tape.steps


def test_a_conversation_that_began_before_is_not_recorded_from_its_middle(home: Path, tmp_path: Path) -> None:
    with pytest.raises(TapeError, match="has begun before"):
        asyncio.run(performed(settings(home), tmp_path / "b.tape.yaml", "thread-a", ("what is 2 + 2?",)))
    with pytest.raises(TapeError, match="holds another conversation"):
        checked(SENT, "another")
    with pytest.raises(TapeError, match="no name of a tape"):
        checked(tmp_path / "a.txt", "t")


def test_other_threads_of_the_same_valet_are_not_recorded(tmp_path: Path) -> None:
    file = tmp_path / "a.tape.yaml"

    async def talk(texts: Sequence[tuple[str, str]]) -> None:
        async with recorded(settings(tmp_path), file, "mine") as valet:
            for thread, text in texts:
                await take_turn(valet, thread, text, Unseen())

    asyncio.run(talk((("mine", "what is 2 + 2?"), ("other", "what is 3 + 3?"), ("mine", "what is 4 + 4?"))))
    assert [step.person for step in read(file).steps] == ["what is 2 + 2?", "what is 4 + 4?"]
    assert replayed(read(file)).same


def test_verdicts_as_junit(tmp_path: Path) -> None:
    (tmp_path / "bad.tape.yaml").write_text("hello\n", encoding="utf-8")
    write(tmp_path / "off.tape.yaml", changed(read(SENT), 1, answer="<other> & more"))
    found = [asyncio.run(verdict(path)) for path in (SENT, *found_in([tmp_path]))]
    suite = ElementTree.fromstring(report(found))  # noqa: S314 - written a line above
    assert {k: suite.get(k) for k in ("tests", "failures", "errors")} == {"tests": "3", "failures": "1", "errors": "1"}
    assert "<other> & more" in (suite.findtext("testcase/failure") or "")
