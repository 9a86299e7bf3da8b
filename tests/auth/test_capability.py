"""What a capability admits: exactly what it lists, whatever tricks a URL plays."""

from __future__ import annotations

import string
from urllib.parse import urlsplit

import pytest
import urllib3
from hypothesis import given, settings
from hypothesis import strategies as st

from auth.capability import Address, Capability

HOST = "gmail.googleapis.com"
THREAD = f"GET {HOST}/gmail/v1/users/me/threads/*?format=full|metadata"
LIST = f"GET {HOST}/gmail/v1/users/me/threads"
FILES = "GET www.googleapis.com/drive/v3/files/**"
CAPABILITY = Capability("google", "gmail.read", frozenset({"s"}), (THREAD, LIST, FILES), "read")
ME = f"https://{HOST}/gmail/v1/users/me"


def admits(url: str, method: str = "GET") -> bool:
    return CAPABILITY.admitting(method, url) is not None


@pytest.mark.parametrize(
    ("url", "pattern"),
    [
        (f"{ME}/threads?maxResults=50&q=from%3Aana%40example.org%20is%3Aunread", LIST),
        (f"{ME}/threads/18c2?format=full&alt=json", THREAD),
        (f"{ME}/threads/18c2?alt=json&format=metadata&metadataHeaders=From&metadataHeaders=To", THREAD),
        (f"{ME}/threads/caf%C3%A9%20%3A?format=full", THREAD),
        ("https://www.googleapis.com/drive/v3/files/a/export?mimeType=text%2Fplain", FILES),
    ],
)
def test_what_is_listed_is_admitted_by_its_pattern(url: str, pattern: str) -> None:
    found = CAPABILITY.admitting("GET", url)
    assert found is not None
    assert found.pattern == pattern


@pytest.mark.parametrize("method", ["POST", "DELETE", "HEAD", "get", "GET ", "", "GET\r\nX: 1"])
def test_another_method_is_refused(method: str) -> None:
    assert not admits(f"{ME}/threads", method)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "format=raw",
        "format=",
        "format=full&format=raw",
        "format=full&FORMAT=raw",
        "format=full&for_mat=raw",
        "format=full&form%61t=raw",
        "format=full;format=raw",
        "format=full%26format%3Draw",
        "formats=full",
        "format=full&$httpMethod=DELETE",
        "format=full&%24httpMethod=DELETE",
        "format=full&$alt=media",
        "format=full&access_token=of-someone-else",
        "format=full&oauth_token=of-someone-else",
    ],
)
def test_a_query_that_goes_around_the_listed_values_is_refused(query: str) -> None:
    assert not admits(f"{ME}/threads/18c2?{query}")


@pytest.mark.parametrize(
    "tail",
    [
        "/threads/",
        "/threads/..?format=full",
        "/threads/.?format=full",
        "/threads/%2e%2e?format=full",
        "/threads/%2E.?format=full",
        "/threads/..%2Fmessages?format=full",
        "/threads/..%5cmessages?format=full",
        "/threads/%252e%252e%252fmessages?format=full",
        "/threads/a%00?format=full",
        "/threads/a%0d%0aX-Injected:%201?format=full",
        "/threads//18c2?format=full",
        "//threads",
        "/threads/18c2/messages?format=full",
        "/threads/18c2:trash?format=full",
        "/threads/18c2?format=full#fragment",
        "/threads/18c2\\..\\x?format=full",
        "/threads/18c2?format=full\r\nX-Injected: 1",
        "/thre\nads",
        "/thre\tads",
        "/threads ",
        "/threads/é?format=full",
        "/threads/18%zz?format=full",
        "/threads/..;/messages?format=full",
        "/threads/..%3b/messages?format=full",
        "/threads/18c2;format=raw?format=full",
    ],
)
def test_a_path_that_two_parsers_may_read_differently_is_refused(tail: str) -> None:
    assert not admits(ME + tail)


@pytest.mark.parametrize("tail", ["a/../../../gmail/v1", "a//b", "%2e%2e/b", "a/%2e/b", "..", "", "a/.."])
def test_a_double_star_takes_what_is_left_and_no_trick(tail: str) -> None:
    assert not admits(f"https://www.googleapis.com/drive/v3/files/{tail}")


@pytest.mark.parametrize(
    "start",
    [
        "http://gmail.googleapis.com",
        "HTTPS://gmail.googleapis.com",
        "//gmail.googleapis.com",
        "gmail.googleapis.com",
        "https://GMAIL.googleapis.com",
        "https://gmail.googleapis.com:443",
        "https://gmail.googleapis.com:8443",
        "https://gmail.googleapis.com.",
        "https://gmail.googleapis.com@evil.example",
        "https://evil.example@gmail.googleapis.com",
        "https://user:pass@gmail.googleapis.com",
        "https://gmail.googleapis.com.evil.example",
        "https://evil.example/https://gmail.googleapis.com",
        "https://evil.example\\@gmail.googleapis.com",
        "https://evil.example#@gmail.googleapis.com",
        "https://evil.example?@gmail.googleapis.com",
        "https://gmail.googleapis.com\\.evil.example",
        "https://gmail%2egoogleapis.com",
        "https://gmail。googleapis.com",
        "https://ｇmail.googleapis.com",
        "https://gmail.google\u00adapis.com",
        "https://gmail.googleapis.com℀",
        "https://gmail.goo\ngleapis.com",
        " https://gmail.googleapis.com",
        "\x00https://gmail.googleapis.com",
        "https:gmail.googleapis.com",
        "https:///gmail.googleapis.com",
        "https://[gmail.googleapis.com",
        "https://[::1]",
        "https://",
        "",
    ],
)
def test_any_other_way_to_write_a_host_is_refused(start: str) -> None:
    assert not admits(f"{start}/gmail/v1/users/me/threads")


PIECES = st.sampled_from(
    [
        *"/:@#?&=%.\\[]; \t\r\n\x00",
        "//",
        "..",
        "%2f",
        "%2e",
        "https:",
        "http:",
        HOST,
        "evil.example",
        "threads",
        "é",
        "。",
    ]
)
TAILS = st.lists(PIECES | st.text(string.printable, max_size=3), max_size=8).map("".join)
URLS = st.one_of(
    TAILS,
    TAILS.map(lambda tail: f"https://{HOST}{tail}"),
    TAILS.map(lambda tail: f"https://{HOST}/gmail/v1/users/me/threads{tail}"),
    TAILS.map(lambda tail: f"https://{HOST}/gmail/v1/users/me/threads/1?format=full{tail}"),
    TAILS.map(lambda tail: f"https://www.googleapis.com/drive/v3/files/{tail}"),
    st.text(max_size=40),
)


@settings(deadline=None)
@given(URLS)
def test_every_parser_sees_the_same_in_an_address(url: str) -> None:
    """What is admitted has exactly a listed host, for the one who checks and for the one who sends."""
    address = Address.of(url)
    if address is None:
        assert not admits(url)
        return
    sent, seen = urllib3.util.parse_url(url), urlsplit(url)
    assert (sent.scheme, sent.auth, sent.host, sent.port, sent.fragment) == ("https", None, address.host, None, None)
    assert (sent.path or "").lower() == address.path.lower()  # urllib3 writes %c3 as %C3
    assert (seen.netloc, seen.path, seen.query) == (address.host, address.path, address.query)
    if admits(url):
        assert sent.host in (HOST, "www.googleapis.com")
