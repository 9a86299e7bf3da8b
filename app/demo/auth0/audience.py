"""Which API a token is for, and with which scopes: what a sign-in may ask, and what a refresh may turn to.

Law: an API that no policy names is silently the one the sign-in began with; what is set up wrongly is refused.
"""

from collections.abc import Mapping

from app.demo.auth0.refresh_tokens import Family
from app.demo.auth0.refusal import Refused
from app.demo.auth0.tenant import MY_ACCOUNT, TASKS, Application, Item, Tenant
from app.demo.auth0.tokens import IDENTITY

_GRANTS: Mapping[str, Item] = {MY_ACCOUNT: "my_account:client_grant", TASKS: "tasks_api:client_grant"}


def asked_scopes(tenant: Tenant, application: Application, audience: str, stated: str) -> tuple[str, ...]:
    """The scopes a sign-in gets of those it states; unknown ones are dropped. Raises Refused."""
    offered = tenant.api(audience) if audience else ()
    if offered is None:
        raise Refused(403, "access_denied", f"Service not found: {audience}")
    check_grants(tenant, application, audience)
    return tuple(dict.fromkeys(scope for scope in stated.split() if scope in offered or scope in IDENTITY))


def refreshed_scopes(
    tenant: Tenant, application: Application, family: Family, fields: dict[str, str]
) -> tuple[str, tuple[str, ...]]:
    """The API of a refreshed token and its scopes. Raises Refused."""
    audience = fields.get("audience") or family.audience
    policy = application.mrrt.get(audience)
    foreign = audience != family.audience and policy is not None and tenant.api(audience) is not None
    offered = (*policy, *_identity(family)) if foreign and policy else family.scopes
    if foreign:
        check_grants(tenant, application, audience)
        offered = tuple(scope for scope in offered if scope in IDENTITY or scope in (tenant.api(audience) or ()))
    else:
        audience = family.audience
    stated = fields.get("scope", "").split()
    return audience, tuple(scope for scope in offered if not stated or scope in stated)


def check_grants(tenant: Tenant, application: Application, audience: str) -> None:
    """Raise Refused unless the application may have tokens for the My Account API, or that of the tasks."""
    step: Item | None = _GRANTS.get(audience)
    if step and not tenant.has(step):
        raise Refused(403, "access_denied", f'Client "{application.id}" is not authorized to access "{audience}".')
    if audience == MY_ACCOUNT and not tenant.has("my_account:skip_consent"):
        raise Refused(403, "consent_required", "Consent required")


def _identity(family: Family) -> tuple[str, ...]:
    return tuple(scope for scope in family.scopes if scope in IDENTITY)
