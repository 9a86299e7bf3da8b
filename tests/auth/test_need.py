"""Every need tells what happened and what to do next; those an operator must settle never ask for a consent."""

from __future__ import annotations

import pytest

from auth.need import Connect, Misconfigured, Need, Reauth, StepUp, Unavailable, told

SCOPES = frozenset({"https://www.googleapis.com/auth/gmail.readonly"})


@pytest.mark.parametrize(
    ("need", "what", "action"),
    [
        (
            Connect("google", SCOPES, "read your mail"),
            "google is not connected, which is needed to read your mail.",
            "Connect google and ask again.",
        ),
        (
            StepUp("google", SCOPES, "send mail"),
            "google is connected without the permission to send mail.",
            "Grant it to google and ask again.",
        ),
        (
            Reauth("google", "Token has been revoked"),
            "The connection to google no longer works: Token has been revoked.",
            "Reconnect google and ask again.",
        ),
        (
            Misconfigured("google", "no client id is set", "Set VALET_GOOGLE_CLIENT."),
            "The connection google is set up wrongly: no client id is set.",
            "Set VALET_GOOGLE_CLIENT.",
        ),
        (
            Unavailable("google", "no answer in time"),
            "No permission could be had for google: no answer in time.",
            "Try again in a minute; `valet doctor` tells more.",
        ),
        (
            Unavailable("google", "slow down", 30.0),
            "No permission could be had for google: slow down.",
            "Try again in 30 seconds; `valet doctor` tells more.",
        ),
    ],
)
def test_a_need_tells_what_happened_and_what_to_do(need: Need, what: str, action: str) -> None:
    assert told(need) == (what, action)


@pytest.mark.parametrize("need", [Misconfigured("google", "x", "Set it."), Unavailable("google", "x")])
def test_no_consent_is_asked_for_what_a_consent_cannot_mend(need: Need) -> None:
    assert not {"connect", "reconnect", "grant"} & set(" ".join(told(need)).lower().replace(",", "").split())
    assert not hasattr(need, "scopes")
