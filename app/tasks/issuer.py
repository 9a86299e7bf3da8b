"""The embedded authorization server: code with PKCE, rotating refresh tokens, JWKS (RFC 6749, 7636, 7009, 8414).

Law: the one local user is logged in at once, and only a client that holds that user's secret can use what it gets;
a registered program gets tokens in its own name (client credentials), and none that lasts.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.tasks.api import READ, WRITE
from app.tasks.asking import Asked, Reply, endpoint
from app.tasks.keys import CLIENT_ID
from app.tasks.programs import UNKNOWN, Programs
from app.tasks.signing import ALGORITHM, Signing
from app.tasks.tokens import FAMILY_SECONDS, Agreed, Sent, Tokens

ACCESS_SECONDS = 900
SCOPES = frozenset({READ, WRITE, "openid", "offline_access"})
_REDIRECT = re.compile(r"http://(127\.0\.0\.1|\[::1\])(:\d{1,5})?/tasks/callback")
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
FORM = "application/x-www-form-urlencoded"


class Refusal(Exception):
    """An OAuth error: its code, what it means, and the status of a token endpoint's answer."""

    def __init__(self, code: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.code, self.description, self.status = code, description, status

    @property
    def body(self) -> dict[str, str]:
        return {"error": self.code, "error_description": self.description}


class Issuer:
    """Issues tokens for `audience` to the local user `subject`. `name` is the issuer's address, slash-ended."""

    def __init__(
        self,
        *,
        name: str,
        audience: str,
        subject: str,
        client_secret: str,
        signing: Signing,
        tokens: Tokens,
        programs: Programs,
        clock: Callable[[], float],
    ) -> None:
        self._name, self._audience, self._subject = name, audience, subject
        self._secret, self._signing, self._tokens, self._clock = client_secret, signing, tokens, clock
        self._programs = programs

    def routes(self) -> list[Route]:
        return [
            Route("/authorize", endpoint(self._authorize), methods=["GET"]),
            Route("/oauth/token", endpoint(self._token), methods=["POST"]),
            Route("/oauth/revoke", endpoint(self._revoke), methods=["POST"]),
            Route("/.well-known/jwks.json", self._jwks, methods=["GET"]),
            Route("/.well-known/openid-configuration", self._about, methods=["GET"]),
            Route("/.well-known/oauth-authorization-server", self._about, methods=["GET"]),
        ]

    async def _jwks(self, request: Request) -> Response:
        """Answered on the loop itself: worker threads wait for this one."""
        return Reply(200, self._signing.public()).response()

    async def _about(self, request: Request) -> Response:
        return Reply(200, self._metadata()).response()

    def _metadata(self) -> dict[str, Any]:
        return {
            "issuer": self._name,
            "authorization_endpoint": f"{self._name}authorize",
            "token_endpoint": f"{self._name}oauth/token",
            "revocation_endpoint": f"{self._name}oauth/revoke",
            "jwks_uri": f"{self._name}.well-known/jwks.json",
            "scopes_supported": sorted(SCOPES),
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "subject_types_supported": ["public"],
        }

    def _authorize(self, asked: Asked) -> Reply:
        """Send the browser back with a code. Without a known client and address nothing is sent anywhere."""
        try:
            given = _single(asked.query)
        except Refusal as error:
            return Reply(error.status, error.body)
        redirect = given.get("redirect_uri", "")
        if given.get("client_id") != CLIENT_ID or not _REDIRECT.fullmatch(redirect):
            return Reply(400, Refusal("invalid_request", "The client or its redirect address is not known here.").body)
        try:
            back = {"code": self._code(given, redirect)}
        except Refusal as error:
            back = error.body
        back |= {"state": given["state"]} if "state" in given else {}
        headers = {"Location": f"{redirect}?{urlencode(back)}", "Referrer-Policy": "no-referrer"}
        return Reply(302, headers=headers)

    def _code(self, given: Mapping[str, str], redirect: str) -> str:
        if given.get("response_type") != "code":
            raise Refusal("unsupported_response_type", "Only response_type=code is known here.")
        challenge = given.get("code_challenge", "")
        if given.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(challenge):
            raise Refusal("invalid_request", "A PKCE challenge of method S256 is needed.")
        if given.get("audience") != self._audience:
            raise Refusal("invalid_target", f"The audience is {self._audience}.")
        scopes = frozenset(given.get("scope", "").split())
        if not scopes or not scopes <= SCOPES:
            raise Refusal("invalid_scope", f"Known scopes are {' '.join(sorted(SCOPES))}.")
        family, nonce = secrets.token_hex(16), given.get("nonce", "")
        agreed = Agreed(self._subject, CLIENT_ID, " ".join(sorted(scopes)), family, nonce)
        return self._tokens.code(agreed, Sent(redirect, challenge))

    def _token(self, asked: Asked) -> Reply:
        try:
            given = _form(asked)
            if given.get("grant_type") == "client_credentials":
                return Reply(200, self._in_its_own_name(given))
            self._prove(given)
            match given.get("grant_type"):
                case "authorization_code":
                    return Reply(200, self._redeemed(given))
                case "refresh_token":
                    return Reply(200, self._refreshed(given))
                case _:
                    known = "authorization_code, refresh_token and client_credentials"
                    raise Refusal("unsupported_grant_type", f"Known are {known}.")
        except Refusal as error:
            return Reply(error.status, error.body)

    def _redeemed(self, given: Mapping[str, str]) -> dict[str, Any]:
        verifier = given.get("code_verifier", "")
        if not _VERIFIER.fullmatch(verifier):
            raise Refusal("invalid_grant", "The PKCE verifier is missing or no verifier.")
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        sent = Sent(given.get("redirect_uri", ""), digest)
        agreed = self._tokens.redeem(given.get("code", ""), CLIENT_ID, sent)
        if agreed is None:
            raise Refusal("invalid_grant", "The code is unknown, used, expired, or was asked for otherwise.")
        scopes = frozenset(agreed.scope.split())
        answer = self._answer(agreed, scopes)
        if "offline_access" in scopes:
            answer |= _lasting(self._tokens.refresh_token(agreed), FAMILY_SECONDS)
        if "openid" in scopes:
            answer["id_token"] = self._identity(agreed)
        return answer

    def _refreshed(self, given: Mapping[str, str]) -> dict[str, Any]:
        asked = frozenset(given.get("scope", "").split())
        found = self._tokens.rotate(given.get("refresh_token", ""), CLIENT_ID, asked)
        if found is None:
            raise Refusal("invalid_grant", "The refresh token is unknown, used, revoked or expired.")
        if isinstance(found, frozenset):
            raise Refusal("invalid_scope", f"Not granted: {' '.join(sorted(found & SCOPES)) or 'an unknown scope'}.")
        scopes = asked or frozenset(found.agreed.scope.split())
        return self._answer(found.agreed, scopes) | _lasting(found.successor, found.seconds)

    def _in_its_own_name(self, given: Mapping[str, str]) -> dict[str, Any]:
        """Without a scope in the request, all the program may do; no refresh token (RFC 6749 section 4.4.3)."""
        program = self._programs.proven(given.get("client_id", ""), given.get("client_secret", ""))
        if isinstance(program, str):
            raise Refusal("invalid_client", program, 401)
        if given.get("audience", self._audience) != self._audience:
            raise Refusal("invalid_target", f"The audience is {self._audience}.")
        scopes = frozenset(given.get("scope", "").split()) or program.scopes
        if excess := scopes - program.scopes:
            raise Refusal("invalid_scope", f"Not given to this client: {' '.join(sorted(excess & SCOPES)) or 'that'}.")
        return self._answer(Agreed(program.subject, program.id, "", ""), scopes)

    def _answer(self, agreed: Agreed, scopes: frozenset[str]) -> dict[str, Any]:
        now, scope = int(self._clock()), " ".join(sorted(scopes))
        claims = {
            "iss": self._name,
            "sub": agreed.subject,
            "aud": self._audience,
            "client_id": agreed.client,
            "iat": now,
            "exp": now + ACCESS_SECONDS,
            "jti": secrets.token_hex(16),
            "scope": " ".join(sorted(scopes & {READ, WRITE})),
        }
        token = self._signing.sign(claims, "at+jwt")
        return {"access_token": token, "token_type": "Bearer", "expires_in": ACCESS_SECONDS, "scope": scope}

    def _identity(self, agreed: Agreed) -> str:
        now = int(self._clock())
        claims = {"iss": self._name, "sub": agreed.subject, "aud": agreed.client, "iat": now, "exp": now + 300}
        return self._signing.sign(claims | ({"nonce": agreed.nonce} if agreed.nonce else {}), "JWT")

    def _revoke(self, asked: Asked) -> Reply:
        try:
            given = _form(asked)
            self._prove(given)
            self._tokens.revoke(given.get("token", ""), CLIENT_ID)
        except Refusal as error:
            return Reply(error.status, error.body)
        return Reply(200, {})

    def _prove(self, given: Mapping[str, str]) -> None:
        """Raises Refusal where the client of the local user did not prove itself."""
        right = hmac.compare_digest(given.get("client_secret", "").encode(), self._secret.encode())
        if given.get("client_id") != CLIENT_ID or not right:
            raise Refusal("invalid_client", UNKNOWN, 401)


def _form(asked: Asked) -> dict[str, str]:
    if asked.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise Refusal("invalid_request", f"Send a form ({FORM}).")
    return _single(asked.body.decode("ascii", "replace"))


def _lasting(token: str, seconds: float) -> dict[str, Any]:
    return {"refresh_token": token, "refresh_token_expires_in": int(seconds)}


def _single(text: str) -> dict[str, str]:
    """The parameters, each given once (RFC 6749 section 3.1)."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=50)
    except ValueError:
        raise Refusal("invalid_request", "There are too many parameters.") from None
    given = dict(pairs)
    if len(given) != len(pairs):
        raise Refusal("invalid_request", "A parameter was given twice.")
    return given
