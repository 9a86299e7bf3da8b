"""The ladder: the best rung that really holds a key, and none that only pretends to."""

from __future__ import annotations

from pathlib import Path

import pytest
from keyring.backends import fail, null

from auth.local.keys import Beside, Environment, KeyPlace, Ladder, Passphrase
from auth.local.keys_keyring import secure, system_keyring
from auth.local.vault_error import NoKey
from tests.auth.vault_world import KEY, Drawer, keyring

PLACE = KeyPlace("vault", "key", bytes(16))


class Forgetful(Drawer):
    """Takes what it is given and keeps nothing, as a null keyring does."""

    def set_password(self, service: str, username: str, password: str) -> None:
        pass

    def delete_password(self, service: str, username: str) -> None:
        pass


def test_the_best_rung_that_can_hold_a_key_is_taken(tmp_path: Path) -> None:
    ring, word, variable, file = keyring(Drawer()), Passphrase("sesame"), Environment(KEY), Beside(tmp_path)
    absent, unset, unnamed = keyring(None), Passphrase(), Environment()
    assert Ladder((ring, word, variable, file)).choose() is ring
    assert Ladder((absent, word, variable, file)).choose() is word
    assert Ladder((absent, unset, variable, file)).choose() is variable
    assert Ladder((absent, unset, unnamed, file)).choose() is file
    asking = Passphrase("", lambda question: "sesame")
    assert Ladder((absent, asking, unnamed), asking).choose() is asking, "asked for where all else lacks"


def test_without_a_rung_it_refuses_and_says_why_and_what_to_do(tmp_path: Path) -> None:
    steps = Ladder((keyring(None), Passphrase(), Environment(), Beside(tmp_path, allowed=False)))
    with pytest.raises(NoKey) as raised:
        steps.choose()
    said = str(raised.value)
    for words in ("no keyring", "VALET_VAULT_PASSPHRASE is not set", "VALET_VAULT_KEY", "demo workspace only"):
        assert words in said


def test_a_keyring_that_fails_late_hangs_or_forgets_is_not_taken() -> None:
    hanging = Drawer()
    hanging.answers.clear()
    for drawer, why in (
        (Drawer(broken=RuntimeError("the collection is locked")), "fails (runtimeerror)"),
        (hanging, "no answer"),
        (Forgetful(), "does not give back"),
    ):
        assert why in keyring(drawer).lacks()
        with pytest.raises(NoKey) as raised:
            keyring(drawer).make(PLACE)
        assert raised.value.next
    hanging.answers.set()


def test_a_probe_leaves_nothing_behind() -> None:
    drawer = Drawer()
    assert keyring(drawer).lacks() == ""
    assert drawer.kept == {}


def test_a_keyring_keeps_the_key_alone_under_its_own_name() -> None:
    drawer = Drawer()
    key = keyring(drawer).make(PLACE)
    assert list(drawer.kept) == [("valet", "vault-key:vault:key")]
    assert list(keyring(drawer).keys(PLACE)) == [key]
    keyring(drawer).forget(PLACE)
    keyring(drawer).forget(PLACE)
    assert drawer.kept == {}


def test_only_keyrings_that_encrypt_count() -> None:
    class PlaintextKeyring:
        __module__ = "keyrings.alt.file"

    for kind in (fail.Keyring, null.Keyring, PlaintextKeyring, object):
        assert not secure(kind())
    for module in ("SecretService", "macOS", "Windows", "kwallet", "libsecret"):
        assert secure(type("Keyring", (), {"__module__": f"keyring.backends.{module}"})())


def test_this_machines_keyring_is_none_or_one_that_encrypts() -> None:
    found = system_keyring()
    assert found is None or secure(found)


@pytest.mark.parametrize("text", ["c2hvcnQ=", "not base64 at all !!", "A" * 44, KEY + KEY, "ü" * 32])
def test_a_key_of_the_environment_is_32_bytes(text: str) -> None:
    with pytest.raises(NoKey, match="openssl rand"):
        list(Environment(text).keys(PLACE))


def test_a_key_of_the_environment_may_be_of_either_alphabet() -> None:
    plus, minus = "+/" * 21 + "8=", "-_" * 21 + "8="
    assert list(Environment(plus).keys(PLACE)) == list(Environment(minus).keys(PLACE))


def test_no_rung_shows_its_secret() -> None:
    for rung in (Passphrase("canary phrase"), Environment(KEY)):
        assert "canary" not in repr(rung)
        assert KEY not in repr(rung)
