"""What happened in the channels since a moment: per conversation what matters, and how much else was said."""

from __future__ import annotations

from collections.abc import Iterable

from tools.base import Line, Name
from tools.channels.facts import ActionItem, Automatic, KeyMessage, Said
from tools.channels.finding import SlackFinding, folded, folded_table, joined, sentences
from tools.mail.digest import Frozen
from tools.mail.said import many
from tools.view import Block, Cell, Note, Table

NAMED, KEYS, ITEMS = 4, 4, 4


class Place(Frozen):
    """One conversation: who said how much, what matters in it, and what is to be done."""

    where: str
    messages: int
    people: tuple[str, ...]
    keys: tuple[KeyMessage, ...]
    items: tuple[ActionItem, ...]

    @property
    def weight(self) -> int:
        """That of the weightiest thing in it."""
        return max([*(key.weight for key in self.keys), *(item.weight for item in self.items)], default=0)


class CatchUpFinding(SlackFinding):
    """`places` in order of weight; quiet ones have no key messages and no items."""

    places: tuple[Place, ...]
    automatic: tuple[Automatic, ...]

    @property
    def telling(self) -> list[Place]:
        return [place for place in self.places if place.keys or place.items]

    @property
    def quiet(self) -> list[Place]:
        return [place for place in self.places if not place.keys and not place.items]

    def named(self) -> Iterable[Said]:
        for place in self.telling:
            yield from (item.said for item in place.items[:ITEMS])
            yield from (key.said for key in place.keys[:KEYS])

    def lead(self, name: Name) -> str:
        scope = f" ({self.scope})" if self.scope else ""
        if not self.places:
            return sentences(self.nothing(), folded(self.automatic), self.gap_words())
        total = sum(place.messages for place in self.places)
        head = f"{many(total, 'message')} in {many(len(self.places), 'conversation')}{scope}."
        told = "; ".join(self._place(place, name) for place in self.telling[:NAMED])
        return sentences(
            head,
            f"What matters: {told}." if told else "Nothing in them needs you.",
            self._quiet(),
            folded(self.automatic),
            self.gap_words(),
        )

    def _place(self, place: Place, name: Name) -> str:
        item = max(place.items, key=lambda one: one.weight, default=None)
        key = max(place.keys, key=lambda one: one.weight, default=None)
        if item and (key is None or item.weight >= key.weight):
            by = f", {self.by(item)}" if item.due else ""
            return f"{place.where}: {item.who} to do “{item.what}”{by} ({name(item.said.ref())})"
        if key is None:
            return place.where
        return f"{place.where}: {key.said.author}, {key.reasons[0]}: “{key.said.text}” ({name(key.said.ref())})"

    def _quiet(self) -> str:
        named = ", ".join(f"{place.where} {place.messages}" for place in self.quiet[:6])
        return f"Only talk: {named}." if named else ""

    def text(self, name: Name) -> str:
        blocks = [self.lead(name)]
        for place in self.telling:
            blocks.append(f"\n{place.where} · {many(place.messages, 'message')} · {', '.join(place.people[:5])}")
            blocks += [self.item_text(item, name) for item in place.items[:ITEMS]]
            blocks += [self.key_text(key, name) for key in place.keys[:KEYS]]
        return joined(blocks)

    def view(self, name: Name) -> tuple[Block, ...]:
        blocks: list[Block] = [] if self.telling else [Note(text=self.lead(name))]
        for place in self.telling:
            title = f"{place.where} ({many(place.messages, 'message')})"
            if place.items:
                blocks.append(self.items_table(title, place.items[:ITEMS], name, place.where))
            if place.keys:
                blocks.append(self.keys_table("" if place.items else title, place.keys[:KEYS], name, place.where))
        if self.quiet and self.telling:
            rows = tuple(
                (
                    Cell(text=place.where),
                    Cell(text=str(place.messages)),
                    Cell(text=", ".join(place.people[:5]), tone="dim"),
                )
                for place in self.quiet
            )
            blocks.append(Table(title="Only talk", columns=("Where", "Messages", "Who"), rows=rows, grow=2))
        return (*blocks, *folded_table(self.automatic), *self.gap_notes())

    def lines(self) -> tuple[Line, ...]:
        found: dict[str, Line] = {}
        for place in self.telling:
            for key in place.keys[:KEYS]:
                found[key.said.id] = self.key_line(key)
            for item in place.items[:ITEMS]:
                found[item.said.id] = self.item_line(item)
        return tuple(found.values())
