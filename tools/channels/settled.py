"""Which of what was asked is done: told by a ✅ of those it concerns, their later word, or the asker taking it back.

Law: only what stands after the request counts, and only from who was asked or who asked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from tools.channels.asked import Ask, may_do
from tools.channels.calling import must
from tools.channels.chat import Chat
from tools.channels.ending import insisted, refuses, tells_outcome
from tools.channels.facts import REFUSED
from tools.channels.markup import DONE_SIGNS
from tools.channels.reporting import reports, shared
from tools.channels.saying import accepts, says_anyone, says_done, thanks, withdraws
from tools.channels.team import Team
from tools.mail.phrases import fold

NEAR = 12
"""Outside of a thread, an answer is looked for among this many messages after the request."""
FAR, ALSO = 80, 2
"""A report of those asked is looked for among this many, and has this many topic words of the request."""
ALIKE, WITHIN = 0.6, 0.5
LATER = frozenset({"due.by", "due.before", "promise"})
"""Concepts of an answer that only puts it off."""
FEWEST = 3
_MARK = re.compile(r"@[A-Za-z0-9]+")
_WORD = re.compile(r"\w{3,}")
_LINK = re.compile(r"/archives/([A-Z0-9]+)/p(\d{10})(\d{6})")
_IDLE = frozenset(
    """all and any are asap before by can could day eod for from get have here hey hello just let like make morning need
    one our out please pls quick reminder some someone that the then there this today tomorrow until was will with
    would you your monday tuesday wednesday thursday friday week""".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Item:
    """An ask and what became of it; `done` says how it is known to be, "" while it is open."""

    ask: Ask
    done: str = ""


def content(text: str) -> frozenset[str]:
    """The words of a text that carry its matter."""
    return frozenset(fold(word) for word in _WORD.findall(_MARK.sub(" ", text))) - _IDLE


def settle(ask: Ask, thread: Sequence[Chat], channel: Sequence[Chat], team: Team) -> Item:
    """What became of an ask. `thread` is what it belongs to, `channel` everything said there; both oldest first."""
    signed = {user for name, users in ask.chat.reactions if name in DONE_SIGNS for user in users}
    if signed and (ask.asker in signed or _enough(ask, signed, team)):
        first = ask.asker if ask.asker in signed else min(user for user in signed if may_do(user, ask, team))
        return Item(ask, f"{team.you_or_name(first)} marked it ✅")
    replies = [chat for chat in thread if chat.at > ask.chat.at and not chat.automatic]
    if done := _by_replies(ask, replies, team):
        return Item(ask, done)
    later = [chat for chat in channel if chat.at > ask.chat.at and not chat.is_reply]
    near = "" if ask.chat.is_reply else _by_channel(ask, later, team)
    return Item(ask, near or _by_report(ask, later, team))


def _enough(ask: Ask, by: Collection[str], team: Team) -> bool:
    """Whether it is done when these have done it: each of several named; of a group the person, else all.

    A group that is called beside one of its members is called so that any of them comes.
    """
    if not ask.whom or says_anyone(ask.text):
        return any(may_do(user, ask, team) for user in by)
    named = {mark for mark in ask.whom if mark not in team.groups and mark != "here"}
    groups = [team.groups[mark].members - {ask.asker} for mark in ask.whom if mark in team.groups]
    if team.me != ask.asker and ("here" in ask.whom or any(team.me in members for members in groups)):
        named.add(team.me)
        groups = []
    groups = [members for members in groups if not members & named]
    needed = named.union(*groups)
    return bool(needed) and needed <= set(by)


def _answers(ask: Ask, chat: Chat, team: Team) -> bool:
    """Whether the author's word answers a question; what everybody is asked is answered by the person's own."""
    if "here" in ask.whom and ask.asker != team.me:
        return chat.author == team.me
    return may_do(chat.author, ask, team)


def _refused(ask: Ask, chat: Chat, team: Team) -> bool:
    """Of several who were called by name one can decline for themselves alone, which leaves it open."""
    called = ask.whom == (chat.author,)
    anyone = not ask.whom or "here" in ask.whom or says_anyone(ask.text)
    return ask.kind == "request" and (called or anyone) and chat.author != ask.asker and refuses(chat, called=called)


def _taken_as_done(ask: Ask, chat: Chat) -> bool:
    """Whether the asker put a ✅ on an answer that is no mere yes, and does not put it off."""
    signed = any(ask.asker in users for name, users in chat.reactions if name in DONE_SIGNS)
    return signed and ask.kind == "request" and not accepts(chat) and not chat.concepts & LATER


def _by_replies(ask: Ask, replies: Sequence[Chat], team: Team) -> str:
    answered = False
    finished: set[str] = set()
    for number, chat in enumerate(replies):
        mine = may_do(chat.author, ask, team)
        if ask.kind == "question" and _answers(ask, chat, team) and (chat.sentences or chat.files):
            return f"{team.you_or_name(chat.author)} answered"
        told = says_done(chat) or reports(chat, ask.text) or tells_outcome(chat, ask.text) or _taken_as_done(ask, chat)
        if mine and (told or (chat.files and not accepts(chat))):
            finished.add(chat.author)
            if _enough(ask, finished, team):
                return f"{team.you_or_name(chat.author)} said so"
        if _refused(ask, chat, team) and not insisted(replies[number + 1 :], ask.asker):
            return f"{team.you_or_name(chat.author)} {REFUSED}"
        asker = chat.author == ask.asker and ask.kind != "offer"
        ahead = must(ask.text) and ask.due is not None and ask.due.at > chat.at
        if asker and (withdraws(chat) or (answered and thanks(chat) and not ahead)):
            return f"{team.you_or_name(chat.author)} said it is settled"
        answered = answered or (mine and not accepts(chat) and not chat.concepts & LATER)
    return ""


def _by_channel(ask: Ask, later: Sequence[Chat], team: Team) -> str:
    """Outside of threads: in a direct talk whatever is said next, elsewhere what is about the same thing."""
    direct = ask.chat.channel.kind != "channel"
    for chat in later[: None if direct else NEAR]:
        if chat.automatic:
            continue
        mine = may_do(chat.author, ask, team)
        about = bool(content(chat.spoken) & content(ask.text)) or ask.asker in chat.mentions
        if ask.kind == "question" and _answers(ask, chat, team) and (direct or about):
            return f"{team.you_or_name(chat.author)} answered"
        if mine and says_done(chat) and (direct or about) and _enough(ask, {chat.author}, team):
            return f"{team.you_or_name(chat.author)} said so"
        if chat.author == ask.asker and ask.kind != "offer" and withdraws(chat) and (direct or about):
            return f"{team.you_or_name(chat.author)} said it is settled"
    return ""


def _by_report(ask: Ask, later: Sequence[Chat], team: Team) -> str:
    """What those asked report in the channel, however much later, where its words are clearly about the same thing."""
    direct = ask.chat.channel.kind != "channel"
    for chat in later[:FAR]:
        if chat.automatic or ask.kind == "question" or not may_do(chat.author, ask, team):
            continue
        about = direct or shared(chat.spoken, ask.text) >= ALSO
        outcome = shared(chat.spoken, ask.text) >= ALSO and tells_outcome(chat, ask.text)
        if (outcome or (about and (says_done(chat) or reports(chat, ask.text)))) and _enough(ask, {chat.author}, team):
            return f"{team.you_or_name(chat.author)} said so"
    return ""


def merged(items: Sequence[Item]) -> list[Item]:
    """One item for the same thing asked in several places: the earliest, with the others' deadline and outcome."""
    found: list[Item] = []
    for item in sorted(items, key=lambda item: item.ask.chat.at):
        twin = next((known for known in found if _same(known.ask, item.ask)), None)
        if twin is None:
            found.append(item)
            continue
        first, other = twin.ask, item.ask
        also = first.also if other.chat.id == first.chat.id else (*first.also, other.chat)
        ask = replace(first, also=also, due=first.due or other.due, whom=first.whom or other.whom)
        found[found.index(twin)] = Item(ask, twin.done or item.done)
    return found


def _same(one: Ask, other: Ask) -> bool:
    if one.chat.id == other.chat.id:
        return one.text == other.text
    whose = one.asker == other.asker or (bool(one.whom) and one.whom == other.whom)
    if not whose:
        return False
    links = {(where, f"{seconds}.{micros}") for where, seconds, micros in _LINK.findall(other.chat.markup)}
    if (one.chat.channel.id, one.chat.ts) in links:
        return True
    mine, theirs = content(one.text), content(other.text)
    if len(mine & theirs) >= FEWEST and len(mine & theirs) / len(mine | theirs) >= ALIKE:
        return True
    elsewhere = one.chat.channel != other.chat.channel and _same_hour(one, other)
    if one.asker != other.asker or not set(one.whom) & set(other.whom):
        return elsewhere and shared(one.text, other.text) > 0
    if elsewhere:
        return True
    mine, theirs = content(one.chat.spoken), content(other.chat.spoken)
    return len(mine & theirs) >= FEWEST and len(mine & theirs) / min(len(mine), len(theirs)) >= WITHIN


def _same_hour(one: Ask, other: Ask) -> bool:
    """Both are due by the same named hour: asked again elsewhere."""
    return bool(one.due and other.due and one.due.has_time and one.due.at == other.due.at)


def items_in(chats: Sequence[Chat], asks: Sequence[Ask], team: Team) -> list[Item]:
    """Every ask with what became of it, the same things merged, oldest first."""
    threads: dict[tuple[str, str], list[Chat]] = {}
    channels: dict[str, list[Chat]] = {}
    for chat in chats:
        threads.setdefault((chat.channel.id, chat.root), []).append(chat)
        channels.setdefault(chat.channel.id, []).append(chat)
    return merged(
        [settle(ask, threads[ask.chat.channel.id, ask.chat.root], channels[ask.chat.channel.id], team) for ask in asks]
    )
