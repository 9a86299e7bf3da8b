"""Sent mail, from what is proposed to what arrives: headers, recipients, cards."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.demo.mail_outgoing import sent_mail
from app.demo.server import Running
from app.demo.workspace import Workspace
from tests.demo.little_office import ALEX, DANA
from tests.mail.desk import deliver
from tests.mail.post import ME, ROTH, asked, listed, mails, post, recipients, text_of
from tests.write_world import Desk, rows

DAY = timedelta(days=1)


@pytest.fixture
def world(running: Running, tmp_path: Path) -> Iterator[Desk]:
    with post(tmp_path, running) as made:
        yield made


def test_a_reply_is_sent_in_its_thread_with_right_headers(world: Desk, office: Workspace) -> None:
    asked(office)

    async def go() -> None:
        await listed(world)
        item = await world.propose("send_reply", conversation="mail:1", body="Yes.\r\n\r\nGrüße\nAlex")
        assert item["title"] == "Send a reply"
        assert recipients(item) == [("to", DANA)]
        assert rows(item) == {
            "answers": "“Budget” from Dana Okafor, Wed 25 Mar 08:00 CET",
            "from": ALEX,
            "subject": "Re: Budget",
            "body": "Yes.\n\nGrüße\nAlex",
        }
        assert "cannot be called back" in item["effects"][0]
        assert sent_mail(office) == []
        await world.resume(True)

    asyncio.run(go())
    [record] = sent_mail(office)
    assert record.recipients == (DANA,)
    [mail], [asking] = mails(office, "SENT"), mails(office, "INBOX")
    assert text_of(mail) == "Yes.\n\nGrüße\nAlex\n"
    assert mail.get_content_type() == "text/plain"
    assert mail["In-Reply-To"] == asking["Message-ID"]
    assert mail["References"].split() == ["<first@x.example>", asking["Message-ID"]]
    assert mail["Message-ID"].strip("<>").startswith("valet.")
    assert mail["From"] == ALEX
    threads = {thread for (thread,) in office.database.rows("SELECT thread FROM messages WHERE mailbox = ?", ALEX)}
    assert len(threads) == 1
    [delivered] = mails(office, "INBOX", DANA)
    assert delivered["Message-ID"] == mail["Message-ID"]
    receipt = world.row().receipt
    assert receipt is not None
    assert receipt.what == f"The mail “Re: Budget” was sent to {DANA}"
    assert receipt.undo is None
    assert receipt.link
    assert not mails(office, "DRAFT")


def test_reply_to_all_is_spelt_out_and_leaves_oneself_out(world: Desk, office: Workspace) -> None:
    asked(office)

    async def go() -> None:
        await listed(world)
        item = await world.propose("send_reply", conversation="mail:1", body="Yes.", reply_all=True)
        assert recipients(item) == [
            ("to", DANA),
            ("cc", "priya@northwind.example"),
            ("cc", "daniel.roth@contoso.example"),
        ]
        await world.resume(True)

    asyncio.run(go())
    assert sent_mail(office)[0].recipients == (DANA, "priya@northwind.example", "daniel.roth@contoso.example")


def test_a_reply_is_copied_to_whom_the_person_names_once(world: Desk, office: Workspace) -> None:
    asked(office)

    async def go() -> None:
        await listed(world)
        item = await world.propose("send_reply", conversation="mail:1", body="Yes.", cc=["nadia@example.org", DANA])
        assert recipients(item) == [("to", DANA), ("cc", "nadia@example.org")]
        await world.resume(True)

    asyncio.run(go())
    assert sent_mail(office)[0].recipients == (DANA, "nadia@example.org")


def test_an_address_for_answers_is_used_and_told(world: Desk, office: Workspace) -> None:
    asked(office, "Desk <noreply@elsewhere.example>")

    async def go() -> None:
        await listed(world)
        item = await world.propose("send_reply", conversation="mail:1", body="Yes.")
        assert recipients(item) == [("to", "noreply@elsewhere.example")]
        assert any("asks for answers at another address (Reply-To)" in effect for effect in item["effects"])
        assert any("nobody reads it" in effect for effect in item["effects"])

    asyncio.run(go())


def test_an_answer_to_ones_own_mail_goes_to_whom_it_was_for(world: Desk, office: Workspace) -> None:
    asked(office)
    deliver(office, "I will.", by=ME, to=ROTH, subject="Re: Budget", ago=timedelta(hours=1), labels=("SENT",))
    deliver(office, "And?", subject="Re: Budget", ago=timedelta(hours=9))

    async def go() -> None:
        await listed(world)
        item = await world.propose("send_reply", conversation="mail:1", body="Still.")
        assert rows(item)["subject"] == "Re: Budget"
        assert recipients(item) == [("to", "daniel.roth@contoso.example")]
        assert any("your own" in effect for effect in item["effects"])

    asyncio.run(go())


def test_a_new_mail_in_the_conversation_makes_the_reply_stale(world: Desk, office: Workspace) -> None:
    asked(office)

    async def go() -> str:
        await listed(world)
        await world.propose("send_reply", conversation="mail:1", body="Yes.")
        deliver(office, "Never mind.", subject="Re: Budget", ago=timedelta(minutes=1))
        return (await world.resume(True))[-2].text

    assert "the conversation changed since this was shown" in asyncio.run(go())
    assert sent_mail(office) == []
    assert not mails(office, "DRAFT")


@pytest.mark.parametrize(
    ("to", "said"),
    [
        (["Roth"], "2 people you have written to fit 'Roth'"),
        (["Camille"], "written to nobody called 'Camille'"),
        (["Dana"], "Mail under that name came from: Dana Okafor <dana.okafor@northwind.example>"),
        (["a@b@c"], "neither a name nor one address"),
        (["ana@bücher.example"], "neither a name nor one address"),
        ([" "], "addressed to nobody"),
    ],
)
def test_a_name_that_is_not_clear_is_a_question(world: Desk, office: Workspace, to: list[str], said: str) -> None:
    asked(office)
    for who in (ROTH, "Eva Roth <eva@roth.example>"):
        deliver(office, "Hello.", by=ME, to=who, subject=f"To {who[:4]}", ago=DAY, labels=("SENT",))
    text = asyncio.run(world.refused("send_mail", to=to, subject="Hi", body="Hello."))
    assert said in text


def test_a_subject_or_text_cannot_smuggle_headers(world: Desk, office: Workspace) -> None:
    async def go() -> None:
        await world.do("send_mail", to=[DANA], subject="Hi\r\nBcc: eve@evil.example", body="\r\n.\r\nBcc: x@y.example")

    asyncio.run(go())
    [record] = sent_mail(office)
    assert (record.recipients, record.subject) == ((DANA,), "Hi Bcc: eve@evil.example")


def test_an_added_address_for_answers_is_told_too(world: Desk, office: Workspace) -> None:
    asked(office, f"{DANA}, spy@far.example")

    async def go() -> None:
        await listed(world)
        item = await world.propose("send_reply", conversation="mail:1", body="Yes.")
        assert recipients(item) == [("to", DANA), ("to", "spy@far.example")]
        assert any("another address (Reply-To): spy@far.example" in effect for effect in item["effects"])

    asyncio.run(go())


def test_more_people_than_a_card_can_show_are_not_cut_in_silence(world: Desk, office: Workspace) -> None:
    crowd = ", ".join(f"p{n}@far.example" for n in range(150))
    deliver(office, "Hello all.", to=crowd, subject="Crowd")

    async def go() -> str:
        await listed(world)
        return await world.refused("send_reply", conversation="mail:1", body="Yes.", reply_all=True)

    assert "more people than one mail can answer" in asyncio.run(go())
