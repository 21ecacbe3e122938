from __future__ import annotations

import inspect

import pytest

from l402desk.store import errors
from l402desk.store.errors import (
    KeyringItemLost,
    KeyringLocked,
    KeyringTimeout,
    KeyringUnavailable,
    KeyUnavailable,
    NotPrivate,
    PassphraseNeeded,
    PassphraseNotUsed,
    ReadOnly,
    StoreError,
    WrongPassphrase,
)

EVERY = [
    errors.DiskFull(),
    errors.DiskFailed(),
    ReadOnly("/a/b.sqlite"),
    NotPrivate("/a", "others can read it"),
    errors.Damaged("/a/b.sqlite"),
    errors.Busy(),
    errors.Newer("/a/b.sqlite"),
    errors.SealBroken(),
    errors.VaultClosed(),
    errors.NoBackup(),
    errors.BackupUnreadable("/a/b.l402backup"),
    errors.BackupNotWritten("/a/b.l402backup"),
    errors.BackupNewer(),
    errors.BackupDamaged(),
    errors.WrongBackupPassphrase(),
    errors.BackupExists("/a/b.l402backup"),
    errors.InUse(),
    errors.KeysChanged(),
    errors.WrongRecoveryCode(mistyped=True),
    errors.WrongRecoveryCode(mistyped=False),
    KeyringUnavailable("no bus"),
    KeyringLocked("Secret Service"),
    KeyringTimeout("KWallet", 60.0),
    KeyringItemLost(sealed_by="KWallet", asked="Secret Service"),
    WrongPassphrase(),
    PassphraseNeeded(exists=True),
    PassphraseNotUsed("KWallet"),
]


def test_every_kind_of_trouble_is_listed_here() -> None:
    concrete = {kind for _, kind in inspect.getmembers(errors, inspect.isclass)} - {
        StoreError,
        KeyUnavailable,
    }
    assert {type(error) for error in EVERY} == concrete


@pytest.mark.parametrize("error", EVERY, ids=lambda error: type(error).__name__)
def test_each_says_what_happened_and_what_to_do(error: StoreError) -> None:
    assert error.sentence.endswith(".")
    assert error.remedy.endswith(".")
    assert str(error) == f"{error.sentence} {error.remedy}"


def test_a_lost_key_names_the_keyring_that_had_it_when_another_one_answers() -> None:
    moved = KeyringItemLost(sealed_by="KWallet", asked="Secret Service")
    assert "KWallet" in moved.sentence
    assert "Secret Service" in moved.sentence
    same = KeyringItemLost(sealed_by="KWallet", asked="KWallet")
    assert "was put into" not in same.sentence


def test_a_passphrase_is_asked_for_in_the_words_of_the_moment() -> None:
    assert "is protected" in PassphraseNeeded(exists=True).sentence
    assert "no keyring" in PassphraseNeeded(exists=False).sentence
