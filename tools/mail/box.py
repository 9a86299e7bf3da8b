"""The mailbox as it stands now, read as cheaply as may be: what changed since the last call, and texts not yet known.

Law: labels and membership come from the service or from its history up to this call; only what never changes is reused.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

from tools.base import ToolContext
from tools.errors import BadArgument, NotFound, RateLimited, ToolError, Unreadable
from tools.mail import rehearsal
from tools.mail import remembered as memory
from tools.mail.budget import Budget, cost
from tools.mail.changes import Replayed, history_path, read_changes, replay
from tools.mail.conversation import arranged, read_all
from tools.mail.fetch import Fetched, expect, get_all
from tools.mail.listing import SERVICE, Listing, list_path, message_path, read_listing, thread_path
from tools.mail.message import Message
from tools.mail.relist import Relisting
from tools.mail.remembered import Known, Listed, Mark

PAGES = 4
PROFILE = "/gmail/v1/users/me/profile"
"""Pages of history worth reading; after more changes everything is read anew."""
THREAD_UNITS = 40
SENDING_SECONDS = 0.003
"""More than a request takes to be on its way, and little of what its answer takes."""


@dataclass
class Scan:
    """Conversations by id in the order of the listing; `failed` could not be read, `left` not within this minute's
    units, of which `wait` seconds from now so many are free."""

    listing: Listing
    threads: dict[str, list[Message]] = field(default_factory=dict)
    failed: list[ToolError] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    wait: float = 0.0


class Mailbox:
    """One call's view of the mailbox. `close` keeps what was learnt."""

    def __init__(self, context: ToolContext, budget: Budget | None = None) -> None:
        self.context = context
        self.budget = budget or Budget(context.memory)
        self.known = memory.load(context.memory)
        self._expired = 0
        self._learnt = False
        self._recalled: dict[str, dict[str, Message]] = {}
        self._before = dict(self.known.listings)

    def scan(self, *, query: str, labels: Sequence[str], limit: int) -> Scan:
        """The newest conversations of a scope. Raises ToolError."""
        key = "" if query else "+".join(sorted(labels))
        listed = self.known.listings.get(key)
        if listed and listed.more and listed.limit < limit:
            listed = None
        path, unread = list_path(query, labels, limit), list_path(query, (*labels, "UNREAD"), limit)
        asked = [] if listed else [path]
        if not listed and limit * THREAD_UNITS > self.budget.left:
            asked.append(unread)
        if asked and self._nameless:
            asked.append(PROFILE)
        if asked:
            expect(self.context.transport, limit)
        touched, answers = self._catch_up(asked, besides=key)
        if PROFILE in answers:
            self._named(answers[PROFILE])
        if listed and self.known.history:
            relisting = Relisting(self.known, frozenset(labels), listed, touched)
            if not relisting.short(limit):
                scan = self.read(relisting.ids())
                return self._settled(scan, relisting.settled(), key, limit)
        listed = self._listed(answers.get(path) or self._ask(path), limit)
        first = set(read_listing(answers[unread], limit).ids) if unread in answers else set()
        scan = self.read(listed.ids, first=first)
        sure = path not in answers or Relisting(self.known, frozenset(labels), listed, touched).agrees()
        return self._settled(scan, listed, key if sure else "", limit)

    def one(self, identity: str) -> Scan:
        """One conversation, by its id."""
        if identity in self.known.threads:
            self._catch_up([])
        return self.read([identity])

    def read(self, ids: Sequence[str], *, first: Iterable[str] = ()) -> Scan:
        """The conversations by id: from memory, and for the rest from the service, unread ones and `first` before
        others, as far as the units reach."""
        scan = Scan(Listing(tuple(ids), len(ids), more=False))
        texts = {identity: self._texts(identity) for identity in ids}
        paths = {identity: path for identity in ids if (path := self._path(identity, texts[identity]))}
        before = set(first)
        ranked = sorted(paths, key=lambda identity: identity not in before and not self._unread(identity))
        wanted = self._affordable(ranked, paths)
        scan.left = [identity for identity in ids if identity in paths and identity not in set(wanted)]
        scan.wait = self.budget.wait(sum(cost(paths[identity]) for identity in scan.left))
        if scan.left and len(scan.left) == len(ids):
            raise RateLimited(
                f"{SERVICE}'s limit for this minute is used up.", f"Ask again in {scan.wait:.0f} seconds.", scan.wait
            )
        fetched = self._fetch([paths[identity] for identity in wanted])
        slots = self.known.free_slots() if wanted else []
        for identity in ids:
            messages = texts[identity]
            if identity in wanted:
                messages = self._merged(identity, messages, paths[identity], fetched, slots, scan.failed)
            if messages and identity not in scan.left:
                scan.threads[identity] = arranged(messages.values())
        return scan

    def written_to(self, addresses: Iterable[str], paths: dict[str, str]) -> frozenset[str]:
        """Which of the addresses the person has written to; `paths` are listings that are empty when they have not."""
        asked = {address: paths[address] for address in addresses if address not in self.known.written_to}
        if asked and self.budget.take(sum(cost(path) for path in asked.values())):
            answers = get_all(self.context.transport, list(asked.values()), _silent, what="looking up senders")
            found = {address: answers.found[path] for address, path in asked.items() if path in answers.found}
            self.known.written_to |= {address: bool(answer.get("messages")) for address, answer in found.items()}
            self._learnt = self._learnt or bool(found)
        return frozenset(address for address in addresses if self.known.written_to.get(address))

    def address(self) -> str:
        """The mailbox's address: the account's name when it is one, else as the service says."""
        if "@" in self.context.account:
            return self.context.account
        if self._nameless:
            self._named(self._ask(PROFILE))
        return self.known.address

    @property
    def _nameless(self) -> bool:
        return "@" not in self.context.account and not self.known.address

    def _named(self, profile: dict[str, Any]) -> None:
        self.known.address = str(profile.get("emailAddress", ""))
        self._learnt = True

    def close(self) -> None:
        if self.known.history and (self._learnt or self.known.listings != self._before):
            memory.save(self.context.memory, self.known)

    def _catch_up(self, paths: Sequence[str], besides: str | None = None) -> tuple[Replayed, dict[str, dict[str, Any]]]:
        """Replay what changed, on every listing `besides` one, and ask for the paths in the same breath. Raises the
        ToolError of a path."""
        start = self.known.history
        history = [history_path(start)] if start else []
        self.budget.book(sum(cost(path) for path in (*history, *paths)))
        with ThreadPoolExecutor(1, thread_name_prefix="changes") as aside:
            asked = aside.submit(self._changes, history, paths)
            wait([asked], SENDING_SECONDS)  # the request goes out first: what follows would keep it from the processor
            if besides in self.known.listings:  # most of it is read next: the wait for the service is used
                self._recalled = {identity: self._recall(identity) for identity in self.known.listings[besides].ids}
            rehearsal.ready()
            answers = asked.result()
        for path in paths:
            if path in answers.failed:
                raise answers.failed[path]
        touched = self._replayed(start, answers.found.get(history[0])) if start else Replayed()
        self.known.listings = {
            key: settled
            for key, listed in self.known.listings.items()
            if key != besides
            and (settled := Relisting(self.known, frozenset(key.split("+")), listed, touched).unread())
        }
        return touched, answers.found

    def _changes(self, history: list[str], paths: Sequence[str]) -> Fetched:
        try:
            return get_all(self.context.transport, [*history, *paths], _silent, what="looking for changes")
        except BadArgument:
            if paths:
                raise
            return Fetched()

    def _replayed(self, start: int, answer: dict[str, Any] | None) -> Replayed:
        """What the changes touched; without them, or when they are too many, nothing is known any more."""
        changes = []
        try:
            for _ in range(PAGES if answer is not None else 0):
                changes += read_changes(answer or {})
                page = (answer or {}).get("nextPageToken")
                if not page:
                    now = int((answer or {})["historyId"])
                    self._learnt, self.known.history = self._learnt or now != start, now
                    touched = replay(self.known, changes)
                    if touched.sent:
                        self.known.forget_strangers()
                    return touched
                answer = self._ask(history_path(start, str(page)))
        except (KeyError, TypeError, ValueError, AttributeError, NotFound):
            pass  # as good as none: everything is read anew
        self._expired = start
        self.known.forget_history()
        return Replayed()

    def _listed(self, answer: dict[str, Any], limit: int) -> Listed:
        listing = read_listing(answer, limit)
        if not self.known.history and listing.history > self._expired:
            self.known.threads.clear()
            self.known.history = listing.history
        return Listed(list(listing.ids), listing.estimate, listing.more, limit)

    def _settled(self, scan: Scan, listed: Listed, key: str, limit: int) -> Scan:
        """The scan of a listing as it stands, which is remembered when it is one by labels and all of it was read."""
        if key and self.known.history and not scan.failed and not scan.left:
            self.known.listings[key] = listed
        ids = tuple(listed.ids[:limit])
        scan.listing = Listing(ids, max(listed.estimate, len(ids)), listed.more or len(listed.ids) > limit)
        scan.threads = {identity: scan.threads[identity] for identity in ids if identity in scan.threads}
        scan.left = [identity for identity in scan.left if identity in ids]
        return scan

    def _ask(self, path: str) -> dict[str, Any]:
        """GET one path. Raises its ToolError."""
        self.budget.book(cost(path))
        answers = get_all(self.context.transport, [path], _silent, what="asking")
        if path not in answers.found:
            raise answers.failed.get(path) or Unreadable(f"{SERVICE} gave no answer.", "Try again in a minute.")
        return answers.found[path]

    def _texts(self, identity: str) -> dict[str, Message]:
        known = self.known.threads.get(identity)
        if known is None:
            return {}
        mails = self._recalled[identity] if identity in self._recalled else self._recall(identity)
        return memory.labelled(mails, known)

    def _recall(self, identity: str) -> dict[str, Message]:
        known = self.known.threads.get(identity)
        return memory.labelled(memory.recall(self.context.memory, identity, known.slot), known) if known else {}

    def _unread(self, identity: str) -> bool:
        known = self.known.threads.get(identity)
        return known is not None and any("UNREAD" in mark.labels for mark in known.marks.values())

    def _path(self, identity: str, texts: dict[str, Message]) -> str:
        """What to ask for: nothing, the one mail that is lacking (half the price), or the whole conversation."""
        known = self.known.threads.get(identity)
        lacking = [mail for mail in known.marks if mail not in texts] if known else []
        if known and not lacking:
            return ""
        return message_path(lacking[0]) if len(lacking) == 1 else thread_path(identity)

    def _affordable(self, ranked: list[str], paths: dict[str, str]) -> list[str]:
        room, wanted = self.budget.left, []
        for identity in ranked:
            room -= cost(paths[identity])
            if room < 0:
                break
            wanted.append(identity)
        units = sum(cost(paths[identity]) for identity in wanted)
        return wanted if not wanted or self.budget.take(units) else []

    def _fetch(self, paths: list[str]) -> Fetched:
        if not paths:
            return Fetched()
        self._learnt = True
        return get_all(self.context.transport, paths, self.context.progress, what="reading conversations")

    def _merged(
        self,
        identity: str,
        texts: dict[str, Message],
        path: str,
        fetched: Fetched,
        slots: list[int],
        failed: list[ToolError],
    ) -> dict[str, Message]:
        """The mails of a conversation with what was fetched, remembered; none when it could not be read."""
        if path not in fetched.found:
            failed.append(fetched.failed[path])
            if isinstance(fetched.failed[path], NotFound):
                self.known.threads.pop(identity, None)
            return {}
        answer = fetched.found[path]
        whole = path == thread_path(identity)
        new = read_all(answer if whole else {"messages": [answer]})
        messages = {**({} if whole else texts), **{message.id: message for message in new}}
        known = self.known.threads.get(identity) or Known({})
        known.marks = {m.id: Mark(tuple(sorted(m.labels)), int(m.at.timestamp() * 1000)) for m in messages.values()}
        slot = known.slot if known.slot >= 0 else slots.pop() if slots else -1
        kept = slot >= 0 and memory.keep_texts(self.context.memory, identity, slot, list(messages.values()))
        self.known.threads[identity] = Known(known.marks, slot if kept else -1)
        self._recalled.pop(identity, None)
        return messages


def _silent(done: int, total: int | None, what: str) -> None:
    """A single request is no progress worth telling."""
