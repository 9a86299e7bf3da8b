"""The demo workspace's server: all services behind one loopback origin, with faults on demand.

Law: a service is one object in `_services`; nothing else knows which services there are.
"""

import sqlite3
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import Self

from app.demo.admin import Admin, SetUp
from app.demo.auth0.service import Around, auth0_services
from app.demo.auth0.tenant import Tenant
from app.demo.consent import Consent, ConsentDesk
from app.demo.drive.api import drive_api
from app.demo.events_api import calendar_api
from app.demo.faults import Fault, Faults
from app.demo.gmail_api import gmail_api
from app.demo.google_api import Shared
from app.demo.google_app import GoogleApp
from app.demo.google_consent import GoogleConsent
from app.demo.google_errors import unknown_path
from app.demo.google_oauth import GoogleOAuth
from app.demo.grant_store import GrantStore
from app.demo.journal import Journal, Record
from app.demo.listener import Listener, Reply
from app.demo.quota import Limits
from app.demo.remarks import Remarks
from app.demo.slack.api import SlackApi, SlackElse
from app.demo.slack.grants import SlackGrants
from app.demo.slack.oauth import SlackApp, SlackOAuth
from app.demo.weather_api import WeatherApi
from app.demo.wire import Request, Response, Service
from app.demo.workspace import Workspace

GARBAGE = b'{"unfinished": [1, 2,'


class Running:
    """A server that accepts. `consent` is what the person of the workspace will do when an app asks them.

    `google_app` and `slack_app` are how Google and Slack treat the app, `auth0` is how the tenant is set up; `remarks`
    is what they noticed.
    """

    def __init__(
        self, workspace: Workspace, port: int, limits: Limits, clock: Callable[[], float], consent: Consent
    ) -> None:
        self.consent = consent
        self.google_app = GoogleApp()
        self.slack_app = SlackApp()
        self.auth0 = Tenant()
        self.remarks = Remarks()
        self.faults = Faults()
        self._desk = ConsentDesk(lambda: self.consent, self._change_consent)
        self._journal = Journal()
        self._stopping = threading.Event()
        shared = Shared(GrantStore(workspace.database, clock), self.faults, self._journal, self._stopping)
        slack_grants = SlackGrants(workspace.database, clock)
        services = [
            *self._services(workspace, shared, limits),
            *self._slack(workspace, slack_grants, limits),
            *self._auth0(workspace, shared.grants, slack_grants, clock),
        ]
        self.faults.know({service.name: service.routes for service in services})
        self._routes = {route: service for service in services for route in service.routes}
        self._listener = Listener(port, self._reply)
        self.origin = f"http://127.0.0.1:{self._listener.server_address[1]}"
        self._listener.start()

    def _services(self, workspace: Workspace, shared: Shared, limits: Limits) -> list[Service]:
        page = GoogleConsent(workspace, shared.grants, self._desk, lambda: self.google_app, self.remarks)
        return [
            GoogleOAuth(workspace, shared.grants, page, lambda: self.google_app),
            self._desk,
            gmail_api(workspace, shared, limits),
            calendar_api(workspace, shared, limits),
            drive_api(workspace, shared, limits),
            WeatherApi(workspace.clock),
            Admin(self.faults, self.remarks, self._set_ups()),
        ]

    def _slack(self, workspace: Workspace, grants: SlackGrants, limits: Limits) -> list[Service]:
        return [
            SlackOAuth(workspace, grants, self._desk, lambda: self.slack_app),
            SlackApi(workspace, grants, limits, lambda: self.slack_app),
            SlackElse(),
        ]

    def _auth0(
        self, workspace: Workspace, google: GrantStore, slack: SlackGrants, clock: Callable[[], float]
    ) -> list[Service]:
        tenant, app = (lambda: self.auth0), (lambda: self.google_app)
        return auth0_services(Around(workspace, google, slack, self._desk, self.remarks, tenant, app, clock))

    def _set_ups(self) -> dict[str, SetUp]:
        """What another terminal may change, by name."""
        names = {"auth0": "auth0", "google": "google_app", "slack": "slack_app"}
        return {
            name: SetUp(partial(getattr, self, attribute), partial(setattr, self, attribute))
            for name, attribute in names.items()
        }

    def _change_consent(self, consent: Consent) -> None:
        self.consent = consent

    @property
    def log(self) -> list[Record]:
        """The last requests, oldest first; secrets only as hashes."""
        return self._journal.records()

    def close(self) -> None:
        """Stop accepting and end every connection; the workspace stays open."""
        self._stopping.set()
        self._listener.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _service(self, path: str) -> Service | None:
        below = (self._routes[route] for route in self._routes if route.endswith("/") and path.startswith(route))
        return self._routes.get(path) or next(below, None)

    def _reply(self, request: Request) -> Reply:
        service = self._service(request.path)
        if service is None:
            response = unknown_path(request.path)
            self._journal.add(request, response)
            return Reply(response)
        fault = None if isinstance(service, Admin | ConsentDesk) else self.faults.take(request.method, request.path)
        try:
            reply = self._failing(request, service, fault) if fault else Reply(service.answer(request))
        except sqlite3.OperationalError:  # another process holds the workspace for too long
            reply = Reply(service.failure(503))
        self._journal.add(request, reply.response)
        return reply

    def _failing(self, request: Request, service: Service, fault: Fault) -> Reply:
        """The reply to a request a fault was ordered for; with `after`, the work is done first."""
        done = service.answer(request) if fault.after or fault.kind == "truncate" else None
        if fault.kind == "delay":
            self._stopping.wait(fault.seconds)
            return Reply(done or service.answer(request))
        if fault.kind == "reset":
            return Reply(done or Response(503), "reset")
        if fault.kind == "truncate":
            return Reply(done or Response(503), "truncated")
        if fault.kind == "garbage":
            return Reply(Response(200, GARBAGE))
        response = service.failure(fault.status)
        if fault.retry_after is not None:
            kept = tuple(pair for pair in response.headers if pair[0] != "Retry-After")
            response = replace(response, headers=(*kept, ("Retry-After", str(fault.retry_after))))
        return Reply(response)


def serve(
    workspace: Workspace,
    *,
    port: int = 0,
    limits: Limits | None = None,
    clock: Callable[[], float] | None = None,
    consent: Consent | None = None,
) -> Running:
    """Start the workspace's services on 127.0.0.1 (port 0 = a free one), in threads that end with the process.

    `clock` (seconds since the epoch) ages the tokens; it is the workspace's own unless another is given.
    `consent` is what the person does when an app asks them: they agree at once unless another is given.
    Raises OSError when the port is taken.
    """
    return Running(workspace, port, limits or Limits(), clock or workspace.clock, consent or Consent())
