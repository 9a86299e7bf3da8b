"""One conversation to read: its mails in order, cleaned, with every shortening marked."""

from collections.abc import Sequence
from textwrap import indent

from pydantic import AwareDatetime

from tools.base import Name
from tools.mail import said
from tools.mail.addresses import listed
from tools.mail.conversation import Conversation, Mail
from tools.mail.digest import Digest, FileFact, Frozen, InviteFact
from tools.mail.finding import MailFinding, joined, sentences
from tools.view import Block, Cell, Facts, Note

KEPT_LIMIT = 12_000
"""Characters kept of one mail in the finding."""
NEWEST, NEWEST_LIMIT, OLDER_LIMIT = 6, 4_000, 600
"""For the model: this many newest mails up to this length, the older ones up to that."""


class Letter(Frozen):
    """One mail, cleaned. `left` counts the characters of `text` that were not kept, `forwarded` is a mail passed on."""

    author: str
    address: str
    to: str
    at: AwareDatetime
    mine: bool
    unread: bool
    text: str
    forwarded: str = ""
    left: int = 0
    quoted: bool = False
    partly: bool = False
    files: tuple[FileFact, ...] = ()


def letter_of(mail: Mail) -> Letter:
    """What is kept of a mail for reading."""
    message = mail.message
    text = message.text or ("" if message.forwarded else message.reply)
    return Letter(
        author=message.sender.shown,
        address=message.sender.address,
        to=listed(message.readers, 4),
        at=message.at,
        mine=mail.mine,
        unread=message.unread,
        text=text[:KEPT_LIMIT],
        forwarded=message.forwarded[:KEPT_LIMIT],
        left=max(0, len(text) - KEPT_LIMIT) + max(0, len(message.forwarded) - KEPT_LIMIT),
        quoted=message.quoted,
        partly=message.truncated,
        files=tuple(FileFact(name=a.name, kind=a.kind, size=a.size) for a in message.attachments),
    )


class ConversationFinding(MailFinding):
    """A conversation, message by message, oldest first, and its judgement."""

    digest: Digest
    letters: tuple[Letter, ...]

    @classmethod
    def letters_of(cls, conversation: Conversation) -> tuple[Letter, ...]:
        return tuple(letter_of(mail) for mail in conversation.mails)

    def shown(self) -> Sequence[Digest]:
        return (self.digest,)

    def lead(self, name: Name) -> str:
        digest = self.digest
        head = f"“{digest.subject}” with {', '.join(digest.people[:4])}: {said.many(len(self.letters), 'mail')}"
        author = "you" if digest.last_mine else self.letters[-1].author
        last = f"the last from {author}, {said.moment(digest.at, self.clock)}."
        by = f", {said.due(digest.due, self.clock)}" if digest.due else ""
        owed = f"A reply is owed{by}: {said.matter(digest, 200)}" if digest.owed else digest.summary
        decided = f"Decided: {said.decided(digest, self.clock)}." if digest.decision else ""
        promised = f"You promised: {said.promised(digest, self.clock)}." if digest.promises else ""
        notes = f"Note: {'; '.join(digest.notes)}." if digest.notes else ""
        return sentences(f"{head}, {last}", owed, decided, promised, notes, self.gap_words())

    def text(self, name: Name) -> str:
        older = len(self.letters) - NEWEST
        blocks = [self.lead(name), self.entry(self.digest, name)]
        for number, letter in enumerate(self.letters):
            limit = NEWEST_LIMIT if number >= older else OLDER_LIMIT
            # Indented: no line of a mail can pass for the head of the next one.
            blocks.append(f"\n[{number + 1}] {self._head(letter)}\n{indent(_body(letter, limit), '  ')}")
        return joined(blocks)

    def _head(self, letter: Letter) -> str:
        who = "you" if letter.mine else f"{letter.author} <{letter.address}>"
        local = letter.at.astimezone(self.zone)
        files = f" · files: {', '.join(said.file(fact) for fact in letter.files)}" if letter.files else ""
        return (
            f"{who} to {letter.to or 'nobody named'} · {said.day(local.date(), self.clock.date())} {local:%H:%M}{files}"
        )

    def view(self, name: Name) -> tuple[Block, ...]:
        return (
            self._facts_block(name),
            *(block for letter in self.letters for block in self._letter(letter)),
            *self.gap_notes(),
        )

    def _facts_block(self, name: Name) -> Facts:
        digest = self.digest
        said_owed = said.due(digest.due, self.clock) if digest.due else "yes"
        facts = [("With", Cell(text=", ".join(digest.people)))]
        facts += [("Reply owed", Cell(text=said_owed, tone="notice"))] if digest.owed else []
        facts += [("Invitation", Cell(text=_invited(digest.invitation, self)))] if digest.invitation else []
        facts += [("Decided", Cell(text=said.decided(digest, self.clock)))] if digest.decision else []
        facts += [("You promised", Cell(text=said.promised(digest, self.clock)))] if digest.promises else []
        facts += [("Careful", Cell(text="; ".join(digest.notes), tone="notice"))] if digest.notes else []
        if digest.category == "phishing":
            facts.append(("Suspected", Cell(text=f"phishing: {digest.category_why}", tone="urgent")))
        return Facts(title=f"{digest.subject} ({name(digest.ref())})", facts=tuple(facts))

    def _letter(self, letter: Letter) -> tuple[Block, ...]:
        return (
            Note(text=self._head(letter), tone="strong" if letter.unread else "dim"),
            Note(text=_body(letter, KEPT_LIMIT)),
        )


def _invited(invite: InviteFact, finding: MailFinding) -> str:
    return said.invited(invite, finding.clock)


def _body(letter: Letter, limit: int) -> str:
    """The text of a mail within a limit; what is not shown is said."""
    whole = letter.text + (f"\n\n[forwarded:]\n{letter.forwarded}" if letter.forwarded else "")
    left = letter.left + max(0, len(whole) - limit)
    marks = [f"[… {left} more characters of this mail not shown]"] if left else []
    marks += ["[only the beginning of this mail was read]"] if letter.partly else []
    return "\n".join([whole[:limit] or "(no text)", *marks])
