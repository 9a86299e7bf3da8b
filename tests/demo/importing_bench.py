"""Makes a workspace, writes an mbox of so many messages, imports it, and prints the growth of the memory in MB.

Run in a process of its own: `python -m tests.demo.importing_bench FOLDER MESSAGES KILOBYTES`.
"""

import resource
import sys
from pathlib import Path

from app.demo.importing import load
from app.demo.workspace import Person, Workspace


def write_mbox(path: Path, count: int, kilobytes: int) -> None:
    """Messages of about that size, three to a conversation."""
    line = b"the van was late, the parcel was not, and nobody at the depot knew why\n"
    body = line * (kilobytes * 1024 // len(line))
    with path.open("wb") as out:
        for number in range(count):
            out.write(
                b"From x@corp.example Tue Mar 03 09:12:00 2026\nFrom: P <p%d@corp.example>\nTo: kim@home.example\n"
                b"Subject: Route %d\nMessage-ID: <%d@corp.example>\nDate: Tue, 3 Mar 2026 %02d:%02d:00 +0000\n\n%s\n"
                % (number % 97, number // 3, number, number // 60 % 24, number % 60, body)
            )


def main(folder: Path, count: int, kilobytes: int) -> None:
    mailbox = folder / "big.mbox"
    write_mbox(mailbox, count, kilobytes)
    workspace = Workspace.create(folder / "big.db", owner=Person("kim@home.example", "Kim"), zone="UTC")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report = load(workspace, [mailbox], progress=lambda done, total, what: None)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    workspace.close()
    sys.stdout.write(f"{report.messages} {grown // 1024}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
