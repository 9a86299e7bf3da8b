"""What every Slack finding has: the person's zone and now, the messages it names, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime

from tools.base import Finding, Line, Name, Ref, Source
from tools.channels.facts import ActionItem, Automatic, KeyMessage, Said
from tools.mail import said as telling
from tools.text.characters import cut
from tools.view import Cell, Note, Table, Tone, cells

TEXT_LIMIT = 16_000
FOLDED = 5
URGENT, SOON = 80, 65
NOT_READ = "answers not read"


class SlackFinding(Finding):
    """A finding about Slack. `now` and every time shown stand in `zone`, the person's own; `scope` says what was read
    ("since Mon 17 Nov, #launch")."""

    now: AwareDatetime
    zone: ZoneInfo
    scope: str
    gaps: tuple[str, ...] = ()

    @property
    def clock(self) -> datetime:
        return self.now.astimezone(self.zone)

    def named(self) -> Iterable[Said]:
        """The messages a person may point at, in the order they are shown; one may come twice."""
        return ()

    def refs(self) -> tuple[Ref, ...]:
        return tuple({said.id: said.ref() for said in self.named()}.values())

    def sources(self) -> tuple[Source, ...]:
        return tuple({said.id: said.source() for said in self.named()}.values())

    def when(self, said: Said) -> str:
        return telling.moment(said.at, self.clock)

    def by(self, item: ActionItem) -> str:
        """ "by Thu 20 Nov 12:00", "was due yesterday"; "" without a deadline."""
        return telling.due(item.due, self.clock) if item.due else ""

    def gap_words(self) -> str:
        return " ".join(gap if gap.endswith((".", "?")) else f"{gap}." for gap in self.gaps)

    def missing(self) -> tuple[str, ...]:
        return (f"Slack: {self.gap_words()}",) if self.gaps else ()

    def nothing(self) -> str:
        """That nothing was said, in all of it or in what could be read."""
        where = "what was read of Slack" if self.gaps else "Slack"
        return f"Nothing was said in {where}{f' ({self.scope})' if self.scope else ''}."

    def gap_notes(self) -> tuple[Note, ...]:
        return tuple(Note(text=gap, tone="notice") for gap in self.gaps)

    def told(self, item: ActionItem, name: Name, *, here: str = "") -> str:
        """ "Ben: send the deck, by Fri 21 Nov, asked by Ana Torres in #launch (message:1)".

        Left out are "you" where the person is to do it, and the place where that is `here`.
        """
        who = "" if item.mine and item.who == "you" else f"{_who(item)}: "
        by = f", {self.by(item)}" if item.due and item.due.phrase not in item.what else ""
        place = "" if item.said.where == here else f" in {item.said.where}"
        verb = "promised" if item.offered else "asked"
        origin = f"{verb}{place}" if item.waiting and place else "" if item.waiting else f"{_asked(item)}{place}"
        seen = f", {NOT_READ}" if item.unread else ""
        return f"{who}{cut(item.what, 110)}{by}{', ' if origin else ''}{origin}{seen} ({name(item.said.ref())})"

    def item_text(self, item: ActionItem, name: Name, here: str = "") -> str:
        """An action item for the model: a head line and what follows from it; no place where that is `here`."""
        state = (
            f"{'closed' if item.refused else 'done'} ({item.done})"
            if item.done
            else "open, promised"
            if item.promised
            else "open"
        ) + (f", as far as it was read ({NOT_READ})" if item.unread else "")
        also = f"; also in {', '.join(item.also)}" if item.also else ""
        rows = [
            f"{name(item.said.ref())} who: {item.who} · what: {item.what}",
            f"  {self.by(item) or 'no deadline'} · {_origin(item, here)}, {self.when(item.said)}{also} · {state}",
        ]
        rows += [f"  why: {'; '.join(item.reasons)}"] if item.reasons else []
        return "\n".join([*rows, f"  {item.said.link}"] if item.said.link else rows)

    def key_text(self, key: KeyMessage, name: Name, here: str = "") -> str:
        edited = " (edited)" if key.said.edited else ""
        place = "" if key.said.where == here else f" in {key.said.where}"
        head = f"{name(key.said.ref())} {key.said.author}{place}, {self.when(key.said)}{edited}"
        return f"{head} · {'; '.join(key.reasons)}\n  {key.said.text}"

    def items_table(self, title: str, items: Sequence[ActionItem], name: Name, here: str = "") -> Table:
        """Who is left out where all is the person's own, and the place where that is `here`."""
        others = not all(item.mine for item in items)
        rows = [
            (
                Cell(text=name(item.said.ref()), tone="dim", link=item.said.link),
                *((Cell(text=cut(_who(item), 26), tone="strong" if item.mine else "plain"),) if others else ()),
                Cell(text=item.what, tone=_tone(item)),
                Cell(text=self._state(item), tone="good" if item.done else _tone(item)),
                Cell(text=", ".join([*_from(item, here, named=others), self.when(item.said)]), tone="dim"),
            )
            for item in items
        ]
        state = "Why" if all(item.done for item in items) else "By"
        columns = ("", *(("Who",) if others else ()), "What", state, "From")
        return Table(title=title, columns=columns, rows=tuple(rows), grow=2 if others else 1)

    def _state(self, item: ActionItem) -> str:
        open_ = [self.by(item), "promised" if item.promised else "", NOT_READ if item.unread else ""]
        said = [item.done] if item.done else open_
        return ", ".join(part for part in said if part)

    def keys_table(self, title: str, keys: Sequence[KeyMessage], name: Name, here: str = "") -> Table:
        """The place is left out where that is `here`."""
        rows = [
            (
                Cell(text=name(key.said.ref()), tone="dim", link=key.said.link),
                Cell(text=cut(key.said.author, 26)),
                Cell(text=key.said.text),
                Cell(text=", ".join([*_place(key.said, here), self.when(key.said)]), tone="dim"),
                Cell(text="; ".join(key.reasons), tone="notice" if key.weight >= SOON else "plain"),
            )
            for key in keys
        ]
        columns = ("", "Who", "What", "When" if here else "Where", "Why")
        return Table(title=title, columns=columns, rows=tuple(rows), grow=2)

    def item_line(self, item: ActionItem) -> Line:
        by = f", {self.by(item)}" if item.due and item.due.phrase not in item.what else ""
        who = "" if item.who == "you" else f"{item.who}: "
        return Line(
            kind="message",
            text=cut(f"{who}{item.what}{by} ({_origin(item)})", 200),
            weight=item.weight,
            at=item.due.at if item.due else item.said.at,
            people=item.said.people,
            words=item.said.words,
            ref=item.said.ref(),
            link=item.said.link,
            reasons=item.reasons,
        )

    def key_line(self, key: KeyMessage) -> Line:
        return Line(
            kind="message",
            text=cut(f"{key.said.author} in {key.said.where}: {key.said.text}", 200),
            weight=key.weight,
            at=key.said.at,
            people=key.said.people,
            words=key.said.words,
            ref=key.said.ref(),
            link=key.said.link,
            reasons=key.reasons,
        )


def _tone(item: ActionItem) -> Tone:
    if item.done:
        return "dim"
    return "urgent" if item.weight >= URGENT else "notice" if item.weight >= SOON else "plain"


def _place(said: Said, here: str) -> list[str]:
    """Nothing for `here`; "DM" for a direct conversation, whose other member is named beside it."""
    if said.where == here:
        return []
    return ["DM" if said.where.startswith("DM ") else said.where]


def _who(item: ActionItem) -> str:
    """ "everyone", where the place is told beside it."""
    return item.who.removesuffix(f" in {item.said.where}")


def _from(item: ActionItem, here: str, *, named: bool) -> list[str]:
    """ "Ana Torres, #launch"; of what the person asked or promised, the place alone.

    With others than the person to do it, who is not `named` beside it: "Ana Torres to everyone, #launch".
    """
    if item.waiting or _promised_by_me(item):
        return [] if item.said.where == here else [item.said.where]
    to = "" if named or item.who == "you" else f" to {_who(item)}"
    return [f"{item.said.author}{to}", *_place(item.said, here)]


def _promised_by_me(item: ActionItem) -> bool:
    """Of the person's own accord: nobody had asked for it."""
    return "you promised it" in item.reasons


def _origin(item: ActionItem, here: str = "") -> str:
    return _asked(item) if item.said.where == here else f"{_asked(item)} in {item.said.where}"


def _asked(item: ActionItem) -> str:
    if _promised_by_me(item):
        return "promised"
    asker = "you" if item.waiting and not item.offered else item.said.author
    return f"{'promised' if item.who == asker else 'asked'} by {asker}"


def folded(automatic: Sequence[Automatic]) -> str:
    """ "Automatic: CI 34× in #builds, Jira 5× in #launch." """
    if not automatic:
        return ""
    named = ", ".join(f"{one.name} {one.count}× in {one.where}" for one in automatic[:FOLDED])
    left = sum(one.count for one in automatic[FOLDED:])
    return f"Automatic: {named}" + (f", and {left} more." if left else ".")


def folded_table(automatic: Sequence[Automatic]) -> tuple[Table, ...]:
    rows = tuple(cells((one.name, one.where, str(one.count))) for one in automatic[: 2 * FOLDED])
    return (Table(title="Automatic messages", columns=("From", "Where", "Count"), rows=rows),) if rows else ()


def joined(blocks: Iterable[str]) -> str:
    """The blocks that fit, and how many did not."""
    kept: list[str] = []
    room = TEXT_LIMIT
    every = list(blocks)
    for block in every:
        room -= len(block) + 1
        if room < 0:
            kept.append(f"[… {len(every) - len(kept)} more not shown; name a channel or a later time]")
            break
        kept.append(block)
    return "\n".join(kept)


def sentences(*parts: str) -> str:
    """The parts that say something, one after the other."""
    return " ".join(part for part in parts if part)
