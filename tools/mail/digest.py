"""What Valet says of one conversation: plain data, small, with the reasons named."""

from typing import Literal
from urllib.parse import quote

from pydantic import AwareDatetime, BaseModel, ConfigDict

from tools.base import Ref, Source
from tools.mail.category import Category

INSTRUCTS = "contains text that tries to instruct an assistant"
"""The note on a conversation that somebody planted orders in."""
Urgency = Literal["urgent", "soon", "normal", "low"]


def web_link(account: str, thread: str) -> str:
    """Where Gmail's web page shows a conversation; `account` picks the mailbox when a browser knows several."""
    return f"https://mail.google.com/mail/?authuser={quote(account, safe='@')}#all/{quote(thread, safe='')}"


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Due(Frozen):
    """By when. Without `has_time` the moment is the end of that day, or with `before` its beginning. `phrase` is how
    the mail puts it."""

    at: AwareDatetime
    has_time: bool
    before: bool = False
    phrase: str


class Decided(Frozen):
    """What was settled, in the author's words, by whom and when. `mine`: the person wrote it."""

    text: str
    by: str
    mine: bool
    at: AwareDatetime


class Promise(Frozen):
    """What the person promised in their own last mail, when they wrote it, and by when it is to be done."""

    text: str
    at: AwareDatetime
    due: Due | None = None


class FileFact(Frozen):
    """An attachment: name, type and size in bytes."""

    name: str
    kind: str
    size: int


class InviteFact(Frozen):
    """A calendar invitation in a mail. `start` is None when it could not be read."""

    method: str
    title: str
    start: AwareDatetime | None = None
    all_day: bool = False
    place: str = ""


class Digest(Frozen):
    """One conversation, judged. Texts are the authors' own words, shortened; `reasons` and notes are Valet's.

    `author` and `address` are of the latest other person. `wants` are the sentences that ask, `owed` says that a reply
    is waited for, `due` by when; `wanted_on` is the day of the first, in the author's words, where another sentence
    names it; `promises` are what the person still owes by their own word. `last_mine`: the person has the last word.
    `at` is the newest mail's time.
    """

    id: str
    subject: str
    author: str
    address: str
    people: tuple[str, ...]
    count: int
    unread: bool
    at: AwareDatetime
    last_mine: bool
    summary: str
    wants: tuple[str, ...] = ()
    wanted_on: str = ""
    decision: Decided | None = None
    promises: tuple[Promise, ...] = ()
    owed: bool = False
    owed_why: str = ""
    due: Due | None = None
    urgency: Urgency
    score: float
    reasons: tuple[str, ...] = ()
    category: Category
    category_why: str
    attachments: tuple[FileFact, ...] = ()
    invitation: InviteFact | None = None
    notes: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()

    @property
    def decided(self) -> str:
        """What was settled last; "" if nothing was."""
        return self.decision.text if self.decision else ""

    def ref(self) -> Ref:
        return Ref(kind="mail", id=self.id, label=f"{self.author}: {self.subject}"[:120])

    def sources(self, account: str) -> tuple[Source, ...]:
        """The mails read, each by its author; the link leads to the conversation in the web page of `account`."""
        link = web_link(account, self.id)
        return tuple(
            Source(kind="mail", id=message, label=self.subject, by=by, link=link, trust="untrusted")
            for message, _, by in (entry.partition(" ") for entry in self.messages)
        )
