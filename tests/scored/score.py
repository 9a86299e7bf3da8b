"""Prints how well imported mail, channels and documents are read: `python -m tests.scored.score [-v]`.

One half may be tuned on, the other is only scored; -v lists what goes wrong in the first half, never in the second.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.scored import marked_chats, marked_mail, marked_papers, strangers, written
from tests.scored.imported import Imported, read
from tests.scored.marks import Mark

MEASURES = (
    "urgent: precision",
    "urgent: recall",
    "owed: precision",
    "owed: recall",
    "deadline right",
    "no deadline invented",
    "own promises: precision",
    "own promises, with their day",
    "of high importance",
    "of low importance",
    "category right",
    "facts kept in a summary",
    "claims that stand in a mail",
    "action items: precision",
    "action items: recall",
    "who is right",
    "what is right",
    "by when is right",
    "done told from open",
    "claims that stand in a message",
    "decisions of documents kept",
    "to-dos of documents kept",
    "named decisions and to-dos that are some",
    "dates of documents kept",
    "claims that stand in a document",
)


@dataclass(frozen=True)
class Share:
    """So many right, of so many."""

    right: int
    of: int

    @property
    def share(self) -> float:
        return self.right / self.of if self.of else 1.0

    def __str__(self) -> str:
        return f"{self.right:3d} of {self.of:3d} {self.share:7.1%}" if self.of else f"{'-':>17}"


def all_marks(imported: Imported) -> list[Mark]:
    """Every mark of mail, channels and documents."""
    found = [
        *marked_mail.marks(imported.digests),
        *marked_chats.marks(imported.actions),
        *marked_papers.marks(imported.summaries),
    ]
    return sorted(found, key=lambda mark: MEASURES.index(mark.measure))


def written_marks() -> list[Mark]:
    """Every mark of the letters written for judging."""
    return sorted(written.marks(), key=lambda mark: MEASURES.index(mark.measure))


def strange_marks() -> list[Mark]:
    """Every mark of the letters written blind."""
    return sorted(strangers.marks(), key=lambda mark: MEASURES.index(mark.measure))


def fresh_marks() -> list[Mark]:
    """Every mark of the letters of many trades."""
    return sorted(strangers.fresh_marks(), key=lambda mark: MEASURES.index(mark.measure))


def told_marks() -> list[Mark]:
    """Every mark of the letters that tell a danger by its situation."""
    return sorted(strangers.told_marks(), key=lambda mark: MEASURES.index(mark.measure))


def asked_marks() -> list[Mark]:
    """Every mark of the letters that ask, or only look like it."""
    return sorted(strangers.asked_marks(), key=lambda mark: MEASURES.index(mark.measure))


def last_marks() -> list[Mark]:
    """Every mark of the letters written blind after all tuning."""
    return sorted(strangers.last_marks(), key=lambda mark: MEASURES.index(mark.measure))


def blind_marks() -> list[Mark]:
    """Every mark of the letters of other authors."""
    return sorted(strangers.blind_marks(), key=lambda mark: MEASURES.index(mark.measure))


def last_table(marks: Sequence[Mark]) -> str:
    """The letters nothing may be tuned on, in one column."""
    return "\n".join(f"{measure:42}{'':20}{share}" for measure, share in shares(marks).items())


def shares(marks: Iterable[Mark]) -> dict[str, Share]:
    """The share of right marks by measure."""
    found: dict[str, Share] = {}
    for mark in marks:
        share = found.get(mark.measure, Share(0, 0))
        found[mark.measure] = Share(share.right + mark.right, share.of + 1)
    return found


def table(marks: Sequence[Mark]) -> str:
    """Both halves side by side, every measure in the order of the marks."""
    tuned, scored = (shares(mark for mark in marks if mark.tuned is half) for half in (True, False))
    rows = [f"{'':42}{'tuned on':>17}   {'only scored':>17}"]
    nothing = Share(0, 0)
    rows += [f"{one:42}{tuned.get(one, nothing)}   {scored.get(one, nothing)}" for one in shares(marks)]
    return "\n".join(rows)


def main() -> None:
    with TemporaryDirectory() as folder:
        imported = all_marks(read(Path(folder)))
    letters = (
        ("Letters written for judging", written_marks()),
        ("Letters of strangers, all read while tuning", strange_marks()),
        ("Letters of many trades, all read while tuning", fresh_marks()),
        ("Letters that tell a danger by its situation", told_marks()),
        ("Letters that ask, or only look like it", asked_marks()),
    )
    for name, marks in (("Imported", imported), *letters):
        if "-v" in sys.argv:
            wrong = [mark for mark in marks if mark.tuned and not mark.right]
            sys.stdout.writelines(f"{mark.measure} | {mark.key}\n    {mark.why}\n" for mark in wrong)
        sys.stdout.write(f"\n{name}\n{table(marks)}\n")
    sys.stdout.write(f"\nLetters of strangers, written after all tuning\n{last_table(last_marks())}\n")
    sys.stdout.write(f"\nLetters of other authors, never tuned on\n{last_table(blind_marks())}\n")


if __name__ == "__main__":
    main()
