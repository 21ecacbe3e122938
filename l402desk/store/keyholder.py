"""Holds the open vault's key, and does one thing at a time with it: move it, replace it, back it up, restore it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from l402desk.store import backup, custody, restoring
from l402desk.store.backup import Contents
from l402desk.store.custody import KeyStatus
from l402desk.store.database import Database
from l402desk.store.errors import KeyringUnavailable, VaultClosed
from l402desk.store.keys import KeyringPort
from l402desk.store.recovery import make_code, open_by_code
from l402desk.store.restoring import Prepared, Restored
from l402desk.store.rotation import Rotated, rotate
from l402desk.store.seal import Seal
from l402desk.store.unlock import unlock


class KeyHolder:
    """One per open database. Everything but `status` and the three that open it raises VaultClosed while it is locked.

    Every method raises StoreError, and then the vault is as it was. ``proof`` is the vault's passphrase where it has
    one: an unlocked desk that somebody left alone gives nobody a way in for later.
    """

    def __init__(self, database: Database, keyring: KeyringPort | None) -> None:
        self._database = database
        self._keyring = keyring
        self._busy = asyncio.Lock()
        self._seal: Seal | None = None
        self._is_proven = False

    @property
    def is_open(self) -> bool:
        return self._seal is not None

    @property
    def moved_from(self) -> str | None:
        """Where the key was kept until now, if a keyring other than the remembered one had it today."""
        return self._seal.moved_from if self._seal is not None else None

    @property
    def kept_by(self) -> str:
        """Who keeps the key, in words; empty while the vault is locked."""
        return self._seal.kept_by if self._seal is not None else ""

    async def unlock(self, passphrase: str | None) -> Seal:
        """Open the vault or make one: by the passphrase if one is given, else by the keyring. Raises KeyUnavailable."""
        async with self._busy:
            keyring = None if passphrase is not None else self._keyring
            return self._take(await unlock(self._database, passphrase=passphrase, keyring=keyring), is_proven=False)

    async def unlock_by_code(self, code: str) -> Seal:
        """Open the vault by its recovery code; the key can then be kept elsewhere without the old passphrase."""
        async with self._busy:
            return self._take(await open_by_code(self._database, code), is_proven=True)

    def _take(self, seal: Seal, *, is_proven: bool) -> Seal:
        self._seal, self._is_proven = seal, is_proven
        return seal

    async def lock(self) -> None:
        """Forget the key; whoever still holds the seal can open nothing. Waits for what is going on with it."""
        async with self._busy:
            if self._seal is not None:
                self._seal.forget()
            self._seal, self._is_proven = None, False

    async def status(self) -> KeyStatus | None:
        """None where there is no vault yet."""
        return await custody.status(self._database)

    async def keep_by_passphrase(self, passphrase: str, *, proof: str | None = None) -> bool:
        """Raises PassphraseNeeded, WrongPassphrase for the proof. False where the old keyring item could not go."""
        async with self._proven(proof) as seal:
            gone = await custody.keep_by_passphrase(self._database, seal, passphrase, self._keyring)
            self._is_proven = False
            return gone

    async def keep_by_keyring(self, *, proof: str | None = None) -> bool:
        """Raises KeyringUnavailable where there is none. False where the old keyring item could not go."""
        if self._keyring is None:
            raise KeyringUnavailable("it is switched off here")
        async with self._proven(proof) as seal:
            gone = await custody.keep_by_keyring(self._database, seal, self._keyring)
            self._is_proven = False
            return gone

    async def new_code(self, *, proof: str | None = None) -> str:
        """A recovery code, to be shown once. An older one opens nothing any more."""
        async with self._proven(proof) as seal:
            return await make_code(self._database, seal)

    async def rotate(self, *, proof: str | None = None) -> Rotated:
        """Give the vault a new data key. Raises InUse while another process has the file open."""
        async with self._open() as seal:
            return await rotate(self._database, seal, passphrase=proof, keyring=self._keyring)

    async def back_up(
        self, target: Path, passphrase: str, *, proof: str | None = None, replace: bool = False
    ) -> Contents:
        """Write a sealed backup. Raises BackupExists, BackupNotWritten."""
        async with self._proven(proof) as seal:
            return await backup.make(self._database.path, seal, target, passphrase, replace=replace)

    async def prepare_restore(self, source: Path, passphrase: str) -> Prepared:
        """Unpack and check a backup; nothing is changed yet. Raises InUse, and what `restoring.prepare` raises."""
        async with self._busy:
            async with self._database.alone():
                pass
            return await restoring.prepare(source, passphrase, self._database.path, self._database.schemas)

    async def restore(self, prepared: Prepared) -> Restored:
        """Put it in the place of the database; the vault must be locked. It opens by the backup's passphrase.

        Raises InUse while another process has the file open, StoreError.
        """
        async with self._busy:
            try:
                if self._seal is not None:
                    raise RuntimeError("the vault is open: what is using it would write into another file")
                return await self._database.replace_file(lambda path: restoring.put_in_place(prepared, path))
            except BaseException:
                restoring.discard(prepared)
                raise

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[Seal]:
        async with self._busy:
            if self._seal is None:
                raise VaultClosed
            yield self._seal

    @asynccontextmanager
    async def _proven(self, proof: str | None) -> AsyncIterator[Seal]:
        async with self._open() as seal:
            if not self._is_proven:
                await custody.prove(self._database, proof)
            yield seal
