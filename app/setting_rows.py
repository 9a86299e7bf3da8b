"""The table of settings: name, default, what makes a value usable, and what it is for. `.env.example` is this table."""

from __future__ import annotations

from app.tasks.addresses import AUDIENCE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from zoneinfo import ZoneInfo


class SettingsError(Exception):
    """A setting that cannot be used: `what` is wrong and where it stands, and what to do `next`."""

    def __init__(self, what: str, next: str) -> None:  # noqa: A002 - the house word for the next action
        super().__init__(f"{what} {next}")
        self.what = what
        self.next = next


class Row:
    """One setting. `parse` raises ValueError with the reason; `example` is what `.env.example` shows; `several`: it
    may be a list in config.toml."""

    __slots__ = ("default", "example", "name", "parse", "says", "secret", "several")

    def __init__(
        self, name: str, default: str, parse: Callable[[str], object], says: str, example: str,
        secret: bool = False, several: bool = False,
    ) -> None:  # fmt: skip
        self.name, self.default, self.parse, self.says = name, default, parse, says
        self.example, self.secret, self.several = example, secret, several

    @property
    def key(self) -> str:
        """The name in config.toml."""
        return self.name.removeprefix("VALET_").lower()


CONNECTIONS = "google=google-oauth2,slack=sign-in-with-slack"


def model(text: str) -> str:
    kind, _, name = text.partition(":")
    if text != "offline" and (kind != "openai" or not name):
        raise ValueError('a model is "offline" or "openai:NAME", as in openai:gpt-5.2')
    return text


def url(text: str) -> str:
    if not text.startswith(("http://", "https://")) or not text.partition("//")[2].strip("/"):
        raise ValueError("a URL begins with http:// or https:// and names a host")
    return text


def loopback(text: str) -> str:
    host = url(text).partition("//")[2].partition("/")[0].rpartition(":")
    if host[0] not in ("127.0.0.1", "localhost", "[::1]") or not host[2].isdigit():
        raise ValueError("the demo servers stand on this machine: http://127.0.0.1:PORT")
    return text


def zone(text: str) -> ZoneInfo:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(text)
    except (ValueError, OSError, KeyError):
        raise ValueError("a zone is an IANA name such as Europe/Zurich") from None


def workspace(text: str) -> str:
    plain = text.replace("-", "").replace("_", "")
    if len(text) > 40 or not (plain.isascii() and plain.isalnum() and text == text.lower() and text[0] not in "-_"):
        raise ValueError("a workspace name is up to 40 small letters, digits, - and _")
    return text


def accounts(text: str) -> str:
    if text not in ("demo", "own"):
        raise ValueError("it is demo or own")
    return text


def consent(text: str) -> str:
    if text not in ("at-once", "ask"):
        raise ValueError("it is at-once or ask")
    return text


def broker(text: str) -> str:
    if text not in ("local", "auth0"):
        raise ValueError("it is local or auth0")
    return text


def domain(text: str) -> str:
    plain = text.replace("-", "").replace(".", "")
    if not (plain.isascii() and plain.isalnum() and "." in text.strip(".") and text == text.lower().strip(".-")):
        raise ValueError("a domain is a host name such as name.eu.auth0.com, without https://")
    return text


def pairs(text: str) -> dict[str, str]:
    """NAME=VALUE, several by comma."""
    found = {left.strip(): right.strip() for left, _, right in (part.partition("=") for part in text.split(","))}
    if not all(left and right for left, right in found.items()):
        raise ValueError(f"it is NAME=CONNECTION, several by comma, as in {CONNECTIONS}")
    return found


def channels(text: str) -> tuple[str, ...]:
    """Names of Slack channels or their ids, several by comma."""
    found = tuple(part.strip().removeprefix("#") for part in text.split(","))
    if not all(name and not set(name) & set(" \t#") for name in found):
        raise ValueError("it is channel names or ids, several by comma, as in launch,support (in .env without the #)")
    return found


def moment(text: str) -> datetime:
    from datetime import datetime

    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("a time looks like 2026-03-02T08:00:00+01:00") from None
    if moment.tzinfo is None:
        raise ValueError("the time needs its zone, as in 2026-03-02T08:00:00+01:00")
    return moment


def prices(text: str) -> dict[str, tuple[float, float]]:
    """NAME=SENT/RECEIVED, several by comma: prices of a million tokens."""
    found: dict[str, tuple[float, float]] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, both = part.rpartition("=")
        sent, _, received = both.partition("/")
        if not name or not all(number.replace(".", "", 1).isdigit() for number in (sent, received)):
            raise ValueError("it is MODEL=SENT/RECEIVED, several by comma, as in gpt-5.2=1.75/14")
        found[name] = float(sent), float(received)
    return found


def within(least: int, most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not (text.isascii() and text.isdigit()) or not least <= int(text) <= most:
            raise ValueError(f"it is a whole number from {least} to {most}")
        return int(text)

    return number


ROWS = {
    row.name: row
    for row in (
        Row("VALET_HOME", "", str, "Folder of everything Valet keeps (the user data folder).", "~/.local/share/valet"),
        Row("VALET_MODEL", "offline", model, "Who plans: offline, or openai:NAME.", "openai:gpt-5.2"),
        Row("VALET_MODEL_URL", "", url, "Base URL of an OpenAI-compatible endpoint.", "http://127.0.0.1:11434/v1"),
        Row("VALET_MODEL_KEY", "", str, "Key of the model; OPENAI_API_KEY stands in for it.", "", secret=True),
        Row("OPENAI_API_KEY", "", str, "Key of the model where VALET_MODEL_KEY is not set.", "", secret=True),
        Row("VALET_MODEL_SECONDS", "60", within(1, 3600), "Seconds a model may be silent.", "60"),
        Row("VALET_MODEL_PRICES", "", prices, "Prices of a million tokens, sent/received.", "gpt-5.2=1.75/14"),
        Row("VALET_TOKENS_PER_TURN", "400000", within(0, 10**9), "Tokens one request may use; 0: any.", "400000"),
        Row("VALET_TOKENS_PER_DAY", "0", within(0, 10**12), "Tokens one day may use; 0: any number.", "2000000"),
        Row("VALET_VAULT_PASSPHRASE", "", str, "Opens a vault locked with a passphrase.", "", secret=True),
        Row(
            "VALET_VAULT_KEY",
            "",
            str,
            "Key of the vault: 32 bytes in base64 (openssl rand -base64 32).",
            "",
            secret=True,
        ),
        Row("VALET_ZONE", "", zone, "Your time zone (the machine's).", "Europe/Zurich"),
        Row("VALET_ACCOUNTS", "demo", accounts, "Whose accounts: demo, or own (your real ones).", "own"),
        Row(
            "VALET_GOOGLE_CLIENT",
            "",
            str,
            "A desktop client's file from the Google console, or a service account's.",
            "~/google.json",
        ),
        Row("VALET_GOOGLE_ACCOUNT", "", str, "Which Google account is meant by default (the first linked).", "work"),
        Row("VALET_SLACK_CLIENT", "", str, "Client id of your Slack app (docs/slack-manifest.yaml).", "1234.5678"),
        Row("VALET_SLACK_ACCOUNT", "", str, "Which Slack account is meant by default (the first linked).", "work"),
        Row(
            "VALET_SLACK_WATCH",
            "",
            channels,
            "Slack channels you watch, by name or id: read first and whole; of others, what names you (all alike).",
            "launch,support",
            several=True,
        ),
        Row(
            "VALET_BROKER", "local", broker, "Who keeps the accounts' keys: local, or auth0 (its Token Vault).", "auth0"
        ),
        Row("VALET_AUTH0_DOMAIN", "", domain, "Domain of your Auth0 tenant.", "name.eu.auth0.com"),
        Row("VALET_AUTH0_CLIENT_ID", "", str, "Client id of Valet's application at the tenant.", "xKx2..."),
        Row("VALET_AUTH0_CLIENT_SECRET", "", str, "Its secret; none for a Native application.", "", secret=True),
        Row("VALET_AUTH0_CONNECTIONS", CONNECTIONS, pairs, "The tenant's names of the connections.", CONNECTIONS),
        Row(
            "VALET_AUTH0_VAULT_API", "", str, "With a Native application: the API its tokens are for.", "https://vault"
        ),
        Row("VALET_AUTH0_VAULT_CLIENT_ID", "", str, "And the Custom API Client linked to that API.", "yLy3..."),
        Row("VALET_AUTH0_VAULT_CLIENT_SECRET", "", str, "And its secret.", "", secret=True),
        Row("VALET_AUTH0_TASKS_API", AUDIENCE, str, "The tenant's identifier of the tasks API.", AUDIENCE),
        Row(
            "VALET_AUTH0_TASKS_CLIENT_ID",
            "",
            str,
            "A Native application for the tasks alone, whose refresh tokens rotate (none: the sign-in's, by MRRT).",
            "zMz4...",
        ),
        Row("VALET_TASKS_CLIENT_ID", "", str, "A program that uses the tasks service in its own name.", "nightly"),
        Row("VALET_TASKS_CLIENT_SECRET", "", str, "And its secret.", "", secret=True),
        Row("VALET_WORKSPACE", "demo", workspace, "Name of the demo workspace.", "demo"),
        Row("VALET_DEMO_ORIGIN", "", loopback, "A running `valet demo serve` to attach to.", "http://127.0.0.1:8700"),
        Row("VALET_DEMO_FAULTS", "", str, "Faults of the demo workspace, to see what happens.", "gmail:503*2"),
        Row("VALET_DEMO_CONSENT", "at-once", consent, "The demo's person agrees at-once, or ask: in a browser.", "ask"),
        Row("VALET_CALLS_PER_TURN", "12", within(1, 200), "Tool calls one request may lead to.", "12"),
        Row("VALET_RESULT_CHARS", "16000", within(500, 1_000_000), "Characters of a result the model sees.", "16000"),
        Row("VALET_HISTORY_TOKENS", "24000", within(1000, 2_000_000), "Tokens of history the model sees.", "24000"),
        Row("VALET_NOW", "", moment, "Fixes the clock, for replays.", "2026-03-02T08:00:00+01:00"),
        Row("NO_COLOR", "", str, "Anything here: no colour.", "1"),
    )
}


def example() -> str:
    """The text of `.env.example`."""
    head = (
        "# Every setting, as an environment variable. Copy to .env and uncomment what you need; nothing is required.\n"
    )
    return head + "".join(f"\n# {row.says}\n# {row.name}={row.example}\n" for row in ROWS.values())
