"""Who keeps the vault's key, and how that is changed: the data key stays, its wrapping is made anew."""

from __future__ import annotations

from dataclasses import dataclass

from l402desk.store.database import Database
from l402desk.store.errors import KeyUnavailable, PassphraseNeeded
from l402desk.store.keys import KeyringPort
from l402desk.store.recovery import code_made_at
from l402desk.store.seal import Seal
from l402desk.store.vault_key import Kind, WrappedKey, load, replace_key, wrap_by_keyring, wrap_by_passphrase


@dataclass(frozen=True, slots=True)
class KeyStatus:
    """What there is to say of the vault's key. Times are unix seconds, None where they were not written down."""

    kind: Kind
    kept_by: str
    since: int | None
    key_since: int | None
    code_made_at: int | None
    """When the recovery code was made; None where there is none."""


async def status(database: Database) -> KeyStatus | None:
    """None where there is no vault yet. Raises StoreError."""
    key = await database.read(load)
    if key is None:
        return None
    return KeyStatus(key.kind, key.kept_by, key.since, key.key_since, await code_made_at(database))


async def prove(database: Database, passphrase: str | None) -> None:
    """Make sure that whoever asks may: a vault under a passphrase wants it again, at an unlocked desk too.

    Raises PassphraseNeeded, WrongPassphrase, StoreError.
    """
    key = await _key(database)
    if key.kind is Kind.PASSPHRASE:
        if passphrase is None:
            raise PassphraseNeeded(exists=True)
        (await key.open_by_passphrase(passphrase)).forget()


async def keep_by_passphrase(database: Database, seal: Seal, passphrase: str, keyring: KeyringPort | None) -> bool:
    """Wrap the key by a passphrase from now on; False where a keyring would not delete what it kept until now.

    Raises PassphraseNeeded for an empty one, KeysChanged, StoreError: then nothing was changed.
    """
    old = await _key(database)
    new = await wrap_by_passphrase(seal, passphrase, old.key_since)
    await _replace(database, seal, old, new)
    return await _forget(old, keyring)


async def keep_by_keyring(database: Database, seal: Seal, keyring: KeyringPort) -> bool:
    """Wrap the key by the keyring from now on; False where a keyring would not delete what it kept until now.

    Raises KeyUnavailable, KeysChanged, StoreError: then nothing was changed.
    """
    old = await _key(database)
    new = await wrap_by_keyring(seal, keyring, old.key_since)
    await _replace(database, seal, old, new)
    return await _forget(old, keyring)


async def _replace(database: Database, seal: Seal, old: WrappedKey, new: WrappedKey) -> None:
    def keep_words() -> None:
        seal.kept_by, seal.moved_from = new.kept_by, None

    await database.write(lambda connection: replace_key(connection, old, new), then=keep_words)
    await database.scrub()


async def _key(database: Database) -> WrappedKey:
    key = await database.read(load)
    if key is None:
        raise RuntimeError("there is no vault whose key could be kept elsewhere")
    return key


async def _forget(old: WrappedKey, keyring: KeyringPort | None) -> bool:
    if old.kind is not Kind.KEYRING or keyring is None:
        return old.kind is not Kind.KEYRING
    try:
        await keyring.choose(old.kept_by)
        await keyring.forget(old.keyring_item)
    except KeyUnavailable:
        return False
    return True
