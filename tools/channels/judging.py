"""Judges what was asked and said, for one person at one moment: action items, key messages, the automatic rest.

Law: what is shown are the authors' own words; of what a machine wrote only the count, unless it names the person.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tools.channels.asked import Ask, asks_in, conversations
from tools.channels.chat import Chat
from tools.channels.facts import ActionItem, Automatic, KeyMessage, Said
from tools.channels.markup import plain
from tools.channels.naming import what_of
from tools.channels.settled import Item, content, items_in
from tools.channels.team import Team
from tools.channels.weighing import KEY, KEY_CONCEPTS, Stake, presses, weigh_ask, weigh_chat
from tools.mail.digest import Due
from tools.mail.due import When
from tools.text.characters import cut, one_line
from tools.text.topics import topic_words

TEXT = 280
TELLING = 2
"""Words of substance that a direct message has at least, to be read for itself: not "ok, thanks"."""
_MARK = re.compile(r"@([A-Za-z0-9]+)")


@dataclass(frozen=True)
class Judge:
    """Judges the chats of one reading; `now` stands in the person's zone. Of the channels that are `passed`, by id,
    only what names the person matters, and what they asked for. Of the messages that are `unread`, by id, the answers
    were not read."""

    team: Team
    now: datetime
    passed: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()

    def items(self, chats: Sequence[Chat]) -> list[ActionItem]:
        """Every action item: the person's own first, each kind by when it is due, what presses before what has no day;
        done ones last."""
        asks = [ask for thread in conversations(chats).values() for ask in asks_in(thread, self.team, self.now)]
        parents = {(chat.channel.id, chat.ts): chat for chat in chats}
        kept = [item for item in items_in(chats, asks, self.team) if self._matters(item.ask)]
        found = [(self._item(item, parents), presses(item.ask.chat)) for item in kept]
        return [item for item, _ in sorted(found, key=lambda one: _rank(one[0], one[1], self.now))]

    def _matters(self, ask: Ask) -> bool:
        named = ask.asker == self.team.me or any(self.team.mine(mark) for mark in ask.whom)
        return named or any(chat.channel.id not in self.passed for chat in (ask.chat, *ask.also))

    def keys(self, chats: Sequence[Chat], *, pending: bool = False) -> list[KeyMessage]:
        """The messages that matter, the weightiest first; the person's own are none.

        That a message is a direct one makes it matter if it says much; `pending`: and only until the person answers.
        """
        mine = {chat.channel.id: chat.at for chat in chats if chat.author == self.team.me}
        answered = mine if pending else {}
        chats = [chat for chat in chats if not _through(chat, answered.get(chat.channel.id))]
        others = [chat for chat in chats if chat.author != self.team.me and not chat.gone]
        found = [self._key(chat) for chat in others if chat.channel.id not in self.passed or self._named(chat)]
        kept = [key for key in found if key is not None and key.weight >= KEY]
        return sorted(_once(kept), key=lambda key: (-key.weight, -key.said.at.timestamp()))

    def _named(self, chat: Chat) -> bool:
        return any(self.team.mine(mark) for mark in chat.mentions)

    def automatic(self, chats: Iterable[Chat]) -> list[Automatic]:
        told = [chat for chat in chats if chat.automatic and chat.channel.id not in self.passed]
        counts = Counter((self.team.name(chat.author), self.team.label(chat.channel)) for chat in told)
        return [Automatic(name=name, where=where, count=n) for (name, where), n in counts.most_common()]

    def said(self, chat: Chat, limit: int = TEXT) -> Said:
        text = plain(chat.markup, self.team)
        files = f" [{', '.join(chat.files)}]" if chat.files else ""
        named = [chat.author, *(mark for mark in chat.mentions if mark in self.team.members)]
        return Said(
            id=chat.id,
            author=self.team.name(chat.author),
            where=self.team.label(chat.channel),
            text=cut((one_line(text, limit) if limit <= TEXT else text) + files, limit) or "(no text)",
            at=chat.at.astimezone(self.now.tzinfo),
            link=self.team.link(chat.channel.id, chat.ts, chat.thread),
            edited=chat.edited,
            automatic=chat.automatic,
            people=tuple(dict.fromkeys(self.team.name(member).lower() for member in named)),
            words=self._words(chat),
        )

    def _words(self, chat: Chat) -> tuple[str, ...]:
        name = chat.channel.name if chat.channel.kind == "channel" else ""
        return topic_words(f"{name} {_MARK.sub(' ', chat.spoken)[:400]}")[:16]

    def _item(self, item: Item, parents: dict[tuple[str, str], Chat]) -> ActionItem:
        ask, team = item.ask, self.team
        mine = team.me in ask.whom or any(team.mine(mark) for mark in ask.whom)
        everyone = "here" in ask.whom and ask.asker != team.me
        offered = ask.kind == "offer" and not mine and self._to_me(ask.chat)
        waiting = offered or (ask.asker == team.me and not mine)
        due = _due(ask.due) if ask.due else None
        kept: Stake = "offered" if offered else "waiting" if waiting else "others"
        stake: Stake = "mine" if mine else "everyone" if everyone else kept
        unread = not item.done and any(chat.id in self.unread for chat in (ask.chat, *ask.also))
        weight, reasons = weigh_ask(ask, stake, self.now, unread=unread)
        return ActionItem(
            said=self.said(ask.chat),
            who="you" if mine and team.me in ask.whom else self._who(ask),
            what=what_of(ask, parents.get((ask.chat.channel.id, ask.chat.root)), self.team),
            mine=mine or everyone,
            waiting=waiting,
            due=due,
            done=item.done,
            promised=ask.kind == "offer" or (team.me in ask.taken if team.me in ask.whom else bool(ask.taken)),
            question=ask.kind == "question",
            also=tuple(dict.fromkeys(team.label(chat.channel) for chat in ask.also)),
            covers=(ask.chat.id, *(chat.id for chat in ask.also)),
            weight=weight,
            reasons=reasons,
            unread=unread,
        )

    def _to_me(self, chat: Chat) -> bool:
        """Whether the "you" of another's message is the person."""
        direct = chat.channel.kind == "direct"
        return chat.author != self.team.me and (direct or self.team.me in chat.mentions)

    def _who(self, ask: Ask) -> str:
        named = [
            f"everyone in {self.team.label(ask.chat.channel)}"
            if mark == "here"
            else self.team.handle(mark)
            if mark in self.team.groups
            else self.team.name(mark)
            for mark in ask.whom
        ]
        return ", ".join(named) or "anyone"

    def _key(self, chat: Chat) -> KeyMessage | None:
        weight, reasons = weigh_chat(chat, self.team)
        return KeyMessage(said=self.said(chat), weight=weight, reasons=reasons) if reasons else None


def _due(when: When) -> Due:
    return Due(at=when.at, has_time=when.has_time, before=when.before, phrase=cut(when.phrase, 60))


def _through(chat: Chat, answered: datetime | None) -> bool:
    """Whether a direct message wants nothing more: it says little, or the person wrote there after it."""
    if chat.channel.kind != "direct" or chat.concepts & KEY_CONCEPTS:
        return False
    return len(content(chat.spoken)) < TELLING or (answered is not None and answered > chat.at)


def _rank(item: ActionItem, pressing: bool, now: datetime) -> tuple[bool, int, float, bool, int, float]:
    """Open ones first, the person's own before the others', then by deadline, by weight, by age.

    What presses and names no day is due when it was said. What was due before now, and may have been done in answers
    that were not read, comes last of its kind.
    """
    said = item.said.at.timestamp()
    due = item.due.at.timestamp() if item.due else said if pressing else float("inf")
    late = float("inf") if item.unread and due < now.timestamp() else due
    return bool(item.done), 0 if item.mine else 1 if item.waiting else 2, late, item.unread, -item.weight, said


def _once(keys: Iterable[KeyMessage]) -> list[KeyMessage]:
    """The same words of the same author in several places count once."""
    found: dict[tuple[str, str], KeyMessage] = {}
    for key in keys:
        found.setdefault((key.said.author, key.said.text.casefold()), key)
    return list(found.values())
