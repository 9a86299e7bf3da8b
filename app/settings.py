"""Reads what the person has set: the only reader of the environment, of `.env` and of `$VALET_HOME/config.toml`.

Law: read once. An explicit argument beats the environment, which beats `.env` in the working directory, which beats the
config file, which beats the default. Importing this costs next to nothing, because the prompt waits for it.
"""

# pathlib would cost the prompt 8 ms:
# ruff: noqa: PTH100, PTH111, PTH113, PTH118

from __future__ import annotations

import os

from app.setting_rows import ROWS, Row, SettingsError
from app.setting_values import Secret, Settings

__all__ = ["Secret", "Settings", "SettingsError", "environment", "home", "load", "take_over"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.setting_files import Given


def load(
    environ: Mapping[str, str] | None = None,
    *,
    cwd: str | os.PathLike[str],
    explicit: Mapping[str, str | None] | None = None,
) -> Settings:
    """Read every layer once. `explicit` holds names of settings given on the command line; None means not given.

    Raises SettingsError, naming the place, the name and the fix, for a value that cannot be used.
    """
    system = dict(os.environ if environ is None else environ)
    surroundings = _surroundings(system, cwd)
    layers = [
        {name: (text, "the command line") for name, text in (explicit or {}).items() if text is not None},
        *surroundings,
    ]
    home = _home(layers, system)
    layers.append(_file("config", os.path.join(home[0], "config.toml")))
    given = {name: _first(layers, name, (row.default, "default")) for name, row in ROWS.items()}
    for name, (text, place) in given.items():
        if place != "default":
            _check(ROWS[name], text, place)
    strangers = {name: place for layer in surroundings for name, (_, place) in layer.items() if name not in ROWS}
    return Settings(given | {"VALET_HOME": home}, system, strangers)


def home(cwd: str | os.PathLike[str]) -> str:
    """The folder of everything Valet keeps, without reading what is set in it. Raises SettingsError."""
    system = dict(os.environ)
    return _home(_surroundings(system, cwd), system)[0]


def environment() -> dict[bytes, bytes]:
    """The whole environment, to be handed over to a process that takes it over."""
    return dict(os.environb)


def take_over(environment: Mapping[bytes, bytes]) -> None:
    """Put this environment in the place of the one the process has, and its time zone into force."""
    import time

    os.environb.clear()
    os.environb.update(environment)
    time.tzset()


def _surroundings(system: Mapping[str, str], cwd: str | os.PathLike[str]) -> list[Given]:
    """The environment, and the `.env` of the working directory; what is named as a setting and is none, too."""
    return [
        {name: (text, "the environment") for name, text in system.items() if name in ROWS or name.startswith("VALET_")},
        _file("dotenv", os.path.join(cwd, ".env")),
    ]


def _home(layers: list[Given], system: Mapping[str, str]) -> tuple[str, str]:
    found, place = _first(layers, "VALET_HOME", (_default_home(system), "default"))
    return os.path.abspath(os.path.expanduser(found)), place


def _first(layers: list[Given], name: str, default: tuple[str, str]) -> tuple[str, str]:
    """The text and the place of the strongest layer that says anything; an empty text says nothing."""
    return next(
        ((text.strip(), at) for layer in layers for text, at in [layer.get(name, ("", ""))] if text.strip()), default
    )


def _check(row: Row, text: str, place: str) -> None:
    try:
        row.parse(text)
    except ValueError as error:
        shown = "the value there" if row.secret else repr(text)
        raise SettingsError(
            f"{row.name} cannot be {shown}: {error}.", f"It comes from {place}; change it there."
        ) from None


def _file(kind: str, path: str) -> Given:
    """One settings file; its parser is only loaded when the file is there."""
    if not os.path.isfile(path):
        return {}
    from pathlib import Path

    from app import setting_files

    read = setting_files.dotenv if kind == "dotenv" else setting_files.config
    try:
        return read(Path(path))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path} cannot be read: {error}.", "Make it a readable UTF-8 file, or remove it."
        ) from error


def _default_home(system: Mapping[str, str]) -> str:
    """The user data folder; on Linux without asking platformdirs, which would cost the prompt 20 ms."""
    if os.name == "posix" and os.uname().sysname == "Linux":
        base = system.get("XDG_DATA_HOME", "").strip() or os.path.join(system.get("HOME") or "~", ".local", "share")
        return os.path.join(base, "valet")
    from platformdirs import user_data_dir

    return user_data_dir("valet", appauthor=False)
