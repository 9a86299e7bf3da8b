"""Puts the tasks API together: resource server, its description, and the embedded issuer where there is no other."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.tasks.addresses import AUDIENCE, ISSUER
from app.tasks.api import Api
from app.tasks.asking import Reply, refusal
from app.tasks.bearer import Verifier
from app.tasks.database import Database
from app.tasks.issuer import Issuer
from app.tasks.key_set import KeySet
from app.tasks.keys import KeyStore, client_secret
from app.tasks.openapi import document
from app.tasks.problem import Problem
from app.tasks.programs import Programs
from app.tasks.sealing import Seal
from app.tasks.signing import Signing
from app.tasks.tokens import Tokens
from auth.wire import Wire

Clock = Callable[[], float]


@dataclass(frozen=True)
class Embedded:
    """The issuer that comes along: its one user, and where its secrets are kept."""

    subject: str
    keys: KeyStore


@dataclass(frozen=True)
class Trusted:
    """An issuer elsewhere, such as Auth0: its name as in `iss`, the audience, and where its keys are published."""

    issuer: str
    audience: str
    jwks: str


class Application:
    """The ASGI application and what it holds open."""

    def __init__(
        self, path: Path, seal: Seal, issuer: Embedded | Trusted, origin: str, clock: Clock = time.time
    ) -> None:
        self.database = Database(path, seal)
        self._wire = Wire(connections=2, read_seconds=10)
        trusted = issuer if isinstance(issuer, Trusted) else _ourselves(origin)
        keys = KeySet(trusted.jwks, self._wire, time.monotonic)
        api = Api(self.database, Verifier(trusted.issuer, trusted.audience, keys, clock), clock)
        described = document(trusted.issuer, trusted.audience)
        routes = [*api.routes(), Route("/openapi.json", _telling(described), methods=["GET"])]
        if isinstance(issuer, Embedded):
            routes += _issuer(issuer, self.database, clock).routes()
        self.asgi = Starlette(
            routes=routes,
            exception_handlers={HTTPException: _refused, 500: _failed},
            middleware=[
                Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"], www_redirect=False)
            ],
        )
        self.asgi.router.redirect_slashes = False

    def close(self) -> None:
        self._wire.close()
        self.database.close()


def _ourselves(origin: str) -> Trusted:
    return Trusted(ISSUER, AUDIENCE, f"{origin}/.well-known/jwks.json")


def _issuer(embedded: Embedded, database: Database, clock: Clock) -> Issuer:
    return Issuer(
        name=ISSUER,
        audience=AUDIENCE,
        subject=embedded.subject,
        client_secret=client_secret(embedded.keys),
        signing=Signing(embedded.keys),
        tokens=Tokens(database, clock),
        programs=Programs(database, clock),
        clock=clock,
    )


def _telling(described: dict[str, object]) -> Callable[[Request], Response]:
    return lambda request: Reply(200, described).response()


def _refused(request: Request, error: Exception) -> Response:
    """What the router refuses: an address or a method that is not there."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(getattr(error, "headers", None) or {})
    known = "The paths and methods are in /openapi.json."
    kind, detail = {404: ("not-found", "There is nothing here."), 405: ("method", "This method is not for here.")}.get(
        status, ("request", "This request cannot be read.")
    )
    return refusal(Problem(status, kind, f"{detail} {known}", headers))


def _failed(request: Request, error: Exception) -> Response:
    return refusal(Problem(500, "failure", "The tasks service failed. Try again; `valet doctor` tells more."))
