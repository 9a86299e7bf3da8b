"""Peak memory of importing mail: ten times as many mails may take no more."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from tests.bench.figures import Row
from tests.bench.race import ROOT, bare
from tests.bench.runner import Bench

ABOUT = "peak memory of importing 10,000 mails"
ORDER = 9
SIZES = (1_000, 10_000)
KILOBYTES, MOST = 8, 2.0


def run(bench: Bench) -> Iterator[Row]:
    grown: dict[int, int] = {}
    for count in SIZES:
        folder = bench.folder / f"import-{count}"
        folder.mkdir()
        command = [sys.executable, "-m", "tests.demo.importing_bench", str(folder), str(count), str(KILOBYTES)]
        done = subprocess.run(command, cwd=ROOT, env=bare(), capture_output=True, text=True, check=False)
        if done.returncode:
            yield Row("importing", f"{count:,} mails", "", void=done.stderr[-200:])
            return
        read, grown[count] = (int(word) for word in done.stdout.split())
        if read != count:
            yield Row("importing", f"{count:,} mails", "", void=f"{read} of {count} came in")
            return
    small, large = (max(1, grown[count]) for count in SIZES)
    yield Row(
        "importing", f"{SIZES[1]:,} mails of {KILOBYTES} KB", f"{large} MB", f"{SIZES[0]:,}: {small} MB", large / small,
        most=MOST, note="growth of the peak of resident memory over that of the empty program",
    )  # fmt: skip
