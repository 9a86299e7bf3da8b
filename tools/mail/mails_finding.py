"""Many mails at once, each in its own new words, a page of them as large as a model is given.

Law: a page holds whole conversations in the order of the listing and names where the next begins; every cut is marked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import indent

from pydantic import AwareDatetime

from tools.base import Name, Ref
from tools.mail import said
from tools.mail.category import BULK, MACHINE
from tools.mail.conversation import Mail
from tools.mail.digest import Digest, Frozen
from tools.mail.finding import MailFinding, sentences
from tools.mail.message import Message
from tools.text.characters import cut
from tools.view import Block, Note

PERSON_LIMIT, BULK_LIMIT = 2_000, 260
"""Characters given of a mail somebody wrote, and of one that a program wrote or that went to many."""
SHORTEST = 60
HANDLE = "mail:99999"
"""As long as a handle may get: handles are given out when a page is made already."""


class GivenMail(Frozen):
    """One mail of the conversation `thread`: the text given of it, and how many characters are `left` of it."""

    thread: str
    id: str
    author: str
    address: str
    mine: bool
    at: AwareDatetime
    text: str
    left: int = 0
    files: tuple[str, ...] = ()

    def shortened(self, limit: int) -> GivenMail:
        text = cut(self.text, max(limit, SHORTEST))
        return self.model_copy(update={"text": text, "left": self.left + len(self.text) - len(text)})


def given(digest: Digest, mail: Mail) -> GivenMail:
    """What is given of a mail."""
    message = mail.message
    program = not mail.mine and (digest.category in BULK or digest.category in MACHINE)
    lines = [stripped for line in _whole(digest, message).splitlines() if (stripped := line.strip())]
    whole = (" " if program else "\n").join(lines)
    text = cut(whole, BULK_LIMIT if program else PERSON_LIMIT)
    return GivenMail(
        thread=digest.id,
        id=message.id,
        author=message.sender.shown,
        address="" if program else message.sender.address,
        mine=mail.mine,
        at=message.at,
        text=text,
        left=len(whole) - len(text),
        files=tuple(file.name for file in message.attachments[:3]),
    )


def _whole(digest: Digest, message: Message) -> str:
    """All that its author says; without a word of theirs, what else is there."""
    passed_on = f"[forwarded:]\n{message.forwarded}" if message.forwarded else ""
    words = "\n".join(filter(None, (message.new_words, passed_on))) or message.reply
    return words or (f"(no text; {digest.invitation.title})" if digest.invitation else "(no text)")


class MailsFinding(MailFinding):
    """A page of mails: conversations in order, the mails of each oldest first. `asked` says of what ("unread"); `more`:
    others follow the last conversation; `marked`: read and unread ones are told apart by the conversation."""

    asked: str
    digests: tuple[Digest, ...] = ()
    mails: tuple[GivenMail, ...] = ()
    more: bool = False
    marked: bool = True

    def shown(self) -> Sequence[Digest]:
        return self.digests

    def lead(self, name: Name) -> str:
        scope = f" ({self.asked})" if self.asked else ""
        if not self.digests:
            return sentences(f"No mail{scope}." if not self.gaps else "", self.gap_words())
        count = f"{said.many(len(self.mails), 'mail')} of {said.many(len(self.digests), 'conversation')}{scope}."
        more = f"More follow after {name(self.digests[-1].ref())}." if self.more else ""
        return sentences(count, more, self.gap_words())

    def text(self, name: Name) -> str:
        legend = "[+N]: N more characters, by read_conversation." if any(mail.left for mail in self.mails) else ""
        return "\n".join([sentences(self.lead(name), legend), *self._entries(name)])

    def view(self, name: Name) -> tuple[Block, ...]:
        blocks: list[Block] = [Note(text=self.lead(name), tone="dim")]
        for digest, first, mail in self._each():
            blocks.append(Note(text=_head(self, digest, mail, name, first=first), tone="strong"))
            blocks.append(Note(text=_body(mail)))
        return (*blocks, *self.gap_notes())

    def _entries(self, name: Name) -> Iterator[str]:
        for digest, first, mail in self._each():
            # Indented: no line of a mail can pass for the head of the next one.
            yield f"{_head(self, digest, mail, name, first=first)}\n{indent(_body(mail), ' ')}"

    def _each(self) -> Iterator[tuple[Digest, bool, GivenMail]]:
        digests = {digest.id: digest for digest in self.digests}
        before = ""
        for mail in self.mails:
            yield digests[mail.thread], mail.thread != before, mail
            before = mail.thread


def _head(finding: MailsFinding, digest: Digest, mail: GivenMail, name: Name, *, first: bool) -> str:
    """Handle, who, what about (once for a conversation) and when."""
    who = "you" if mail.mine else f"{mail.author} <{mail.address}>" if mail.address else mail.author
    parts = [f"{name(digest.ref())} {who}", digest.subject if first else "", said.moment(mail.at, finding.clock)]
    if first:
        parts += ["unread" if finding.marked and digest.unread else "", *digest.notes]
        parts += ["suspected phishing"] if digest.category == "phishing" else []
    return " · ".join([part for part in parts if part] + ([f"files: {', '.join(mail.files)}"] if mail.files else []))


def _body(mail: GivenMail) -> str:
    return mail.text + (f" [+{mail.left}]" if mail.left else "")


def page(whole: MailsFinding, room: int) -> MailsFinding:
    """As many conversations as a text of `room` characters holds, one at least; a conversation that is longer than a
    page is given alone, each of its mails shortened."""
    grouped: dict[str, list[GivenMail]] = {}
    for mail in whole.mails:
        grouped.setdefault(mail.thread, []).append(mail)
    taken = whole.model_copy(update={"digests": (), "mails": (), "more": True})
    for digest in whole.digests:
        wider = _with(taken, digest, grouped[digest.id])
        if len(wider.text(_placeholder)) > room:
            return taken if taken.digests else _squeezed(whole, digest, grouped[digest.id], room)
        taken = wider
    return taken.model_copy(update={"more": whole.more})


def _with(finding: MailsFinding, digest: Digest, mails: Sequence[GivenMail]) -> MailsFinding:
    return finding.model_copy(update={"digests": (*finding.digests, digest), "mails": (*finding.mails, *mails)})


def _squeezed(whole: MailsFinding, digest: Digest, mails: Sequence[GivenMail], room: int) -> MailsFinding:
    more = whole.more or len(whole.digests) > 1
    empty = whole.model_copy(update={"digests": (), "mails": (), "more": more})
    bare = _with(empty, digest, [mail.model_copy(update={"text": "", "left": 10**5}) for mail in mails])
    limit = (room - len(bare.text(_placeholder))) // len(mails)
    return _with(empty, digest, [mail.shortened(limit) for mail in mails])


def _placeholder(ref: Ref) -> str:
    return HANDLE
