"""Drafts, sending and labels on the demo server: shapes, threads, deliveries, refusals, and the record of it all."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from email import message_from_bytes
from threading import Thread
from typing import Any

import pytest

from app.demo.mail_lookup import MailLookup
from app.demo.mail_outgoing import Sent, sent_mail
from app.demo.server import Running
from app.demo.workspace import Workspace
from tests.demo.discovery_schema import check_response
from tests.demo.little_office import ALEX, AUTH, DANA, Answer, Client, file, letter, sign_in

MODIFY, COMPOSE = f"{AUTH}gmail.modify", f"{AUTH}gmail.compose"


@pytest.fixture
def writer(running: Running) -> Iterator[Client]:
    client = Client(running, sign_in(running, MODIFY)["access_token"])
    yield client
    client.close()


def raw(to: str = f"Dana Okafor <{DANA}>", subject: str = "Plan", body: str = "Hello.", **headers: str) -> str:
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in {"To": to, "Subject": subject, **headers}.items()]
    return urlsafe_b64encode(("\r\n".join([*lines, "", body, ""])).encode()).decode()


def post(client: Client, path: str, value: Any) -> Answer:
    answer = client.post(f"/gmail/v1/users/me/{path}", value)
    if answer.status == 200:
        check_response("POST", f"/gmail/v1/users/me/{path}", answer.json)
    return answer


def headers_of(client: Client, message: str) -> Mapping[str, str]:
    shown = client.mail(f"messages/{message}", format="metadata").json
    return {header["name"]: header["value"] for header in shown["payload"]["headers"]}


def sent(office: Workspace) -> list[Sent]:
    return sent_mail(office)


def inbox_of(office: Workspace, person: str) -> list[bytes]:
    mail = MailLookup(office.mail(person))
    rows = office.database.rows("SELECT number FROM messages WHERE mailbox = ? ORDER BY number", person)
    return [mail.raw(number) for (number,) in rows if "INBOX" in mail.labels_of(number)]


def test_a_draft_keeps_its_id_while_its_message_changes(writer: Client) -> None:
    made = post(writer, "drafts", {"message": {"raw": raw()}}).json
    assert made["message"]["labelIds"] == ["DRAFT"]
    target = f"/gmail/v1/users/me/drafts/{made['id']}"
    changed = writer.send("PUT", target, f'{{"message": {{"raw": "{raw(body="Better.")}"}}}}').json
    assert changed["id"] == made["id"]
    assert changed["message"]["id"] != made["message"]["id"]
    assert changed["message"]["threadId"] == made["message"]["threadId"]
    found = writer.mail(f"drafts/{made['id']}", format="raw").json
    assert b"Better." in urlsafe_b64decode(found["message"]["raw"])
    listed = writer.mail("drafts", q="better").json["drafts"]
    assert [draft["id"] for draft in listed] == [made["id"]]
    assert writer.mail(f"messages/{made['message']['id']}").status == 404
    assert writer.send("DELETE", target).status == 204
    assert writer.mail(f"drafts/{made['id']}").status == 404
    assert "drafts" not in writer.mail("drafts").json


def test_a_draft_is_sent_once(writer: Client, office: Workspace) -> None:
    made = post(writer, "drafts", {"message": {"raw": raw(Message_ID="<own-1@valet.example>")}}).json
    answer = post(writer, "drafts/send", {"id": made["id"]})
    assert answer.json["labelIds"] == ["SENT"]
    assert answer.json["id"] != made["message"]["id"]
    again = post(writer, "drafts/send", {"id": made["id"]})
    assert (again.status, again.reason) == (404, "notFound")
    assert [(s.message_id, s.recipients) for s in sent(office)] == [("<own-1@valet.example>", (DANA,))]
    found = writer.mail("messages", q="rfc822msgid:own-1@valet.example").json
    assert [message["id"] for message in found["messages"]] == [answer.json["id"]]
    [delivered] = inbox_of(office, DANA)
    message = message_from_bytes(delivered)
    assert (message["Message-ID"], message["From"]) == ("<own-1@valet.example>", f"Alex Rivera <{ALEX}>")
    assert message["Date"]


def test_of_two_who_send_one_draft_at_once_one_is_told_it_is_gone(running: Running, office: Workspace) -> None:
    token = sign_in(running, COMPOSE)["access_token"]
    clients = [Client(running, token) for _ in range(4)]
    made = post(clients[0], "drafts", {"message": {"raw": raw()}}).json
    statuses: list[int] = []

    def go(client: Client) -> None:
        statuses.append(post(client, "drafts/send", {"id": made["id"]}).status)

    threads = [Thread(target=go, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for client in clients:
        client.close()
    assert sorted(statuses) == [200, 404, 404, 404]
    assert len(sent(office)) == 1


def test_a_reply_joins_its_thread_by_id_reference_and_subject(writer: Client, office: Workspace) -> None:
    first = file(office, letter(subject="Budget", number=7))
    thread = writer.mail(f"messages/{first}").json["threadId"]
    named = {"In_Reply_To": "<7@mail.example>", "References": "<7@mail.example>"}
    joined = post(writer, "messages/send", {"raw": raw(subject="Re: Budget", **named), "threadId": thread}).json
    assert joined["threadId"] == thread
    other = post(writer, "messages/send", {"raw": raw(subject="Elsewhere", **named), "threadId": thread}).json
    assert other["threadId"] != thread
    loose = post(writer, "messages/send", {"raw": raw(subject="Lost"), "threadId": thread}).json
    assert loose["threadId"] != thread
    assert post(writer, "messages/send", {"raw": raw(), "threadId": "abc123"}).status == 404


def test_headers_that_lack_are_added_and_a_foreign_sender_is_replaced(writer: Client, office: Workspace) -> None:
    answer = post(writer, "messages/send", {"raw": raw(From="The Boss <boss@else.example>")}).json
    headers = headers_of(writer, answer["id"])
    assert headers["From"] == f"Alex Rivera <{ALEX}>"
    assert headers["Message-ID"].endswith("@mail.gmail.com>")
    assert headers["Date"] == "Wed, 25 Mar 2026 09:00:00 +0000"


def test_blind_copies_are_delivered_and_told_to_nobody(writer: Client, office: Workspace) -> None:
    post(writer, "messages/send", {"raw": raw(to="x@far.example", Bcc=f"{DANA},\r\n {ALEX}")})
    [delivered] = inbox_of(office, DANA)
    assert b"Bcc" not in delivered
    assert ALEX.encode() not in delivered.replace(b"From: Alex Rivera <" + ALEX.encode(), b"")
    [record] = sent(office)
    assert record.recipients == ("x@far.example", DANA, ALEX)


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ({}, 400, "'raw' RFC822 payload"),
        ({"raw": "%%%"}, 400, "'raw' RFC822 payload"),
        ({"raw": "A"}, 400, "Invalid value at 'raw'"),
        ({"raw": raw(to="")}, 400, "Recipient address required"),
        ({"raw": raw(to="Dana")}, 400, "Invalid To header"),
        ({"raw": raw(), "threadId": "zz"}, 400, "Invalid thread_id"),
        ({"raw": raw(), "colour": "red"}, 400, "Unknown name"),
    ],
)
def test_what_cannot_be_sent(
    writer: Client, office: Workspace, body: dict[str, str], status: int, message: str
) -> None:
    answer = post(writer, "messages/send", body)
    assert answer.status == status
    assert message in answer.json["error"]["message"]
    assert sent(office) == []


def test_scopes_are_those_of_the_discovery_document(running: Running, office: Workspace) -> None:
    message = file(office, letter())
    reader = Client(running, sign_in(running, f"{AUTH}gmail.readonly")["access_token"])
    composer = Client(running, sign_in(running, COMPOSE)["access_token"])
    sender = Client(running, sign_in(running, f"{AUTH}gmail.send")["access_token"])
    assert post(reader, "drafts", {"message": {"raw": raw()}}).status == 403
    assert post(composer, f"messages/{message}/modify", {"addLabelIds": ["STARRED"]}).status == 403
    assert post(sender, "drafts", {"message": {"raw": raw()}}).status == 403
    assert post(sender, "messages/send", {"raw": raw()}).status == 200
    assert post(composer, "drafts", {"message": {"raw": raw()}}).status == 200
    for client in (reader, composer, sender):
        client.close()


def test_labels_go_on_and_off_with_history(writer: Client, office: Workspace) -> None:
    message = file(office, letter(), "INBOX", "UNREAD")
    start = writer.mail("profile").json["historyId"]
    answer = post(writer, f"messages/{message}/modify", {"addLabelIds": ["STARRED"], "removeLabelIds": ["INBOX"]})
    assert answer.json["labelIds"] == ["STARRED", "UNREAD"]
    history = writer.mail("history", startHistoryId=start).json["history"]
    assert [entry.get("labelsAdded", entry.get("labelsRemoved"))[0]["labelIds"] for entry in history] == [
        ["STARRED"],
        ["INBOX"],
    ]
    binned = post(writer, f"messages/{message}/trash", None).json
    assert binned["labelIds"] == ["STARRED", "TRASH", "UNREAD"]
    assert post(writer, f"messages/{message}/untrash", None).json["labelIds"] == ["STARRED", "UNREAD"]


def test_a_thread_and_a_batch_of_messages_change_together(writer: Client, office: Workspace) -> None:
    ids = [file(office, letter(number=1)), file(office, letter(number=2, References="<1@mail.example>"))]
    thread = writer.mail(f"messages/{ids[0]}").json["threadId"]
    changed = post(writer, f"threads/{thread}/modify", {"removeLabelIds": ["INBOX"]}).json
    assert [message["labelIds"] for message in changed["messages"]] == [[], []]
    many = {"ids": [*ids, "abcdef"], "addLabelIds": ["INBOX", "IMPORTANT"]}
    assert post(writer, "messages/batchModify", many).status == 204
    shown = [writer.mail(f"messages/{one}").json["labelIds"] for one in ids]
    assert shown == [["IMPORTANT", "INBOX"]] * 2
    assert post(writer, f"threads/{thread}/trash", None).json["messages"][0]["labelIds"] == ["IMPORTANT", "TRASH"]
    assert post(writer, f"threads/{thread}/untrash", None).status == 200


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "No label add or removes"),
        ({"addLabelIds": ["SENT"]}, "Invalid label: SENT"),
        ({"addLabelIds": ["Label_9"]}, "Invalid label: Label_9"),
        ({"addLabelIds": ["INBOX"], "removeLabelIds": ["INBOX"]}, "Cannot both add and remove"),
    ],
)
def test_labels_that_cannot_be_changed(
    writer: Client, office: Workspace, body: dict[str, list[str]], message: str
) -> None:
    answer = post(writer, f"messages/{file(office, letter())}/modify", body)
    assert (answer.status, message in answer.json["error"]["message"]) == (400, True)


def test_labels_are_made_once(writer: Client) -> None:
    made = post(writer, "labels", {"name": "Offers"}).json
    assert (made["name"], made["type"]) == ("Offers", "user")
    assert post(writer, "labels", {"name": "offers"}).status == 409
    assert post(writer, "labels", {"name": "Inbox"}).status == 400
    assert post(writer, "labels", {"name": " "}).status == 400
    assert made["id"] in [label["id"] for label in writer.mail("labels").json["labels"]]


def test_drafts_that_were_filed_as_such_have_an_id(writer: Client, office: Workspace) -> None:
    message = file(office, letter(), "DRAFT")
    [draft] = writer.mail("drafts").json["drafts"]
    assert draft["message"]["id"] == message
    assert post(writer, f"messages/{message}/trash", None).status == 200
    assert writer.mail(f"drafts/{draft['id']}").status == 404


def test_the_first_write_freezes_the_workspace(writer: Client, office: Workspace) -> None:
    writer.mail("drafts")
    assert office.note("frozen") is None
    post(writer, "labels", {"name": "Offers"})
    assert office.note("frozen")
