"""Nothing of a person is in the process on standby, and being able to hand over costs a command next to nothing."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.settings import load
from app.standby import place as words
from app.standby.client import READ_AT_LOADING
from app.vault_opening import open_vault
from app.wiring import local_user
from tests.canary.leaks import forms
from tests.standby_world import NOW, ROOT, Place, children, copied, on_standby, silent_model, spares_of
from tests.terminal import SECONDS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="standby is offered on Linux")
TOKEN = "canary-environment-Zw7uQ9xK2mLrT4vB8nJc"
SOCKETS = 2
"""The one it listens on, and the cord to its spare child."""
REQUEST = "canary request Pk3vR8tYq5Wd about the quarterly report"


@pytest.fixture(scope="module")
def helped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("law")
    place = Place(copied(folder / "checkout"), folder / "home")
    with on_standby(place):
        yield place


def memory(pid: int) -> Iterator[bytes]:
    """Every region of a process's memory that can be read. Skips the test where the system lets nobody look."""
    try:
        with Path(f"/proc/{pid}/mem").open("rb", 0) as content:
            for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
                found = re.match(r"([0-9a-f]+)-([0-9a-f]+) r.*", line)
                if found is None or line.endswith(("[vvar]", "[vsyscall]", "[vvar_vclock]")):
                    continue
                begin, end = int(found[1], 16), int(found[2], 16)
                content.seek(begin)
                yield content.read(end - begin)
    except PermissionError:
        pytest.skip("this system lets nobody look into another process")


def found_in(pid: int, secrets: dict[str, str]) -> set[str]:
    needles = [(needle, name) for name, secret in secrets.items() for _, needle in forms(secret)]
    return {name for region in memory(pid) for needle, name in needles if needle in region}


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)
    elif isinstance(value, str):
        yield value


def vault_secrets(place: Place) -> dict[str, str]:
    """What the demo's vault keeps, and the key that lies beside it."""
    settings = load(place.env(), cwd=place.home)
    found = {path.name: path.read_text().strip() for path in place.home.glob("*.key")}
    with closing(open_vault(settings)) as vault:
        for record in (vault.get(at) for at in vault.places("demo demo", local_user())):
            assert record is not None
            kept = [text for text in texts(json.loads(record.value)) if re.fullmatch(r"[\w./~+-]{24,}", text)]
            found |= {f"token {len(found) + n}": text for n, text in enumerate(kept) if "googleapis" not in text}
    return found


def test_nothing_of_a_person_is_in_it(helped: Place) -> None:
    """Three requests pass through it, one of them still under way, where the search does find what it looks for."""
    pid = helped.pid()
    for request in ("overview of my unread mail", "what is on my calendar tomorrow?", REQUEST):
        assert helped.run("ask", request, OPENAI_API_KEY=TOKEN).returncode == 0
    assert helped.served() == 3
    secrets = {"environment": TOKEN, "request": REQUEST} | vault_secrets(helped)
    assert len(secrets) > 4
    with silent_model() as (silent, model), helped.begun("ask", REQUEST, **model, SOME_TOKEN=TOKEN):
        accepted, _ = silent.accept()
        with accepted:
            (child,) = children(pid)
            assert {"environment", "request"} <= found_in(child, secrets)
            assert found_in(pid, secrets) == set()
    (spare,) = spares_of(helped)
    assert found_in(spare, secrets) == set(), "it was forked after them"


def settled_files(pid: int) -> set[str]:
    """The open files once the lines of earlier callers are closed, which is a moment after these have ended."""
    end = time.monotonic() + SECONDS
    while True:
        opened = {str(handle.readlink()) for handle in Path(f"/proc/{pid}/fd").iterdir()}
        if len([name for name in opened if name.startswith("socket:")]) == SOCKETS or time.monotonic() > end:
            return opened
        time.sleep(0.05)


def test_its_environment_files_and_threads_are_its_own(helped: Place) -> None:
    pid = helped.pid()
    assert helped.run("ask", "what is 6*7?", SOME_TOKEN=TOKEN).returncode == 0
    environment = Path(f"/proc/{pid}/environ").read_bytes().rstrip(b"\0").split(b"\0")
    assert set(environment) == {b"LANG=C.UTF-8", f"VALET_HOME={helped.home}".encode()}
    assert [task.name for task in Path(f"/proc/{pid}/task").iterdir()] == [str(pid)]
    opened = settled_files(pid)
    assert {name for name in opened if not name.startswith(("socket:", "pipe:"))} == {
        os.devnull, str(helped.home / words.LOCK),
    }  # fmt: skip
    assert len([name for name in opened if name.startswith("socket:")]) == SOCKETS
    assert (os.getsid(pid), Path(f"/proc/{pid}/cwd").readlink()) == (pid, Path("/"))
    assert "\nUmask:\t0077\n" in Path(f"/proc/{pid}/status").read_text()
    for number in range(3):
        assert Path(f"/proc/{pid}/fd/{number}").readlink() == Path(os.devnull)


CLIENT = """
import os, sys
before = set(sys.modules)
from app.cli import _handed_over
code = _handed_over(sys.argv[1:])
print(code, *(set(sys.modules) - before))
"""
LIGHT = {
    "__future__", "_collections", "_functools", "_operator", "app", "app.cli", "app.later", "app.setting_rows",
    "app.setting_values", "app.settings", "app.standby", "app.standby.client", "app.standby.place", "app.tasks",
    "app.tasks.addresses", "app.unlock", "collections", "functools", "itertools", "keyword", "operator", "reprlib",
    "types",
}  # fmt: skip


def test_to_hand_over_loads_nothing_heavy(helped: Place, tmp_path: Path) -> None:
    alone = Place(helped.checkout, tmp_path / "home")
    loaded = list[set[str]]()
    for place, wanted in ((alone, "None"), (helped, "0")):
        argv = [sys.executable, "-c", CLIENT, "ask", "what is 6*7?"]
        done = subprocess.run(argv, env=place.env(), cwd=place.checkout, capture_output=True, text=True, check=True)
        code, *names = done.stdout.splitlines()[-1].split()
        assert code == wanted
        loaded.append(set(names))
    assert loaded[0] <= LIGHT - {"app.unlock"}, "where nobody stands by, not even a socket is loaded"
    assert loaded[1] <= LIGHT | {"_socket"}


LOADING = """
import json, os, sys
from collections.abc import MutableMapping

read = set()

class Watched(MutableMapping):
    def __init__(self, inner): self.inner = inner
    def __getitem__(self, name): read.add(name); return self.inner[name]
    def __setitem__(self, name, value): self.inner[name] = value
    def __delitem__(self, name): del self.inner[name]
    def __iter__(self): read.add("everything"); return iter(self.inner)
    def __len__(self): return len(self.inner)
    def copy(self): read.add("everything"); return dict(self.inner)

os.environ = Watched(os.environ)
os.getenv = lambda name, default=None: os.environ.get(name, default)
from app.later import put_off
put_off()
from app.standby import loading
loading.load()
told, tasks = sorted(read), len(os.listdir("/proc/self/task"))
import app.cli
os.environ = os.environ.inner
before = set(sys.modules)
code = app.cli.run(["ask", "--json", "what is on my calendar tomorrow, and what is in my unread mail?"])
later = sorted(set(sys.modules) - before)
sys.stdout.flush()
print()
print(json.dumps({"read": told, "tasks": tasks, "later": later, "code": code}))
"""
SAME_ANYHOW = {"CLOUDSDK_CONFIG", "HOME", "HTTPLIB2_CA_CERTS", "LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES"}
"""Read for places of configuration and connections that Valet does not use, and for translations nobody brings."""
FEW = 12


def test_what_is_loaded_depends_on_code_alone_and_is_what_a_request_needs(tmp_path: Path) -> None:
    home = Place(ROOT, tmp_path / "home")
    argv = [sys.executable, "-c", LOADING]
    done = subprocess.run(argv, env=home.env(**NOW), cwd=ROOT, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    at_loading = tuple(name.decode() for name in READ_AT_LOADING)
    strangers = [name for name in told["read"] if not name.startswith(at_loading) and name not in SAME_ANYHOW]
    assert strangers == [], "a library reads them while it is loaded: name them in READ_AT_LOADING"
    assert told["tasks"] == 1
    assert told["code"] == 0
    assert len(told["later"]) <= FEW, "load these too"


def test_what_a_library_reads_at_loading_is_not_handed_over(helped: Place) -> None:
    before = helped.served()
    early = {"LANGSMITH_RUN_COMPRESSION_LEVEL": "1"}
    assert "42" in helped.run("ask", "what is 6*7?", **early).stdout
    assert helped.served() == before
    said = helped.run("standby", "--status", **early).stdout
    assert "Here, commands run by themselves all the same: LANGSMITH_RUN_COMPRESSION_LEVEL is set" in said
    assert "all the same" not in helped.status()
