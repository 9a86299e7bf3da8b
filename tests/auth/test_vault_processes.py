"""The vault among several processes: they take turns, share one key, and one that was killed is found out."""

from __future__ import annotations

from pathlib import Path

from tests.auth.vault_world import CANARY, MAIL, apart, beside, open_in, value

SPEND = """
import os, sys
from pathlib import Path
from tests.auth.vault_world import MAIL, beside, open_in
home = Path(sys.argv[1])
vault = open_in(home, beside(home))
with vault.exclusive(MAIL):
    vault.begin(MAIL)
    print("spent", flush=True)
    sys.stdin.read()
"""


def test_one_that_was_killed_between_spending_and_keeping_is_found_out(tmp_path: Path) -> None:
    vault = open_in(tmp_path, beside(tmp_path))
    vault.put(MAIL, CANARY)
    with apart(SPEND, tmp_path) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "spent\n"
        other.kill()
    with vault.exclusive(MAIL):
        record = vault.get(MAIL)
    assert record is not None
    assert record.begun > 0
    assert record.value == CANARY


COUNT = """
import sys
from pathlib import Path
from tests.auth.vault_world import MAIL, beside, open_in, value
home = Path(sys.argv[1])
vault = open_in(home, beside(home))
for _ in range(50):
    with vault.exclusive(MAIL):
        vault.put(MAIL, str(int(value(vault)) + 1).encode())
"""


def test_processes_take_turns(tmp_path: Path) -> None:
    vault = open_in(tmp_path, beside(tmp_path))
    vault.put(MAIL, b"0")
    for process in [apart(COUNT, tmp_path) for _ in range(3)]:
        assert process.communicate(timeout=120)[1] == ""
    assert value(vault) == b"150"


FOUND = """
import sys
from pathlib import Path
from tests.auth.vault_world import beside, open_in
home = Path(sys.argv[1])
print(open_in(home, beside(home)).data_key("checkpoints").encrypt(b"hello").hex())
"""


def test_processes_that_found_a_vault_at_once_share_one_key(tmp_path: Path) -> None:
    texts = [process.communicate(timeout=60)[0] for process in [apart(FOUND, tmp_path) for _ in range(4)]]
    cipher = open_in(tmp_path, beside(tmp_path)).data_key("checkpoints")
    assert [cipher.decrypt(bytes.fromhex(text)) for text in texts] == [b"hello"] * 4
    assert len(list(tmp_path.glob("*.key"))) == 1
