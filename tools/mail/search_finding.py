"""What a search of the mailbox found, newest first."""

from collections.abc import Sequence

from tools.base import Name
from tools.mail import said
from tools.mail.digest import Digest
from tools.mail.finding import MailFinding, joined, sentences
from tools.view import Block, Note

NAMED = 3


class SearchFinding(MailFinding):
    """Conversations that match. `asked` says for what ("from Ana, about contract"); `more`: others exist beyond."""

    asked: str
    digests: tuple[Digest, ...]
    estimate: int
    more: bool

    def shown(self) -> Sequence[Digest]:
        return self.digests

    def lead(self, name: Name) -> str:
        if not self.digests:
            return sentences(f"No mail found {self.asked}.", self.gap_words())
        of = f" of about {self.estimate}" if self.more else ""
        told = "; ".join(self._told(digest, name) for digest in self.digests[:NAMED])
        left = len(self.digests) - NAMED
        rest = f"; and {left} more" if left > 0 else ""
        found = f"{said.many(len(self.digests), 'conversation')}{of} {self.asked}: {told}{rest}."
        return sentences(found, self.gap_words())

    def _told(self, digest: Digest, name: Name) -> str:
        return f"{digest.author}, “{digest.subject}”, {said.moment(digest.at, self.clock)} ({name(digest.ref())})"

    def text(self, name: Name) -> str:
        return joined([self.lead(name), *(self.entry(digest, name) for digest in self.digests)])

    def view(self, name: Name) -> tuple[Block, ...]:
        if not self.digests:
            return (Note(text=self.lead(name)),)
        note = f"About {self.estimate} match; the newest {len(self.digests)} are shown." if self.more else ""
        return (self.table(f"Found {self.asked}", self.digests, name, note), *self.gap_notes())
