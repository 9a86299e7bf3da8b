"""Whatever looks like a credential is taken out, and nothing else is."""

from __future__ import annotations

import base64
import os

import pytest

from auth.redaction import REMOVED, Legible, redacted

SECRETS = {
    "google access": "ya29.a0AfB_byC1234567890-abc",
    "google refresh": "1//0gAbCdEfGhIjKlMnOpQrSt",
    "google client secret": "GOCSPX-abcdefghijklmnop1234",
    "slack user": "xoxp-1234567890-0987654321-abcdef",
    "slack rotating": "xoxe.xoxp-1-Mi0yLTEyMzQ1Njc4",
    "slack refresh": "xoxe-1-My0xLTEyMzQ1Njc4OTA",
    "slack app": "xapp-1-A012345-6789-abcdef",
    "jwt": "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJsb2NhbDoxIn0.c2lnbmF0dXJl",
    "openai": "sk-proj-abcdefghijklmnopqrstuv",
    "google api key": "AIza" + "S" * 35,
}


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
@pytest.mark.parametrize("around", ["{}", "token={} end", '{{"a": "{}"}}', "Authorization: Bearer {}", "<p>{}</p>"])
def test_a_secret_is_taken_out_of_any_text(secret: str, around: str) -> None:
    text = around.format(secret)
    assert secret not in redacted(text)
    assert REMOVED in redacted(text)
    assert secret.encode() not in Legible.of(text.encode()).redacted()


def test_the_fields_of_token_requests_are_taken_out_of_our_own_texts() -> None:
    text = "POST code=4/0AbCdEfGh&client_secret=hush-hush&refresh_token=abcdefghij failed"
    assert redacted(text) == f"POST code={REMOVED}&client_secret={REMOVED}&refresh_token={REMOVED} failed"


@pytest.mark.parametrize(
    "text",
    [
        "the task-list-of-the-next-release-is-long",
        "see https://a.example/c1//and/more/than/that/it/is",
        "ya29 is no token, nor is xoxo-love-and-kisses, nor eyJust, nor code=7",
        "Größe: 1//2 Zoll, größer als 1 // 2",
    ],
)
def test_plain_words_stay(text: str) -> None:
    assert redacted(text) == text


def test_encoded_bytes_of_mail_stay_as_they_are() -> None:
    body = b'{"data":"' + base64.urlsafe_b64encode(os.urandom(300_000)) + b'"}'
    assert Legible.of(body).redacted() == body


@pytest.mark.parametrize("secret", ["ya29.own-token-of-this-lease", "xoxp-own-token-of-this-lease", 'odd"one', "a/b c"])
@pytest.mark.parametrize(
    "around", ["{} at first", "at last {}", "a token {} between", '"data": "{}"', '"data": "=={}"']
)
def test_a_known_secret_is_found_wherever_it_stands(secret: str, around: str) -> None:
    mail = b'{"data": "' + base64.urlsafe_b64encode(os.urandom(3_000)) + b'"}'
    body = mail + around.format(secret).encode() + mail
    assert Legible.of(body).holds(secret.encode())
    assert not Legible.of(mail + mail).holds(secret.encode())


def test_a_known_secret_is_found_within_a_long_encoded_string() -> None:
    body = b'{"data": "' + b"A" * 2_000 + b"xoxp-own-token-of-this-lease" + b"A" * 2_000 + b'"}'
    assert Legible.of(body).holds(b"xoxp-own-token-of-this-lease")
    assert Legible.of(body.replace(b"xoxp-", b"ya29.")).holds(b"ya29.own-token-of-this-lease")
