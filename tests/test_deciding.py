"""Deciding about a card at a terminal: in the editor, line by line, in words, and for later."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

import pytest

from tests.openai_endpoint import Endpoint, openai_endpoint, said
from tests.terminal import Terminal, surroundings, terminal

POST = ("post_message", {"channel": "aurora-launch", "text": "We ship Friday."})
ASKED = "or say what to change"
NOW = {"VALET_NOW": "2026-11-22T09:00:00+00:00", "VALET_ZONE": "UTC"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One home for all, so that the workspace is made once."""
    return tmp_path_factory.mktemp("home")


def settings(home: Path, endpoint: Endpoint, **more: str) -> dict[str, str]:
    return surroundings(home, VALET_MODEL="openai:loopback", VALET_MODEL_URL=endpoint.url, **NOW, **more)


def on_a_card(screen: Terminal) -> Terminal:
    """Ask for a post, and wait until its card asks."""
    screen.expect("› ")
    screen.enter("post it")
    assert "We ship Friday." in screen.expect(ASKED)
    return screen


def rejected(screen: Terminal) -> None:
    screen.enter("n")
    screen.expect("Right.")
    screen.expect("› ")
    assert screen.leave() == 0


def editor(tmp_path: Path, code: str) -> str:
    """A program that is run with the file to edit."""
    script = tmp_path / "ed.py"
    script.write_text(f"import pathlib, sys\nfile = pathlib.Path(sys.argv[1])\ntext = file.read_text()\n{code}\n")
    return shlex.join([sys.executable, str(script)])


def test_what_was_typed_before_a_card_was_shown_decides_nothing(home: Path, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    slow = editor(tmp_path, f"open({str(gate)!r}).read()\nfile.write_text(text.replace('Friday', 'Monday'))")
    with (
        openai_endpoint(said("", POST), said("Right.")) as endpoint,
        terminal("chat", env=settings(home, endpoint, EDITOR=slow)) as screen,
    ):
        on_a_card(screen).enter("e")
        with gate.open("w"):  # the editor is at it
            screen.enter("y")
        assert "We ship Monday." in screen.expect(ASKED)
        rejected(screen)
        assert "posted" not in screen.text


def test_what_the_editor_changed_is_shown_again(home: Path, tmp_path: Path) -> None:
    changing = editor(tmp_path, "file.write_text(text.replace('Friday', 'Monday'))")
    with (
        openai_endpoint(said("", POST), said("Right.")) as endpoint,
        terminal("chat", env=settings(home, endpoint, EDITOR=changing)) as screen,
    ):
        on_a_card(screen).enter("e")
        shown = screen.expect(ASKED)
        assert "We ship Monday." in shown
        rejected(screen)


@pytest.mark.parametrize(
    ("value", "told"), [('"Canteen"', "Canteen"), ("[1]", "place: Input should be a valid string")]
)
def test_what_was_not_set_is_set_in_the_editor_and_checked(home: Path, tmp_path: Path, value: str, told: str) -> None:
    lunch = ("create_event", {"title": "Lunch", "start": "2026-11-24T13:00:00+00:00"})
    setting = editor(tmp_path, f"file.write_text(text.replace('# place =', 'place = {value} #'))")
    with (
        openai_endpoint(said("", lunch), said("Right.")) as endpoint,
        terminal("chat", env=settings(home, endpoint, EDITOR=setting)) as screen,
    ):
        screen.expect("› ")
        screen.enter("lunch on Tuesday")
        screen.expect(ASKED)
        screen.enter("e")
        assert told in screen.expect(ASKED)
        rejected(screen)


def test_a_line_that_was_changed_is_shown_again_and_an_empty_one_keeps(home: Path) -> None:
    with (
        openai_endpoint(said("", POST), said("Right.")) as endpoint,
        terminal("chat", env=settings(home, endpoint)) as screen,
    ):
        on_a_card(screen).enter("e")
        screen.expect("channel [aurora-launch]:")
        screen.enter("")
        screen.expect("text [We ship Friday.]:")
        screen.enter("We ship Monday.")
        assert "We ship Monday." in screen.expect(ASKED)
        rejected(screen)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("", "Nothing was changed."),
        ("file.write_text('text = ')", "What you saved cannot be read"),
        ("file.write_text(text.replace('Friday', 'Monday')); sys.exit(1)", "Nothing was changed."),
    ],
)
def test_an_editor_that_gives_nothing_new_is_asked_again(home: Path, tmp_path: Path, code: str, told: str) -> None:
    with (
        openai_endpoint(said("", POST), said("Right.")) as endpoint,
        terminal("chat", env=settings(home, endpoint, EDITOR=editor(tmp_path, code))) as screen,
    ):
        on_a_card(screen).enter("e")
        screen.expect(told)
        screen.expect(ASKED)
        rejected(screen)


@pytest.mark.parametrize("name", ["/nowhere/ed", "ed 'unbalanced"])
def test_an_editor_that_is_not_there_gives_way_to_lines(home: Path, name: str) -> None:
    with (
        openai_endpoint(said("", POST), said("Right.")) as endpoint,
        terminal("chat", env=settings(home, endpoint, EDITOR=name)) as screen,
    ):
        on_a_card(screen).enter("e")
        screen.expect("could not be used")
        screen.expect("channel [aurora-launch]:")
        screen.enter("")
        screen.enter("")
        screen.expect("Nothing was changed.")
        screen.expect(ASKED)
        rejected(screen)


def test_a_list_is_shown_as_words_and_one_that_is_not_set_is_set_by_its_name(home: Path) -> None:
    lunch = ("create_event", {"title": "Lunch", "start": "2026-11-24T13:00:00+00:00", "people": ["Ana"]})
    with (
        openai_endpoint(said("", lunch), said("Right.")) as endpoint,
        terminal("chat", env=settings(home, endpoint), columns=100) as screen,
    ):
        screen.expect("› ")
        screen.enter("lunch on Tuesday")
        screen.expect(ASKED)
        screen.enter("e")
        for shown in ("people [Ana]:", "start [2026-11-24T13:00:00+00:00]:", "title [Lunch]:"):
            screen.expect(shown)
            screen.enter("")
        screen.expect("(name one to set it, or Enter):")
        screen.enter("venue")
        screen.expect("There is no 'venue' to set.")
        screen.expect("(name one to set it, or Enter):")
        screen.enter("place")
        screen.expect("place:")
        screen.enter("Canteen")
        assert "place" not in screen.expect("(name one to set it, or Enter):")
        screen.enter("")
        assert "Canteen" in screen.expect(ASKED)
        rejected(screen)


def test_what_was_typed_is_kept_where_the_change_is_refused(home: Path) -> None:
    with (
        openai_endpoint(said("", POST), said("Right.")) as endpoint,
        terminal("chat", env=settings(home, endpoint), columns=100) as screen,
    ):
        on_a_card(screen).enter("e")
        screen.expect("channel [aurora-launch]:")
        screen.enter("nowhere")
        screen.expect("text [We ship Friday.]:")
        screen.enter("We ship Monday.")
        refused = screen.expect("Your change was not taken")
        assert "nowhere" in refused
        screen.expect(ASKED)
        screen.enter("e")
        screen.expect("channel [nowhere]:")
        screen.enter("aurora-launch")
        screen.expect("text [We ship Monday.]:")
        screen.enter("")
        shown = screen.expect(ASKED)
        assert "We ship Monday." in shown
        assert "not taken" not in shown
        rejected(screen)


def test_words_go_back_to_the_model_and_one_that_is_no_answer_is_asked_about(home: Path) -> None:
    again = ("post_message", {"channel": "aurora-launch", "text": "We ship Monday."})
    with (
        openai_endpoint(said("", POST), said("", again), said("Right.")) as endpoint,
        terminal("chat", env=settings(home, endpoint)) as screen,
    ):
        on_a_card(screen).enter("maybe")
        screen.expect("Say y, n or e")
        screen.expect(ASKED)
        screen.enter("say Monday instead")
        assert "We ship Monday." in screen.expect(ASKED)
        [told] = [m["content"] for m in endpoint.requests[-1]["messages"] if m["role"] == "tool"]
        assert "say Monday instead" in told
        rejected(screen)


def test_a_card_that_is_left_says_how_it_is_answered_later(home: Path) -> None:
    with (
        openai_endpoint(said("", POST), said("Right.")) as endpoint,
        terminal("chat", env=settings(home, endpoint)) as screen,
    ):
        on_a_card(screen).type("\x04")
        assert "It waits until" in screen.expect("A new request here withdraws it.")
        screen.expect("› ")
        screen.enter("/approvals")
        assert "We ship Friday." in screen.expect(ASKED)
        rejected(screen)


@pytest.mark.parametrize("no", ["n", "N", " n ", "n.", "no", "nope"])
def test_a_short_no_is_a_no_and_nothing_is_done(home: Path, no: str) -> None:
    with (
        openai_endpoint(said("", POST), said("Right.")) as endpoint,
        terminal("chat", env=settings(home, endpoint)) as screen,
    ):
        on_a_card(screen).enter(no)
        assert "posted" not in screen.expect("Right.")
        [told] = [m["content"] for m in endpoint.requests[-1]["messages"] if m["role"] == "tool"]
        assert "the person said no" in told


@pytest.mark.parametrize("request_", ["what is urgent?", "show my tasks", "do I have conflicts tomorrow?", "/thread x"])
def test_a_request_of_its_own_is_not_taken_for_words_about_the_card(home: Path, request_: str) -> None:
    with (
        openai_endpoint(said("", POST), said("Right.")) as endpoint,
        terminal("chat", env=settings(home, endpoint)) as screen,
    ):
        on_a_card(screen).enter(request_)
        screen.expect("this card is still open")
        screen.expect(ASKED)
        assert len(endpoint.requests) == 1, "the model has heard nothing of it"
        screen.enter("n")
        screen.expect("Right.")


def test_offline_a_request_leaves_the_card_and_words_change_it(home: Path) -> None:
    with terminal("chat", env=surroundings(home, **NOW), columns=100, rows=60) as screen:
        screen.expect("› ")
        screen.enter('post "We ship Friday." in #launch')
        screen.expect(ASKED)
        screen.enter("what is urgent?")
        screen.expect("this card is still open")
        screen.expect(ASKED)
        screen.enter("make it friendlier")
        again = screen.expect(ASKED)
        assert "I did not understand" in again
        assert "We ship Friday." in again
        screen.enter("say We ship Monday.")
        assert "We ship Monday." in screen.expect(ASKED)
        screen.enter("n")
        screen.expect("you said no")
        screen.expect("› ")
        screen.enter("what is 2 + 2?")
        screen.expect("2 + 2 = 4")
        screen.expect("› ")
        assert screen.leave() == 0


@pytest.mark.parametrize("key", ["n", "y", "e", "N."])
def test_a_key_that_comes_when_its_card_has_gone_is_nobodys_text(home: Path, key: str) -> None:
    """The planner has asked what a post should say; nothing is proposed that says "N."."""
    with terminal("chat", env=surroundings(home, **NOW), columns=100, rows=60) as screen:
        screen.expect("› ")
        screen.enter("post in #launch")
        screen.expect("What should it say?")
        screen.expect("› ")
        screen.enter(key)
        assert "Post in" not in screen.expect("Nothing is waiting for a yes or a no")
        screen.expect("› ")
        assert screen.leave() == 0
