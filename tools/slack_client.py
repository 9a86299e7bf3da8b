"""The Slack client over a Transport that is already signed. Law: no credential, no retry, no log and no socket is here.

Slack answers most refusals with HTTP 200 and `ok: false`; every method raises the ToolError that fits instead.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from tools.clients import Transport, spoken
from tools.errors import (
    AccessRefused,
    BadArgument,
    NotFound,
    RateLimited,
    ScopeMissing,
    ServiceDown,
    ToolError,
    Unreadable,
    failed_there,
    no_answer,
)

BASE = "https://slack.com/api/"
FORM = "application/x-www-form-urlencoded"
AGAIN = "Try again in a minute."
_CODE = re.compile(r"[a-z][a-z0-9_]{0,60}")
_SCOPES = re.compile(r"[a-z][a-z:._]*(?:,[a-z][a-z:._]*)*")
_SIGN_IN = frozenset(
    {"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked", "org_login_required"}
)
_DENIED = frozenset(
    {"access_denied", "ekm_access_denied", "no_permission", "not_allowed_token_type", "restricted_action"}
)
_DOWN = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable", "team_added_to_org"})


def slack(transport: Transport) -> Any:
    """A slack_sdk WebClient that sends through `transport`; safe to share between threads.

    Its methods answer with a SlackResponse whose `data` is the JSON object. They raise ToolError.
    """
    return _client_class()(transport)


@cache
def _client_class() -> type[Any]:
    from slack_sdk import WebClient

    class OverTransport(WebClient):
        """slack_sdk's own client, all but the last step."""

        def __init__(self, transport: Transport) -> None:
            silent = logging.Logger("slack", level=logging.CRITICAL + 1)  # the sdk's own would tell bodies
            super().__init__(token=None, base_url=BASE, retry_handlers=[], logger=silent)
            self._transport = transport

        def _perform_urllib_http_request_internal(self, url: str, req: Any) -> dict[str, Any]:
            """What slack_sdk calls to send a urllib Request."""
            return send(self._transport, url, req.data or b"", req.get_header("Content-type") if req.data else FORM)

        def _upload_file(self, **arguments: Any) -> Any:
            """The one call that would open a connection of its own."""
            raise BadArgument("Files are not sent to Slack from here.", "Share a link to the file instead.")

    return OverTransport


def send(transport: Transport, url: str, body: bytes, content_type: str) -> dict[str, Any]:
    """POST to the Web API; {status, headers, body} of an answer that is `ok`. Raises the ToolError of any other."""
    try:
        reply = transport.request("POST", url, body=body, headers={"content-type": content_type})
    except OSError as error:
        raise no_answer("Slack", error, AGAIN) from error
    headers = {name.lower(): value for name, value in reply.headers.items()}
    answer = _object(reply.body)
    if reply.status >= 400 or answer is None or answer.get("ok") is not True:
        raise slack_error(reply.status, headers, answer)
    return {"status": reply.status, "headers": headers, "body": reply.body.decode()}


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(body.decode())
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def slack_error(status: int, headers: Mapping[str, str], answer: Mapping[str, Any] | None) -> ToolError:
    """The ToolError for an answer that is not `ok` (`{"ok": false, "error": code, "needed": scopes}`)."""
    said = (answer or {}).get("error")
    code = said if isinstance(said, str) and _CODE.fullmatch(said) else ""
    if status == 429 or code in ("ratelimited", "rate_limited"):
        wait = headers.get("retry-after", "")
        seconds = float(wait) if wait.isascii() and wait.isdigit() else None
        return RateLimited("Slack asks to slow down.", f"Try again in {spoken(seconds or 60)}.", seconds)
    if status >= 500:
        return failed_there("Slack", status)
    if code in _DOWN:
        return ServiceDown(f"Slack failed on its side ({code}).", "Try again in a few minutes.")
    if answer is None and status < 400:
        return Unreadable("Slack sent an answer that is not JSON.", AGAIN)
    return _refusal(status, code, (answer or {}).get("needed"))


def _refusal(status: int, code: str, needed: object) -> ToolError:
    if code == "missing_scope":
        scopes = needed if isinstance(needed, str) and _SCOPES.fullmatch(needed) else "one Slack does not name"
        return ScopeMissing(f"Slack needs another permission for this: {scopes}.", "Connect Slack again and allow it.")
    if code in _SIGN_IN or (status == 401 and not code):
        return AccessRefused(f"Slack no longer accepts the sign-in ({code or 'HTTP 401'}).", "Connect Slack again.")
    if code in _DENIED or (status == 403 and not code):
        return AccessRefused(f"Slack refused access ({code or 'HTTP 403'}).", "Ask an admin of the Slack workspace.")
    if code == "not_in_channel":
        return NotFound("You are not in that channel.", "Join it in Slack, then ask again.")
    if code == "channel_not_found":
        return NotFound("Slack shows you no such channel.", "Check its name; a private one must have you as a member.")
    if code.endswith("_not_found"):
        thing = code.removesuffix("_not_found").replace("_", " ")
        return NotFound(f"Slack has no such {thing} any more.", "List the messages again.")
    return BadArgument(f"Slack refused the request ({code or f'HTTP {status}'}).", "Ask for it differently.")
