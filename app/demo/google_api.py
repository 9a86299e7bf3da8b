"""A Google API as a service: every call authenticated, scoped, read and paid for before an endpoint sees it.

Law: a part of a batch is admitted exactly like a call that came alone.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.demo import google_errors
from app.demo.batch import BatchError, join_parts, split_parts
from app.demo.faults import Faults
from app.demo.google_call import Call, read_body, read_query, read_selection, unwrapped
from app.demo.google_errors import GoogleError
from app.demo.grant_store import Access, GrantStore
from app.demo.journal import Journal
from app.demo.partial import select
from app.demo.quota import Quota
from app.demo.routes import Document, Method
from app.demo.uploads import Media, Sessions, opened, protocol
from app.demo.wire import Request, Response, json_response

Endpoint = Callable[[Call], Any]


@dataclass(frozen=True)
class Shared:
    """What the services of one server have in common. `stopping` is set when the server closes."""

    grants: GrantStore
    faults: Faults
    journal: Journal
    stopping: threading.Event


class GoogleApi:
    """One API of its discovery document; `endpoints` says what carries out which method id."""

    def __init__(
        self,
        name: str,
        document: Callable[[], Document],
        endpoints: Mapping[str, Endpoint],
        routes: tuple[str, ...],
        shared: Shared,
        quota: Quota,
    ) -> None:
        self.name = name
        self.routes = routes
        self._load = document
        self._endpoints = endpoints
        self._shared = shared
        self._quota = quota
        self._sessions = Sessions()

    @property
    def _document(self) -> Document:
        return self._load()

    def failure(self, status: int) -> Response:
        return google_errors.failure(status)

    def answer(self, request: Request) -> Response:
        request = unwrapped(request)
        if request.path.rstrip("/") in self._document.batches:
            return self._answer_batch(request)
        if self._sessions.named(request):
            return self._answer_piece(request)
        call = self._admit(request)
        return call if isinstance(call, Response) else self._carry_out(call)

    def _answer_piece(self, request: Request) -> Response:
        """A piece of a resumable upload; with the last one, the call that began it is carried out."""
        try:
            taken = self._sessions.add(request)
        except GoogleError as error:
            return error.response()
        if isinstance(taken, Response):
            return taken
        call = self._admit(taken[0], taken[1])
        return call if isinstance(call, Response) else self._carry_out(call)

    def _admit(self, request: Request, media: Media | None = None) -> Call | Response:
        """The call, with its place in flight taken, or the refusal; of a resumable upload that begins, its session."""
        found = self._document.find(request.method, request.path)
        if not found:
            return google_errors.unknown_path(request.path)
        access: Access | None = None
        try:
            access = self._authenticate(request)
            if media is None:
                request, media = opened(request)
            call = self._checked(request, *found, access)
            if media is None and protocol(request) == "resumable":
                self._quota.leave(access.account)
                return self._sessions.begin(request)
            return replace(call, media=media)
        except GoogleError as error:
            return replace(error.response(), scopes=access.scopes if access else ())

    def _authenticate(self, request: Request) -> Access:
        if request.bearer is None:
            raise google_errors.missing_token()
        access = self._shared.grants.look_up(request.bearer)
        if access is None:
            raise google_errors.invalid_token()
        return access

    def _checked(self, request: Request, method: Method, path: dict[str, str], access: Access) -> Call:
        document = self._document
        if not method.scopes & set(access.scopes):
            raise google_errors.insufficient_scope(method.id, document.host, method.scopes)
        if method.id not in self._endpoints:
            raise google_errors.not_implemented(method.id)
        query = read_query(request, method, document)
        call = Call(
            method=method,
            account=access.account,
            scopes=frozenset(access.scopes),
            path=path,
            query=query,
            body=read_body(request, method, document),
            fields=read_selection(query, method, document),
            range=request.headers.get("range", ""),
            if_match=request.headers.get("if-match", ""),
        )
        if wait := self._quota.charge(access.account, call.priced_as):
            raise google_errors.too_fast(document.host, wait)
        if not self._quota.enter(access.account):
            raise google_errors.too_many_at_once()
        return call

    def _carry_out(self, call: Call) -> Response:
        try:
            value = self._endpoints[call.method.id](call)
            response = value if isinstance(value, Response) else json_response(200, select(value, call.fields))
        except GoogleError as error:
            response = error.response()
        finally:
            self._quota.leave(call.account)
        return replace(response, scopes=tuple(sorted(call.scopes)))

    def _answer_batch(self, request: Request) -> Response:
        try:
            parts = split_parts(request)
        except BatchError as error:
            return google_errors.bad_request(str(error)).response()
        failed = [self._failed(part.request) for part in parts]
        admitted = [fault or self._admit(part.request) for part, fault in zip(parts, failed, strict=True)]
        answers = [call if isinstance(call, Response) else self._carry_out(call) for call in admitted]
        for part, response in zip(parts, answers, strict=True):
            self._shared.journal.add(part.request, response, inside_batch=True)
        return join_parts(parts, answers)

    def _failed(self, request: Request) -> Response | None:
        """The fault that was ordered for this part, if any."""
        fault = self._shared.faults.take(request.method, request.path, inside_batch=True)
        if fault is None:
            return None
        if fault.kind == "delay":
            self._shared.stopping.wait(fault.seconds)
            return None
        headers = () if fault.retry_after is None else (("Retry-After", str(fault.retry_after)),)
        return replace(self.failure(fault.status), headers=headers)
