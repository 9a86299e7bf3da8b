"""Takes files and folders into a workspace: mail, calendars, documents, Slack; each loaded, partly or refused.

Law: nothing a file holds can stop the import; what was committed stays, and running it again takes nothing twice.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.demo.importing.documents import Shelving
from app.demo.importing.mail import UNREADABLE, Filing, defects, file_time
from app.demo.importing.mbox import LONGEST_MESSAGE, Enveloped, messages
from app.demo.importing.report import FileReport, ImportReport, Log
from app.demo.importing.seen import Seen
from app.demo.importing.slack_archive import is_export
from app.demo.importing.sources import files, head_of, kind_of, leads_out, size_of, why_not, without_bom

if TYPE_CHECKING:
    from app.demo.workspace import Workspace

Progress = Callable[[int, int | None, str], None]


class Import:
    """One run over some files. Progress is told in bytes: read so far, all, and the name of the file."""

    def __init__(
        self, workspace: "Workspace", paths: Sequence[Path], progress: Progress, total: int, owner: str = ""
    ) -> None:
        self._workspace = workspace
        self._seen = Seen(workspace.database)
        self._named = paths
        self._shelving = Shelving(workspace, self._seen, paths)
        self._progress = progress
        self._total = total
        self._owner = owner  # of a Slack export
        self._before = 0  # bytes of the files that are done

    def file(self, path: Path) -> FileReport:
        """Take one file, whatever it is."""
        self._tell(path, 0)
        log = Log(path, "unknown")
        try:
            report = self._take(path, log)
        except OSError as error:
            report = log.refused(f"it cannot be read: {error.strerror or error}")
        self._before += size_of(path)
        return report

    def _take(self, path: Path, log: Log) -> FileReport:
        if leads_out(path, self._named):
            return log.refused("it is a link to a file outside the folder; name that file itself to take it")
        if path.is_dir():
            return self._slack(path, log)
        head = head_of(path)
        if is_export(path, head):
            return self._slack(path, log)
        log.kind = kind_of(head, path.name)
        if log.kind == "unknown" or not head.strip():
            return log.refused(why_not(head, path.name))
        if log.kind == "document":
            return self._shelving.take(path, log)
        if log.kind == "mbox":
            return self._mbox(path, log)
        return self._mail(path, log) if log.kind == "mail" else self._calendar(path, log)

    def _mbox(self, path: Path, log: Log) -> FileReport:
        filing = Filing(self._workspace, self._seen, log, file_time(path))
        count = 0
        with path.open("rb") as source:
            for found in messages(source):
                filing.take(found)
                count = found.number
                if found.number % 50 == 0:
                    self._tell(path, found.end)
        filing.flush()
        return log.report() if count else log.refused("there is no message in it")

    def _mail(self, path: Path, log: Log) -> FileReport:
        if size_of(path) > LONGEST_MESSAGE:
            return log.refused("it is larger than 50 MB")
        raw = without_bom(path.read_bytes()).lstrip(b"\r\n")
        filing = Filing(self._workspace, self._seen, log, file_time(path))
        filing.take(Enveloped(1, raw, "", len(raw)))
        filing.flush()
        try:
            for defect in defects(raw):
                log.note(f"kept as it stands: {defect}")
        except UNREADABLE as error:
            log.note(f"kept as it stands: {error}")
        return log.report()

    def _calendar(self, path: Path, log: Log) -> FileReport:
        # The calendar library takes a tenth of a second to load: only for those who have a calendar.
        from app.demo.importing.calendars import take_calendar

        return take_calendar(self._workspace, self._seen, path, log)

    def _slack(self, path: Path, log: Log) -> FileReport:
        from app.demo.importing.slack_export import take_export

        log.kind = "slack"
        return take_export(self._workspace, self._seen, path, log, owner=self._owner, tell=lambda: self._tell(path, 0))

    def _tell(self, path: Path, position: int) -> None:
        self._progress(self._before + position, self._total, path.name)


def load(workspace: "Workspace", paths: Sequence[Path], *, progress: Progress, owner: str = "") -> ImportReport:
    """Take everything in `paths` (files, and folders with all they hold) into the workspace.

    `progress` is told bytes: done so far, of how many, in which file. Raises nothing for what the files hold; an
    interruption (Ctrl-C, a crash) keeps what is committed, and the same call again takes the rest.
    `owner` is whose a Slack export is, if their address does not tell: an id, a handle or a name in it.
    """
    if not any(calendar.primary for calendar in workspace.events.calendars()):
        person = workspace.owner
        workspace.add_calendar(
            person.address,
            summary=person.name or person.address,
            owner=person.address,
            zone=workspace.zone,
            primary=True,
        )
    found = list(files(paths))
    total = sum(size_of(path) for path in found)
    run = Import(workspace, paths, progress, total, owner)
    reports = tuple(run.file(path) for path in found)
    progress(total, total, "")
    return ImportReport(reports)
