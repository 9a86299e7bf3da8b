"""Gmail's reading methods over HTTP; every answer is checked against its discovery schema by the client."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Iterator
from typing import Any

import pytest

from app.demo.server import Running
from app.demo.workspace import Workspace
from tests.demo.little_office import ALEX, AUTH, DANA, NOW, READONLY, Client, file, letter, sign_in

WITH_ATTACHMENT = (
    b"From: Dana <dana.okafor@northwind.example>\r\nTo: alex.rivera@northwind.example\r\nSubject: Slides\r\n"
    b"Message-ID: <slides@mail.example>\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    b'--b\r\nContent-Type: text/plain; charset="iso-8859-1"\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGr\xfc\xdfe\r\n'
    b'--b\r\nContent-Type: application/pdf; name="plan.pdf"\r\nContent-Transfer-Encoding: base64\r\n'
    b'Content-Disposition: attachment; filename="plan.pdf"\r\n\r\nJVBERi0x\r\n--b--\r\n'
)


def ids(value: dict[str, Any], what: str = "messages") -> list[str]:
    return [entry["id"] for entry in value.get(what, [])]


def test_profile_counts_the_mailbox(alex: Client, office: Workspace) -> None:
    assert alex.mail("profile").json == {
        "emailAddress": ALEX,
        "messagesTotal": 0,
        "threadsTotal": 0,
        "historyId": "100000",
    }
    file(office, letter(number=1))
    file(office, letter(number=2, subject="Re: Budget", In_Reply_To="<1@mail.example>"))
    profile = alex.mail("profile").json
    assert (profile["messagesTotal"], profile["threadsTotal"], profile["historyId"]) == (2, 1, "100002")


def test_lists_are_newest_first_and_paged(alex: Client, office: Workspace) -> None:
    filed = [file(office, letter(subject=f"S{n}", number=n), days=n) for n in range(7)]
    seen: list[str] = []
    query: dict[str, Any] = {"maxResults": 3}
    while True:
        page = alex.mail("messages", **query).json
        assert page["resultSizeEstimate"] == 7
        seen += ids(page)
        if "nextPageToken" not in page:
            break
        query["pageToken"] = page["nextPageToken"]
    assert seen == filed
    assert len(ids(alex.mail("messages", pageToken=query["pageToken"]).json)) == 1


def test_a_page_token_belongs_to_its_query(alex: Client, office: Workspace) -> None:
    for n in range(3):
        file(office, letter(subject=f"S{n}", number=n))
    token = alex.mail("messages", maxResults=1).json["nextPageToken"]
    for query in ({"q": "in:inbox", "pageToken": token}, {"pageToken": "rubbish!"}, {"pageToken": "WzFd"}):
        assert alex.mail("messages", **query).status == 400


def test_a_message_in_all_its_formats(alex: Client, office: Workspace) -> None:
    message = file(office, WITH_ATTACHMENT, "INBOX", "UNREAD")
    full = alex.mail(f"messages/{message}").json
    assert full["labelIds"] == ["INBOX", "UNREAD"]
    assert full["internalDate"] == str(int(NOW.timestamp() * 1000))
    assert full["sizeEstimate"] == len(WITH_ATTACHMENT)
    text, pdf = full["payload"]["parts"]
    assert urlsafe_b64decode(text["body"]["data"]).decode() == "Grüße"
    assert (pdf["filename"], pdf["mimeType"], pdf["body"]["size"]) == ("plan.pdf", "application/pdf", 6)
    raw = alex.mail(f"messages/{message}", format="raw").json
    assert urlsafe_b64decode(raw["raw"]) == WITH_ATTACHMENT
    assert "payload" not in raw
    slim = alex.mail(f"messages/{message}", format="metadata", metadataHeaders=["subject", "From"]).json
    assert slim["payload"]["headers"] == [
        {"name": "From", "value": f"Dana <{DANA}>"},
        {"name": "Subject", "value": "Slides"},
    ]
    assert "parts" not in slim["payload"]
    minimal = alex.mail(f"messages/{message}", format="minimal").json
    assert "payload" not in minimal
    assert minimal["snippet"] == "Grüße"


def test_an_attachment_is_fetched_by_its_id(alex: Client, office: Workspace) -> None:
    message = file(office, WITH_ATTACHMENT)
    pdf = alex.mail(f"messages/{message}").json["payload"]["parts"][1]
    answer = alex.mail(f"messages/{message}/attachments/{pdf['body']['attachmentId']}").json
    assert urlsafe_b64decode(answer["data"]) == b"%PDF-1"
    assert alex.mail(f"messages/{message}/attachments/ANGjdJother").status == 400


def test_unknown_and_impossible_ids(alex: Client) -> None:
    assert (alex.mail("messages/1234567890abcdef").status, alex.mail("threads/1").status) == (404, 404)
    answer = alex.mail("messages/not-an-id")
    assert (answer.status, answer.json["error"]["message"]) == (400, "Invalid id value")


def test_partial_responses(alex: Client, office: Workspace) -> None:
    message = file(office, letter())
    listed = alex.mail("messages", fields="messages/id,nextPageToken").json
    assert listed == {"messages": [{"id": message}]}
    shown = alex.mail(f"messages/{message}", fields="id,payload(mimeType,headers/name)").json
    assert set(shown) == {"id", "payload"}
    assert shown["payload"]["headers"][0] == {"name": "From"}
    assert alex.mail("messages", fields="messages(id,shoeSize)").status == 400


def test_threads_hold_their_messages_oldest_first(alex: Client, office: Workspace) -> None:
    first = file(office, letter(number=1), days=3)
    other = file(office, letter(subject="Lunch", number=2), days=2)
    reply = file(office, letter(subject="RE: Budget", number=3, References="<1@mail.example>", body="Yes & no"), days=1)
    listed = alex.mail("threads").json
    assert [(thread["id"], thread["snippet"]) for thread in listed["threads"]] == [
        (first, "Yes &amp; no"),
        (other, "Hello Alex."),
    ]
    assert listed["resultSizeEstimate"] == 2
    thread = alex.mail(f"threads/{first}", format="metadata").json
    assert ids(thread) == [first, reply]
    assert thread["historyId"] == thread["messages"][1]["historyId"]
    assert alex.mail(f"threads/{first}", format="raw").status == 400
    page = alex.mail("threads", maxResults=1).json
    assert ids(alex.mail("threads", maxResults=1, pageToken=page["nextPageToken"]).json, "threads") == [other]


def test_spam_and_trash_stay_out_unless_asked_for(alex: Client, office: Workspace) -> None:
    inbox, spam = file(office, letter(number=1)), file(office, letter(subject="Win", number=2), "SPAM")
    assert ids(alex.mail("messages").json) == [inbox]
    assert set(ids(alex.mail("messages", includeSpamTrash="true").json)) == {inbox, spam}
    assert ids(alex.mail("messages", labelIds="SPAM").json) == [spam]
    assert ids(alex.mail("messages", q="in:spam").json) == [spam]
    assert set(ids(alex.mail("messages", q="in:anywhere").json)) == {inbox, spam}


def test_several_labels_must_all_be_there(alex: Client, office: Workspace) -> None:
    mine = office.add_label("Projects/Ålesund")
    both = file(office, letter(number=1), "INBOX", mine)
    file(office, letter(subject="Other", number=2), "INBOX")
    assert ids(alex.mail("messages", labelIds=["INBOX", mine]).json) == [both]
    assert alex.mail("messages", labelIds="Label_99").status == 400
    assert {"id": mine, "name": "Projects/Ålesund", "type": "user"}.items() <= alex.mail(f"labels/{mine}").json.items()
    listed = alex.mail("labels").json["labels"]
    assert {"INBOX", "SENT", "UNREAD", mine} <= {label["id"] for label in listed}
    counted = alex.mail("labels/INBOX").json
    assert (counted["messagesTotal"], counted["threadsTotal"], counted["messagesUnread"]) == (2, 2, 0)
    assert alex.mail("labels/Label_99").status == 404


def test_history_tells_what_changed_since(alex: Client, office: Workspace) -> None:
    old = file(office, letter(number=1))
    start = alex.mail("profile").json["historyId"]
    new = file(office, letter(subject="New", number=2), "INBOX", "UNREAD")
    office.mail().relabel(new, add=["STARRED"], remove=["UNREAD"])
    assert alex.mail(f"messages/{new}").json["historyId"] == alex.mail("profile").json["historyId"]
    office.mail().delete(old)
    answer = alex.mail("history", startHistoryId=start).json
    changes = [next(iter(record.keys() - {"id", "messages"})) for record in answer["history"]]
    assert changes == ["messagesAdded", "labelsAdded", "labelsRemoved", "messagesDeleted"]
    assert answer["history"][1]["labelsAdded"][0]["labelIds"] == ["STARRED"]
    assert answer["history"][2]["labelsRemoved"][0]["message"]["labelIds"] == ["INBOX", "STARRED"]
    assert answer["historyId"] == alex.mail("profile").json["historyId"]
    only = alex.mail("history", startHistoryId=start, historyTypes=["messageDeleted", "messageAdded"]).json
    assert len(only["history"]) == 2
    assert len(alex.mail("history", startHistoryId=start, labelId="STARRED").json["history"]) == 2
    assert "history" not in alex.mail("history", startHistoryId=answer["historyId"]).json


def test_history_is_paged_and_forgotten(alex: Client, office: Workspace) -> None:
    for n in range(5):
        file(office, letter(subject=f"S{n}", number=n))
    page = alex.mail("history", startHistoryId="100000", maxResults=3).json
    rest = alex.mail("history", startHistoryId="100000", maxResults=3, pageToken=page["nextPageToken"]).json
    assert len(page["history"] + rest["history"]) == 5
    assert "nextPageToken" not in rest
    office.mail().forget_history()
    for start in ("100003", "7", "999999"):
        assert alex.mail("history", startHistoryId=start).status == 404
    assert alex.mail("history", startHistoryId=page["historyId"]).status == 200
    assert alex.mail("history").status == 400


@pytest.fixture
def metadata(running: Running) -> Iterator[Client]:
    """A token that holds the metadata scope beside a broader one."""
    client = Client(running, sign_in(running, f"{AUTH}gmail.metadata", READONLY)["access_token"])
    yield client
    client.close()


def test_the_metadata_scope_poisons_a_token(metadata: Client, office: Workspace) -> None:
    message = file(office, letter())
    answer = metadata.mail("messages", q="in:inbox")
    assert (answer.status, answer.reason) == (403, "forbidden")
    assert answer.json["error"]["message"] == "Metadata scope does not support 'q' parameter"
    for form in ({}, {"format": "full"}, {"format": "raw"}):
        answer = metadata.mail(f"messages/{message}", **form)
        assert answer.status == 403
        assert answer.json["error"]["message"].startswith("Metadata scope doesn't allow format ")
    assert metadata.mail(f"messages/{message}", format="metadata").status == 200
    assert metadata.mail("messages", labelIds="INBOX").status == 200


def test_a_mailbox_is_its_owners_alone(running: Running, alex: Client, office: Workspace) -> None:
    file(office, letter())
    assert alex.get(f"/gmail/v1/users/{ALEX}/profile").status == 200
    assert alex.get(f"/gmail/v1/users/{DANA}/messages").status == 403
    dana = Client(running, sign_in(running, READONLY, hint=DANA)["access_token"])
    assert dana.mail("profile").json["messagesTotal"] == 0
    dana.close()


def test_what_is_not_built_says_that_it_is_not_there(running: Running) -> None:
    client = Client(running, sign_in(running, "https://mail.google.com/")["access_token"])
    for method, path in (("POST", "messages/import"), ("POST", "watch"), ("POST", "messages/batchDelete")):
        answer = client.send(method, f"/gmail/v1/users/me/{path}", "{}")
        assert (answer.status, answer.json["error"]["status"]) == (501, "UNIMPLEMENTED")
        assert "is not implemented in the demo workspace" in answer.json["error"]["message"]
    client.close()
