"""Fuzzes the tasks API from its own description, with schemathesis: `make fuzz`.

What is sent carries a good token, so that it gets past the door; what comes back must be what the description says.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.tasks.office import opened

EXAMPLES = 60
CONFIG = """
headers = { Authorization = "Bearer TOKEN" }
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "404", "409", "412"]
[checks.negative_data_rejection]
expected-statuses = ["400", "404", "405", "409", "412", "415", "422"]
"""


def main() -> int:
    """The exit code of schemathesis."""
    examples = sys.argv[1] if len(sys.argv) > 1 else str(EXAMPLES)
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder) / "tasks.db") as office:
        office.sign_in()
        for number in range(3):
            office.create(f"task {number}", due=f"2026-03-1{number}")
        config = Path(folder) / "schemathesis.toml"
        config.write_text(CONFIG.replace("TOKEN", office.token), encoding="utf-8")
        command = [
            *(str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(config)),
            *("run", f"{office.origin}/openapi.json", "--url", office.origin, "--checks", "all"),
            *("--exclude-checks", "use_after_free"),  # it does not know that a deleted task can be restored
            *("--max-examples", examples, "--seed", "4711", "--no-color", "--request-timeout", "10"),
        ]
        return subprocess.run(command, cwd=folder, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
