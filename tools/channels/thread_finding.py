"""One thread (or what was said around a message), message by message, with what is asked in it."""

from __future__ import annotations

from collections.abc import Iterable

from tools.base import Line, Name
from tools.channels.facts import ActionItem, Said
from tools.channels.finding import SlackFinding, joined, sentences
from tools.mail.said import many
from tools.text.characters import cut
from tools.view import Block, Cell, Table


class ThreadFinding(SlackFinding):
    """`messages` oldest first, in full; `asked` is the one the person pointed at; `threaded`: they are one thread."""

    where: str
    messages: tuple[Said, ...]
    asked: str
    threaded: bool
    items: tuple[ActionItem, ...]
    warning: str = ""

    def named(self) -> Iterable[Said]:
        return self.messages

    def lead(self, name: Name) -> str:
        people = ", ".join(list(dict.fromkeys(said.author for said in self.messages))[:5])
        what = "thread" if self.threaded else "talk"
        head = f"A {what} of {many(len(self.messages), 'message')} in {self.where} by {people}."
        first = next((said for said in self.messages if self.threaded or said.id == self.asked), self.messages[0])
        last = self.messages[-1]
        ends = f" The last word, by {last.author} {self.when(last)}: “{cut(last.text, 160)}”."
        still = [item for item in self.items if not item.done]
        asks = "; ".join(self.told(item, name, here=self.where) for item in still[:3])
        return sentences(
            head,
            f"{first.author}: “{cut(first.text, 200)}”." + (ends if last.id != first.id else ""),
            f"Open: {asks}." if asks else "",
            self.warning,
            self.gap_words(),
        )

    def text(self, name: Name) -> str:
        rows = [
            f"{name(said.ref())} {said.author}, {self.when(said)}{self._marks(said)}\n{said.text}"
            for said in self.messages
        ]
        return joined([self.lead(name), "", *rows, *(self.item_text(item, name) for item in self.items)])

    def _marks(self, said: Said) -> str:
        return (" (edited)" if said.edited else "") + (" (automatic)" if said.automatic else "")

    def view(self, name: Name) -> tuple[Block, ...]:
        rows = tuple(
            (
                Cell(text=name(said.ref()), tone="dim", link=said.link),
                Cell(text=cut(said.author, 26), tone="strong" if said.id == self.asked else "plain"),
                Cell(text=said.text + self._marks(said), tone="dim" if said.automatic else "plain"),
                Cell(text=self.when(said), tone="dim"),
            )
            for said in self.messages
        )
        table = Table(title=self.where, columns=("", "Who", "What", "When"), rows=rows, grow=2, note=self.warning)
        items = (self.items_table("Action items", self.items, name, self.where),) if self.items else ()
        return (table, *items, *self.gap_notes())

    def lines(self) -> tuple[Line, ...]:
        return tuple(self.item_line(item) for item in self.items if not item.done)
