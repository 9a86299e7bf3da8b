"""A tape as a file: it comes back as it was, and nothing that is not whole and unchanged is taken."""

from __future__ import annotations

import hashlib
import re
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue, ValidationError

from app.tapes.bodies import raw, readable
from app.tapes.tape import Call, Exchange, Reply, Step, Tape
from app.tapes.tape_error import TapeError
from app.tapes.tape_file import parsed, read, text_of, write

STEP = Step(
    at="2026-11-18T09:30:00+01:00",
    person="what is 2 + 2?",
    model=[Reply(text="It is\n  four. \n")],
    path=["route", "answer"],
    calls=[Call(id="call-1", tool="calculate", args={"expression": "2 + 2"}, status="ok", told="4\ttabs\r\n")],
    ends="answered",
    answer="four",
)
SENT = Exchange(step=1, send="GET https://slack.com/api/auth.test", status=200, answer={"json": {"ok": True}})
TAPE = Tape(
    thread="t", user="local:1", zone="Europe/Zurich", workspace="demo", model="offline", steps=[STEP], exchanges=[SENT]
)


def test_a_tape_comes_back_as_it_was_and_is_private(tmp_path: Path) -> None:
    write(tmp_path / "a.tape.yaml", TAPE)
    assert read(tmp_path / "a.tape.yaml") == TAPE
    assert stat.S_IMODE((tmp_path / "a.tape.yaml").stat().st_mode) == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["a.tape.yaml"]


@given(st.text())
def test_whatever_is_said_comes_back(said: str) -> None:
    said = said.encode("utf-8", "replace").decode()
    tape = TAPE.model_copy(update={"steps": [STEP.model_copy(update={"person": said, "answer": said})]})
    assert parsed(text_of(tape), "tape") == tape


def refusal(text: str) -> str:
    with pytest.raises(TapeError) as caught:
        parsed(text, "x.tape.yaml")
    return str(caught.value)


def sealed(body: str) -> str:
    """A file with a seal that fits, whatever stands in it."""
    blocks = re.split(r"^(?=[^ \n])", body.rstrip("\n"), flags=re.MULTILINE)[1:]
    digests = [hashlib.sha256(block.rstrip("\n").encode()).hexdigest()[:8] for block in blocks]
    return "".join([body, "seal: |\n  ", " ".join(digests), "\n  end\n"])


def test_an_edited_line_is_named_by_what_it_belongs_to() -> None:
    text = text_of(TAPE)
    at = text.splitlines().index("- at: '2026-11-18T09:30:00+01:00'") + 1
    assert f"line {at}: what begins here (steps, number 1)" in refusal(text.replace("what is 2 + 2?", "what is 2 + 3?"))
    assert "line 2: what begins here (thread)" in refusal(text.replace("thread: t", "thread: u"))


def test_a_tape_that_breaks_off_is_named_by_its_last_line() -> None:
    lines = text_of(TAPE).splitlines(keepends=True)
    for kept in range(1, len(lines)):
        assert f"line {kept}: the tape breaks off here" in refusal("".join(lines[:kept])), kept


def test_added_and_missing_blocks_are_named() -> None:
    text = text_of(TAPE)
    assert "not as it was recorded" in refusal(text.replace("zone: Europe/Zurich\n", ""))
    assert "lines were added or are missing" in refusal(text.replace("seal:", "extra: 1\nseal:"))


@pytest.mark.parametrize("text", ["", "hello\n", "interactions:\n- request: {}\nversion: 1\n", "{}"])
def test_foreign_files_are_refused(text: str) -> None:
    assert "line 1: this is no tape" in refusal(text)


@pytest.mark.parametrize("number", ["0", "2", "17"])
def test_other_formats_are_refused_by_name(number: str) -> None:
    assert f"format {number}, and this Valet reads format 1" in refusal(
        text_of(TAPE).replace("tape: 1\n", f"tape: {number}\n")
    )


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.tape.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TapeError, match="cannot be read"):
        read(tmp_path / "a.tape.yaml")


def test_a_well_sealed_tape_that_makes_no_sense_is_refused_with_its_line() -> None:
    odd = TAPE.model_copy(update={"steps": [STEP.model_copy(update={"ends": "somehow"})]})
    text = text_of(odd)
    at = text.splitlines().index("- at: '2026-11-18T09:30:00+01:00'") + 1
    assert f"line {at}: steps.0.ends" in refusal(text)


ODD = {
    "at": ("- at: '2026-11-18T09:30:00+01:00'", "- at: yesterday", "steps.0.at: Invalid isoformat"),
    "no zone": ("+01:00'", "'", "steps.0.at: this time has no zone"),
    "zone": ("Europe/Zurich", "Mars/Olympus", "zone: there is no zone 'Mars/Olympus'"),
    "limit": ("steps:", "limits:\n  speed: 3\nsteps:", "limits: there is no limit 'speed'"),
    "option": ("  person:", "  options:\n    mood: fine\n  person:", "steps.0.options: there is no option 'mood'"),
    "beginning": ("  person: what is 2 + 2?\n", "", "steps.0: a step begins with one of"),
    "two beginnings": ("  person:", "  carries_on: true\n  person:", "steps.0: a step begins with one of"),
    "step": ("- step: 1", "- step: 2", "exchanges: number 1 is of step 2, and the tape has 1"),
    "body": ("    json:", "    jsn:", "exchanges.0.answer: this is no body"),
    "status": ("status: 200", "status: " + "9" * 5000, "a value cannot be read"),
    "key": ("zone:", "mood: fine\nzone:", "mood: Extra inputs"),
    "missing": ("thread: t\n", "", "thread: Field required"),
    "character": ("thread: t", "thread: t\x01", "this is no YAML (control characters"),
    "yaml": ("thread: t", "thread: [t", "this is no YAML (did not find"),
    "tag": ("thread: t", "thread: !!python/object/apply:os.getcwd []", "this is no YAML (could not determine"),
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_sealed_and_makes_no_sense_is_refused_by_its_place(name: str) -> None:
    """As a tape of another Valet would be, or a forged one."""
    before, after, why = ODD[name]
    told = refusal(sealed(text_of(TAPE).partition("seal:")[0].replace(before, after, 1)))
    assert re.search(r"line \d+: ", told)
    assert why in told


PERMITTED = {"is": "Lease", "account": "a@b.example", "scopes": ["s"]}


@pytest.mark.parametrize(
    ("outcome", "why"),
    [
        (PERMITTED, ""),
        (PERMITTED | {"is": "Crown"}, "no permission of the kind 'Crown'"),
        ({"is": "Lease", "account": "a@b.example"}, "a Lease has account, scopes"),
        (PERMITTED | {"token": "ya29.secret"}, "a Lease has account, scopes"),
        ({"is": "Unavailable", "connection": "google", "why": "it is down"}, ""),
    ],
)
def test_a_permission_says_what_there_is_and_no_more(outcome: dict[str, JsonValue], why: str) -> None:
    step = STEP.model_dump() | {"permissions": [{"account": "", "capability": "gmail.read", "outcome": outcome}]}
    if not why:
        assert Step.model_validate(step).permissions
        return
    with pytest.raises(ValidationError, match=why):
        Step.model_validate(step)


def test_what_an_editor_does_to_a_whole_file(tmp_path: Path) -> None:
    text, file = text_of(TAPE), tmp_path / "a.tape.yaml"
    for written in (text.replace("\n", "\r\n"), "\ufeff" + text, text.rstrip("\n")):
        file.write_bytes(written.encode())
        assert read(file) == TAPE
    last = len(text.splitlines())
    assert f"line {last + 1}: the tape ends before this line" in refusal(text + "\n\n")


@given(st.binary())
def test_any_body_comes_back(content: bytes) -> None:
    assert raw(readable(content, "application/octet-stream")) == content or content[:1] in (b"{", b"[")


def test_a_batch_is_opened_and_closed_again_whatever_its_boundary() -> None:
    part = b"Content-Type: application/http\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n"
    answer = b"--xyz\r\n" + part + b'{"data":"SGVsbG8sCg"}\r\n--xyz--\r\n'
    value = readable(answer, "multipart/mixed; boundary=xyz")
    assert value["parts"][0]["body"] == {"json": {"data": {"$text-": "Hello,\n"}}}
    assert raw(value) == answer.replace(b"xyz", b"tape")
    assert readable(answer[:-12], "multipart/mixed; boundary=xyz")["crlf"].startswith("--tape")
