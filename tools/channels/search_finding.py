"""What a search of Slack found, newest first."""

from __future__ import annotations

from collections.abc import Iterable

from tools.base import Name
from tools.channels.facts import Said
from tools.channels.finding import SlackFinding, joined, sentences
from tools.mail.said import many
from tools.text.characters import cut
from tools.view import Block, Cell, Note, Table

NAMED = 3


class SearchedFinding(SlackFinding):
    """Messages that match. `asked` says for what ("about “rollback” by Ana Torres"); `left` more match and are not
    here."""

    asked: str
    messages: tuple[Said, ...]
    left: int
    warning: str = ""

    def named(self) -> Iterable[Said]:
        return self.messages

    def lead(self, name: Name) -> str:
        if not self.messages:
            return sentences(f"No message found in Slack {self.asked}.", self.gap_words())
        of = f" of {len(self.messages) + self.left}" if self.left else ""
        told = "; ".join(self._told(said, name) for said in self.messages[:NAMED])
        rest = len(self.messages) - NAMED
        more = f"; and {rest} more" if rest > 0 else ""
        head = f"{many(len(self.messages), 'message')}{of} in Slack {self.asked}, newest first: {told}{more}."
        return sentences(head, self.warning, self.gap_words())

    def _told(self, said: Said, name: Name) -> str:
        return f"{said.author} in {said.where}, {self.when(said)}: “{cut(said.text, 120)}” ({name(said.ref())})"

    def text(self, name: Name) -> str:
        rows = [
            f"{name(said.ref())} {said.author} in {said.where}, {self.when(said)}{_marks(said)}\n  {said.text}"
            for said in self.messages
        ]
        return joined([self.lead(name), *rows])

    def view(self, name: Name) -> tuple[Block, ...]:
        if not self.messages:
            return (Note(text=self.lead(name)),)
        rows = tuple(
            (
                Cell(text=name(said.ref()), tone="dim", link=said.link),
                Cell(text=cut(said.author, 26), tone="dim" if said.automatic else "plain"),
                Cell(text=said.text + _marks(said), tone="dim" if said.automatic else "plain"),
                Cell(text=f"{said.where}, {self.when(said)}", tone="dim"),
            )
            for said in self.messages
        )
        newest = f"{len(self.messages) + self.left} match; the newest {len(self.messages)} are shown."
        note = sentences(newest if self.left else "", self.warning)
        title = f"Slack, {self.asked}"
        table = Table(title=title, columns=("", "Who", "What", "Where"), rows=rows, grow=2, note=note)
        return (table, *self.gap_notes())


def _marks(said: Said) -> str:
    return (" (edited)" if said.edited else "") + (" (automatic)" if said.automatic else "")
