"""Takes a Slack export into a workspace's team: members, conversations, then what was said, a day at a time.

Law: each day is one transaction; a day that is broken is named and the rest kept; a second run adds nothing twice.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from app.demo.importing.ics_zones import iana
from app.demo.importing.report import FileReport, Log
from app.demo.importing.seen import Seen
from app.demo.importing.slack_archive import Export, ExportRefused, FileBroken, open_archive
from app.demo.importing.slack_message import MessageProblem, ReadMessage, read_message
from app.demo.importing.slack_survey import Listed, Survey, address_of, real_name_of, survey
from app.demo.importing.slack_values import id_of, table, text_of
from app.demo.slack_store import Kind
from app.demo.workspace_error import WorkspaceError

if TYPE_CHECKING:
    from app.demo.workspace import Workspace

_ODD = re.compile(r"[\s#@.,:;!?]+")


def take_export(
    workspace: "Workspace",
    seen: Seen,
    path: Path,
    log: Log,
    *,
    owner: str = "",
    tell: Callable[[], None] = lambda: None,
) -> FileReport:
    """Take one export, a .zip or its folder. `owner`: the id, handle, name or address of whose it is.

    Raises OSError.
    """
    try:
        archive = open_archive(path)
    except ExportRefused as refusal:
        return log.refused(str(refusal))
    try:
        taking = _Taking(workspace, seen, log, Export(archive), owner)
        taking.team()
        for place in taking.survey.places.values():
            taking.place(place)
            tell()
    finally:
        archive.close()
    if not (log.loaded or log.duplicates or log.left_out_count):
        log.note("nothing was said in it")
    return log.report()


class _Taking:
    """One export on its way in."""

    def __init__(self, workspace: "Workspace", seen: Seen, log: Log, export: Export, owner: str) -> None:
        self._workspace = workspace
        self._seen = seen
        self._log = log
        self._export = export
        self.survey = survey(export)
        self._owner = _owner(workspace, self.survey, log, owner)
        self._ids: dict[str, str] = {}

    def team(self) -> None:
        """Add the members, and say what the indexes lack."""
        for name in self.survey.missing:
            self._log.note(f"{name} is missing: what it would say is taken from the messages")
        for name, why in self.survey.broken:
            self._log.leave_out(name, why)
        if self._export.others:
            self._log.note(f"{len(self._export.others)} other files of it are not taken")
        with self._workspace.transaction():
            for user in sorted({*self.survey.users, *self.survey.active}):
                self._member(user)

    def _member(self, user: str) -> None:
        if f"slack member {user}" in self._seen:
            return
        row = self.survey.users.get(user, {})
        mine = user == self._owner
        email = self._workspace.owner.address if mine else address_of(row)
        if email == self._workspace.owner.address and not mine:
            email = ""
        try:
            self._add_member(user, email)
        except WorkspaceError:
            self._log.note(f"the address of {real_name_of(row) or user} belongs to somebody else of the team already")
            with suppress(WorkspaceError):  # the id is there: somebody of the same team
                self._add_member(user, "")
        self._seen.add(f"slack member {user}")

    def _add_member(self, user: str, email: str) -> None:
        row = self.survey.users.get(user, {})
        handle = text_of(row.get("name"), 80).strip()
        self._workspace.slack.add_member(
            handle or user.lower(),
            real_name=real_name_of(row) or user,
            email=email,
            zone=iana(text_of(row.get("tz"), 80)) or "",
            bot=row.get("is_bot") is True,
            deleted=row.get("deleted") is True,
            restricted=row.get("is_restricted") is True,
            id=user,
        )

    def place(self, place: Listed) -> None:
        """Add a conversation and all that was said in it."""
        key = f"slack place {id_of(place.row.get('id')) or place.folder}"
        kept = self._workspace.note(key)
        with self._workspace.transaction():
            channel = kept or self._add_place(place)
            if channel:
                self._workspace.note(key, channel)
        if not channel:
            return
        for name in self._export.days.get(place.folder, ()):
            with self._workspace.transaction():
                self._day(channel, place, name)

    def _add_place(self, place: Listed) -> str:
        members = [user for user in place.members if user in self.survey.users or user in self.survey.active]
        if self._owner and not place.listed and self._owner not in members:
            members.append(self._owner)
        kind: Kind = "mpim" if place.kind == "im" and len(members) > 2 else place.kind
        name = _ODD.sub("-", place.folder.lower()).strip("-")[:80] or "unnamed"
        if kind in ("im", "mpim"):
            name = "" if kind == "im" else name
        if not members:
            members = [self._workspace.slack.owner]
        for attempt in (name, f"{name[:70]}-imported"):
            try:
                return self._add_channel(place, kind, attempt, members)
            except WorkspaceError as error:
                problem = str(error)
        self._log.leave_out(f"{place.kind} conversation {place.folder}", problem)
        return ""

    def _add_channel(self, place: Listed, kind: Kind, name: str, members: list[str]) -> str:
        return self._workspace.slack.add_channel(
            name,
            members=members,
            created=place.created,
            kind=kind,
            topic=text_of(table(place.row.get("topic")).get("value"), 250),
            purpose=text_of(table(place.row.get("purpose")).get("value"), 250),
            shared=place.row.get("is_ext_shared") is True,
            archived=place.row.get("is_archived") is True,
            id=id_of(place.row.get("id")),
        )

    def _day(self, channel: str, place: Listed, name: str) -> None:
        shown = self._export.shown(name)
        try:
            rows = self._export.rows(name)
        except FileBroken as error:
            self._log.leave_out(shown, str(error))
            return
        for number, row in enumerate(rows, 1):
            try:
                self._said(channel, read_message(row))
            except (MessageProblem, WorkspaceError) as problem:
                self._log.leave_out(f"{shown}, message {number}", str(problem))

    def _said(self, channel: str, read: ReadMessage) -> None:
        key = f"slack said {channel} {read.ts}"
        if key in self._seen:
            self._log.duplicates += 1
            return
        thread = read.thread if f"slack said {channel} {read.thread}" in self._seen else ""
        if read.thread and not thread:
            self._log.note("replies whose thread is not in the export are kept as messages of their own")
        for user in read.people:
            self._member(user)
        self._workspace.slack.add_chat(
            channel,
            read.user,
            read.text,
            read.at,
            thread=thread,
            edited=read.edited,
            deleted=read.deleted,
            reactions=read.reactions,
            subtype=read.subtype,
            blocks=read.blocks,
            files=read.files,
            bot_name=read.bot_name,
            ts=read.ts,
        )
        self._seen.add(key)
        self._log.loaded += 1


def _owner(workspace: "Workspace", found: Survey, log: Log, asked: str) -> str:
    """The id of the member who is the workspace's owner: as asked, by address, by name, else who says most."""
    person = workspace.owner
    named = found.of_address(asked) or found.named(asked) if asked else ""
    if asked and not named:
        log.note(f"nobody in it is called {asked[:80]!r}")
    known = named or found.of_address(person.address) or found.named(person.name)
    if known or not found.busiest:
        return known
    row = found.users.get(found.busiest, {})
    log.note(
        f"{real_name_of(row) or found.busiest} says most in it and is taken for its owner; name another one with owner="
    )
    return found.busiest
