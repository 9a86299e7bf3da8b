"""Who is meant by a name: people this mailbox has written to. Law: two candidates, or none, are a question.

A name in mail that only came in proves nothing: anybody can write under any name. Such an address is told, never used.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from urllib.parse import quote

from tools.base import ToolContext
from tools.clients import gmail, run
from tools.errors import BadArgument
from tools.mail.addresses import Person, read_people
from tools.mail.fetch import get_all
from tools.mail.listing import SERVICE
from tools.mail.outgoing import is_address
from tools.mail.payload import headers_of
from tools.mail.phrases import fold

LOOKED_AT = 50
"""Mails read to find out who bears a name."""
SHOWN = 6
_WORD = re.compile(r"[^\W_]+")
_ME = frozenset(("me", "myself"))


def resolved(context: ToolContext, typed: Sequence[str], me: str) -> tuple[Person, ...]:
    """The people meant by names and addresses as typed, in order. Raises BadArgument that says what to ask."""
    return tuple(_one(context, text.strip(), me) for text in typed if text.strip())


def _one(context: ToolContext, text: str, me: str) -> Person:
    if text.casefold() in _ME:
        return Person("", me)
    given = [person for person in read_people(text) if is_address(person.address)]
    if len(given) == 1:
        return given[0]
    words = _words(text)
    if not words or "@" in text:
        raise BadArgument(f"{text!r} is neither a name nor one address.", "Give each person by name or address.")
    name = " ".join(words)
    found = _bearing(words, _people(context, f"in:sent {{to:({name}) cc:({name})}}", ("To", "Cc"), me))
    if len(found) == 1:
        return found[0]
    if found:
        what = f"{len(found)} people you have written to fit {text!r}: {_listed(found)}."
        raise BadArgument(what, "Ask which one is meant, and use the address.")
    raise _unknown(text, _bearing(words, _people(context, f"from:({name})", ("From",), me)))


def _unknown(text: str, came: Sequence[Person]) -> BadArgument:
    seen = f" Mail under that name came from: {_listed(came)}." if came else ""
    return BadArgument(
        f"You have written to nobody called {text!r} from this mailbox.{seen}", "Ask for the address, and use it."
    )


def _people(context: ToolContext, query: str, headers: tuple[str, ...], me: str) -> list[Person]:
    """Everybody in these headers of the newest mails of a search, the most frequent first, without me."""
    request = gmail().users().messages().list(userId="me", q=query, maxResults=LOOKED_AT)
    ids = [str(m["id"]) for m in run(request, context.transport, service=SERVICE).get("messages") or ()]
    wanted = "&".join(f"metadataHeaders={header}" for header in headers)
    paths = [f"/gmail/v1/users/me/messages/{quote(one, safe='')}?format=metadata&{wanted}" for one in ids]
    answers = get_all(context.transport, paths, context.progress, what="looking for the address").found if paths else {}
    counts: Counter[str] = Counter()
    names: dict[str, Counter[str]] = {}
    for answer in answers.values():
        stated = headers_of(answer.get("payload"))
        for person in (p for header in headers for p in read_people(stated.get(header.lower(), ""))):
            if is_address(person.address) and person.address != me:
                counts[person.address] += 1
                names.setdefault(person.address, Counter())[person.name] += bool(person.name)
    return [Person(names[address].most_common(1)[0][0], address) for address, _ in counts.most_common()]


def _bearing(words: tuple[str, ...], people: Sequence[Person]) -> list[Person]:
    """Those who bear the name by the best kind of match there is: the whole name, its words, beginnings of them."""
    for fits in (_is_whole, _is_part, _begins):
        if found := [person for person in people if _called(person, words, fits)]:
            return found
    return []


Fits = Callable[[tuple[str, ...], tuple[str, ...]], bool]


def _called(person: Person, words: tuple[str, ...], fits: Fits) -> bool:
    return any(fits(words, _words(name)) for name in (person.name, person.address.partition("@")[0]) if name)


def _is_whole(words: tuple[str, ...], name: tuple[str, ...]) -> bool:
    return set(words) == set(name)


def _is_part(words: tuple[str, ...], name: tuple[str, ...]) -> bool:
    return set(words) <= set(name)


def _begins(words: tuple[str, ...], name: tuple[str, ...]) -> bool:
    return len("".join(words)) > 2 and all(any(part.startswith(word) for part in name) for word in words)


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold(text)))


def _listed(people: Sequence[Person]) -> str:
    shown = [f"{p.name} <{p.address}>" if p.name else p.address for p in people[:SHOWN]]
    return ", ".join([*shown, *([f"{len(people) - SHOWN} more"] if len(people) > SHOWN else [])])
