"""/oauth/token: one endpoint, dispatching on the grant type after the client proved itself."""

from collections.abc import Callable
from secrets import compare_digest
from typing import Any

from app.demo.auth0.audience import refreshed_scopes
from app.demo.auth0.ciba import Approvals
from app.demo.auth0.clients import authenticated, read_fields
from app.demo.auth0.device import DeviceFlow
from app.demo.auth0.exchange import ACCESS_SUBJECT, TokenVault
from app.demo.auth0.refresh_tokens import RefreshTokens
from app.demo.auth0.refusal import NO_STORE, Refused, invalid_grant, invalid_request, unauthorized_client
from app.demo.auth0.tenant import CIBA, CODE, DEVICE, GRANT_TYPES, ON_BEHALF, REFRESH, VAULT, Application, Tenant
from app.demo.auth0.tickets import Tickets
from app.demo.auth0.tokens import Tokens
from app.demo.grant_store import challenge_of
from app.demo.wire import Request, Response, json_response

Answer = dict[str, Any]


class TokenEndpoint:
    """Answers every grant; `tenant` is the set-up of now."""

    def __init__(
        self,
        tickets: Tickets,
        refresh: RefreshTokens,
        tokens: Tokens,
        vault: TokenVault,
        device: DeviceFlow,
        approvals: Approvals,
        tenant: Callable[[], Tenant],
    ) -> None:
        self._tickets = tickets
        self._refresh_tokens = refresh
        self._tokens = tokens
        self._device = device
        self._approvals = approvals
        self._tenant = tenant
        self._grants: dict[str, Callable[[Application, dict[str, str]], Answer]] = {
            CODE: self._redeem,
            REFRESH: self._refresh,
            DEVICE: lambda application, fields: self._issue(application, device.poll(application, fields)),
            CIBA: lambda application, fields: self._issue(application, approvals.poll(application, fields)),
            VAULT: vault.exchange,
            ON_BEHALF: self._on_behalf,
        }

    def answer(self, request: Request) -> Response:
        """Raises Refused."""
        fields = read_fields(request)
        application = authenticated(request, fields, self._tenant())
        grant = fields.get("grant_type", "")
        if grant not in GRANT_TYPES:
            raise Refused(403, "unsupported_grant_type", f"Unsupported grant type: {grant}")
        if grant not in application.grants and grant != VAULT:  # which has an order of checks of its own
            raise unauthorized_client(grant)
        return json_response(200, self._grants[grant](application, fields), NO_STORE)

    def _redeem(self, application: Application, fields: dict[str, str]) -> Answer:
        body = self._tickets.take("code", fields.get("code", ""))
        if body is None or body["client"] != application.id:
            raise invalid_grant("Invalid authorization code")
        if body["redirect"] != fields.get("redirect_uri", ""):
            raise invalid_grant("The redirect URI is wrong. You sent another one to /authorize.")
        verifier = fields.get("code_verifier", "")
        if body["challenge"] and not compare_digest(challenge_of(verifier), body["challenge"]):
            raise invalid_grant("Failed to verify code verifier")
        return self._issue(application, body)

    def _issue(self, application: Application, agreed: dict[str, Any]) -> Answer:
        """The tokens for what the person agreed to."""
        subject, audience, scopes = agreed["subject"], agreed["audience"], tuple(agreed["scopes"])
        lasting = "offline_access" in scopes and REFRESH in application.grants and self._tenant().lasting(audience)
        refresh = self._refresh_tokens.begin(application.id, subject, audience, scopes) if lasting else ""
        return self._told(application, subject, audience, scopes, refresh, agreed.get("nonce", ""))

    def _refresh(self, application: Application, fields: dict[str, str]) -> Answer:
        token = fields.get("refresh_token", "")
        family = self._refresh_tokens.look_up(token, application.id)
        audience, scopes = refreshed_scopes(self._tenant(), application, family, fields)
        following = self._refresh_tokens.use(token, application.id, rotate=application.rotation)
        return self._told(application, family.subject, audience, scopes, following)

    def _on_behalf(self, application: Application, fields: dict[str, str]) -> Answer:
        """First-party delegation: a token for another API, which says who acts for the person."""
        if not fields.get("audience") or fields.get("subject_token_type") != ACCESS_SUBJECT:
            raise invalid_request("audience and an access token as the subject are required.")
        bearer = self._tokens.read(fields.get("subject_token", ""), self._tenant().issuer)
        if bearer is None or application.api not in bearer.audiences:
            raise invalid_grant("Invalid or expired subject token.")
        offered = self._tenant().api(fields["audience"])
        if offered is None:
            raise Refused(403, "access_denied", f"Service not found: {fields['audience']}")
        stated = fields.get("scope", "").split()
        scopes = tuple(scope for scope in offered if not stated or scope in stated)
        actor = {"sub": application.id}
        token, seconds = self._tokens.access(application.id, bearer.subject, fields["audience"], scopes, act=actor)
        told = {"access_token": token, "expires_in": seconds, "scope": " ".join(scopes), "token_type": "Bearer"}
        return told | {"issued_token_type": ACCESS_SUBJECT}

    def _told(
        self,
        application: Application,
        subject: str,
        audience: str,
        scopes: tuple[str, ...],
        refresh: str,
        nonce: str = "",
    ) -> Answer:
        token, seconds = self._tokens.access(application.id, subject, audience, scopes)
        told = {"access_token": token, "refresh_token": refresh, "scope": " ".join(scopes)}
        told["id_token"] = self._tokens.identity(application.id, subject, scopes, nonce)
        return {name: value for name, value in told.items() if value} | {"expires_in": seconds, "token_type": "Bearer"}
