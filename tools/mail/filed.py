"""Conversations as they are filed: their mails with their labels, and the card of a change of these."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from tools.base import ToolContext
from tools.errors import BadArgument, NotFound
from tools.mail.addresses import decoded, read_person
from tools.mail.fetch import get_all
from tools.mail.payload import headers_of
from tools.mail.relabelling import BASIS, NEW, Labelled, body_of, fingerprint, names_of, steps_of
from tools.text.characters import one_line
from tools.write import Plan, Row

_WORDS = {"INBOX": "Inbox", "UNREAD": "Unread", "STARRED": "Starred", "IMPORTANT": "Important", "SENT": "Sent"} | {
    "TRASH": "Bin",
    "SPAM": "Spam",
    "DRAFT": "Draft",
}


@dataclass(frozen=True)
class Filed:
    """One conversation: its mails without drafts, oldest first."""

    id: str
    subject: str
    sender: str
    mails: tuple[Labelled, ...]
    drafts: int

    @property
    def shown(self) -> str:
        count = f", {len(self.mails)} mails" if len(self.mails) > 1 else ""
        return f"“{self.subject}” from {self.sender}{count}"


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
    headers = headers_of(messages[0].get("payload"))
    mails = [Labelled(str(m.get("id", "")), frozenset(map(str, m.get("labelIds") or ()))) for m in messages]
    kept = tuple(mail for mail in mails if "DRAFT" not in mail.labels)
    subject = one_line(decoded(headers.get("subject", "")), 120) or "(no subject)"
    return Filed(thread, subject, read_person(headers.get("from", "")).shown, kept, len(mails) - len(kept))


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
    """The plan of one change of these conversations. `title` and `done` hold {what} for "3 conversations".

    Raises BadArgument where every mail is as it should be already.
    """
    filed = read_filed(context, threads)
    chosen = [_received(one)[-1:] if newest_only else one.mails for one in filed]
    mails = [mail for some in chosen for mail in some]
    steps = steps_of(mails, change)
    if not steps:
        raise BadArgument("Nothing would change: they are like that already.", "Say so; nothing needs to be done.")
    names = {**names_of(context), **_WORDS, NEW: new}
    drafts = sum(one.drafts for one in filed)
    said = f"{len(filed)} conversation{'' if len(filed) == 1 else 's'}"
    return Plan(
        title=title.format(what=said),
        rows=tuple(
            _row(one, {mail.id for mail in some}, change, names) for one, some in zip(filed, chosen, strict=True)
        ),
        effects=(*effects, *([f"{drafts} draft(s) in them stay as they are"] if drafts else [])),
        body=body_of(steps, what=done.format(what=said), new=new),
        based_on={BASIS: fingerprint(steps, {mail.id: mail.labels for mail in mails})},
    )


def _received(filed: Filed) -> tuple[Labelled, ...]:
    """The mails that came in; where there are none, all."""
    return tuple(mail for mail in filed.mails if "SENT" not in mail.labels) or filed.mails


def _row(
    filed: Filed, concerned: set[str], change: Callable[[Labelled], frozenset[str]], names: Mapping[str, str]
) -> Row:
    before = {label for mail in filed.mails for label in mail.labels}
    after = {label for mail in filed.mails for label in (change(mail) if mail.id in concerned else mail.labels)}
    return Row(label=filed.shown, value=_named(after, names), before=_named(before, names))


def _named(labels: set[str], names: Mapping[str, str]) -> str:
    """The labels a person knows, in words."""
    shown = sorted(names.get(one, one) for one in labels if not one.startswith("CATEGORY_"))
    return ", ".join(shown) or "no label"
