"""What the person is shown before a write. Law: rendered from the ledger's stored bytes, never from model prose.

Control, bidirectional and invisible characters are shown as escapes: what cannot be seen cannot be approved.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from graphs.ledger import Effect
from graphs.state import Handled
from tools.write import Recipient, Row

HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_SEEN = frozenset("\n")
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks by their class, and blank on the screen."""
NAMED = 6
MANY = {"person": "people"}
AFTER = "after reading in this conversation"
"""What a person may ask who sees an odd proposal: what others wrote, of which it could have come."""
ALLOWED = ["approve", "edit", "reject", "respond"]


def escaped(text: str) -> str:
    """The text with everything that cannot be seen written out, as in \\\\u202e."""
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character in _SEEN or (unicodedata.category(character) not in HIDDEN and character not in _INVISIBLE):
        return character
    return f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}"


class Item(BaseModel):
    """One write on a card, every text escaped. `expires` is aware; `sources` were in view when it was proposed."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    digest: str
    tool: str
    title: str
    account: str
    rows: tuple[Row, ...]
    recipients: tuple[Recipient, ...]
    effects: tuple[str, ...]
    sources: tuple[str, ...]
    expires: datetime


def item(effect: Effect, zone: ZoneInfo) -> Item:
    """A row of the ledger as it is shown."""
    plan = effect.proposal.plan
    return Item(
        id=effect.id,
        digest=effect.digest,
        tool=effect.proposal.tool,
        title=escaped(plan.title),
        account=escaped(effect.proposal.account),
        rows=tuple(
            Row(label=escaped(r.label), value=escaped(r.value), before=None if r.before is None else escaped(r.before))
            for r in plan.rows
        ),
        recipients=tuple(
            Recipient(address=escaped(p.address), name=escaped(p.name), role=p.role) for p in plan.recipients
        ),
        effects=tuple(escaped(text) for text in plan.effects),
        sources=tuple(escaped(source) for source in effect.proposal.sources),
        expires=effect.expires.astimezone(zone),
    )


def in_view(sources: Sequence[str], handles: Mapping[str, Handled]) -> tuple[str, ...]:
    """What of others' content the conversation holds: a few by their names, many by their number.

    `sources` are "kind id" as the state keeps them.
    """
    pairs = [source.split(" ", 1) for source in sources]
    if len(pairs) > NAMED:
        counts = Counter(kind for kind, *_ in pairs).most_common()
        return tuple(f"{count} {kind if count == 1 else MANY.get(kind, f'{kind}s')}" for kind, count in counts)
    labels = {held["id"]: held["label"] for held in handles.values()}
    return tuple(f"{kind} {labels.get(name, name)}" for kind, name in pairs)


def text(shown: Item) -> str:
    """The item as plain text, for screens that know no cards."""
    lines = [f"{shown.title}  [{shown.id}]"]
    lines += [f"  {person.role}: {person.name} <{person.address}>" for person in shown.recipients]
    lines += [_line(row) for row in shown.rows]
    lines += [f"  also: {effect}" for effect in shown.effects]
    if shown.account:
        lines.append(f"  account: {shown.account}")
    if shown.sources:
        lines.append(f"  proposed {AFTER}: {', '.join(shown.sources)}")
    return "\n".join([*lines, f"  expires: {shown.expires:%a %d %b %H:%M %Z}"])


def _line(row: Row) -> str:
    value = row.value if "\n" not in row.value else "\n" + "\n".join(f"    | {line}" for line in row.value.split("\n"))
    return f"  {row.label}: {value}" if row.before is None else f"  {row.label}: {row.before} -> {value}"


def request(
    effects: Sequence[Effect],
    zone: ZoneInfo,
    problem: str = "",
    schemas: Mapping[str, dict[str, Any]] = MappingProxyType({}),
) -> dict[str, Any]:
    """One HITLRequest for all of these. `valet` holds the items as data; `problem` says why it is asked again.

    `schemas` tell by a tool's name which arguments it takes, so that one can be added.
    """
    items = [item(effect, zone) for effect in effects]
    note = f"{problem}\n\n" if problem else ""
    return {
        "action_requests": [
            {"name": e.proposal.tool, "args": e.proposal.args, "description": note + text(i)}
            for e, i in zip(effects, items, strict=True)
        ],
        "review_configs": [
            {"action_name": name, "allowed_decisions": ALLOWED, "args_schema": schemas.get(name, {})}
            for name in dict.fromkeys(i.tool for i in items)
        ],
        "valet": {"kind": "writes", "problem": problem, "items": [i.model_dump(mode="json") for i in items]},
    }
