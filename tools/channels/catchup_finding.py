"""What happened in the channels since a moment: per conversation what matters, and how much else was said; of the
one that was asked about every topic in a line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tools.base import Line, Name
from tools.channels.facts import ActionItem, Automatic, KeyMessage, Said
from tools.channels.finding import SlackFinding, folded, folded_table, joined, sentences
from tools.mail.digest import Frozen
from tools.mail.said import many
from tools.text.characters import cut
from tools.view import Block, Cell, Note, Table

NAMED, MOST, TOPICS = 4, 4, 12
SHORT = 80


class Topic(Frozen):
    """Something else that was talked about, by the words that began it, and how many answers it has had."""

    said: Said
    replies: int


class Place(Frozen):
    """One conversation: who said how much, what matters in it, what is to be done, and what else was said, in order."""

    where: str
    messages: int
    people: tuple[str, ...]
    keys: tuple[KeyMessage, ...]
    items: tuple[ActionItem, ...]
    topics: tuple[Topic, ...] = ()

    @property
    def weight(self) -> int:
        """That of the weightiest thing in it."""
        return max([*(key.weight for key in self.keys), *(item.weight for item in self.items)], default=0)


class CatchUpFinding(SlackFinding):
    """`places` in order of weight; quiet ones have no key messages, no items and no topics. `place` is the
    conversation that was asked about, "" for all."""

    places: tuple[Place, ...]
    automatic: tuple[Automatic, ...]
    place: str = ""

    @property
    def most(self) -> int:
        """How many of a kind are shown of a conversation: of the one that was asked about more."""
        return TOPICS if self.place else MOST

    @property
    def telling(self) -> list[Place]:
        return [place for place in self.places if place.keys or place.items or place.topics]

    @property
    def quiet(self) -> list[Place]:
        return [place for place in self.places if place not in self.telling]

    def named(self) -> Iterable[Said]:
        for place in self.telling:
            yield from (item.said for item in place.items[: self.most])
            yield from (key.said for key in place.keys[: self.most])
            yield from (topic.said for topic in place.topics[-self.most :])

    def lead(self, name: Name) -> str:
        scope = f" ({self.scope})" if self.scope else ""
        if not self.places:
            return sentences(self.nothing(), folded(self.automatic), self.gap_words())
        if self.place and self.telling:
            return self._of_one(self.telling[0], name)
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

    def _of_one(self, place: Place, name: Name) -> str:
        """All that matters in the one conversation, and what else was said there."""
        scope = self.scope.removeprefix(f"{self.place}, ")
        asked = [self.told(item, name, here=place.where) for item in place.items[:NAMED]]
        keys = [f"{_quoted(key.said)}, {key.reasons[0]} ({name(key.said.ref())})" for key in place.keys[:NAMED]]
        held = len(place.items) + len(place.keys) - len(asked) - len(keys)
        said = [f"{_quoted(topic.said)} ({name(topic.said.ref())})" for topic in place.topics[-NAMED:]]
        rest = len(place.topics) - len(said)
        return sentences(
            f"{many(place.messages, 'message')} in {place.where} ({scope}).",
            f"What matters: {_listed([*asked, *keys], held)}." if asked or keys else "Nothing in them needs you.",
            f"Also said: {_listed(said, rest)}." if said else "",
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
            blocks += [self.item_text(item, name, place.where) for item in place.items[: self.most]]
            blocks += [self.key_text(key, name, place.where) for key in place.keys[: self.most]]
            blocks += [self._topic(topic, name) for topic in place.topics[-self.most :]]
            blocks += [_more(place)] if _more(place) else []
        return joined(blocks)

    def view(self, name: Name) -> tuple[Block, ...]:
        blocks: list[Block] = [] if self.telling else [Note(text=self.lead(name))]
        for place in self.telling:
            title = f"{place.where} ({many(place.messages, 'message')})"
            if place.items:
                blocks.append(self.items_table(title, place.items[: self.most], name, place.where))
            if place.keys:
                blocks.append(self.keys_table("" if place.items else title, place.keys[: self.most], name, place.where))
            if place.topics:
                blocks.append(self._topics_table("Also said" if place.items or place.keys else title, place, name))
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

    def _topic(self, topic: Topic, name: Name) -> str:
        head = f"{name(topic.said.ref())} {topic.said.author}, {self.when(topic.said)}{_answers(topic)}"
        return f"{head}: {topic.said.text}"

    def _topics_table(self, title: str, place: Place, name: Name) -> Table:
        rows = tuple(
            (
                Cell(text=name(topic.said.ref()), tone="dim", link=topic.said.link),
                Cell(text=cut(topic.said.author, 26)),
                Cell(text=topic.said.text),
                Cell(text=f"{self.when(topic.said)}{_answers(topic)}", tone="dim"),
            )
            for topic in place.topics[-self.most :]
        )
        return Table(title=title, columns=("", "Who", "What", "When"), rows=rows, grow=2, note=_more(place))

    def lines(self) -> tuple[Line, ...]:
        found: dict[str, Line] = {}
        for place in self.telling:
            for key in place.keys[: self.most]:
                found[key.said.id] = self.key_line(key)
            for item in place.items[: self.most]:
                found[item.said.id] = self.item_line(item)
        return tuple(found.values())


def _listed(told: Sequence[str], more: int) -> str:
    return "; ".join([*told, *([f"and {more} more"] if more else [])])


def _quoted(said: Said) -> str:
    return f"{said.author}: “{cut(said.text, SHORT)}”"


def _answers(topic: Topic) -> str:
    return f", {many(topic.replies, 'answer')}" if topic.replies else ""


def _more(place: Place) -> str:
    left = len(place.topics) - TOPICS
    return f"{many(left, 'earlier topic')} in {place.where}." if left > 0 else ""
