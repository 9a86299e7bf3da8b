"""Who is meant by a name: addresses known from events and calendars. Law: two candidates are a question."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tools.agenda.event import Person
from tools.agenda.words import listed
from tools.errors import BadArgument

MYSELF = frozenset({"me", "myself", "i", "us", "you"})
MAX_CANDIDATES = 6
_ADDRESS = re.compile(r"<?([^\s<>@,;\"']+@[^\s<>@,;\"']+\.[^\s<>@,;\"'.]{2,})>?\s*$")
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Directory:
    """Known people by address, with every name they were shown under. `me` are my own addresses."""

    names: dict[str, tuple[str, ...]]
    me: frozenset[str]

    @classmethod
    def of(cls, people: Iterable[Person], me: frozenset[str]) -> Directory:
        names: dict[str, tuple[str, ...]] = {}
        for person in people:
            address = person.address.casefold()
            known = names.setdefault(address, ())
            if person.name and person.name not in known and "@" not in person.name:
                names[address] = (*known, person.name)
        return cls(names, me)

    def name_of(self, address: str) -> str:
        """The first name it was shown under; "" where none is known."""
        return next(iter(self.names.get(address, ())), "")

    def resolve(self, typed: Sequence[str]) -> list[Person]:
        """The people meant, each once and without me.

        Raises BadArgument that lists the candidates when a name fits nobody or more than one person.
        """
        found: dict[str, Person] = {}
        for text in typed:
            if text.strip().casefold() in MYSELF:
                continue
            address = self._address(text)
            if address not in self.me:
                found[address] = Person(address, self.name_of(address))
        return list(found.values())

    def _address(self, text: str) -> str:
        if given := _ADDRESS.search(text.strip()):
            return given[1].casefold()
        matches = self._matching(_words(text))
        if len(matches) == 1:
            return matches[0]
        raise self._unclear(text, matches)

    def _matching(self, words: tuple[str, ...]) -> list[str]:
        """Addresses by the best kind of match there is: the whole name, then some of its words, then beginnings."""
        if not words:
            return []
        known = {address: self._called(address) for address in self.names}
        for fits in (_is_whole, _is_part, _begins):
            if found := sorted(a for a, called in known.items() if any(fits(words, name) for name in called)):
                return found
        return []

    def _called(self, address: str) -> list[tuple[str, ...]]:
        """The names of an address as words; the part before the @ stands in where no name is shown."""
        shown = self.names[address]
        return [_words(name) for name in shown] or [_words(address.partition("@")[0])]

    def _unclear(self, text: str, matches: Sequence[str]) -> BadArgument:
        name = text.strip()[:60]
        if matches:
            return BadArgument(
                f"{len(matches)} people fit the name {name!r}: {self._shown(matches)}.",
                "Ask which one is meant and use the address.",
            )
        near = self._near(_words(text))
        hint = f" Close: {self._shown(near)}." if near else ""
        return BadArgument(
            f"Nobody called {name!r} is in the calendars of the last and the next weeks.{hint}",
            "Ask for the address and use it.",
        )

    def _near(self, words: tuple[str, ...]) -> list[str]:
        by_word = {word: address for address in self.names for name in self._called(address) for word in name}
        close = [match for word in words for match in difflib.get_close_matches(word, by_word, n=3, cutoff=0.7)]
        return list(dict.fromkeys(by_word[match] for match in close))

    def _shown(self, addresses: Sequence[str]) -> str:
        shown = [Person(address, self.name_of(address)).shown for address in addresses[:MAX_CANDIDATES]]
        more = len(addresses) - len(shown)
        return listed([*shown, f"{more} more"] if more else shown)


def _words(text: str) -> tuple[str, ...]:
    """The words of a name without case and accents."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return tuple(_WORDS.findall("".join(char for char in folded if not unicodedata.combining(char))))


def _is_whole(words: tuple[str, ...], name: tuple[str, ...]) -> bool:
    return set(words) == set(name)


def _is_part(words: tuple[str, ...], name: tuple[str, ...]) -> bool:
    return set(words) <= set(name)


def _begins(words: tuple[str, ...], name: tuple[str, ...]) -> bool:
    return len("".join(words)) > 2 and all(any(part.startswith(word) for part in name) for word in words)
