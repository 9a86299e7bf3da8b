"""The word tables: every phrase can be read, and is found where it stands, in any case and without accents."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.made import Post, judged
from tools.mail.lexicon import Words, table
from tools.mail.phrases import ends, openings, parse
from tools.mail.sentences import read_letter, split


def found(phrase: str, text: str) -> bool:
    words = [word.folded for word in Words(text).words]
    return any(ends(parse(phrase), words, start) for start in range(len(words)))


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("could you", "And COULD you come?"),
        ("(could|can) you", "can you"),
        ("(many |)thanks( a lot|)", "thanks"),
        ("(many |)thanks( a lot|)", "Many thanks a lot"),
        ("need …from you", "I need the signed form from you"),
        ("a mas tardar", "A más tardar el lunes"),
        ("peux tu", "Peux-tu venir ?"),
        ("s'il vous plait", "s’il vous plaît"),
        ("grussen", "mit freundlichen Grüßen"),
        ("((very|so) |)good", "very good"),
    ],
)
def test_notation(phrase: str, text: str) -> None:
    assert found(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("could you", "could it be you"),
        ("need …from you", "need " + "very " * 9 + "from you"),
        ("by", "bye"),
        ("a b", "a"),
    ],
)
def test_what_is_not_there_is_not_found(phrase: str, text: str) -> None:
    assert not found(phrase, text)


@pytest.mark.parametrize("phrase", ["(a", "a)", "a|b", "((a|b)"])
def test_unbalanced_phrases_are_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match="bracket"):
        parse(phrase)


def test_every_phrase_of_the_tables_can_be_read_and_begun() -> None:
    for concept, phrases in table().items():
        assert phrases, concept
        for phrase in phrases:
            assert openings(parse(phrase)), f"{concept}: {phrase!r}"


def test_unspaced_phrases_are_found_anywhere_and_are_whole_only_alone() -> None:
    assert "ask.request" in Words("合同请确认一下").concepts
    assert Words("谢谢！").is_whole("sign_off.thanks")
    assert not Words("请您在星期四下班前回复。谢谢！").is_whole("sign_off.thanks")


def test_whole_means_from_first_word_to_last() -> None:
    assert Words("Viele Grüße").is_whole("sign_off.regards")
    assert not Words("Viele Grüße an alle Kinder").is_whole("sign_off.regards")
    assert not Words("").is_whole("sign_off.regards")


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("We meet Dr. Okoye at 10 a.m. on Monday.", ["We meet Dr. Okoye at 10 a.m. on Monday."]),
        ("I need a yes or no. Then we go.", ["I need a yes or no.", "Then we go."]),
        ("See no. 5 of the list.", ["See no. 5 of the list."]),
        ("Am 3. Dezember geht es los.", ["Am 3. Dezember geht es los."]),
        ("v4.2 at https://x.example/a?b=1 is out", ["v4.2 at https://x.example/a?b=1 is out"]),
        ("好的。明天可以吗？谢谢！", ["好的。", "明天可以吗？", "谢谢！"]),
        ("This line was wrapped by some mail program which, as\nit seems, breaks lines. Yes.",
         ["This line was wrapped by some mail program which, as it seems, breaks lines.", "Yes."]),
        ("Points:\n- one\n- two", ["Points: one; two", "one", "two"]),
    ],
)  # fmt: skip
def test_sentences(text: str, sentences: list[str]) -> None:
    assert [sentence.text for sentence in split(text)] == sentences


@pytest.mark.parametrize(
    ("text", "names", "everyone"),
    [
        ("Hi Alex,\n\nwe go.", {"alex"}, False),
        ("Hi Alex can you come?", {"alex"}, False),
        ("Hallo zusammen,\n\nlos.", {"zusammen"}, True),
        ("Alex and Ben,\n\nlos.", {"alex", "and", "ben"}, False),
        ("Alex 你好，开会吗？", {"alex", "你好"}, False),
        ("We go, Alex.", set(), False),
    ],
)
def test_greetings(text: str, names: set[str], everyone: bool) -> None:
    greeting = read_letter(text).greeting
    assert (set(greeting.names), greeting.everyone) == (names, everyone)


@given(st.text(st.characters(codec="utf-8"), max_size=400), st.text(max_size=60))
def test_any_mail_is_judged_without_raising(text: str, subject: str) -> None:
    found = judged(Post(text, subject=subject or "x"))
    shown = " ".join((found.subject, found.summary, *found.wants, found.decided))
    assert not any("\ue000" <= c <= "\uf8ff" or c in "\u202e\u200b\x00" for c in shown)
