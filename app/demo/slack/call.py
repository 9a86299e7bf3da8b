"""One call of the Web API: its arguments, from the query, a form or a JSON body, and whose token it carries."""

import json
import re
from dataclasses import dataclass
from typing import Any

from app.demo.slack.grants import Access
from app.demo.slack.refusals import SlackRefused, invalid_arguments, missing_scope
from app.demo.slack_store import moment_of
from app.demo.wire import FORM, Request
from app.demo.workspace_error import WorkspaceError

MOST_PER_PAGE = 1000
_NUMBER = re.compile(r"^-?[0-9]{1,9}$")


@dataclass(frozen=True)
class SlackCall:
    """`me` is the member id of the person whose token was shown."""

    method: str
    arguments: dict[str, str]
    access: Access
    me: str
    team: str

    def text(self, name: str) -> str:
        return self.arguments.get(name, "").strip()

    def required(self, name: str) -> str:
        """Raises SlackRefused invalid_arguments."""
        if not self.text(name):
            raise invalid_arguments(f"missing required field: {name} [json-pointer:/{name}]")
        return self.text(name)

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.text(name).lower()
        return value in ("1", "true", "t") if value else default

    def number(self, name: str, default: int, *, least: int = 1, most: int = MOST_PER_PAGE) -> int:
        """Raises SlackRefused invalid_arguments for a text, invalid_limit for what is out of bounds."""
        value = self.text(name)
        if not value:
            return default
        if not _NUMBER.match(value):
            raise invalid_arguments(f"must be a valid number [json-pointer:/{name}]")
        if not least <= int(value) <= most:
            raise SlackRefused("invalid_limit")
        return int(value)

    def moment(self, name: str) -> int | None:
        """A time argument in microseconds ("1763456789", "1763456789.000100"); None when absent or 0 or "now"."""
        value = self.text(name)
        if value in ("", "0", "now"):
            return None
        whole, _, part = value.partition(".")
        try:
            return moment_of(f"{whole}.{part[:6]:0<6}")
        except WorkspaceError as error:
            raise SlackRefused(f"invalid_ts_{name}") from error

    def need(self, *scopes: str) -> None:
        """Raises SlackRefused missing_scope unless every one of them was granted."""
        if lacking := [scope for scope in scopes if scope not in self.access.scopes]:
            raise missing_scope(lacking, self.access.scopes)


def read_arguments(request: Request) -> dict[str, str]:
    """What was asked, all as texts. Raises SlackRefused for a body that cannot be read."""
    found = dict(request.parameters)
    if request.media_type == FORM:
        found |= request.form
    elif request.media_type == "application/json":
        found |= _json_arguments(request.body)
    elif request.body:
        raise SlackRefused("invalid_post_type")
    return found


def _json_arguments(body: bytes) -> dict[str, str]:
    try:
        value = json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:
        raise SlackRefused("invalid_json") from error
    if not isinstance(value, dict):
        raise SlackRefused("json_not_object")
    return {str(name): _as_text(part) for name, part in value.items() if part is not None}


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()  # half a surrogate pair is no text
    return json.dumps(value)
