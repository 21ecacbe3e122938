from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest

from l402desk.store import keys
from l402desk.store.errors import KeyringLocked, KeyringTimeout, KeyringUnavailable, KeyUnavailable
from l402desk.store.keys import TRUSTED, OsKeyring, Trusted
from tests.fakes.keyrings import Hanging

MODULE = "tests.fakes.keyrings"


def of(*names: str) -> OsKeyring:
    return OsKeyring(patience=5, trusted=[Trusted(MODULE, name, f"The {name}") for name in names])


@pytest.mark.anyio
async def test_what_is_written_is_read_and_can_be_forgotten() -> None:
    keyring = of("Memory")
    assert await keyring.choose(None) == "The Memory"
    assert await keyring.read("vault 1") is None
    await keyring.write("vault 1", "key")
    assert await keyring.read("vault 1") == "key"
    await keyring.forget("vault 1")
    await keyring.forget("vault 1")
    assert await keyring.read("vault 1") is None


@pytest.mark.anyio
async def test_the_first_one_that_works_is_taken_unless_another_is_remembered() -> None:
    assert await of("Absent", "Memory", "Denying").choose(None) == "The Memory"
    assert await of("Memory", "Denying").choose("The Denying") == "The Denying"
    assert await of("Memory", "Absent").choose("The Absent") == "The Memory"
    assert await of("Memory").choose("A keyring of another computer") == "The Memory"


@pytest.mark.anyio
async def test_none_that_works_is_said_by_name() -> None:
    keyring = OsKeyring(
        trusted=[Trusted(MODULE, "Absent", "KWallet"), Trusted("no.such.module", "Keyring", "Keychain")]
    )
    with pytest.raises(KeyringUnavailable, match="none of KWallet, Keychain answers"):
        await keyring.choose(None)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("name", "kind"),
    [("Locked", KeyringLocked), ("Dismissed", KeyringLocked), ("Gone", KeyringUnavailable)],
)
async def test_each_trouble_of_a_keyring_has_its_own_name(name: str, kind: type[KeyUnavailable]) -> None:
    keyring = of(name)
    await keyring.choose(None)
    with pytest.raises(kind, match=f"The {name}"):
        await keyring.read("vault 1")


@pytest.mark.anyio
async def test_a_refusal_does_not_repeat_the_secret() -> None:
    keyring = of("Denying")
    await keyring.choose(None)
    with pytest.raises(KeyringUnavailable) as caught:
        await keyring.write("vault 1", "canary")
    assert "canary" not in str(caught.value)


@pytest.mark.anyio
async def test_a_keyring_that_hangs_is_given_up_in_time_and_blocks_nothing() -> None:
    Hanging.answered.clear()
    keyring = OsKeyring(patience=0.2, trusted=[Trusted(MODULE, "Hanging", "The hanging one")])
    await keyring.choose(None)
    before = time.monotonic()
    with pytest.raises(KeyringTimeout, match=r"The hanging one.*0\.2 seconds"):
        await keyring.read("vault 1")
    assert time.monotonic() - before < 3
    waiting = [thread for thread in threading.enumerate() if thread.name == "keyring"]
    assert [thread.daemon for thread in waiting] == [True]  # it would not keep the app from ending
    Hanging.answered.set()  # the user answers late: nobody minds
    waiting[0].join(5)


def test_only_backends_that_keep_secrets_encrypted_are_trusted() -> None:
    assert {(t.module, t.type) for t in TRUSTED} == {
        ("keyring.backends.SecretService", "Keyring"),
        ("keyring.backends.kwallet", "DBusKeyring"),
        ("keyring.backends.macOS", "Keyring"),
        ("keyring.backends.Windows", "WinVaultKeyring"),
    }


@pytest.mark.anyio
@pytest.mark.parametrize(
    "backend",
    [
        "keyring.backends.null.Keyring",
        "keyring.backends.fail.Keyring",
        "keyring.backends.chainer.ChainerBackend",
        "keyrings.alt.file.PlaintextKeyring",
        f"{MODULE}.Memory",
    ],
)
async def test_a_backend_chosen_by_the_environment_is_never_used(backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", backend)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    keyring = OsKeyring(patience=10)
    with pytest.raises(KeyringUnavailable, match="none of Secret Service, KWallet"):
        await keyring.choose(None)


@pytest.mark.anyio
async def test_properties_from_the_environment_have_no_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYRING_PROPERTY_PREFERRED_COLLECTION", "/somewhere/else")
    keyring = of("Memory")
    await keyring.choose(None)
    assert not hasattr(keyring._chosen(), "preferred_collection")


@pytest.mark.anyio
async def test_asking_before_choosing_is_our_bug() -> None:
    with pytest.raises(RuntimeError, match="first"):
        await of("Memory").read("vault 1")


def test_the_keyring_library_is_loaded_only_when_a_keyring_is_asked() -> None:
    script = f"import sys, {keys.__name__}; print('keyring' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
