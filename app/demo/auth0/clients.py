"""Who calls an OAuth endpoint: the fields of a request, and the application that proves itself by them."""

import json
from base64 import b64decode
from binascii import Error as Base64Error
from secrets import compare_digest
from urllib.parse import unquote

from app.demo.auth0.refusal import Refused, invalid_request
from app.demo.auth0.tenant import Application, Tenant
from app.demo.wire import FORM, Request


def read_fields(request: Request, *, form_only: bool = False) -> dict[str, str]:
    """The fields of a form, or of a JSON object of texts. Raises Refused."""
    if request.media_type == FORM:
        return request.form
    if form_only or request.media_type != "application/json":
        raise invalid_request("The request body must be form-encoded.")
    try:
        value = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise invalid_request("The request body is no JSON.") from error
    if not isinstance(value, dict) or not all(isinstance(part, str) for part in value.values()):
        raise invalid_request("The request body must be a JSON object of strings.")
    return value


def authenticated(request: Request, fields: dict[str, str], tenant: Tenant) -> Application:
    """The application that asks. Raises Refused invalid_client."""
    client, secret = _credentials(request, fields)
    application = tenant.application(client)
    if application is None:
        raise Refused(401, "invalid_client", "Client not found or not authorized.")
    if application.secret and not compare_digest(secret.encode(), application.secret.encode()):
        raise Refused(401, "invalid_client", "Unauthorized")
    return application


def _credentials(request: Request, fields: dict[str, str]) -> tuple[str, str]:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            client, _, secret = b64decode(encoded, validate=True).decode().partition(":")
        except (Base64Error, UnicodeDecodeError):
            return "", ""
        return unquote(client), unquote(secret)
    return fields.get("client_id", ""), fields.get("client_secret", "")
