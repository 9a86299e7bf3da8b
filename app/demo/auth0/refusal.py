"""The tenant's ways of saying no: flat OAuth errors, and problem objects (RFC 9457) of the My Account API."""

from typing import Any

from app.demo.wire import Response, json_response

NO_STORE = ("Cache-Control", "no-store")
_TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    415: "Unsupported Media Type",
    429: "Too Many Requests",
}


class Refused(Exception):
    """An OAuth endpoint's `error` and its description."""

    def __init__(self, status: int, error: str, description: str, *headers: tuple[str, str]) -> None:
        super().__init__(description)
        self.status = status
        self.error = error
        self.headers = headers

    def response(self) -> Response:
        body = {"error": self.error, "error_description": str(self)}
        return json_response(self.status, body, NO_STORE, *self.headers)


def unauthorized_client(grant: str) -> Refused:
    return Refused(403, "unauthorized_client", f"Grant type '{grant}' not allowed for the client.")


def invalid_grant(description: str) -> Refused:
    return Refused(403, "invalid_grant", description)


def unknown_refresh_token() -> Refused:
    return invalid_grant("Unknown or invalid refresh token.")


def invalid_request(description: str) -> Refused:
    return Refused(400, "invalid_request", description)


class Problem(Exception):
    """A call of the My Account API that is refused; `fields` are complaints by the field they are about."""

    def __init__(self, status: int, detail: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.fields = fields or {}

    def response(self) -> Response:
        title = _TITLES.get(self.status, "Internal Server Error")
        body: dict[str, Any] = {
            "type": f"https://auth0.com/api-errors/A0E-{self.status}-0001",
            "status": self.status,
            "title": title,
            "detail": str(self),
        }
        if self.fields:
            body["validation_errors"] = [
                {"detail": told, "field": name, "pointer": f"/{name}", "source": "body"}
                for name, told in self.fields.items()
            ]
        return problem_response(self.status, body)


def problem_response(status: int, body: dict[str, Any]) -> Response:
    plain = json_response(status, body, NO_STORE)
    challenge = (("WWW-Authenticate", "Bearer"),) if status == 401 else ()
    again = (("Retry-After", "1"), ("X-RateLimit-Limit", "50"), ("X-RateLimit-Remaining", "0")) if status == 429 else ()
    return Response(status, plain.body, "application/problem+json", (*plain.headers, *challenge, *again))
