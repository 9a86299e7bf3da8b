"""A suggested reply: text to be copied or changed. Nothing was sent, and no draft was saved."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from tools.base import Name
from tools.mail import reply, said
from tools.mail.addresses import Person
from tools.mail.category import PEOPLE
from tools.mail.conversation import Conversation
from tools.mail.digest import INSTRUCTS, Digest
from tools.mail.finding import MailFinding
from tools.mail.lexicon import Words
from tools.mail.reading import Read
from tools.view import Block, Note


class ReplyFinding(MailFinding):
    """A reply to the conversation of `digest`; `draft` is "" where none is suggested, and `why` says so then."""

    digest: Digest
    draft: str
    left: int = 0
    why: str = ""

    def shown(self) -> Sequence[Digest]:
        return (self.digest,)

    def lead(self, name: Name) -> str:
        return self._head(name)

    def text(self, name: Name) -> str:
        return f"{self._head(name)}\n\n{self.draft}" if self.draft else self._head(name)

    def _head(self, name: Name) -> str:
        to = f"{self.digest.author} on “{self.digest.subject}” ({name(self.digest.ref())})"
        if not self.draft:
            return f"I suggest no reply to {to}: {self.why}."
        gaps = f"; {said.many(self.left, 'place')} in brackets {'is' if self.left == 1 else 'are'} yours to fill in"
        why = f" {self.why[0].upper()}{self.why[1:]}." if self.why else ""
        return f"A reply to {to}, not sent{gaps if self.left else ''}.{why}"

    def view(self, name: Name) -> tuple[Block, ...]:
        shown = Note(text=self.draft) if self.draft else Note(text=self._head(name), tone="notice")
        return (shown, *self.gap_notes())


def suggested(read: Read, gist: str, *, now: datetime, zone: ZoneInfo) -> ReplyFinding:
    """The reply to the one conversation that was read. What speaks to an assistant is not quoted, and a fraud or a
    machine gets no reply."""
    digest, conversation = read.digests[0], read.conversations[0]
    finding = ReplyFinding(now=now, zone=zone, account=read.address, gaps=read.gaps, digest=digest, draft="")
    if not conversation.theirs:
        return finding.model_copy(update={"why": "nobody else has written in it"})
    if digest.category not in PEOPLE:
        kind = (
            "this looks like phishing"
            if digest.category == "phishing"
            else f"it is no person's mail ({digest.category_why})"
        )
        return finding.model_copy(update={"why": kind})
    quoted = () if INSTRUCTS in digest.notes else _questions(digest.wants)
    newest = next((mail for mail in reversed(conversation.theirs) if _holds(mail.message.text, quoted)), None)
    written = reply.write(newest or conversation.theirs[-1], quoted, gist, _me(conversation, read.address))
    why = "" if digest.wants else "nothing in it is asked of you"
    return finding.model_copy(update={"draft": written.text, "left": written.gaps, "why": why})


def _questions(wants: Sequence[str]) -> tuple[str, ...]:
    """What is to be answered: a reminder beside the question is none, nor is a part of another."""
    asked = [want for want in wants if "chase" not in Words(want).concepts] or list(wants)
    return tuple(w for w in asked if not any(w != other and w.rstrip("?. ") in other for other in asked))


def _holds(text: str, asks: Sequence[str]) -> bool:
    """Whether the first ask stands in this mail, so that its author is the one to answer."""
    return bool(asks) and " ".join(asks[0].split())[:40] in " ".join(text.split())


def _me(conversation: Conversation, address: str) -> Person:
    """The person as the mails name them."""
    people = (
        person for mail in conversation.mails for person in (mail.message.sender, *mail.message.readers) if person.name
    )
    return next((person for person in people if person.address == address.lower()), Person("", address))
