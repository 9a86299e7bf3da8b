"""Uploads as the real client sends them: one body of two parts, and pieces of a session."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaIoBaseUpload

from app.demo.mail_outgoing import sent_mail
from app.demo.server import Running
from app.demo.workspace import Workspace
from tests.demo.little_office import AUTH, DANA, Client, sign_in
from tests.demo.test_real_client import service

PIECE = 256 * 1024


@pytest.fixture
def gmail(running: Running) -> Iterator[Any]:
    client = service(running, "gmail", "v1", f"{AUTH}gmail.modify")
    yield client
    client.close()


def mail(size: int = 10) -> bytes:
    return f"To: {DANA}\r\nSubject: Photos\r\n\r\n".encode() + b"photo \r\n" * (size // 8)


def media(raw: bytes, **options: Any) -> MediaIoBaseUpload:
    return MediaIoBaseUpload(io.BytesIO(raw), mimetype="message/rfc822", **options)


def test_a_mail_is_uploaded_with_its_draft(gmail: Any) -> None:
    made = gmail.users().drafts().create(userId="me", body={}, media_body=media(mail())).execute()
    shown = gmail.users().drafts().get(userId="me", id=made["id"]).execute()
    assert {"name": "Subject", "value": "Photos"} in shown["message"]["payload"]["headers"]


def test_a_mail_is_uploaded_alone(gmail: Any, office: Workspace) -> None:
    gmail.users().messages().send(userId="me", media_body=media(mail())).execute()
    assert [sent.subject for sent in sent_mail(office)] == ["Photos"]


def test_a_large_mail_is_uploaded_in_pieces(gmail: Any, office: Workspace) -> None:
    big = mail(3 * PIECE)
    upload = media(big, chunksize=PIECE, resumable=True)
    request = gmail.users().messages().send(userId="me", body={}, media_body=upload)
    pieces, answer = 0, None
    while answer is None:
        _, answer = request.next_chunk()
        pieces += 1
    assert pieces == 4
    shown = gmail.users().messages().get(userId="me", id=answer["id"], format="minimal").execute()
    assert shown["sizeEstimate"] > len(big)
    assert len(sent_mail(office)) == 1


def test_an_upload_needs_the_scope_before_it_begins(running: Running, office: Workspace) -> None:
    reader = service(running, "gmail", "v1", f"{AUTH}gmail.readonly")
    with pytest.raises(HttpError) as refused:
        reader.users().messages().send(userId="me", body={}, media_body=media(mail(), resumable=True)).execute()
    assert refused.value.status_code == 403
    reader.close()


def test_what_is_no_upload(running: Running) -> None:
    client = Client(running, sign_in(running, f"{AUTH}gmail.modify")["access_token"])
    place = "/upload/gmail/v1/users/me/messages/send"
    assert client.send("POST", place, b"x").status == 400
    assert client.send("POST", f"{place}?uploadType=multipart", b"x").status == 400
    assert client.send("PUT", f"{place}?uploadType=resumable&upload_id=none", b"x").status == 404
    begun = client.send("POST", f"{place}?uploadType=resumable", b"{}", {"X-Upload-Content-Type": "message/rfc822"})
    there = begun.headers["Location"].removeprefix(running.origin)
    assert client.send("PUT", there, b"xyz", {"Content-Range": "bytes 5-7/8"}).status == 400
    assert client.send("PUT", there, b"xyz", {"Content-Range": "who knows"}).status == 400
    assert client.send("PUT", there, b"xyz", {"Content-Range": "bytes 0-2/8"}).headers["Range"] == "bytes=0-2"
    client.close()
