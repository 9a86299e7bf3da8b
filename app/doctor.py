"""Says what is configured, reachable and missing, and the next action for each. Law: it looks, and changes nothing."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import stat
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from app.settings import Settings, SettingsError, load

State = Literal["ok", "note", "missing"]
LEAST_DISK = 200_000_000
PACKAGES = ("langgraph", "langchain-core", "langchain-openai", "google-api-python-client")
SECONDS = 5.0


@dataclass(frozen=True)
class Check:
    """One thing looked at. `next` is what to do, "" where there is nothing to do."""

    name: str
    state: State
    what: str
    next: str = ""


def examine(cwd: Path) -> list[Check]:
    """Every check, in the order a person would go through them."""
    checks = [_versions()]
    try:
        settings = load(cwd=cwd)
    except SettingsError as error:
        return [*checks, Check("settings", "missing", error.what, error.next)]
    checks += [
        *_settings(settings),
        _clock(settings),
        *_home(settings),
        _vault(settings),
        *_connections(settings),
        *_watched(settings),
        *_workspace(settings),
        _servers(settings),
    ]
    return [*checks, _model(settings), _tools(), _terminal(settings)]


def report(checks: Iterable[Check], *, as_json: bool) -> int:
    """Print the checks; the exit code is 4 when something is missing."""
    listed = list(checks)
    fine = all(check.state != "missing" for check in listed)
    if as_json:
        sys.stdout.write(json.dumps({"ok": fine, "checks": [asdict(c) for c in listed]}, ensure_ascii=False, indent=2))
        sys.stdout.write("\n")
    else:
        _print(listed, fine)
    return 0 if fine else 4


def _print(listed: list[Check], fine: bool) -> None:
    from app.screen import terminal
    from tools.view import Cell, Table, Tone

    tones: dict[State, Tone] = {"ok": "good", "note": "notice", "missing": "urgent"}
    rows = tuple(
        (
            Cell(text=check.state, tone=tones[check.state]),
            Cell(text=check.name, tone="strong"),
            Cell(text=f"{check.what} {'→ ' + check.next if check.next else ''}".strip()),
        )
        for check in listed
    )
    note = "Everything Valet needs is there." if fine else "Something is missing; the lines marked so say what to do."
    screen = terminal(colour=True)
    screen.show([Table(columns=("", "", ""), rows=rows, grow=2, note=note)])


def _versions() -> Check:
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return Check("versions", "ok", f"valet {version('valet')}, Python {sys.version.split()[0]}, {packages}")


def _settings(settings: Settings) -> Iterator[Check]:
    changed = [f"{name} ({place})" for name, place in settings.origins.items() if place != "default"]
    yield Check("settings", "ok", f"set: {', '.join(changed)}." if changed else "all at their defaults.")
    for told in settings.strangers:
        yield Check("settings", "note", told, "See .env.example for the names.")
    for place in {place.rpartition(" line ")[0] for n, place in settings.origins.items() if n.endswith("_KEY")} - {""}:
        if _open_to_others(Path(place)):
            yield Check("settings", "note", f"{place} holds a key, and others may read it.", f"chmod 600 {place}")


def _clock(settings: Settings) -> Check:
    place = settings.origins["VALET_ZONE"]
    zone = f"{settings.zone.key} ({'the machine' if place == 'default' else place})"
    if settings.now:
        return Check("clock", "note", f"{zone}; fixed at {settings.now.isoformat()}.", "Unset VALET_NOW for real time.")
    return Check("clock", "ok", zone)


def _home(settings: Settings) -> Iterator[Check]:
    home = settings.home
    if not home.is_dir():
        above = next(parent for parent in (home, *home.parents) if parent.exists())
        if above.is_dir() and os.access(above, os.W_OK):
            yield Check("home", "ok", f"{home} is made at first use.")
        else:
            yield Check("home", "missing", f"{home} cannot be made.", "Name a writable folder in VALET_HOME.")
        return
    if not os.access(home, os.W_OK):
        yield Check("home", "missing", f"{home} is not writable.", "Make it so, or set VALET_HOME.")
    elif _open_to_others(home):
        yield Check("home", "note", f"others may look into {home}.", f"chmod 700 {home}")
    else:
        yield Check("home", "ok", f"{home}, private.")
    free = shutil.disk_usage(home).free
    if free < LEAST_DISK:
        yield Check("disk", "missing", f"{free / 1e6:.0f} MB left.", "Free some space.")
    for file in sorted(home.glob("*.db")):
        yield _database(file)


def _database(file: Path) -> Check:
    name = f"database {file.name}"
    try:
        connection = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=SECONDS)
        try:
            answer = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        finally:
            connection.close()
    except sqlite3.Error as error:
        return Check(name, "missing", f"it cannot be read: {error}.", f"Move {file} away to begin anew.")
    if answer != "ok":
        return Check(name, "missing", f"it is damaged: {answer}.", f"Move {file} away to begin anew.")
    if _open_to_others(file):
        return Check(name, "note", "others may read it.", f"chmod 600 {file}")
    return Check(name, "ok", f"{file.stat().st_size / 1e6:.1f} MB, private.")


def _vault(settings: Settings) -> Check:
    from app.vault_state import vault_state

    found = vault_state(settings)
    return Check("vault", found.state, found.what, found.next)


def _connections(settings: Settings) -> Iterator[Check]:
    from app.doctor_connections import connections
    from app.wiring import local_user

    return connections(settings, local_user())


def _watched(settings: Settings) -> Iterator[Check]:
    from app.doctor_watched import watched
    from app.wiring import local_user

    return watched(settings, local_user())


def _workspace(settings: Settings) -> Iterator[Check]:
    file = settings.workspace_file
    if settings.demo_origin:
        return
    if not file.exists():
        if settings.workspace == "demo":
            yield Check("workspace", "ok", "the demo workspace is made at first use.")
        else:
            action = f"`valet demo import --workspace {settings.workspace} PATH…` makes it."
            yield Check("workspace", "missing", f"there is no workspace {settings.workspace!r}.", action)
        return
    from app.demo.workspace import Workspace
    from app.demo.workspace_error import WorkspaceError, WorkspaceOutdated

    try:
        opened = Workspace.open(file)
    except WorkspaceError as error:
        if settings.workspace == "demo" and isinstance(error, WorkspaceOutdated) and error.made_up:
            yield Check("workspace", "ok", "of an older version; it is made anew at the next use.")
            return
        yield Check("workspace", "missing", str(error), f"`valet demo reset --workspace {settings.workspace}`")
        return
    yield Check("workspace", "ok", f"{settings.workspace!r} of {opened.owner.address}, {opened.zone}.")
    opened.close()


def _servers(settings: Settings) -> Check:
    """A running server is asked; else it is enough that this machine lets one stand on loopback."""
    if not settings.demo_origin:
        try:
            with socket.create_server(("127.0.0.1", 0)):
                return Check("servers", "ok", "they start within Valet, on loopback.")
        except OSError as error:
            return Check("servers", "missing", f"no port can be opened on 127.0.0.1: {error}.", "Allow loopback.")
    from app.faults_order import FaultsRefused, order

    try:
        waiting = order(settings.demo_origin, "")
    except FaultsRefused as error:
        action = "Start `valet demo serve`, or unset VALET_DEMO_ORIGIN."
        return Check("servers", "missing", f"{settings.demo_origin}: {error}", action)
    faults = f", {len(waiting)} faults waiting" if waiting else ""
    return Check("servers", "ok", f"{settings.demo_origin} answers{faults}.")


def _model(settings: Settings) -> Check:
    if settings.model == "offline":
        return Check("model", "ok", "the offline planner; VALET_MODEL=openai:NAME sets another.")
    import urllib3

    from app.doctor_connections import model_key
    from auth.placing import bearer

    key, place = model_key(settings)
    if key is None and not settings.model_url:
        action = "`valet connect model` takes one, or set VALET_MODEL_KEY."
        return Check("model", "missing", f"{settings.model} has no key{place}.", action)
    base = settings.model_url or "https://api.openai.com/v1"
    headers = bearer(key.reveal()) if key else {}
    try:
        answer = urllib3.request("GET", f"{base.rstrip('/')}/models", headers=headers, timeout=SECONDS, retries=False)
    except urllib3.exceptions.HTTPError as error:
        said = f"{base} cannot be reached ({type(error).__name__})."
        return Check("model", "missing", said, "Check VALET_MODEL_URL and the network.")
    if answer.status in (401, 403):
        return Check("model", "missing", f"{base} refuses the key{place} (HTTP {answer.status}).", "Check it.")
    if answer.status >= 500:
        return Check("model", "missing", f"{base} fails (HTTP {answer.status}).", "Try again later.")
    return Check("model", "ok", f"{settings.model} at {base}, with {'the key' if key else 'no key'}{place}.")


def _tools() -> Check:
    from tools.errors import DeclarationError
    from tools.registry import discover

    try:
        registry = discover()
    except DeclarationError as error:
        return Check("tools", "missing", str(error), "Mend the file named there.")
    return Check(
        "tools", "ok", f"{len(registry.tools)} tools, nodes: {', '.join(node.name for node in registry.nodes)}."
    )


def _terminal(settings: Settings) -> Check:
    colour = "colour" if settings.colour and sys.stdout.isatty() else "no colour"
    encoding = (sys.stdout.encoding or "unknown").lower()
    if "utf" not in encoding:
        return Check("terminal", "note", f"its encoding is {encoding}.", "A UTF-8 locale shows every script.")
    return Check("terminal", "ok", f"{shutil.get_terminal_size().columns} columns, {colour}, {encoding}.")


def _open_to_others(path: Path) -> bool:
    return path.exists() and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
