"""People in a request: names and addresses as typed, and how they stand in it (from Ana, with Li, Priya's)."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Literal

from app.offline.lexicon import SORTS, listed
from app.offline.words import Line, stem

Role = Literal["from", "with", "for", "subject", "at", "bare"]

ROLES: dict[str, Role] = {
    "from": "from", "by": "from", "with": "with", "for": "for", "to": "for", "meet": "with", "see": "with",
    "include": "with", "including": "with", "invite": "with", "of": "bare", "suits": "with", "suit": "with",
    "in": "at", "at": "at", "near": "at",
}  # fmt: skip
ACTING = frozenset(
    listed(
        "write wrote written say said send sent mail mailed email emailed mention mentioned want answer answered reply"
        " tell told replied respond responded talked asked share shared upload uploaded"
        " message messaged ping pinged talk post posted publish published create created edit edited make made change"
        " changed own owns"
    )
)
_ACTING = frozenset(stem(word) for word in ACTING)
_SUBJECT_AFTER = frozenset(listed("did do does is are was were has have can could will would when what"))
_DETERMINERS = frozenset(listed("the my our a an his her their"))
_SELF = frozenset(listed("me i myself us we you everyone everybody all both"))
_PREPOSITIONS = frozenset(listed("in on at for to of about from by with"))
_ADVERBS = frozenset(listed("ever already yet still also just actually finally really last even recently then"))
_WHETHER = frozenset(listed("if whether where that which because"))
"""Behind one of these somebody does something, where a verb follows."""
_AGENT = 3  # words of a name in lower case: "the tax adviser's office"
_TOLD = frozenset(word for word in ACTING if word.endswith("ed")) | {"wrote", "said", "sent", "made"}
_HOUSES = frozenset(listed("company agency office department team bank insurance school hotel firm council union"))
"""What a name in lower case may end with: "concrete company"."""
TITLES = frozenset(listed("dr mr mrs ms prof professor doctor"))
"""What a name may begin with."""
_MONTHLY = frozenset(listed("jan may april june august"))
"""Names that are months as well."""
_WRITINGS = frozenset(stem(word) for word in SORTS["writing"].split())
_AND = frozenset({"and", "&", ",", "or"})


@dataclass(frozen=True)
class Words:
    """Which words are no names: the `common` ones; and the `plain` ones not even behind "from" or "with"."""

    common: Callable[[str], bool]
    plain: Callable[[str], bool]


@dataclass(frozen=True)
class Person:
    """A name as typed and its tokens; `sure` where a capital, an address or a preposition says it is a person."""

    name: str
    role: Role
    start: int
    end: int
    sure: bool


def find(line: Line, taken: Container[int], words: Words, *, lower: bool = True) -> list[Person]:
    """The people in the line. `taken` tokens belong to a time; `words` are no names unless written so.

    `lower`: a name may be written without its capital.
    """
    found: list[Person] = []
    carried: tuple[Role, int] = ("bare", -1)  # the role of the name or pronoun before, and where it ended
    i = 0
    while i < len(line):
        role = _role(line, i, carried)
        person = _person(line, i, role, taken, words, lower=lower)
        if person:
            found.append(person)
        end = person.end if person else i + 1
        carried = (role, end) if person or line.word(i) in _SELF else carried
        i = end
    return found


def _role(line: Line, i: int, carried: tuple[Role, int]) -> Role:
    """How a name at token `i` stands: as the one it is joined to by "and", else by the word before it."""
    led = line.word(i - 1) in _DETERMINERS
    j = k = i - led
    while line.word(k - 1) in _AND:
        k -= 1
    if k < j:
        return carried[0] if carried[1] == k else "bare"
    before = line.word(j - 1)
    subject = before in _SUBJECT_AFTER and not led
    subject = subject or (before in _SUBJECT_AFTER | _WHETHER and _does(line, i, led=led))
    if before == "meeting" and line.capital(i):
        return "with"
    return ROLES.get(before, "subject" if subject else "bare")


def _does(line: Line, i: int, *, led: bool) -> bool:
    """Whether the name that begins at token `i` is of whoever writes or says something: "the visa office replied"."""
    size = next((k for k in range(1, _AGENT + 1) if _acts(line, i + k)), 0)
    between = range(i + 1, i + size)
    if any(line.kind(k) != "word" or line.word(k) in _PREPOSITIONS | _DETERMINERS | _AND for k in between):
        return False
    return bool(size) and (led or line.capital(i))


def _acts(line: Line, i: int) -> bool:
    """Whether what somebody does to write or say something follows: "did the agency ever reply"."""
    i += line.word(i) in {"has", "have", "had"}
    i += line.word(i) in _ADVERBS
    return acting(line, i)


def acting(line: Line, i: int) -> bool:
    """Whether the token is what somebody does to write or say something: "writes", "get back"."""
    return stem(line.word(i)) in _ACTING or (line.word(i) in {"get", "got"} and line.word(i + 1) == "back")


def _person(line: Line, i: int, role: Role, taken: Container[int], words: Words, *, lower: bool) -> Person | None:
    if i in taken:
        return None
    if line.kind(i) == "address":
        return Person(line.tokens[i].text, role, i, i + 1, True)
    if line.word(i) in TITLES and line.kind(i + 1) == "word" and (line.capital(i + 1) or "." in line.tokens[i].text):
        return _whole(line, i, _last_name(line, i + 2, taken), role, True)
    led = role in {"from", "with"} and (line.word(i - 1) in ROLES or line.word(i - 1) in _DETERMINERS)
    if not _name_word(line, i, led, words) or line.word(i) in _DETERMINERS:
        return _lower(line, i, role, taken, words) if lower else None
    end = i + 1
    while (
        end not in taken
        and line.capital(end)
        and not words.plain(line.word(end))
        and not line.tokens[end - 1].possessive
    ):
        end += 1
    return _whole(line, i, end, role, True)


def _last_name(line: Line, end: int, taken: Container[int]) -> int:
    """Where a name that goes on with capitals ends."""
    while end not in taken and line.capital(end) and not line.tokens[end - 1].possessive:
        end += 1
    return end


def _name_word(line: Line, i: int, led: bool, words: Words) -> bool:
    token = line.tokens[i]
    if token.capital and token.word in _MONTHLY and line.word(i - 1) in _AND | {"with"}:
        return True
    if not token.capital or token.word in _SELF or (token.text.isupper() and len(token.text) > 1 and not led):
        return False
    return led or not words.common(token.word)


def _lower(line: Line, i: int, role: Role, taken: Container[int], words: Words) -> Person | None:
    """A name in lower case: an uncommon word where a person is expected."""
    possessive = line.kind(i) == "word" and line.tokens[i].possessive
    if role == "bare" and line.word(i + 1) in _TOLD and line.word(i - 1) not in _DETERMINERS:
        role = "subject"  # "the sheet priya shared"
    agent = role == "subject" and line.word(i - 1) in _DETERMINERS
    known = (
        words.plain
        if agent or (role in {"from", "with"} and line.word(i - 1) in _DETERMINERS | ROLES.keys())
        else words.common
    )
    abbreviated = line.word(i) == "hr" and line.word(i - 1) == "from"  # who is meant, not an hour
    if line.kind(i) != "word" or (known(line.word(i)) and not abbreviated) or (role == "bare" and not possessive):
        return None
    if role == "at" and line.word(i - 1) in _DETERMINERS:
        return None
    end = i + 1
    led = line.word(i - 1) in _DETERMINERS
    while not possessive and end - i < 3 and _continues(line, end, taken, words, led=led):
        end += 1
    if role == "subject" and not possessive and not _goes_on(line, end):
        return None
    if agent and stem(line.word(end - 1)) in _WRITINGS:
        return None  # "what does the contract say"
    says = role == "subject" and agent and _acts(line, end)
    return _whole(line, i, end, role, role in {"from", "with"} or possessive or says)


def _continues(line: Line, end: int, taken: Container[int], words: Words, *, led: bool) -> bool:
    """Whether the name goes on; behind an article with everyday nouns too: "the design team"."""
    word = line.word(end)
    if end in taken or line.kind(end) != "word" or line.tokens[end - 1].possessive:
        return False
    house = word in _HOUSES and not line.tokens[end - 1].capital
    return not words.common(word) or house or (led and not words.plain(word) and not word.endswith(("ed", "ing")))


def _goes_on(line: Line, end: int) -> bool:
    """Whether a predicate follows: "is ana free" has a subject, "was steht in" has none."""
    return line.kind(end) == "word" and line.word(end) not in _PREPOSITIONS


def _whole(line: Line, i: int, end: int, role: Role, sure: bool) -> Person:
    shop = role == "at" and (line.kind(end) != "word" or line.word(end) in _PREPOSITIONS)  # "at Luigi's" is a place
    if line.tokens[end - 1].possessive and not shop:
        role = "from"
    elif _acts(line, end) and role in {"bare", "subject"}:
        role = "subject"
    name = " ".join(token.text for token in line.tokens[i:end]).replace(" .", ".")
    name += "'s" if shop and line.tokens[end - 1].possessive else ""
    return Person(name, role, i, end, sure)
