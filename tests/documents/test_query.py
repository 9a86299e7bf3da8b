"""The search language: escaped, in the shapes the service documents; links; who is meant by a name."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.demo.drive.query import read_query
from tools.documents import query
from tools.documents.file import Who, file_of
from tools.documents.finding_files import is_named
from tools.documents.lexicon import topic_words


@given(st.text(min_size=1, max_size=40))
def test_any_word_stays_one_string(word: str) -> None:
    """The demo Drive reads the whole query; a word that got out of its string would leave it unreadable."""
    assert read_query(query.every("trashed = false", query.topic([word, "lease"])), "me").full_text
    assert not read_query(query.owned_by(word), "me").full_text


def test_a_quote_closes_nothing() -> None:
    assert query.quoted("Ana's \\ plan") == r"'Ana\'s \\ plan'"


def test_all_words_in_the_name_or_all_in_the_text() -> None:
    assert query.topic(["lease", "Berlin"]) == (
        "((name contains 'lease' and name contains 'Berlin') or "
        "(fullText contains 'lease' and fullText contains 'Berlin'))"
    )
    assert query.topic([]) == ""
    assert query.topic(["a", "b"], all_of_them=False).count(" or ") == 3


def test_times_go_out_in_universal_time() -> None:
    since = datetime(2026, 3, 3, 0, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    assert query.changed(since, None) == "modifiedTime >= '2026-03-02T23:00:00'"


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        ("https://docs.google.com/document/d/1AbCdEfGhIjK-_x/edit#heading=h.1", "1AbCdEfGhIjK-_x"),
        ("what is https://drive.google.com/file/d/0B12345678901/view?usp=sharing about", "0B12345678901"),
        ("https://docs.google.com/a/example.com/spreadsheets/d/1234567890abc/edit", "1234567890abc"),
        ("https://drive.google.com/open?id=1234567890abc", "1234567890abc"),
        ("https://drive.google.com/drive/folders/1234567890abc", "1234567890abc"),
        ("https://docs.google.com.evil.example/document/d/1234567890abc", None),
        ("the lease", None),
    ],
)
def test_the_file_behind_a_link(text: str, identity: str | None) -> None:
    assert query.linked_id(text) == identity


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [("Ana", True), ("ana novak", True), ("Novák", True), ("Ana's", True), ("Anna", False), ("an", False), ("", False)],
)
def test_a_person_by_name(wanted: str, meant: bool) -> None:
    assert is_named(Who("Ana Novák", "a.novak@northwind.example"), wanted) is meant


def test_common_words_are_no_topic() -> None:
    assert topic_words("the document about the lease in Berlin") == ["lease", "Berlin"]
    assert topic_words("was über die Miete") == ["Miete"]
    assert topic_words("the") == ["the"]


def test_a_strange_resource_is_read_as_far_as_it_goes() -> None:
    found = file_of(
        {"id": "x", "modifiedTime": "soon", "size": "much", "webViewLink": "javascript:alert(1)", "owners": []}
    )
    assert (found.name, found.modified, found.size, found.link) == ("(without a name)", None, None, None)
    assert file_of({"id": "x", "name": "a\u202eb\nc"}).name == "ab c"
