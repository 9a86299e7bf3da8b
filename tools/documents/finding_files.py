"""Finds documents: what a person asked for as a search, the search's answer narrowed to whom they meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tools.base import ToolContext
from tools.documents import kinds, lexicon, query
from tools.documents.file import File, Who
from tools.documents.kinds import Sort
from tools.documents.listing import Listed, listed, one
from tools.errors import BadArgument
from tools.mail.phrases import WORD, fold

NEWEST = "modifiedTime desc"
SCANNED = 300
"""Files looked through for those of a person whom the search language cannot name."""
PLURAL = 4
"""Words up to so many characters have no plural that is taken off."""
KINDS = frozenset(("deck", "doc", "document", "file", "list", "pdf", "presentation", "sheet", "slides", "spreadsheet"))
"""Words of a name that a request may take for the kind: "the board deck" is called "Board"."""
_ENDING = re.compile(r"\.\w{2,5}$")
ME = frozenset(("me", "i", "my", "mine", "myself"))


@dataclass(frozen=True)
class Wish:
    """What was asked for; empty fields say nothing. `latest`: the newest first, not the best match."""

    query: str = ""
    owner: str = ""
    sort: Sort = "any"
    since: datetime | None = None
    until: datetime | None = None
    latest: bool = False
    limit: int = 20


@dataclass(frozen=True)
class Hit:
    """A file, and why it is among the results."""

    file: File
    why: str = ""


@dataclass(frozen=True)
class Found:
    """The hits in order. `loose`: no file had all the words, these have some. `scanned` files were looked through
    for a person's; 0 where the service itself could tell. So many of the first hits as are `named` have the words in
    their names, the very first as its name: that one was meant; 0 where no file is called so. Where `loose` files are
    known by some words of their names, `strange` are those that none of the names holds.
    `newest`: the newest first, not the best match.
    """

    hits: tuple[Hit, ...]
    more: bool = False
    incomplete: bool = False
    loose: bool = False
    scanned: int = 0
    named: int = 0
    strange: tuple[str, ...] = ()
    newest: bool = False


def find(context: ToolContext, wish: Wish) -> Found:
    """Raises ToolError."""
    linked = query.linked_id(wish.query)
    if linked:
        return Found((Hit(one(context, linked), "behind the link"),))
    words = _words(wish.query)
    if wish.query.strip() and not words:
        raise BadArgument(f"“{wish.query}” holds no word to search for.", "Ask with a word of its name or content.")
    if wish.since and wish.until and wish.since >= wish.until:
        raise BadArgument("The time asked about ends before it begins.", "Ask again with since before until.")
    for those, every in _attempts(words):
        found = _narrowed(_searched(context, wish, those, all_of_them=every), wish, those, loose=not every)
        if found.hits:
            break
    return found


def _attempts(words: list[str]) -> list[tuple[list[str], bool]]:
    """What is searched for in turn until something is found: the words as typed, without their plurals, any of them."""
    one = [singular(word) for word in words]
    plain = [(one, True)] if one != words else []
    return [(words, True), *plain, *([(one, False)] if len(words) > 1 else [])]


def singular(word: str) -> str:
    """The word without the ending of an English plural; a phrase in quotation marks or a file's name stays as it is."""
    if kinds.is_file_name(word):
        return word
    if word.endswith("ies") and len(word) > PLURAL:
        return word[:-3] + "y"
    ends = word.endswith("s") and not word.endswith(("ss", "us", "is", "'s"))
    return word[:-1] if ends and len(word) > PLURAL else word


def _words(text: str) -> list[str]:
    """What is searched for: phrases in quotation marks and names of files as they are, and the words of the rest."""
    phrases = query.phrases(text)
    for phrase in phrases:
        text = text.replace(phrase.strip('"'), " ")
    names = [word for word in (each.strip("“”\"'?!,;:()") for each in text.split()) if kinds.is_file_name(word)]
    for name in names:
        text = text.replace(name, " ")
    return [*phrases, *names, *(lexicon.topic_words(text) if text.strip() else ())]


def _searched(context: ToolContext, wish: Wish, words: list[str], *, all_of_them: bool) -> Listed:
    """One search. The service sorts by relevance where content is searched, and refuses any other order there."""
    address = "me" if fold(wish.owner) in ME else wish.owner if "@" in wish.owner else ""
    q = query.every(
        "trashed = false",
        query.sort_clause(wish.sort),
        query.topic(words, all_of_them=all_of_them),
        query.changed(wish.since, wish.until),
        query.owned_by(address) if address else "",
    )
    widely = wish.owner and not address
    wide = SCANNED if widely else max(wish.limit, 50) if wish.latest else wish.limit
    return listed(context, q, limit=wide, order="" if words else NEWEST)


def _narrowed(found: Listed, wish: Wish, words: list[str], *, loose: bool) -> Found:
    by_name = bool(wish.owner) and "@" not in wish.owner and fold(wish.owner) not in ME
    hits = _of_person(found.files, wish.owner) if by_name else [Hit(file) for file in found.files]
    if words:
        hits = [_told(hit, words) for hit in hits]
        hits.sort(key=lambda hit: (not _is_called(hit.file, words), -_named(hit.file, words)))
    if wish.latest or not words:
        hits.sort(key=lambda hit: hit.file.modified.timestamp() if hit.file.modified else 0.0, reverse=True)
    kept = tuple(hits[: wish.limit])
    more = found.more or len(hits) > len(kept)
    meant = bool(kept and words) and not wish.latest and _is_called(kept[0].file, words)
    named = sum(_named(hit.file, words) == len(words) for hit in kept) if meant else 0
    strange = _strange(kept, words) if loose and not more else ()
    return Found(kept, more, found.incomplete, loose, len(found.files) if by_name else 0, named, strange, wish.latest)


def _strange(hits: Sequence[Hit], words: list[str]) -> tuple[str, ...]:
    """The words that no name holds, where some name holds others: all of them then are the words of a topic."""
    unknown = tuple(word.strip('"') for word in words if not any(_named(hit.file, [word]) for hit in hits))
    return unknown if len(unknown) < len(words) else ()


def _told(hit: Hit, words: list[str]) -> Hit:
    where = "in the name" if _named(hit.file, words) == len(words) else "in the text"
    return replace(hit, why=f"{where}, {hit.why}" if hit.why else where)


def _named(file: File, words: list[str]) -> int:
    """How many of the words the name holds."""
    name = fold(file.name)
    return sum(fold(word.strip('"')) in name for word in words)


def _is_called(file: File, words: list[str]) -> bool:
    """Whether the words are its name, but for its ending and the words for its kind."""
    wanted = {fold(word) for text in words for word in lexicon.topic_words(_ENDING.sub("", text))} - KINDS
    called = {fold(word) for word in lexicon.topic_words(_ENDING.sub("", file.name))} - KINDS
    return bool(wanted) and wanted == called


def _of_person(files: Sequence[File], wanted: str) -> list[Hit]:
    """Theirs and what they shared; only where there is neither, what they changed last."""
    theirs: list[Hit] = []
    changed: list[Hit] = []
    for file in files:
        if is_named(file.shared_by, wanted):
            theirs.append(Hit(file, f"shared by {file.shared_by.words}"))
        elif is_named(file.owner, wanted):
            theirs.append(Hit(file, f"owned by {file.owner.words}"))
        elif is_named(file.changed_by, wanted):
            changed.append(Hit(file, f"changed by {file.changed_by.words}"))
    return theirs or changed


def is_named(who: Who, wanted: str) -> bool:
    """Whether every word of `wanted` is a word of the person's name or address."""
    asked = {fold(match.group()) for match in WORD.finditer(wanted.removesuffix("'s").removesuffix("’s"))}
    known = {fold(match.group()) for match in WORD.finditer(f"{who.name} {who.address.partition('@')[0]}")}
    return bool(asked) and asked <= known
