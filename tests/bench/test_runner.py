"""The runner: a suite is a file; and the fake service answers as it was told, which it counts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from tests.bench.peers import Peers
from tests.bench.probe import Fake
from tests.bench.runner import SUITES, Bench, options, rows, suites
from tests.bench.service.corpus import digest_of, mailbox
from tests.bench.suites.fire import verdict
from tools.mail import batch

MAILS = mailbox(6, 7)


@pytest.fixture(scope="module")
def fake() -> Iterator[Fake]:
    with Fake(6, 7) as running:
        yield running


def asked(fake: Fake, method: str, target: str, body: bytes = b"") -> tuple[str, bytes]:
    line = HTTPConnection("127.0.0.1", fake.port)
    line.request(method, target, body)
    reply = line.getresponse()
    found = reply.headers["Content-Type"], reply.read()
    line.close()
    return found


def test_every_file_of_the_folder_is_a_suite() -> None:
    found = suites()
    assert set(found) == {file.stem for file in SUITES.glob("*.py")}
    for suite in found.values():
        assert suite.ABOUT
        assert callable(suite.run)


def test_chosen_suites_run_in_their_order(tmp_path: Path) -> None:
    assert list(options(["--suite", "fire,reading"]).suites) == ["reading", "fire"]
    bench = Bench((0.0,), 1, 7, Peers(None, "no index"), tmp_path)
    assert list(rows(bench, {})) == []
    with pytest.raises(SystemExit):
        options(["--suite", "no_such"])


def test_the_mailbox_is_the_same_each_time_and_every_paragraph_can_be_traced() -> None:
    again = mailbox(6, 7)
    assert [mail.digest for mail in again] == [mail.digest for mail in MAILS]
    paragraphs = [paragraph for mail in MAILS for paragraph in (*mail.new, *mail.quoted)]
    assert len(set(paragraphs)) == len(paragraphs)


def test_a_batch_gives_each_part_its_mail_and_the_wall_turns_the_rest_away(fake: Fake) -> None:
    fake.set(wall=4, item=0)
    paths = [f"/gmail/v1/users/me/messages/{mail.id}?format=full" for mail in MAILS]
    kind, body = asked(fake, "POST", "/batch/gmail/v1", batch.written(paths))
    parts = [part for part in batch.read(kind, body, 6) if part]
    assert [part.status for part in parts] == [200] * 4 + [429] * 2
    found: list[Any] = [json.loads(part.body) for part in parts[:4]]
    assert [digest_of(one["payload"]) for one in found] == [mail.digest for mail in MAILS[:4]]
    counts = fake.counts()
    assert (counts["items"], counts["most_under_way"], counts["turned_away"], counts["units"]) == (6, 4, 2, 120)
    assert counts["under_way"] == 0


def test_faults_are_the_same_for_the_same_seed(fake: Fake) -> None:
    paths = [f"/gmail/v1/users/me/messages/{mail.id}" for mail in MAILS]
    seen = []
    for _ in range(2):
        fake.set(faults=0.5, item=0, seed=3)
        kind, body = asked(fake, "POST", "/batch/gmail/v1", batch.written(paths))
        seen.append([part.status for part in batch.read(kind, body, 6) if part])
    assert seen[0] == seen[1]
    assert set(seen[0]) > {200}


def test_a_mail_for_another_is_wrong_and_a_mail_without_its_text_is_empty() -> None:
    said = ["\n".join([*mail.new, *mail.quoted]) for mail in MAILS]
    assert verdict(MAILS, 0, "success", said[0]) == "right"
    assert verdict(MAILS, 0, "success", said[1]) == "wrong"
    assert verdict(MAILS, 0, "success", "") == "empty"
    assert verdict(MAILS, 0, "error", said[0]) == "lost"
