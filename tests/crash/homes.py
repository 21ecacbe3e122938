"""Folders that the app lives in during a crash: made once, copied for each, and looked at from outside afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import importlib
import json
import os
import pkgutil
import shutil
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import l402desk
from l402desk.services import Plan, Services, open_services
from l402desk.store import passphrase
from l402desk.store.passphrase import Cost
from tests.harness.dying import Ended, Main, run

PASSPHRASE = "a passphrase that is in the tests"
DATABASE = Path("data") / "desk.sqlite3"

Job = Callable[[Services], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Home:
    """``L402DESK_HOME``; the passphrase file lies beside it."""

    folder: Path

    @property
    def passphrase_file(self) -> Path:
        return self.folder.with_name("passphrase")

    @property
    def environ(self) -> dict[str, str]:
        return {
            "L402DESK_HOME": str(self.folder),
            "L402DESK_PASSPHRASE_FILE": str(self.passphrase_file),
            "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
        }

    @property
    def plan(self) -> Plan:
        return Plan(self.folder / "data", self.folder / "cache", passphrase_file=self.passphrase_file, keyring=None)

    def copy_to(self, folder: Path) -> Home:
        if self.folder.exists():
            shutil.copytree(self.folder, folder, symlinks=True)
        return Home(folder)

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def job(self, work: Job) -> Main:
        """``work`` with the app's services open and its vault unlocked, for a process of its own."""

        async def go() -> int:
            os.umask(0o077)  # as the app's own start does
            async with open_services(self.plan) as services:
                await services.unlock()
                return await work(services)

        return lambda: asyncio.run(go())


def new_home(folder: Path) -> Home:
    """Where the app has never been. ``folder.parent`` gets the passphrase file."""
    home = Home(folder)
    home.passphrase_file.write_text(f"{PASSPHRASE}\n")
    return home


def stretch_quickly() -> None:
    """Take the deliberately slow part out of passphrases, in this process and its children: no write depends on it.

    What was sealed under a really stretched one still opens, once `remember_stretching` was told of it.
    """
    passphrase._derive = _quickly


def remember_stretching(database: Path) -> None:
    """Stretch the passphrase for this file once, and never again."""
    with contextlib.closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        found = connection.execute("SELECT salt, passes, memory_kib, lanes FROM vault_key").fetchone()
    salt, cost = bytes(found[0]), Cost(*found[1:])
    _stretched[salt] = _derive(PASSPHRASE.encode(), salt, cost)


def _quickly(words: bytes, salt: bytes, cost: Cost) -> bytes:
    if words == PASSPHRASE.encode() and salt in _stretched:
        return _stretched[salt]
    return hashlib.sha256(salt + words).digest()


def import_everything() -> None:
    """What a command imports when it comes to it, before the first fork instead: all but the window."""
    for module in pkgutil.walk_packages(l402desk.__path__, "l402desk."):
        if not module.name.startswith(("l402desk.ui", "l402desk.session", "l402desk.app", "l402desk.worker")):
            importlib.import_module(module.name)


_derive = passphrase._derive
_stretched: dict[bytes, bytes] = {}


@dataclass(frozen=True, slots=True)
class Content:
    """What a home holds, as the app reads it. ``troubles`` are sentences about what does not open."""

    purchases: list[dict[str, object]]
    tokens: list[dict[str, object]]
    troubles: list[str]

    def at(self, path: str) -> list[dict[str, object]]:
        return [purchase for purchase in self.purchases if purchase["path"] == path]


def look(home: Home) -> Content:
    """Open the home in another process, with the app's own parts, and read everything that is sealed in it."""
    ended = run(home.job(_read_all), home.environ)
    if ended.status != 0:
        return Content([], [], [f"it does not open: {_last_line(ended)}"])
    return Content(**json.loads(ended.out))


async def _read_all(services: Services) -> int:
    troubles: list[str] = []
    check = await services.database.read(lambda c: [row[0] for row in c.execute("PRAGMA integrity_check")])
    if check != ["ok"]:
        troubles.append(f"integrity: {check[0]}")
    purchases: list[dict[str, object]] = []
    for purchase in await services.ledger.history(limit=100_000):
        secrets = await services.ledger.secrets(purchase.id)
        proof = None if secrets.preimage is None else secrets.preimage.hex
        purchases.append(
            {
                "id": purchase.id, "path": purchase.path, "state": str(purchase.state),
                "hash": purchase.payment_hash.hex,
                "delivery": None if purchase.delivery is None else str(purchase.delivery), "proof": proof,
                "url": secrets.url, "credential": secrets.credential,
            }
        )  # fmt: skip
    tokens: list[dict[str, object]] = []
    for trashed in (False, True):
        for token in await services.vault.list(limit=100_000, trashed=trashed):
            if not token.is_intact:
                troubles.append(f"the token {token.title} does not open")
                continue
            secret = await services.vault.reveal(token.id)
            tokens.append(
                {
                    "id": token.id, "purchase": token.purchase_id, "state": str(token.state), "title": token.title,
                    "hash": token.payment_hash, "credential": secret.credential, "proof": secret.preimage.hex,
                }
            )  # fmt: skip
    print(json.dumps(asdict(Content(purchases, tokens, troubles))))
    return 0


def _last_line(ended: Ended) -> str:
    lines = ended.err.strip().splitlines()
    return lines[-1] if lines else f"status {ended.status}"


def only_owner_reads(home: Home) -> list[str]:
    """Files and folders of the home that others may read: none ever, also not after a crash (law 9)."""
    return [
        str(path.relative_to(home.folder))
        for path in sorted(home.folder.rglob("*"))
        if not path.is_symlink() and os.stat(path).st_mode & 0o077
    ]
