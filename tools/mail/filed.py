"""Conversations as they are filed: their mails with their labels, and the card of a change, or of taking it back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from tools.base import ToolContext
from tools.errors import BadArgument, NotFound
from tools.mail.addresses import decoded, read_person
from tools.mail.fetch import get_all
from tools.mail.filed_words import Moved, few, rows, which
from tools.mail.payload import headers_of
from tools.mail.relabelling import (
    BASIS,
    NEW,
    Labelled,
    Step,
    body_of,
    carried_out,
    fingerprint,
    names_of,
    read_each,
    steps_of,
)
from tools.text.characters import one_line
from tools.write import Plan

_ANSWERED = re.compile(r"\A(?:(?:re|aw|antw|sv|rv|fwd?|wg|tr)\s?:\s*)+", re.IGNORECASE)


@dataclass(frozen=True)
class Filed:
    """One conversation: its mails without drafts, oldest first."""

    id: str
    subject: str
    sender: str
    mails: tuple[Labelled, ...]
    drafts: int


def read_filed(context: ToolContext, threads: Sequence[str]) -> tuple[Filed, ...]:
    """These conversations, each once. Raises NotFound where one is not there any more, or the service's own error."""
    wanted = "format=metadata&metadataHeaders=Subject&metadataHeaders=From"
    paths = {one: f"/gmail/v1/users/me/threads/{quote(one, safe='')}?{wanted}" for one in threads}
    answers = get_all(context.transport, list(paths.values()), context.progress, what="looking at conversations")
    found = []
    for one, path in paths.items():
        if path not in answers.found:
            raise _missing(answers.failed.get(path))
        found.append(_filed(one, answers.found[path]))
    return tuple(found)


def _missing(error: Exception | None) -> Exception:
    if error is not None and not isinstance(error, NotFound):
        return error
    return NotFound("One of these conversations is not there any more.", "List the inbox again, and name them anew.")


def _filed(thread: str, answer: Mapping[str, object]) -> Filed:
    listed = answer.get("messages")
    messages = [m for m in listed if isinstance(m, dict)] if isinstance(listed, list) else []
    if not messages:
        raise NotFound("One of these conversations has no mails.", "List the inbox again, and name them anew.")
    subject, sender = _named(headers_of(messages[0].get("payload")))
    mails = [Labelled(str(m.get("id", "")), frozenset(map(str, m.get("labelIds") or ()))) for m in messages]
    kept = tuple(mail for mail in mails if "DRAFT" not in mail.labels)
    return Filed(thread, subject, sender, kept, len(mails) - len(kept))


def plan_change(
    context: ToolContext,
    threads: Sequence[str],
    change: Callable[[Labelled], frozenset[str]],
    *,
    title: str,
    done: str,
    effects: tuple[str, ...] = (),
    new: str = "",
    newest_only: bool = False,
) -> Plan:
    """The plan of one change of these conversations. `title` holds {which} for them; `done` follows their number.

    Raises BadArgument where every mail is as it should be already.
    """
    filed = read_filed(context, threads)
    chosen = [_received(one)[-1:] if newest_only else one.mails for one in filed]
    mails = [mail for some in chosen for mail in some]
    steps = steps_of(mails, change)
    if not steps:
        raise BadArgument("Nothing would change: they are like that already.", "Say so; nothing needs to be done.")
    moved = [_moved(one, some, change) for one, some in zip(filed, chosen, strict=True)]
    drafts = sum(one.drafts for one in filed)
    return Plan(
        title=title.format(which=which(moved)),
        rows=rows(moved, {**names_of(context), NEW: new}),
        effects=(*effects, *([f"{drafts} draft(s) in them stay as they are"] if drafts else [])),
        body=body_of(steps, what=f"{_counted(moved)} {done}", named=few([one.name for one in moved]), new=new),
        based_on={BASIS: fingerprint(steps, {mail.id: mail.labels for mail in mails})},
    )


def _counted(moved: Sequence[Moved]) -> str:
    return f"{len(moved)} conversation{'' if len(moved) == 1 else 's'}"


def _received(filed: Filed) -> tuple[Labelled, ...]:
    """The mails that came in; where there are none, all."""
    return tuple(mail for mail in filed.mails if "SENT" not in mail.labels) or filed.mails


def _moved(filed: Filed, mails: Iterable[Labelled], change: Callable[[Labelled], frozenset[str]]) -> Moved:
    """What becomes of the conversation: of all its mails together."""
    both = [(mail.labels, change(mail)) for mail in mails]
    add = frozenset(label for before, after in both for label in after - before)
    remove = frozenset(label for before, after in both for label in before - after)
    return Moved(filed.subject, filed.sender, len(filed.mails), add, remove)


def plan_back(context: ToolContext, steps: Sequence[Step]) -> Plan:
    """The plan of steps that take a change back. Raises BadArgument where every mail is as they want it."""
    wanted = "format=metadata&metadataHeaders=Subject&metadataHeaders=From"
    every = dict.fromkeys(one for step in steps for one in step.messages)
    paths = {one: f"/gmail/v1/users/me/messages/{quote(one, safe='')}?{wanted}" for one in every}
    found = read_each(context, paths)
    now = {one: frozenset(map(str, answer.get("labelIds") or ())) for one, answer in found.items()}
    if carried_out(steps, now):
        raise BadArgument("Nothing would change: they are like that already.", "Say so; nothing needs to be done.")
    moved = _moved_back(steps, found)
    return Plan(
        title=f"Put {which(moved)} back as before",
        rows=rows(moved, names_of(context)),
        body=body_of(steps, what=f"{_counted(moved)} put back as before", named=few([one.name for one in moved])),
        based_on={BASIS: fingerprint(steps, now)},
    )


def _moved_back(steps: Sequence[Step], found: Mapping[str, Mapping[str, object]]) -> list[Moved]:
    """The conversations of the mails that are still there, each named by the first of its mails."""
    there = [
        (step, one, str(found[one].get("threadId", one))) for step in steps for one in step.messages if one in found
    ]
    moved = []
    for thread in dict.fromkeys(thread for _, _, thread in there):
        own = [(step, one) for step, one, of in there if of == thread]
        subject, sender = _named(headers_of(found[own[0][1]].get("payload")))
        add = frozenset(label for step, _ in own for label in step.add)
        remove = frozenset(label for step, _ in own for label in step.remove)
        moved.append(Moved(subject, sender, len(own), add, remove))
    return moved


def _named(headers: Mapping[str, str]) -> tuple[str, str]:
    """Subject, without what answers and forwards put before it, and sender; on one line each."""
    subject = _ANSWERED.sub("", one_line(decoded(headers.get("subject", "")), 120), count=1)
    return subject or "(no subject)", read_person(headers.get("from", "")).shown
