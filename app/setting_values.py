"""What is set, each under its name and with its type: the object every surface is handed.

Law: never changed once it is made, secrets masked. Importing this costs next to nothing, because the prompt waits for
it; so a value is turned into its type when it is first asked for.
"""

# pathlib would cost the prompt 8 ms:
# ruff: noqa: PTH110, PTH118

from __future__ import annotations

import os
import sys
from functools import cached_property

from app import setting_rows as rows
from app.setting_rows import ROWS, SettingsError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from app.setting_files import Given


class Secret:
    """A text that is never printed; only `reveal` gives it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "Secret('**********')"

    __str__ = __repr__

    def __reduce__(self) -> str:
        raise TypeError("a secret is not written anywhere")


class Settings:
    """Every setting, frozen. `origins` says for each name where its value came from ("default" if nowhere)."""

    origins: dict[str, str]
    _texts: dict[str, str]
    _system: dict[str, str]
    _strangers: dict[str, str]

    def __init__(self, given: Given, system: Mapping[str, str], strangers: Mapping[str, str]) -> None:
        texts = {name: text for name, (text, _) in given.items()}
        origins = {name: place for name, (_, place) in given.items()}
        self.__dict__.update(_texts=texts, _system=dict(system), _strangers=dict(strangers), origins=origins)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"settings are frozen: {name!r} cannot be changed")

    def __repr__(self) -> str:
        return f"Settings(home={self.home_text!r}, model={self.model!r}, workspace={self.workspace!r})"

    @property
    def home_text(self) -> str:
        """The folder of everything Valet keeps, as text."""
        return self._texts["VALET_HOME"]

    @cached_property
    def home(self) -> Path:
        """The folder of everything Valet keeps; whoever writes first makes it, private (0700)."""
        from pathlib import Path

        return Path(self.home_text)

    @property
    def model(self) -> str:
        """ "offline", or "openai:NAME" for a model of an OpenAI-compatible endpoint."""
        return self._texts["VALET_MODEL"]

    @property
    def model_url(self) -> str:
        """Base URL of the endpoint; "" for the provider's own."""
        return self._texts["VALET_MODEL_URL"]

    @property
    def model_key(self) -> Secret | None:
        """VALET_MODEL_KEY, else OPENAI_API_KEY."""
        text = self._texts["VALET_MODEL_KEY"] or self._texts["OPENAI_API_KEY"]
        return Secret(text) if text else None

    @property
    def vault_passphrase(self) -> Secret | None:
        """What opens a vault locked with a passphrase."""
        text = self._texts["VALET_VAULT_PASSPHRASE"]
        return Secret(text) if text else None

    def at(self, home: Path) -> Settings:
        """The same, for a person whose data lies in another folder."""
        given = {name: (value, self.origins[name]) for name, value in self._texts.items()}
        return Settings(given | {"VALET_HOME": (str(home), "the server")}, self._system, self._strangers)

    def with_passphrase(self, text: str) -> Settings:
        """The same, with the passphrase a person has just typed."""
        given = {name: (value, self.origins[name]) for name, value in self._texts.items()}
        return Settings(given | {"VALET_VAULT_PASSPHRASE": (text, "the terminal")}, self._system, self._strangers)

    @property
    def vault_key(self) -> Secret | None:
        """What opens a vault whose key comes from the environment; "new,old" while it is replaced."""
        text = self._texts["VALET_VAULT_KEY"]
        return Secret(text) if text else None

    @property
    def desktop(self) -> bool:
        """May there be a keyring? On Linux, one speaks over the session bus."""
        return os.name != "posix" or os.uname().sysname != "Linux" or bool(self._system.get("DBUS_SESSION_BUS_ADDRESS"))

    @cached_property
    def zone(self) -> ZoneInfo:
        """The person's own time zone."""
        return rows.zone(self._texts["VALET_ZONE"] or _local_zone())

    @cached_property
    def watched(self) -> tuple[str, ...]:
        """The Slack channels the person watches, by name or id; none where all matter alike."""
        text = self._texts["VALET_SLACK_WATCH"]
        return rows.channels(text) if text else ()

    @property
    def accounts(self) -> str:
        """ "demo", or "own": the person's real accounts."""
        return self._texts["VALET_ACCOUNTS"]

    def named(self, name: str) -> str:
        """The text of a setting, checked; "" where it is not set. No secret is given out so."""
        if ROWS[name].secret:
            raise KeyError(name)
        return self._texts[name]

    def secret(self, name: str) -> Secret | None:
        """The text of a setting that is a secret; None where it is not set."""
        text = self._texts[name]
        return Secret(text) if text else None

    @property
    def remote(self) -> bool:
        """Whether the person sits at another machine, whose browser does not reach this one's ports."""
        return bool(self._system.get("SSH_CONNECTION"))

    @property
    def window(self) -> bool:
        """Whether a browser can open a window here."""
        shown = ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME", "BROWSER")
        return not self.remote and (sys.platform != "linux" or any(self._system.get(name) for name in shown))

    @property
    def workspace(self) -> str:
        """Name of the demo workspace."""
        return self._texts["VALET_WORKSPACE"]

    @property
    def workspaces(self) -> Path:
        """The folder of the workspace files."""
        return self.home / "workspaces"

    @property
    def workspace_file(self) -> Path:
        return self.workspaces / f"{self.workspace}.db"

    def check_workspace(self) -> None:
        """Raise SettingsError when the workspace is one that nobody has made; the built-in one is made when needed."""
        file = os.path.join(self.home_text, "workspaces", f"{self.workspace}.db")
        if self.workspace != ROWS["VALET_WORKSPACE"].default and not self.demo_origin and not os.path.exists(file):
            fix = (
                f"`valet demo import --workspace {self.workspace} PATH…` makes it; `valet demo list` shows the others."
            )
            raise SettingsError(f"There is no workspace {self.workspace!r}.", fix)

    @property
    def demo_origin(self) -> str:
        """Origin of a running `valet demo serve` to attach to; "" to start one in this process."""
        return self._texts["VALET_DEMO_ORIGIN"].rstrip("/")

    @property
    def demo_faults(self) -> str:
        """Faults of the demo workspace from the start, in the short form ("gmail:503*2"); "" for none."""
        return self._texts["VALET_DEMO_FAULTS"]

    @property
    def calls_per_turn(self) -> int:
        """How many tool calls one request may lead to."""
        return int(self._texts["VALET_CALLS_PER_TURN"])

    @property
    def result_chars(self) -> int:
        """How many characters of one tool result the model is given."""
        return int(self._texts["VALET_RESULT_CHARS"])

    @property
    def history_tokens(self) -> int:
        """How many tokens of the conversation the model is given."""
        return int(self._texts["VALET_HISTORY_TOKENS"])

    @cached_property
    def now(self) -> datetime | None:
        """The fixed time of the clock, aware; None for the real one."""
        text = self._texts["VALET_NOW"]
        return rows.moment(text) if text else None

    @property
    def editor(self) -> str:
        """The person's editor, as a command line; "" where none is named. Never from a file: it is run."""
        return self._system.get("VISUAL", "").strip() or self._system.get("EDITOR", "").strip()

    @property
    def colour(self) -> bool:
        """False with NO_COLOR, and on a terminal that has none."""
        return not self._texts["NO_COLOR"] and self._system.get("TERM") != "dumb"

    @property
    def strangers(self) -> list[str]:
        """What is named like a setting and is none, each with what to do: it changes nothing, and was meant to."""
        if not self._strangers:
            return []
        from app.setting_files import nearest

        return [
            f"{name} in {place} is no setting of Valet, and changes nothing. {nearest(name, list(ROWS))}"
            for name, place in sorted(self._strangers.items())
        ]


def _local_zone() -> str:
    from tzlocal import get_localzone_name

    return get_localzone_name() or "UTC"
