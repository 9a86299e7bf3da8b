"""Sentences of a cleaned mail: wrapped lines joined, greetings taken off and looked at for whom they name."""

import re
from dataclasses import dataclass, replace

from tools.mail.lexicon import Words

SENTENCE_LIMIT = 60
"""Sentences looked at in one mail."""
WIDTH_LIMIT = 600
SHOWN_ITEMS = 4
"""Items of a list shown with the sentence that leads into it."""
WRAPPED = 50
"""A line at least this long, without an end mark, goes on in the next one."""

_ITEM = re.compile(r"^\s*(?:[-*•–·]|\d{1,2}[.)]|[a-z]\))\s+")
_END = re.compile(r"[.!?。\uff01\uff1f…:;]['\")»”]?$")
_ABBREVIATED = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|vs|etc|e\.g|i\.e|z\.b|bzw|ca|ggf|u\.a|d\.h|approx|ref|sr|sra|ud|uds|inc|ltd|corp"
    r"|a\.m|p\.m|usw|inkl|exkl|evtl|p\.ex|av|tel|jan|feb|mar|apr|aug|sept?|oct|okt|nov|dec|dez)|\b[A-Za-z]"
    r"|\b\d{1,2})\.$",
    re.IGNORECASE,
)
TAIL = 16
"""Characters; more than the longest abbreviation and what stands before it."""
_CLOSED = re.compile(r"[.!?。\uff01\uff1f…]['\")»”]?$")
_NUMBERED = re.compile(r"\b(?:no|nr|núm|num|art|pág|st|p|abs|fig)\.$", re.IGNORECASE)
_BREAK = re.compile(r"(?<=[.!?…])[\"')\]»”]*\s+(?=\S)|(?<=[。\uff01\uff1f])\s*(?=\S)")
_QUESTION = re.compile(r"[?\uff1f]['\")»”\s]*$")
_COMMA = re.compile("[,:!;、。\uff0c\uff1a\uff01\uff1b]|\\s[-–—]\\s")
_CALLING = (",", ":", "\uff0c", "\uff1a")
GREETING_WORDS = 6
NAMES = 2
"""Words after a greeting without a comma that may be names."""


@dataclass(frozen=True)
class Block:
    """A paragraph, or an item of a list."""

    text: str
    item: bool


@dataclass(frozen=True)
class Greeting:
    """How a mail begins: the names it calls, folded; `everyone` when it speaks to all."""

    names: frozenset[str] = frozenset()
    everyone: bool = False


@dataclass(frozen=True)
class Sentence:
    """One sentence; `block` numbers the paragraph or list item it stands in, `items` is the list it leads into."""

    words: Words
    block: int
    items: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The sentence as it is shown, with the list it leads into."""
        return " ".join((self.words.text, "; ".join(self.items))) if self.items else self.words.text

    @property
    def is_question(self) -> bool:
        return bool(_QUESTION.search(self.words.text))


@dataclass(frozen=True)
class Letter:
    """A mail's text in sentences, without its greeting."""

    greeting: Greeting
    sentences: tuple[Sentence, ...]


def read_letter(text: str) -> Letter:
    """Split a cleaned text; at most SENTENCE_LIMIT sentences of at most WIDTH_LIMIT characters."""
    found = split(text)
    if not found:
        return Letter(Greeting(), ())
    first = found[0]
    greeting, rest = _greeting(first.words.text, alone=len(found) > 1 and found[1].block != first.block)
    kept = ([replace(first, words=Words(rest))] if rest else []) + found[1:]
    return Letter(greeting, tuple(kept[:SENTENCE_LIMIT]))


def split(text: str) -> list[Sentence]:
    """The sentences of a text in order; a list item, a heading and a table row stand for themselves."""
    sentences: list[Sentence] = []
    blocks = _blocks(text)
    for number, block in enumerate(blocks):
        pieces = [piece for piece in _pieces(block.text) if any(c.isalnum() for c in piece)]
        listed = _listed(blocks, number) if pieces and not _CLOSED.search(pieces[-1]) else ()
        sentences += [Sentence(Words(piece[:WIDTH_LIMIT]), number) for piece in pieces[:-1]]
        sentences += [Sentence(Words(piece[:WIDTH_LIMIT]), number, listed) for piece in pieces[-1:]]
        if len(sentences) > 2 * SENTENCE_LIMIT:
            break
    return sentences


def _pieces(block: str) -> list[str]:
    pieces: list[str] = []
    start = 0
    for gap in _BREAK.finditer(block):
        if not _is_abbreviation(block[start : gap.start()], block[gap.end()]):
            pieces.append(block[start : gap.start()].strip())
            start = gap.end()
    return [*pieces, block[start:].strip()]


def _listed(blocks: list[Block], number: int) -> tuple[str, ...]:
    """The list items right after a block, as many as are worth showing."""
    items: list[str] = []
    for block in blocks[number + 1 : number + 1 + SHOWN_ITEMS]:
        if blocks[number].item or not block.item:
            break
        items.append(block.text)
    return tuple(items)


def _is_abbreviation(before: str, following: str) -> bool:
    """Whether the full stop that `before` ends with belongs to its last word."""
    tail = before[-TAIL:]
    return bool(_ABBREVIATED.search(tail)) or (following.isdigit() and bool(_NUMBERED.search(tail)))


def _blocks(text: str) -> list[Block]:
    """Lines joined where one was wrapped."""
    blocks: list[Block] = []
    open_end = False
    for line in text.split("\n"):
        stripped = line.strip()
        if not stripped:
            open_end = False
            continue
        item = bool(_ITEM.match(stripped))
        goes_on = bool(blocks) and open_end and not item and " | " not in stripped
        if goes_on:
            blocks[-1] = replace(blocks[-1], text=f"{blocks[-1].text} {stripped}")
        else:
            blocks.append(Block(_ITEM.sub("", stripped), item))
        open_end = len(stripped) >= WRAPPED or (goes_on and not _END.search(stripped))
    return blocks


def _greeting(first: str, *, alone: bool) -> tuple[Greeting, str]:
    """The greeting at the head of the first sentence, `alone` in its paragraph or not, and what is left of it."""
    words = Words(first[:WIDTH_LIMIT])
    heads = [sign for sign in words.signs if sign.concept == "greeting" and sign.start in (0, -1)]
    comma = _COMMA.search(first)
    head = first[: comma.start()] if comma else first
    named = Words(head)
    after = max((sign.end for sign in heads), default=0)
    called = (
        alone and heads and _is_name_like(first[max(head.until for head in heads) :])
    )  # "Sehr geehrte Damen und Herren"
    if heads and len(named.words) <= GREETING_WORDS and (comma or called or len(named.words) <= after + NAMES):
        return _called(named, after), first[comma.end() :].strip() if comma else ""
    if heads and after > 0:  # "Hi Alex can you …"
        return Greeting(frozenset(word.folded for word in words.words[after : after + 1])), first
    if comma and comma.group() in _CALLING and 1 <= len(named.words) <= 3 and _is_name_like(head):
        return _called(named, 0), first if first[comma.end() :].strip() else ""
    return Greeting(), first


def _called(words: Words, skip: int) -> Greeting:
    names = [word.folded for word in words.words[max(skip, 0) :]]
    everyone = "everyone" in words.concepts
    return Greeting(frozenset(names), everyone)


def _is_name_like(head: str) -> bool:
    """ "Ana" or "Ana and Ben" before a comma: every word of it begins with a capital, but for "and" and "@"."""
    words = head.replace("@", " ").split()
    return bool(words) and all(
        word[:1].isupper() or word.lower() in ("and", "und", "y", "e", "et", "&", "/") for word in words
    )
