"""The action items of the channels with the messages that matter: yours first, what you wait for, then the rest."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Literal

from tools.base import Line, Name
from tools.channels.facts import ActionItem, Automatic, KeyMessage, Said
from tools.channels.finding import NOT_READ, SlackFinding, folded, folded_table, joined, sentences
from tools.mail.said import many
from tools.view import Block, Note

Only = Literal["all", "open", "mine"]
NAMED, KEYS = 4, 12
FRESH = timedelta(hours=36)
"""A key message older than this belongs in no briefing; a working day more after a weekend."""


class ActionsFinding(SlackFinding):
    """`items` in order of weight, done ones last; `messages` and `channels` count what was read; `left` what `limit`
    left out. `place` is the conversation that was asked about, "" for all."""

    only: Only
    items: tuple[ActionItem, ...]
    keys: tuple[KeyMessage, ...]
    automatic: tuple[Automatic, ...]
    messages: int
    channels: int
    left: int = 0
    place: str = ""

    @property
    def mine(self) -> list[ActionItem]:
        return [item for item in self.items if item.mine and not item.done]

    @property
    def waiting(self) -> list[ActionItem]:
        return [item for item in self.items if item.waiting and not item.done]

    @property
    def others(self) -> list[ActionItem]:
        return [item for item in self.items if not item.mine and not item.waiting and not item.done]

    @property
    def done(self) -> list[ActionItem]:
        return [item for item in self.items if item.done]

    def groups(self) -> list[tuple[str, list[ActionItem]]]:
        """What is listed, as `only` asks; groups without entries are left out."""
        chosen = [("Yours to do", self.mine)]
        if self.only != "mine":
            chosen += [("You wait for", self.waiting), ("Of others", self.others)]
        if self.only == "all":
            chosen += [("Done", self.done)]
        return [(title, items) for title, items in chosen if items]

    def shown_keys(self) -> list[KeyMessage]:
        """Key messages that are not action items already."""
        listed = {covered for item in self.items for covered in item.covers}
        return [key for key in self.keys if key.said.id not in listed][:KEYS] if self.only != "mine" else []

    def named(self) -> Iterable[Said]:
        yield from (item.said for _, items in self.groups() for item in items)
        yield from (key.said for key in self.shown_keys())

    def lead(self, name: Name) -> str:
        scope = f" ({self.scope})" if self.scope else ""
        if not (self.messages or self.items or self.keys):
            return sentences(self.nothing(), self.gap_words())
        read = f"{many(self.messages, 'message')} in {many(self.channels, 'conversation')}{scope}."
        return sentences(read, self._mine(name), self._rest(name), self._left(), self.gap_words())

    def _mine(self, name: Name) -> str:
        if not self.mine:
            return "Nothing in Slack is yours to do."
        told = "; ".join(self.told(item, name, here=self.place) for item in self.mine[:NAMED])
        more = len(self.mine) - NAMED
        unread = sum(item.unread for item in self.mine)
        may = f" ({unread} of them may be done: {NOT_READ})" if unread else ""
        return f"{many(len(self.mine), 'thing')} for you{may}: {told}" + (f"; and {more} more." if more > 0 else ".")

    def _rest(self, name: Name) -> str:
        if self.only == "mine":
            return ""
        waiting = "; ".join(self.told(item, name, here=self.place) for item in self.waiting[:2])
        parts = [f"You wait for {waiting}."] if waiting else []
        parts += [f"Open with others: {len(self.others)}."] if self.others else []
        parts += [f"Done: {len(self.done)}."] if self.done else []
        top = [key for key in self.shown_keys()[:2] if key.weight >= 45]
        told = "; ".join(
            f"{key.said.author} in {key.said.where} ({key.reasons[0]}, {name(key.said.ref())})" for key in top
        )
        return " ".join([*parts, f"Worth reading: {told}."] if told else parts)

    def _left(self) -> str:
        return f"{many(self.left, 'more item')} left out by the limit." if self.left else ""

    def text(self, name: Name) -> str:
        blocks = [self.lead(name)]
        for title, items in self.groups():
            blocks += [f"\n{title.upper()} ({len(items)})", *(self.item_text(item, name) for item in items)]
        if keys := self.shown_keys():
            blocks += [f"\nKEY MESSAGES ({len(keys)})", *(self.key_text(key, name) for key in keys)]
        return joined([*blocks, *([f"\n{folded(self.automatic)}"] if self.automatic else [])])

    def view(self, name: Name) -> tuple[Block, ...]:
        tables = [
            self.items_table(self._titled(f"{title} ({len(items)})"), items, name, self.place)
            for title, items in self.groups()
        ]
        keys = self.shown_keys()
        tables += [self.keys_table(self._titled(f"Key messages ({len(keys)})"), keys, name, self.place)] if keys else []
        nothing = () if tables else (Note(text=self.lead(name)),)
        rest = folded_table(self.automatic) if self.only != "mine" else ()
        left = (Note(text=self._left(), tone="dim"),) if self.left and tables else ()
        return (*nothing, *tables, *rest, *left, *self.gap_notes())

    def _titled(self, title: str) -> str:
        return f"{self.place}: {title[0].lower()}{title[1:]}" if self.place else title

    def lines(self) -> tuple[Line, ...]:
        """What the person has to do or waits for, and fresh messages that matter."""
        fresh = self.clock - FRESH - timedelta(days=2 if self.clock.weekday() in (0, 6) else 0)
        told = {said.id for said in self.named()}
        asked = [item for item in (*self.mine, *self.waiting) if item.said.id in told]
        keys = [key for key in self.shown_keys() if key.said.at >= fresh]
        return (*(self.item_line(item) for item in asked), *(self.key_line(key) for key in keys))
