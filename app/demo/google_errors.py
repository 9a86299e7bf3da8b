"""Refusals in Google's own shapes: the nested one of the APIs, the flat one of the token endpoint."""

from collections.abc import Collection, Mapping
from typing import Any

from app.demo.wire import HTML, Response, json_response

REALM = 'Bearer realm="https://accounts.google.com/"'
RPC_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    412: "FAILED_PRECONDITION",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
}
_UNAUTHENTICATED = (
    "Expected OAuth 2 access token, login cookie or other valid authentication credential. "
    "See https://developers.google.com/identity/sign-in/web/devconsole-project."
)


class GoogleError(Exception):
    """A refused API call.

    `reason` is the machine word in `errors[0]`; `title` its message there, when that differs from the whole one.
    """

    def __init__(
        self,
        status: int,
        reason: str,
        message: str,
        *,
        domain: str = "global",
        title: str = "",
        location: str = "",
        location_type: str = "parameter",
        details: Collection[Mapping[str, Any]] = (),
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers
        self.error: dict[str, Any] = {"message": title or message, "domain": domain, "reason": reason}
        if location:
            self.error |= {"location": location, "locationType": location_type}
        self.body: dict[str, Any] = {"code": status, "message": message, "errors": [self.error]}
        if status in RPC_STATUS and status != 410:
            self.body["status"] = RPC_STATUS[status]
        if details:
            self.body["details"] = list(details)

    def response(self) -> Response:
        return json_response(self.status, {"error": self.body}, *self.headers)


def missing_token() -> GoogleError:
    return GoogleError(
        401,
        "required",
        f"Request is missing required authentication credential. {_UNAUTHENTICATED}",
        title="Login Required.",
        location="Authorization",
        location_type="header",
        headers=(("WWW-Authenticate", REALM),),
    )


def invalid_token() -> GoogleError:
    return GoogleError(
        401,
        "authError",
        f"Request had invalid authentication credentials. {_UNAUTHENTICATED}",
        title="Invalid Credentials",
        location="Authorization",
        location_type="header",
        headers=(("WWW-Authenticate", f'{REALM}, error="invalid_token"'),),
    )


def insufficient_scope(method: str, host: str, scopes: Collection[str]) -> GoogleError:
    """The token holds none of the scopes the method accepts."""
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        "domain": "googleapis.com",
        "metadata": {"service": host, "method": method},
    }
    wanted = f'{REALM}, error="insufficient_scope", scope="{" ".join(sorted(scopes))}"'
    return GoogleError(
        403,
        "insufficientPermissions",
        "Request had insufficient authentication scopes.",
        title="Insufficient Permission",
        details=[info],
        headers=(("WWW-Authenticate", wanted),),
    )


def forbidden(message: str) -> GoogleError:
    return GoogleError(403, "forbidden", message)


def not_found(message: str = "Requested entity was not found.") -> GoogleError:
    return GoogleError(404, "notFound", message)


def unknown_parameter(name: str) -> GoogleError:
    message = (
        f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. '
        f"Field '{name}' could not be found in request message."
    )
    return GoogleError(400, "invalid", message, details=[_violation("", message)])


def unknown_field(name: str, place: str) -> GoogleError:
    where = f" at '{place}'" if place else ""
    message = f'Invalid JSON payload received. Unknown name "{name}"{where}: Cannot find field.'
    return GoogleError(400, "invalid", message, details=[_violation(place, message)])


def invalid_value(name: str, message: str, reason: str = "invalidParameter") -> GoogleError:
    """A parameter that is known but holds what it cannot hold."""
    return GoogleError(400, reason, message, location=name)


def bad_request(message: str = "Bad Request") -> GoogleError:
    return GoogleError(400, "badRequest", message)


def not_implemented(method: str) -> GoogleError:
    return GoogleError(501, "notImplemented", f"{method} is not implemented in the demo workspace.")


def too_fast(host: str, wait: int) -> GoogleError:
    """The quota of this minute is used up; `wait` is in seconds."""
    return GoogleError(
        429,
        "rateLimitExceeded",
        "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user' of service "
        f"'{host}' for consumer 'project_number:100000000000'.",
        domain="usageLimits",
        headers=(("Retry-After", str(wait)),),
    )


def too_many_at_once() -> GoogleError:
    return GoogleError(429, "rateLimitExceeded", "Too many concurrent requests for user.")


def failure(status: int) -> Response:
    """What a Google API answers when it fails by itself."""
    words = {
        429: ("rateLimitExceeded", "Resource has been exhausted (e.g. check quota)."),
        500: ("backendError", "Internal error encountered."),
        503: ("backendError", "The service is currently unavailable."),
    }
    reason, message = words.get(status, ("backendError", "The request could not be served."))
    return GoogleError(status, reason, message).response()


def unknown_path(path: str) -> Response:
    """The page for an address that no service has; HTML, as the real one."""
    shown = path.replace("&", "&amp;").replace("<", "&lt;")
    page = (
        "<!DOCTYPE html>\n<html lang=en>\n<title>Error 404 (Not Found)!!1</title>\n"
        f"<p><b>404.</b> That’s an error.\n<p>The requested URL <code>{shown}</code> was not found on this server."
    )
    return Response(404, page.encode(), HTML)


def _violation(field: str, description: str) -> dict[str, Any]:
    violation = {"description": description} | ({"field": field} if field else {})
    return {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation]}
