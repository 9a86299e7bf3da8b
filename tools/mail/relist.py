"""A remembered listing brought up to date from what changed, as the service would list it now."""

from dataclasses import dataclass

from tools.mail.changes import UNKNOWN, Replayed, matching, placed
from tools.mail.remembered import Listed, Remembered

STRANGERS = 25
"""More conversations nothing is known of, and asking for the listing is cheaper."""


@dataclass
class Relisting:
    """`listed` by `labels` as it was, and what changes touched since."""

    known: Remembered
    labels: frozenset[str]
    listed: Listed
    touched: Replayed

    def short(self, limit: int) -> bool:
        """Whether the service has to be asked: too much is not known, or others move up from beyond the end."""
        kept = [thread for thread in self.listed.ids if thread not in self._changed()]
        placed_known = self._placed()
        lacking = self.listed.more and len(kept) + len(placed_known) < limit
        new = [thread for thread in placed_known if not self._at(thread)]
        return lacking or len(self._strangers()) > STRANGERS or len(new) > limit

    def ids(self) -> list[str]:
        """Every conversation that may belong to it, those to be looked at first."""
        return list(dict.fromkeys((*self._strangers(), *self._now())))

    def settled(self) -> Listed:
        """The listing as it stands, once the touched conversations were read."""
        ids, before = self._now(), self.listed
        change = len(set(ids) - set(before.ids)) - len(set(before.ids) - set(ids))
        return Listed(
            ids=ids[: before.limit],
            estimate=max(before.estimate + change, len(ids)),
            more=before.more or len(ids) > before.limit,
            limit=before.limit,
        )

    def agrees(self) -> bool:
        """Whether a listing made in the same moment as the history was told is known to be no older than it."""
        listed = set(self.listed.ids)
        return listed.issuperset(self._strangers()) and set(self._placed()) == listed & self.touched.known

    def unread(self) -> Listed | None:
        """The listing as it stands without reading anything; None when that cannot be told."""
        new = [thread for thread in self._placed() if not self._at(thread)]
        return None if new or self._strangers() or self.short(self.listed.limit) else self.settled()

    def _changed(self) -> set[str]:
        return self.touched.known | set(self.touched.strangers)

    def _strangers(self) -> list[str]:
        """Conversations not known that have, or may have, a mail under the labels."""
        named = self.touched.strangers.items()
        return [thread for thread, labels in named if labels & (self.labels | {UNKNOWN}) or thread in self.listed.ids]

    def _now(self) -> list[str]:
        changed = self._changed()
        ids = [thread for thread in self.listed.ids if thread not in changed]
        times = {thread: at for thread in ids if (at := self._at(thread))}
        for thread in sorted(self._belonging(changed), key=self._at):
            at = self._at(thread)
            ids = list(placed(ids, thread, at, times)) if at else [thread, *ids]
            times[thread] = at
        return ids

    def _placed(self) -> list[str]:
        """The touched conversations known now that are among the listed ones."""
        return self._belonging(self.touched.known)

    def _belonging(self, threads: set[str]) -> list[str]:
        """Those among the listed ones; older than the last of these, a conversation stands beyond the end."""
        found = [thread for thread in threads if self._matches(thread)]
        if not found or not self.listed.more:
            return found
        changed = self._changed()
        last = min((at for other in self.listed.ids if other not in changed and (at := self._at(other))), default=0)
        return [thread for thread in found if not (at := self._at(thread)) or at >= last]

    def _matches(self, thread: str) -> bool:
        known = self.known.threads.get(thread)
        return known is not None and bool(matching(known, self.labels))

    def _at(self, thread: str) -> int:
        """When its newest mail under the labels was received, in ms; 0 when that is not known."""
        known = self.known.threads.get(thread)
        marks = matching(known, self.labels) if known else []
        return 0 if any(not mark.at for mark in marks) else max((mark.at for mark in marks), default=0)
