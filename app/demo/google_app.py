"""The app as Google knows it, and the scopes it may ask for under Google's own names and in Google's own words."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from app.demo.registered import CLIENT_ID as CLIENT_ID
from app.demo.registered import CLIENT_SECRET as CLIENT_SECRET
from app.demo.routes import load, raw_document

APP = "Valet"
TESTING_SECONDS = 604_799
DOCUMENTS = ("gmail.v1", "calendar.v3", "drive.v3")
EMAIL = "https://www.googleapis.com/auth/userinfo.email"
PROFILE = "https://www.googleapis.com/auth/userinfo.profile"
IDENTITY = frozenset({"openid", EMAIL, PROFILE})
_CANONICAL = {"email": EMAIL, "profile": PROFILE}
_SIGN_IN = {
    "openid": "Know who you are on Google",
    EMAIL: "See your primary Google Account email address",
    PROFILE: "See your personal info, including any you made public",
}


@dataclass(frozen=True)
class GoogleApp:
    """How Google treats the app. One in `testing` is granted for a week at a time.

    `blocked` is the word of a page that lets nobody through (admin_policy_enforced, org_internal, access_denied);
    with `rapt` the organisation's session control wants a new sign-in before anything is refreshed; without
    `delegated` its service account may act for nobody.
    """

    testing: bool = False
    blocked: str = ""
    rapt: bool = False
    delegated: bool = True


@cache
def known_scopes() -> frozenset[str]:
    """Every scope that can be asked for here."""
    return IDENTITY.union(*(load(name).scopes for name in DOCUMENTS))


@cache
def words() -> dict[str, str]:
    """What each scope allows, in Google's own words."""
    documents = [raw_document(name)["auth"]["oauth2"]["scopes"] for name in DOCUMENTS]
    told = {scope: stated["description"] for scopes in documents for scope, stated in scopes.items()}
    return told | _SIGN_IN


def canonical(scopes: Collection[str], *, complete: bool = True) -> tuple[str, ...]:
    """Scopes under Google's own names, each once; asking for an identity brings openid along."""
    found = dict.fromkeys(_CANONICAL.get(name, name) for name in scopes)
    if complete and IDENTITY & found.keys():
        found["openid"] = None
    return tuple(found)
