"""A client of the demo's Auth0 tenant, written from the protocol: it knows the tenant's names and nothing else."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet

from app.demo.server import Running
from tests.demo.little_office import VERIFIER, Answer, Client, callback, challenge

WEB = {"client_id": "demo-web-client", "client_secret": "demo-web-not-a-secret"}
NATIVE = {"client_id": "demo-native-client"}
API = {"client_id": "demo-vault-api-client", "client_secret": "demo-api-not-a-secret"}
CALLBACK = "http://127.0.0.1:18484/auth0/callback"
ISSUER = "https://demo.auth0.invalid/"
ME, TASKS, VAULT_API = f"{ISSUER}me/", "https://tasks.valet.invalid", "https://vault.valet.invalid"
MY_SCOPES = [f"{verb}:me:connected_accounts" for verb in ("create", "read", "delete")]
VAULT_GRANT = "urn:auth0:params:oauth:grant-type:token-exchange:federated-connection-access-token"
REFRESH_TYPE = "urn:ietf:params:oauth:token-type:refresh_token"
ACCESS_TYPE = "urn:ietf:params:oauth:token-type:access_token"
REQUESTED_TYPE = "http://auth0.com/oauth/token-type/federated-connection-access-token"
GOOGLE, SLACK = "google-oauth2", "sign-in-with-slack"
SIGN_IN = "openid profile email offline_access"


def authorize(client: Client, application: dict[str, str] = WEB, /, **changes: str) -> Answer:
    """Open the sign-in page; `changes` replace parameters ("" leaves one out)."""
    asked = {
        "response_type": "code",
        "client_id": application["client_id"],
        "redirect_uri": CALLBACK,
        "scope": SIGN_IN,
        "state": "state-of-the-client",
        "code_challenge": challenge(),
        "code_challenge_method": "S256",
        **changes,
    }
    return client.get("/authorize", **{name: value for name, value in asked.items() if value})


def redeem(client: Client, code: str, application: dict[str, str] = WEB, /, **changes: str) -> Answer:
    asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
    return client.form("/oauth/token", **{**asked, **application, **changes})


def sign_in(client: Client, application: dict[str, str] = WEB, **changes: str) -> dict[str, Any]:
    answer = redeem(client, callback(authorize(client, application, **changes))["code"], application)
    assert answer.status == 200, answer.body
    tokens: dict[str, Any] = answer.json
    return tokens


def claims(client: Client, token: str) -> dict[str, Any]:
    """What a token says, checked against the published keys."""
    keys = KeySet.import_key_set(client.get("/.well-known/jwks.json").json)
    return dict(jwt.decode(token, keys, algorithms=["RS256"]).claims)


def refresh(client: Client, token: str, application: dict[str, str] = WEB, **more: str) -> Answer:
    return client.form("/oauth/token", grant_type="refresh_token", refresh_token=token, **application, **more)


def exchange(client: Client, token: str, connection: str = GOOGLE, **changes: str) -> Answer:
    """The vault exchange, refresh-token variant; `changes` replace fields ("" leaves one out)."""
    asked = {
        "grant_type": VAULT_GRANT,
        "subject_token": token,
        "subject_token_type": REFRESH_TYPE,
        "requested_token_type": REQUESTED_TYPE,
        "connection": connection,
        **WEB,
        **changes,
    }
    return client.form("/oauth/token", **{name: value for name, value in asked.items() if value})


def me(running: Running, refresh_token: str) -> Client:
    """A client of the My Account API."""
    client = Client(running)
    answer = refresh(client, refresh_token, audience=ME, scope=" ".join(MY_SCOPES))
    assert answer.status == 200, answer.body
    client.token = answer.json["access_token"]
    return client


def connect(client: Client, connection: str = GOOGLE, **changes: Any) -> Answer:
    asked = {
        "connection": connection,
        "redirect_uri": CALLBACK,
        "state": "state-of-the-connect",
        "code_challenge": challenge(),
        "code_challenge_method": "S256",
        **changes,
    }
    kept = {name: value for name, value in asked.items() if value is not None}
    return client.post("/me/v1/connected-accounts/connect", kept)


def browse(client: Client, begun: Answer) -> Answer:
    """What the browser gets at the address `connect` named."""
    assert begun.status == 201, begun.body
    place = urlsplit(begun.json["connect_uri"])
    assert place.netloc == "demo.auth0.invalid"
    return client.get(place.path, **begun.json["connect_params"])


def complete(client: Client, begun: Answer, code: str, **changes: str) -> Answer:
    asked = {
        "auth_session": begun.json["auth_session"],
        "connect_code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
        **changes,
    }
    kept = {name: value for name, value in asked.items() if value}
    return client.post("/me/v1/connected-accounts/complete", kept)


def link(client: Client, connection: str, *scopes: str) -> dict[str, Any]:
    """The whole connect flow, as `complete` answers it."""
    begun = connect(client, connection, scopes=list(scopes))
    answer = complete(client, begun, callback(browse(client, begun))["connect_code"])
    assert answer.status == 201, answer.body
    account: dict[str, Any] = answer.json
    return account
