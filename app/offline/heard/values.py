"""What the words of a request stand for, argument by argument, once the model has said which words fill which.

Law: a value is never made up: what no word says is not filled.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

from app.offline import amounts, fill_words, operators, pointing
from app.offline.heard.said import BODIES, Said, articled
from app.offline.lexicon import EMPTY
from app.offline.orders import saying
from app.offline.orders.saying import QUOTES
from app.offline.rounds import plain
from app.offline.slots import Slot
from app.offline.trained.features import JOINTS
from app.offline.trained.tagging import Span
from app.offline.words import stem

_TIMES = frozenset({"start", "end", "since", "until", "time", "days", "minutes"})
_WHOLE = frozenset({"value", "unit", "to_unit", "sum", "count", "number"})
_MEANT = frozenset({"choice", "flag"})
_OR = {"create_folder": ("folder",)}
"""What else the title of a new thing may be heard as."""
_THE = re.compile(r"^(?:the|an?) (?=.)", re.IGNORECASE)
JOINED = re.compile(r",| (?:and|or) ")
_BESIDE = frozenset({"channel", "label", "folder"})
_ALL = frozenset({"all", "everyone", "everybody", "group", "both", "whole", "team", "lot"})
"""Words without which nobody means that everybody gets an answer."""
_ANY = frozenset({"thing", "things", "stuff"})
_ANY_FILE = "document"  # what people call any file
_STAR = frozenset({"star", "a star", "starred", "stars"})
_POLITE = frozenset({"would", "could", "can", "will", "may", "might", "do", "shall"})
_ASKING = frozenset({"if", "whether", "what", "when", "where", "who", "how", "why", "which"})
_QUESTIONS = frozenset({"who", "whom", "whose", "when", "where", "how", "which", "why"})
_FEW = 4  # tokens


Fill = Callable[[Said, Slot], Sequence[Any]]


def filled(said: Said) -> dict[str, Any]:
    """The arguments that the words fill, but for the things that are pointed at."""
    return variants(said)[0]


def variants(said: Said) -> list[dict[str, Any]]:
    """The same for each call: there is one for each stretch of time, each sender, each channel that is named."""
    own: dict[str, list[Any]] = {}
    for slot in said.skill.slots:
        fill: Fill = _VALUES.get(slot.sort, _nothing)
        values = [value for value in fill(said, slot) if value]
        own |= {slot.name: values} if values else {}
    ruled = _ruled(said)
    told = [{name: value for name, value in call.items() if name not in own} for call in ruled]
    found = [{**call, **dict(zip(own, values, strict=True))} for call in told for values in product(*own.values())]
    return [one for i, one in enumerate(found) if one not in found[:i]]


def _ruled(said: Said) -> list[dict[str, Any]]:
    """The times, lengths, measures and choices among what rules find."""
    sorts = _TIMES | _WHOLE | (_MEANT if said.skill.reads else set())
    kept = {slot.name for slot in said.skill.slots if slot.sort in sorts or slot.name in _BESIDE}
    calls = [{name: value for name, value in call.items() if name in kept} for call in said.ruled.calls({})]
    return calls or [{}]


def _nothing(said: Said, slot: Slot) -> list[Any]:
    return []


def _topic(said: Said, slot: Slot) -> list[str]:
    if slot.name in BODIES:
        return [worded(said)]
    if slot.name == "query":
        return [_about(said)]
    return [titled(text) for text in said.texts(slot.name, *_OR.get(said.skill.name, ()))[:1]]


def titled(text: str) -> str:
    """The words as typed; without an article, they begin as titles do."""
    bare = articled(text)
    return text if bare == text else bare[:1].upper() + bare[1:]


def _about(said: Said) -> str:
    """The topic: what "it" and "the second one" stand for, or the words as typed, without the article before them."""
    clause = said.only("query")
    pointed = next(
        (p for p in clause.pointings if (p.place or p.that) and not p.kinds and len(clause.line) <= _FEW), None
    )
    if pointed:
        ref = pointing.shown(pointed, said.reader.view.lists) if pointed.place else None
        return plain(ref.label) if ref else said.reader.view.topic
    topic = said.clause.topic
    if _mine(said) and not said.text("query"):
        return " ".join(_names(said, "to", "sender", "person"))  # what I wrote to somebody holds the name
    if not said.text("query") and said.skill.finds and any(p.that and not p.kinds for p in said.clause.pointings):
        return said.reader.view.topic
    words = said.text("query") or (said.clause.said(topic.words).strip(QUOTES) if topic and topic.sure else "")
    words = words or _asked_inside(said)
    held = operators.states(said.clause.line, said.skill)
    left = operators.stateless(articled(words)) if held else articled(words)
    return " ".join([*filter(None, [_without_kind(said, left)]), *held])


def _asked_inside(said: Said) -> str:
    """What is asked of the thing that is pointed at, beside the words that the tool is called by: "who owns the
    rollback in it?"."""
    clause, skill = said.clause, said.skill
    things = [slot for slot in skill.takes("handle") if slot.required]
    inside = any(p.that and not p.kinds for p in said.only("thing").pointings)
    if not (skill.reads and things and inside and clause.line.word(0) in _QUESTIONS):
        return ""
    held = {i for span in said.spans for i in range(span.start, span.end)} | clause.timed
    knows = said.reader.knowledge.intents.knows
    free = [i for i in clause.content if i not in held and not knows(skill.name, clause.line.word(i))]
    return " ".join(clause.line.tokens[i].text for i in free)


def _without_kind(said: Said, words: str) -> str:
    """The topic without the kind of document behind it: "the budget spreadsheet"."""
    head, _, last = words.rpartition(" ")
    kind = last.lower() in _ANY or any(stem(last.lower()) in slot.words(c) for slot, c in _kinds(said))
    return head if head and kind else words


def _kinds(said: Said) -> list[tuple[Slot, str]]:
    return [(slot, choice) for slot in said.skill.takes("choice") if slot.name == "kind" for choice in slot.choices]


def _person(said: Said, slot: Slot) -> list[str]:
    own = fill_words.person(said.ruled)
    return [fill_words.ME] if own and {slot.name: fill_words.ME} in own.variants else _names(said, "sender", "person")


def _mine(said: Said) -> bool:
    return any(_person(said, slot) == [fill_words.ME] for slot in said.skill.takes("person"))


def _people(said: Said, slot: Slot) -> list[list[str]]:
    return [_names(said, "cc") if slot.name == "cc" else _names(said, "to", "person")]


def _names(said: Said, *arguments: str) -> list[str]:
    """Names, those joined by a word apart; what only stands for somebody, "he" or "them", is no name."""
    found = (one.strip(" ,") for text in said.name(*arguments) for one in JOINED.split(text))
    return [name for name in dict.fromkeys(found) if name.lower() not in EMPTY and any(map(str.isalpha, name))]


def _named(said: Said, slot: Slot) -> list[str]:
    if slot.name in BODIES:
        return [worded(said)]
    texts = said.name("channel") if slot.name == "channel" else said.texts(slot.name)
    texts = [text.split()[0] if text.startswith("#") else text for text in texts]
    found = [text.lstrip("#").removesuffix(f" {slot.name}") for text in texts]
    if slot.name == "title":
        return [titled(text) for text in found[:1]]
    if slot.name == "label":
        stars = not found and said.clause.line.tokens[0].stem == "star"
        return ["starred"] if stars else ["starred" if text.lower() in _STAR else text for text in found[:1]]
    return found if slot.name == "channel" else found[:1]


def worded(said: Said) -> str:
    """The text as it is sent: as typed, but for the frame of what somebody is asked or thanked for."""
    span = next((span for span in said.spans if span.argument == "text"), None)
    if span is None:
        return _thanks(said, 0, len(said.clause.line))
    line, end = said.clause.line, _end(said, span)
    if line.word(span.start) == "thanking":
        return _thanks(said, span.start, end)
    polite = line.word(0) in _POLITE and line.word(span.start) not in _POLITE | _ASKING
    while end > span.start + 1 and line.word(end - 1) == "?" and polite:
        end -= 1  # the mark ends the request, not the text
    frame = _frame(said, span)
    start = span.start + (frame == "whether")  # which the frame says
    return saying.text(said.clause.said(range(start, end)), frame)


def _thanks(said: Said, start: int, end: int) -> str:
    """The thanks that are told of: "thanking him for the report"; "" where none are."""
    line = said.clause.line
    thanking = next((i for i in range(start, end) if line.word(i) == "thanking"), end)
    cause = next((i + 1 for i in range(thanking, end) if line.word(i) == "for"), end)
    return saying.text(said.clause.said(range(cause, end)), "thanks") if cause < end else ""


def _end(said: Said, span: Span) -> int:
    """Where the text ends: with the request, unless something else follows or a joint parts them."""
    line = said.clause.line
    follows = any(other.start >= span.end for other in said.spans)
    apart = line.word(span.end) in JOINTS and line.word(span.start - 1) != ":"
    return span.end if follows or apart else len(line)


def _frame(said: Said, span: Span) -> str:
    line = said.clause.line
    before, first, deeds = line.word(span.start - 1), line.word(span.start), {*line.row[: span.start]}
    if deeds & {"thank", "thanks"} and before == "for":
        return "thanks"
    if "ask" in deeds and first in _ASKING:
        asked = line.word(_end(said, span) - 1) == "?"  # as it is put to them
        return "whether" if first in {"if", "whether"} else "" if asked else "question"
    return before if "ask" in deeds and before in {"to", "for"} else ""


def _choice(said: Said, slot: Slot) -> list[str]:
    if slot.name == "kind":
        last = {stem(word) for text in said.texts("kind", "query") for word in text.lower().split()[-1:]}
        return [choice for _, choice in _kinds(said) if last & slot.words(choice) and choice != _ANY_FILE][:1]
    value = said.value(slot.name)
    return [value] if value in slot.choices and value != slot.default else []


def _flag(said: Said, slot: Slot) -> list[bool]:
    if slot.name == "reply_all":
        return [bool(_ALL & {*said.only(slot.name).line.row})]
    return [bool(said.value(slot.name)) or (slot.name == "unread_only" and said.value("only") == "unread")]


def _count(said: Said, slot: Slot) -> list[int]:
    line = said.only("number").line
    found = (amounts.number(line, i) for i in range(len(line)))
    return [int(one.value) for one in found if one][:1]


def _gist(said: Said, slot: Slot) -> list[str]:
    return [said.text("text")]


def _place(said: Said, slot: Slot) -> list[str]:
    """Where it is, each place; the words alone behind "weather", where nobody marked any."""
    found = [_THE.sub("", one.strip()) for text in said.texts("place") for one in _places(said, text)]
    few = len(said.clause.line) <= _FEW
    named = (
        p
        for p in said.clause.people
        if (p.role == "at" and said.clause.line.capital(p.start)) or (few and p.role == "bare")
    )
    return found or [p.name for p in named][:1]


def _places(said: Said, text: str) -> list[str]:
    """The places in a row; of an event there is one."""
    return [one for one in JOINED.split(text) if one.strip()] if said.skill.reads else [text]


_VALUES: Mapping[str, Fill] = {
    "topic": _topic, "person": _person, "people": _people, "named": _named, "choice": _choice, "flag": _flag,
    "count": _count, "gist": _gist, "place": _place,
}  # fmt: skip
