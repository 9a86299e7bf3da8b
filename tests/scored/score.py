"""Prints how well imported mail, channels and documents are read: `python -m tests.scored.score [-v]`.

One half may be tuned on, the other is only scored; -v lists what goes wrong in the first half, never in the second.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.scored import marked_chats, marked_mail, marked_papers
from tests.scored.imported import Imported, read
from tests.scored.marks import Mark


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
    return [
        *marked_mail.marks(imported.digests),
        *marked_chats.marks(imported.actions),
        *marked_papers.marks(imported.summaries),
    ]


def shares(marks: Iterable[Mark]) -> dict[str, Share]:
    """The share of right marks by measure."""
    found: dict[str, Share] = {}
    for mark in marks:
        share = found.get(mark.measure, Share(0, 0))
        found[mark.measure] = Share(share.right + mark.right, share.of + 1)
    return found


def table(tuned: Mapping[str, Share], scored: Mapping[str, Share]) -> str:
    """Both halves side by side."""
    rows = [f"{'':42}{'tuned on':>17}   {'only scored':>17}"]
    nothing = Share(0, 0)
    rows += [
        f"{one:42}{tuned.get(one, nothing)}   {scored.get(one, nothing)}" for one in dict.fromkeys((*tuned, *scored))
    ]
    return "\n".join(rows)


def main() -> None:
    with TemporaryDirectory() as folder:
        marks = all_marks(read(Path(folder)))
    if "-v" in sys.argv:
        wrong = [mark for mark in marks if mark.tuned and not mark.right]
        sys.stdout.writelines(f"{mark.measure} | {mark.key}\n    {mark.why}\n" for mark in wrong)
    tuned, scored = [mark for mark in marks if mark.tuned], [mark for mark in marks if not mark.tuned]
    sys.stdout.write(f"{table(shares(tuned), shares(scored))}\n")


if __name__ == "__main__":
    main()
