"""Scans that remember: only what changed is asked for, and nothing is ever said that is no longer so."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from app.demo.mail_store import MailStore
from app.demo.quota import Limits
from app.demo.server import Running, serve
from app.demo.workspace import Workspace
from tests.demo.little_office import ALEX
from tests.mail.desk import Desk, Shelf, deliver
from tests.saying import lead
from tools.mail.budget import cost

HOUR = timedelta(hours=1)
ROTH = "Daniel Roth <daniel.roth@contoso.example>"
SCOPES: list[dict[str, Any]] = [
    {},
    {"unread_only": True},
    {"limit": 7},
    {"query": "subject:topic"},
    {"label": "Starred", "limit": 5},
]


@pytest.fixture
def running(office: Workspace) -> Iterator[Running]:
    with serve(office, limits=Limits(gmail_units_per_minute=None)) as server:
        yield server


@dataclass
class Tired:
    """A memory in which the units spent are forgotten, so that a test may scan as often as it likes."""

    shelf: Shelf = field(default_factory=Shelf)

    def get(self, key: str) -> bytes | None:
        return None if key.startswith("units") else self.shelf.get(key)

    def put(self, key: str, value: bytes) -> None:
        self.shelf.put(key, value)


@pytest.fixture
def desk(running: Running) -> Desk:
    return Desk(running, memory=Tired())


def asked(desk: Desk) -> list[str]:
    """The methods of the last call, in order."""
    assert desk.transport is not None
    return [path.removeprefix("/gmail/v1/users/me/").partition("?")[0].partition("/")[0] for path in paths(desk)]


def paths(desk: Desk) -> list[str]:
    assert desk.transport is not None
    return [path for path in desk.transport.paths if not path.startswith("/batch")]


def units(desk: Desk) -> int:
    return sum(cost(path) for path in paths(desk))


def fill(office: Workspace, count: int) -> list[str]:
    with office.transaction():
        return [
            deliver(office, f"Could you look at number {n}?", subject=f"Topic {n}", ago=n * HOUR / 4)
            for n in range(count, 0, -1)
        ][::-1]


def same(running: Running, desk: Desk, **scope: Any) -> None:
    """What is said with a memory is what is said without one."""
    fresh = Desk(running)
    with_memory, without = desk.call("summarise_inbox", **scope), fresh.call("summarise_inbox", **scope)
    about = {"estimate"}  # a guess, of the service too
    assert with_memory.model_dump(exclude=about) == without.model_dump(exclude=about)


def test_nothing_new_is_one_request_of_two_units(office: Workspace, desk: Desk) -> None:
    fill(office, 60)
    first = desk.call("summarise_inbox")
    again = desk.call("summarise_inbox")
    assert again == first
    assert (asked(desk), units(desk)) == (["history"], 2)


def test_ten_new_mails_are_two_round_trips(office: Workspace, running: Running, desk: Desk) -> None:
    fill(office, 60)
    desk.call("summarise_inbox")
    for number in range(10):
        deliver(office, f"Please answer {number}.", subject=f"New {number}", ago=HOUR / 60 * number)
    found = desk.call("summarise_inbox")
    assert asked(desk) == ["history", *["messages"] * 10]
    assert units(desk) == 202
    assert [digest.subject for digest in found.digests[:10]] == [f"New {number}" for number in range(10)]
    same(running, desk)


def test_a_reply_in_a_known_conversation_costs_one_mail(office: Workspace, running: Running, desk: Desk) -> None:
    deliver(office, "Shall we meet on Friday?", subject="Visit", ago=5 * HOUR)
    assert desk.call("summarise_inbox").digests[0].owed
    deliver(office, "Yes.", by=f"Alex <{ALEX}>", to=ROTH, subject="Re: Visit", ago=HOUR, labels=("SENT",))
    deliver(office, "Great, thanks!", subject="Re: Visit", ago=HOUR / 2)
    found = desk.call("summarise_inbox")
    assert found.digests[0].count >= 2
    assert not found.digests[0].owed
    same(running, desk)


@pytest.mark.parametrize(
    "change",
    [
        lambda mail, ids: mail.relabel(ids[0], remove=["UNREAD"]),
        lambda mail, ids: mail.relabel(ids[0], remove=["INBOX"]),
        lambda mail, ids: mail.relabel(ids[0], add=["TRASH"], remove=["INBOX"]),
        lambda mail, ids: mail.relabel(ids[-1], add=["STARRED"]),
        lambda mail, ids: mail.delete(ids[3]),
        lambda mail, ids: [mail.relabel(one, remove=["INBOX"]) for one in ids[:30]],
        lambda mail, ids: mail.forget_history(),
    ],
    ids=["read", "archived", "binned", "starred", "deleted", "many archived", "history forgotten"],
)
def test_no_label_or_state_is_stale(
    office: Workspace, running: Running, desk: Desk, change: Callable[[MailStore, list[str]], object]
) -> None:
    ids = fill(office, 60)
    for scope in SCOPES:
        desk.call("summarise_inbox", **scope)
    change(office.mail(), ids)
    deliver(office, "One more.", subject="Late", ago=HOUR / 60)
    for scope in SCOPES:
        same(running, desk, **scope)


@pytest.mark.parametrize("seed", range(4))
def test_a_random_life_is_told_as_if_read_anew(office: Workspace, running: Running, desk: Desk, seed: int) -> None:
    chance = random.Random(seed)
    ids = fill(office, 20)
    mail = office.mail()
    labels = ["INBOX", "UNREAD", "STARRED", "TRASH", "SPAM"]
    for step in range(12):
        for _ in range(chance.randrange(1, 6)):
            deed = chance.random()
            if deed < 0.4 or not ids:
                subject = f"Topic {chance.randrange(1, 30)}"
                prefix = chance.choice(["", "Re: "])
                whole = tuple(label for label in labels[:3] if chance.random() < 0.7)
                ago = HOUR * chance.random() * 20
                ids.append(
                    deliver(office, f"Step {step}: can you come?", subject=prefix + subject, ago=ago, labels=whole)
                )
            elif deed < 0.55:
                mail.delete(ids.pop(chance.randrange(len(ids))))
            elif deed < 0.58:
                mail.forget_history()
            else:
                one = chance.choice(labels)
                way = chance.choice(["add", "remove"])
                mail.relabel(chance.choice(ids), **{way: [one]})
        same(running, desk, **chance.choice(SCOPES))


def test_history_that_is_too_old_is_read_anew_without_a_word(office: Workspace, desk: Desk) -> None:
    fill(office, 5)
    desk.call("summarise_inbox")
    deliver(office, "New.", subject="New", ago=HOUR / 60)
    office.mail().forget_history()
    deliver(office, "Newer.", subject="Newer", ago=HOUR / 70)
    found = desk.call("summarise_inbox")
    assert asked(desk)[:2] == ["history", "threads"]
    assert (len(found.digests), found.gaps) == (7, ())


def test_another_scope_is_listed_and_known_conversations_cost_nothing(office: Workspace, desk: Desk) -> None:
    fill(office, 20)
    desk.call("summarise_inbox")
    desk.call("search_mail", query="subject:topic", limit=20)
    assert sorted(asked(desk)) == ["history", "threads"]
    ref = desk.call("summarise_inbox").refs()[0]
    desk.call("read_conversation", conversation=ref.id)
    assert asked(desk) == ["history"]


@pytest.mark.parametrize("spoilt", [b"", b"garbage", b"valet mail 0\nx", b"valet mail 1\nx"])
def test_what_cannot_be_read_is_read_anew(office: Workspace, running: Running, spoilt: bytes) -> None:
    fill(office, 5)
    memory = Tired()
    desk = Desk(running, memory=memory)
    desk.call("summarise_inbox")
    for key in list(memory.shelf.kept):
        for other in (key, "mailbox"):
            memory.shelf.kept[other] = spoilt
            same(running, desk)


def test_a_text_kept_under_the_number_of_another_is_not_taken(office: Workspace, running: Running) -> None:
    """Two processes may give one number away; whoever writes last, nobody reads the other's mail."""
    fill(office, 6)
    memory = Tired()
    desk = Desk(running, memory=memory)
    desk.call("summarise_inbox")
    before = dict(memory.shelf.kept)
    deliver(office, "From here.", subject="Here", ago=HOUR / 60)
    desk.call("summarise_inbox")
    after = dict(memory.shelf.kept)
    deliver(office, "From there.", subject="There", ago=HOUR / 90)
    memory.shelf.kept["mailbox"] = before["mailbox"]
    desk.call("summarise_inbox")
    memory.shelf.kept["mailbox"] = after["mailbox"]
    same(running, desk)
    memory.shelf.kept |= {key: before["conversation 0"] for key in after if key.startswith("conversation")}
    same(running, desk)


def test_the_memory_is_bounded_and_holds_no_token(office: Workspace, desk: Desk) -> None:
    fill(office, 3)
    desk.call("summarise_inbox")
    assert desk.transport is not None
    assert isinstance(desk.memory, Tired)
    assert not [key for key, raw in desk.memory.shelf.kept.items() if desk.transport.token.encode() in raw]
    assert len(desk.memory.shelf.kept) == 3 + 2


def test_a_scan_keeps_within_the_units_of_a_minute_and_the_next_completes_it(office: Workspace) -> None:
    fill(office, 180)
    office.mail().relabel(deliver(office, "Old and unread?", subject="Old", ago=90 * HOUR), add=["STARRED"])
    with serve(office) as running:
        memory = Shelf()
        desk = Desk(running, memory=memory)
        found = desk.call("summarise_inbox", limit=181)
        assert units(desk) <= 6_000
        told = "of 181 conversations were read; the rest fits the service's limit in about a minute"
        assert found.gaps[0].endswith(told)
        assert found.gaps[0] in lead(found)
        assert len(found.digests) == int(found.gaps[0].split()[0]) >= 140
    with serve(office) as running:
        later = Desk(running, memory=Tired(memory))  # as if a minute had passed
        whole = later.call("summarise_inbox", limit=181)
        assert (len(whole.digests), whole.gaps) == (181, ())
        assert units(later) <= (181 - len(found.digests)) * 40 + 10 + 10 + 2


def test_a_mailbox_that_was_emptied_is_read_anew(office: Workspace, running: Running, desk: Desk) -> None:
    fill(office, 3)
    desk.call("summarise_inbox")
    desk.call("summarise_inbox")
    office.mail().clear()
    same(running, desk)
    assert desk.call("summarise_inbox").digests == ()
