"""People in mail headers: addresses parsed, and the names a mail may call somebody by."""

from collections.abc import Iterable
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header
from email.utils import getaddresses

from tools.mail.phrases import fold
from tools.text.characters import one_line

PEOPLE_LIMIT = 100
FREE_MAIL = frozenset(
    ("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "me.com",
     "aol.com", "gmx.net", "gmx.de", "gmx.ch", "web.de", "proton.me", "protonmail.com", "mail.ru", "yandex.ru",
     "bluewin.ch", "orange.fr", "free.fr", "qq.com", "163.com")
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """A name as the mail gives it ("" if none) and an address in lower case ("" if none could be read)."""

    name: str
    address: str

    @property
    def shown(self) -> str:
        return self.name or self.address or "unknown sender"

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]

    @property
    def names(self) -> tuple[str, ...]:
        """What the person may sign with or be called: whole name, its parts, initials, the address before the @."""
        parts = [part for part in self.name.replace(",", " ").replace(".", " ").split() if part]
        local = self.address.partition("@")[0]
        pieces = [piece for piece in local.replace("_", ".").replace("-", ".").split(".") if len(piece) > 1]
        initials = "".join(part[0] for part in parts)
        whole = (self.name, " ".join(parts[:2]))
        found = (*whole, *parts, *pieces, initials if len(initials) > 1 else "")
        return tuple(dict.fromkeys(name for name in found if name))

    @property
    def given_names(self) -> frozenset[str]:
        """Folded names somebody might address the person by."""
        return frozenset(fold(name) for name in self.names if len(name) > 1 and " " not in name)


def read_people(header: str) -> tuple[Person, ...]:
    """The people of an address header, however broken; an unreadable one is left out."""
    if not header:
        return ()
    pairs = getaddresses([decoded(header)[:20_000]])[:PEOPLE_LIMIT]
    people = (Person(one_line(name, 80), one_line(address, 120).lower()) for name, address in pairs)
    return tuple(person for person in people if person.address or person.name)


def read_person(header: str) -> Person:
    """The first of a header; an unreadable header is all name."""
    people = read_people(header)
    return people[0] if people else Person(one_line(header, 80), "")


def decoded(header: str) -> str:
    """RFC 2047 words decoded, in case the service left them."""
    if "=?" not in header:
        return header
    try:
        pieces = decode_header(header)
        return "".join(
            piece if isinstance(piece, str) else piece.decode(charset or "ascii", "replace")
            for piece, charset in pieces
        )
    except (HeaderParseError, LookupError, ValueError):
        return header


def listed(people: Iterable[Person], limit: int = 3) -> str:
    """ "Ana, Ben and 4 more" """
    names = [person.shown for person in people]
    more = f" and {len(names) - limit} more" if len(names) > limit else ""
    return ", ".join(names[:limit]) + more
