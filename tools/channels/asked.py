"""What is asked and promised in the chats: each request with who is to do it, by when, and the words that say so.

Law: a request stands in a message that a person wrote; machines, and texts that instruct an assistant, ask nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from tools.channels.aim import Aim, aim
from tools.channels.calling import ideally, must, names_day, only_terms, polls, to_everyone
from tools.channels.chat import Chat
from tools.channels.jesting import jests
from tools.channels.saying import Kind, accepts, kind_of, says_anyone, takes_back
from tools.channels.team import Team
from tools.channels.verbless import orders
from tools.mail.due import When, read_all_times
from tools.mail.sentences import Sentence

PER_CHAT = 4


@dataclass(frozen=True)
class Ask:
    """Something to do. `whom` as in Aim: for an offer its author. `text` is the sentence with mentions as ids.

    `chased`: how often it was asked after; `taken`: who took it on; `also`: the same, asked elsewhere.
    """

    chat: Chat
    kind: Kind
    text: str
    whom: tuple[str, ...]
    sure: bool
    due: When | None
    chased: int = 0
    taken: tuple[str, ...] = ()
    also: tuple[Chat, ...] = field(default=())

    @property
    def asker(self) -> str:
        return self.chat.author


def conversations(chats: Iterable[Chat]) -> dict[tuple[str, str], list[Chat]]:
    """The chats by what they belong to: (channel, root)."""
    found: dict[tuple[str, str], list[Chat]] = {}
    for chat in chats:
        found.setdefault((chat.channel.id, chat.root), []).append(chat)
    return found


def asks_in(chats: Sequence[Chat], team: Team, zone_of: datetime) -> list[Ask]:
    """What is asked in one thread (or one message outside of threads), in order. `zone_of` gives the person's zone."""
    found: list[Ask] = []
    for number, chat in enumerate(chats):
        if chat.automatic or chat.gone or not chat.sentences:
            continue
        before = next((other for other in reversed(chats[:number]) if other.author != chat.author), None)
        own = [ask for ask in found if _may_be_taken(ask, chat.author)]
        if number and (taken := _taken(chat, own, team, zone_of)):
            found = [taken if ask.chat is taken.chat and ask.text == taken.text else ask for ask in found]
            continue
        new = _asks_of(chat, team, before, zone_of)
        if (target := _chased(chat, new, found)) is not None:
            found = [replace(ask, chased=ask.chased + 1) if ask is target else ask for ask in found]
            continue
        found += [ask for ask in new if ask.kind != "chase"]
    return [ask for ask in found if not jests(ask, chats)]


def _chased(chat: Chat, new: Sequence[Ask], found: Sequence[Ask]) -> Ask | None:
    """The earlier request of the same author that a message asks after, where it asks nobody else."""
    target = next((ask for ask in reversed(found) if ask.asker == chat.author and ask.kind != "offer"), None)
    if target is None or "chase" not in chat.concepts:
        return None
    return target if all(set(ask.whom) <= set(target.whom) for ask in new) else None


def _may_be_taken(ask: Ask, author: str) -> bool:
    """Nobody has it yet, or each of several named has to take on their own part."""
    return not ask.taken or (author in ask.whom and author not in ask.taken)


def _taken(chat: Chat, open_asks: Sequence[Ask], team: Team, zone_of: datetime) -> Ask | None:
    """The request that this reply takes on, with who took it, and by when they say where the request does not."""
    if not accepts(chat):
        return None
    for ask in reversed(open_asks):
        if ask.asker != chat.author and ask.kind == "request" and may_do(chat.author, ask, team):
            times = _times(chat, zone_of)
            due = ask.due or next((when for row in times for when in row), None)
            shared = chat.author in ask.whom and not says_anyone(ask.text)
            named = ask.whom if shared else (chat.author,)
            return replace(ask, whom=named, sure=True, due=due, taken=(*ask.taken, chat.author))
    return None


def may_do(author: str, ask: Ask, team: Team) -> bool:
    """Whether this member is among those asked; of a request to nobody in particular everybody is."""
    if not ask.whom or "here" in ask.whom or author in ask.whom:
        return author != ask.asker or ask.kind == "offer"
    return any(author in team.groups[mark].members for mark in ask.whom if mark in team.groups)


def _asks_of(chat: Chat, team: Team, before: Chat | None, zone_of: datetime) -> list[Ask]:
    times = _times(chat, zone_of)
    if "instructs.strong" in chat.concepts or takes_back(chat.spoken):
        return []
    aims = [aim(sentence.text, chat, team, before) for sentence in chat.sentences]
    kinds = _without_terms(chat, aims)
    found: dict[int, Ask] = {}
    for number, (sentence, kind, row) in enumerate(zip(chat.sentences, kinds, times, strict=True)):
        if kind and (ask := _ask(chat, sentence, kind, _first(row, kind, sentence.text), aims[number], team)):
            found[number] = ask
    asked = {number: ask for number, ask in found.items() if ask.kind in ("request", "offer")} or found
    kept = [_with_terms(ask, number, kinds, times) for number, ask in asked.items()][:PER_CHAT]
    if len(kept) == 1 and kept[0].due is None:
        other = _first([when for row in times for when in row])
        kept = [replace(kept[0], due=other)]
    return kept


def _without_terms(chat: Chat, aims: Sequence[Aim]) -> list[Kind | None]:
    """What each sentence does; one that only tells the terms of a request beside it asks nothing.

    A question to somebody named, whose answer is needed, is a request.
    """
    kinds = [kind_of(sentence) for sentence in chat.sentences]
    terms = [only_terms(sentence.text) for sentence in chat.sentences]
    asking = [
        number for number, kind in enumerate(kinds) if not terms[number] and _may_have_terms(kind, aims[number], chat)
    ]
    for number, kind in enumerate(kinds):
        if kind == "request" and terms[number] and asking:
            kinds[number] = None
            nearest = min(asking, key=lambda other: abs(other - number))
            kinds[nearest] = "request" if kinds[nearest] == "question" else kinds[nearest]
    return kinds


def _may_have_terms(kind: Kind | None, at: Aim, chat: Chat) -> bool:
    return kind in ("request", "offer") or (kind == "question" and at.sure and bool(at.whom) and bool(chat.mentions))


def _with_terms(ask: Ask, number: int, kinds: Sequence[Kind | None], times: Sequence[list[When]]) -> Ask:
    """A request without a deadline takes that of the sentence after it, or before, that asks nothing itself."""
    for beside in (number + 1, number - 1):
        if ask.due is None and 0 <= beside < len(kinds) and kinds[beside] is None:
            sentence = ask.chat.sentences[beside].text
            ask = replace(ask, due=_first(times[beside], "request", sentence))
    return ask


def _ask(chat: Chat, sentence: Sentence, kind: Kind, due: When | None, at: Aim, team: Team) -> Ask | None:
    if kind == "offer":
        return Ask(chat, kind, sentence.text, (chat.author,), True, due)
    if not at.whom and (chat.channel.kind == "group" or (kind == "request" and to_everyone(sentence.text))):
        at = Aim(("here",))
    if chat.channel.kind == "direct" and chat.channel.other == team.me:
        at = Aim((team.me,), sure=True)
    if kind == "question":
        mine = any(team.mine(mark) for mark in at.whom) and chat.author != team.me
        asked = mine or (chat.channel.kind == "group" and "here" in at.whom and polls(sentence.text))
        return Ask(chat, kind, sentence.text, at.whom, at.sure, due) if asked else None
    if kind == "request" and not at.whom and not (due or says_anyone(sentence.text)):
        return None
    return Ask(chat, kind, sentence.text, at.whom, at.sure, due)


def _times(chat: Chat, zone_of: datetime) -> list[list[When]]:
    words = [sentence.words for sentence in chat.sentences]
    asking = [kind_of(sentence) is not None for sentence in chat.sentences]
    return read_all_times(words, chat.at.astimezone(zone_of.tzinfo), asking)


def _first(times: Sequence[When], kind: Kind = "request", text: str = "") -> When | None:
    """The deadline; of an offer, a duty, or what is done without an answer any day it names: that says by when."""
    every = kind == "offer" or must(text) or ideally(text) or names_day(text) or orders(text)
    dated = [when for when in times if when.kind == "deadline" or every]
    return min(dated, key=lambda when: when.at, default=None)
