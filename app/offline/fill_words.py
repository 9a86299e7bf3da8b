"""Names, filters, counts and topics put into the arguments that take them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.offline import amounts, operators, pointing
from app.offline.filling import Filling, Part, Variant
from app.offline.lexicon import EMPTY, listed
from app.offline.people import ROLES, acting
from app.offline.rounds import plain
from app.offline.slots import Slot
from app.offline.words import Line, stem

_LEADING = frozenset(listed("last latest top first newest recent next oldest"))
_SINGLE = frozenset(listed("latest newest last"))
_NAMES = frozenset({"bare", "for", "with", "subject", "at"})
_ARTICLES = frozenset(listed("the a an my our"))
_ADJECTIVES = frozenset(listed("latest newest last recent first"))
_ABOUT = frozenset(listed("about for on regarding concerning of to mentioning"))
_LINKS, _TO = frozenset(listed("link links url")), frozenset(listed("to for of"))
_EXISTS = frozenset(listed("is are was were be been any anything something someone anybody somebody nothing"))
"""Beside one of these "there" is no place."""
_MINE = frozenset({("my", "own"), ("of", "mine")})
_BEFORE = frozenset(listed("to must should can will shall not"))
_SENT = frozenset({"sent", "wrote", "mailed", "emailed", "posted"})
_ASKED = frozenset(listed("when if that why how since after before what"))
_VERSIONS = frozenset({"version", "copy", "edition"})
_SAYING = frozenset({"write", "say", "post"})
ME = "me"
_QUOTES = "\"'“”«»‘’"


def people(f: Filling) -> Part | None:
    slots = f.skill.takes("people")
    if not slots:
        return None
    found = [p for p in f.clause.people if p.role != "at" and (p.sure or p.role != "bare")]
    used = frozenset(i for p in found for i in range(p.start, p.end))
    unsure = not any(p.sure for p in found)
    return Part(({slots[0].name: [p.name for p in found]},), used, guessed=unsure) if found else None


def person(f: Filling) -> Part | None:
    slots = f.skill.takes("person")
    says = any(acting(f.clause.line, i) for i in range(len(f.clause.line)))
    roles = {"from"} | ({"subject"} if says else set()) | ({"bare", "for", "with"} if f.loose else set())
    found = [p for p in f.clause.people if p.role in roles and slots]
    found = [p for p in found if p.sure] or found
    if slots and not found:
        return _own(f, slots[0])
    used = frozenset(i for p in found for i in range(p.start, p.end))
    return Part(tuple({slots[0].name: p.name} for p in found), used) if found else None


def _own(f: Filling, slot: Slot) -> Part | None:
    """What the person wrote: "my own messages", "what did I say about it myself", "messages of mine"."""
    line = f.clause.line
    for i in range(len(line)):
        sent = line.word(i) == "i" and line.word(i + 1) in _SENT and line.word(i - 1) not in _ASKED
        if sent or line.words(i, 2) in _MINE or (line.words(i, 2) == ("did", "i") and line.word(i + 2) in _SAYING):
            return Part(({slot.name: ME},), frozenset({i, i + 1}))
        if line.word(i) == "myself" and "i" in line.row:
            return Part(({slot.name: ME},), frozenset({i}))
    return None


def place(f: Filling) -> Part | None:
    """A name behind "in" or "for", or one with a capital that stands alone."""
    slots = f.skill.takes("place")
    line = f.clause.line
    found = [p for p in f.clause.people if p.role in {"at", "for", "bare"} and slots]
    found = [p for p in found if p.role == "at" or line.word(p.start - 1) not in _ARTICLES]  # "for the football"
    if not found:
        return None
    best = next((p for p in found if p.role == "at"), found[0])
    return Part(({slots[0].name: best.name},), frozenset(range(best.start, best.end)))


def count(f: Filling) -> Part | None:
    """The last ten, top five, 10 most recent, the latest."""
    slots = f.skill.takes("count")
    line = f.clause.line
    held = f.used | f.clause.timed
    for i in range(len(line) if slots else 0):
        number = None if i in held else amounts.number(line, i)
        if number is None or not set(range(i, number.end)).isdisjoint(held):
            continue
        led = line.word(i - 1) in _LEADING
        if led or {line.word(number.end), line.word(number.end + 1)} & _LEADING or f.usage.knows(line.word(number.end)):
            return Part(({slots[0].name: int(number.value)},), frozenset(range(i - led, number.end)))
    return _latest(f, slots[0]) if slots else None


def _latest(f: Filling, slot: Slot) -> Part | None:
    line = f.clause.line
    for i in range(len(line)):
        j = i + 2 if line.words(i, 2) == ("most", "recent") else i + 1 if line.word(i) in _SINGLE else 0
        if j and stem(line.word(j)) in f.clause.kinds and not line.word(j).endswith("s") and i not in f.clause.timed:
            return Part(({slot.name: 1},), frozenset(range(i, j)))
    return None


def choice(f: Filling) -> Part | None:
    found: dict[str, set[int]] = {}
    slots = f.skill.takes("choice")
    for slot in slots:
        for choice in slot.choices:
            meant = slot.words(choice) - f.skill.objects
            hits = {i for i in f.free if f.clause.line.tokens[i].stem in meant}
            hits = {i for i in hits if choice != "done" or not _still_to(f.clause.line, i)}
            if hits and (choice != slot.default or f.loose):
                found[choice] = hits
        if found:
            used = frozenset(i for hits in found.values() for i in hits)
            first = {choice: min(hits) for choice, hits in found.items()}
            return Part(tuple({slot.name: choice} for choice in sorted(first, key=first.__getitem__)), used)
    return None


def _still_to(line: Line, i: int) -> bool:
    """Whether the word says what is to be done, not what was: the "finish" of "what must I finish"."""
    lead = i - 1 - (line.word(i - 1) in {"i", "we"})
    return line.word(i) in {"finish", "complete"} and line.word(lead) in _BEFORE


def flags(f: Filling) -> Part | None:
    variant: Variant = {}
    used: set[int] = set()
    for slot in f.skill.takes("flag"):
        name = slot.name.removesuffix("_only").removeprefix("only_").removeprefix("is_")
        hits = {i for i in f.free if f.clause.line.tokens[i].stem in slot.words(name)} or _denied(f, name)
        if hits:
            variant[slot.name] = True
            used |= hits
    return Part((variant,), frozenset(used)) if variant else None


def _denied(f: Filling, name: str) -> set[int]:
    """The words that say a flag like "unread" by denying its opposite: "have not read"."""
    row = f.clause.line.row
    said = {i for i in f.free if name.startswith("un") and stem(row[i]) == stem(name.removeprefix("un"))}
    return said if "not" in row or "never" in row else set()


def named(f: Filling) -> Part | None:
    """A value beside the argument's own name: "label travel", "the travel label", "#launch" for a channel."""
    line = f.clause.line
    slots = f.skill.takes("named")
    channels = [i for i in range(len(line)) if line.kind(i) == "channel"] if slots else []
    if len(channels) > 1 and any(slot.name == "channel" for slot in slots):
        return Part(tuple({"channel": line.tokens[i].text.lstrip("#")} for i in channels), frozenset(channels))
    found = (_beside(f, slot, i) for slot in slots for i in range(len(line)))
    return next((part for part in found if part), None) or _there(f)


def _there(f: Filling) -> Part | None:
    """Where something was asked before: "and what did Tom say there"."""
    line = f.clause.line
    for i in range(len(line)):
        if line.word(i) == "there" and not {line.word(i - 1), line.word(i + 1)} & _EXISTS:
            said = {n: f.view.there[n] for s in f.skill.takes("named", "place") if (n := s.name) in f.view.there}
            return Part((said,), frozenset({i})) if said else None
    return None


def _beside(f: Filling, slot: Slot, i: int) -> Part | None:
    line = f.clause.line
    if slot.name == "channel" and line.kind(i) == "channel":
        return Part(({slot.name: line.tokens[i].text.lstrip("#")},), frozenset({i}))
    if not line.word(i).startswith(slot.name):
        return None
    after = _is_value(f, i + 1)
    j = i + 1 if after else i - 1
    one = line.word(i) == slot.name and line.word(i - 2) in _ARTICLES and not f.usage.means(line.word(j))
    if not after and (not _is_value(f, j) or (f.usage.knows(line.word(j)) and not one)):
        return None
    start = j if after else j - len(f.clause.whole(j).split("-")) + 1
    text = line.tokens[j].text if after else f.clause.whole(j)
    return Part(({slot.name: text.strip(_QUOTES)},), frozenset({i, *range(start, j + 1)}))


def _is_value(f: Filling, j: int) -> bool:
    line = f.clause.line
    return line.kind(j) in {"word", "quoted", "number"} and line.word(j) not in EMPTY and j not in f.clause.timed


def topic(f: Filling) -> Part | None:
    """What the clause says it is about, and that it holds a file where that can be searched for."""
    said = operators.attached(f)
    slots = operators.taking(f.skill) if said else []
    if not slots or slots[0].name in f.filled:
        return _topic(f)
    found = _topic(replace(f, parts=[*f.parts, Part(({},), frozenset(said))]))
    text = str(found.variants[0].get(slots[0].name, "")) if found else ""
    query = f"{text} {operators.ATTACHED}".strip()
    return Part(({slots[0].name: query},), frozenset(said) | (found.used if found else frozenset()))


def _topic(f: Filling) -> Part | None:
    """What the clause says it is about; else the words that nothing else explains."""
    slots = f.skill.takes("topic", "place") or [s for s in f.skill.takes("named") if s.required and s.type is str]
    slots = [slot for slot in slots if slot.name not in f.filled and not _of_another(f)]
    topic = f.clause.topic
    if slots and slots[0].sort == "place" and topic and not topic.sure and _article(f, topic.words[0]):
        return _occasion(f, topic.words)
    if slots and topic and f.used.isdisjoint(topic.words):
        text = f.clause.said(topic.words[_copies(f, topic.words) :]).strip(_QUOTES)
        return Part(({slots[0].name: text},), frozenset(range(topic.start, topic.end)))
    pointed = _pointed_at(f) if slots and not f.skill.takes("handle") else None
    if pointed:
        return Part(({slots[0].name: pointed[0]},), pointed[1])
    open_to = slots and (slots[0].sort in f.guesses or f.loose or slots[0].required)
    left = _left(f) if open_to else []
    if left and slots[0].sort == "place" and _article(f, left[0]):
        return _occasion(f, left)
    text = f.clause.said(left[_copies(f, left) :])
    return Part(({slots[0].name: text},), frozenset(left), guessed=not _led(f, left[0])) if left else None


def _occasion(f: Filling, said: Sequence[int]) -> Part | None:
    """What a time that was said is wanted for, which fills nothing: "on Saturday for the football"."""
    led = f.clause.line.word(said[0] - 2) == "for" and f.clause.timed
    return Part(({},), frozenset({said[0] - 2, *said})) if led else None


def _article(f: Filling, i: int) -> bool:
    """Whether an article leads up to the word, and nothing that says where: "in the hague"."""
    line = f.clause.line
    return line.word(i - 1) in _ARTICLES and ROLES.get(line.word(i - 2)) != "at"


def _copies(f: Filling, left: Sequence[int]) -> int:
    """How many words lead up to what it is a version of, or a link to: "version of the launch plan"."""
    line = f.clause.line
    first, second = (line.word(i) for i in left[:2]) if len(left) > 2 else ("", "")
    of = (first in _VERSIONS and second == "of") or (first in _LINKS and second in _TO)
    return 2 + (line.word(left[2]) in _ARTICLES) if of else 0


def _of_another(f: Filling) -> bool:
    """Whether the words rather tell which thing is to be opened, since nothing points at one."""
    return f.skill.reads and any(slot.required and slot.name not in f.filled for slot in f.skill.takes("handle"))


def _pointed_at(f: Filling) -> tuple[str, frozenset[int]] | None:
    """A thing in view as the topic ("about the second one"), or what was asked about before ("about it")."""
    for p in f.clause.pointings:
        led = f.clause.line.word(p.start - 1) in _ABOUT
        ref = pointing.shown(p, f.view.lists) if p.place else None
        text = plain(ref.label) if ref else f.view.topic if p.that else ""
        if led and text and p.start not in f.used:
            return text, frozenset(range(p.start - 1, p.end))
    return None


def _open(f: Filling, i: int) -> bool:
    """Whether the word may be a topic: one that no tool here uses, or of a thing that an article leads up to."""
    word = f.clause.line.word(i)
    kinds = f.clause.kinds.get(stem(word), ())
    if kinds and f.skill.mints and set(kinds).isdisjoint(f.skill.mints):
        return False
    if not f.usage.knows(word) and not f.usage.familiar(word):
        return True
    return bool(f.skill.takes("topic")) and not f.usage.means(word) and _led(f, i)


def _led(f: Filling, i: int) -> bool:
    """Whether an article leads up to the word, past others that may belong to the same thing: "the launch plan"."""
    k = i - 1
    row = f.clause.line.row
    while k >= 0 and (row[k] in _ADJECTIVES or (row[k] not in EMPTY and k not in f.used)):
        k -= 1
    return f.clause.line.word(k) in _ARTICLES or (k >= 0 and f.clause.line.tokens[k].possessive)


def _said_by(f: Filling) -> set[int]:
    """The verbs of those who said it: "replied", behind who did, is no topic."""
    ends = [p.end for p in f.clause.people if p.role == "subject" and p.start in f.used]
    return {i for end in ends for i in (end, end + 1) if acting(f.clause.line, i)}


def _left(f: Filling) -> list[int]:
    """The words that neither the skill knows nor another argument took, as one stretch."""
    tokens = f.clause.line.tokens
    marked = {i for m in f.clause.marks if m.tag not in _NAMES for i in m.tokens} | f.used | _said_by(f)
    words = [i for i, token in enumerate(tokens) if i not in marked and token.kind != "symbol"]
    free = [i for i in words if tokens[i].word not in EMPTY and _open(f, i)]
    if not free:
        return []
    stretch = list(range(free[0], free[-1] + 1))
    return stretch if f.used.isdisjoint(stretch) else free
