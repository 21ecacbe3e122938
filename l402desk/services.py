"""What lives on the loop: the HTTP client, the vault and ledger once unlocked, the wallets, the sandbox."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from l402desk.client.client import HttpClient
from l402desk.client.limits import Limits
from l402desk.client.trust import os_trust
from l402desk.ledger import rows as ledger_rows
from l402desk.ledger.ledger import Ledger
from l402desk.protocol.amount import Msat
from l402desk.store import unlock as unlock_module
from l402desk.store.database import Database
from l402desk.store.errors import KeyUnavailable, ReadOnly
from l402desk.store.keys import KeyringPort, OsKeyring
from l402desk.store.unlock import unlock, vault_key_exists
from l402desk.vault import awaiting
from l402desk.vault import rows as vault_rows
from l402desk.vault.awaiting import Awaiting
from l402desk.vault.vault import Vault
from l402desk.wallets import beacon, book
from l402desk.wallets.book import WalletBook
from l402desk.wallets.catalogue import Catalogue
from l402desk.wallets.connected import ConnectedWallets
from l402desk.wallets.play import PlayMoney

if TYPE_CHECKING:
    from l402desk.sandbox.server import Sandbox

T = TypeVar("T")
SETTLE_DOWN_S = 2.0
LEFT_BEHIND_S = 7 * 24 * 3600
SCHEMAS = (unlock_module.SCHEMA, vault_rows.SCHEMA, ledger_rows.SCHEMA, awaiting.SCHEMA, book.SCHEMA)


class PassphraseFileUnreadable(KeyUnavailable):
    """The file that L402DESK_PASSPHRASE_FILE names cannot be read."""

    def __init__(self, file: str) -> None:
        super().__init__(
            f"The passphrase file {file} cannot be read.",
            "Make it readable for you alone, or start without L402DESK_PASSPHRASE_FILE.",
        )


class VaultLocked(RuntimeError):  # noqa: N818 - named for what is, as in `store.errors`
    """The vault or the ledger was asked for before it was unlocked."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to open: where state lives, whether a sandbox runs beside it, how large an amount earns a warning."""

    data_folder: Path
    cache_folder: Path
    passphrase_file: Path | None = None
    sandbox_port: int | None = None
    """None: no sandbox. 0: any free port. Another: that port, or any if it is taken."""
    caution_above: Msat | None = None
    limits: Limits = field(default_factory=Limits)
    keyring: KeyringPort | None = field(default_factory=OsKeyring)


class Services:
    """Made by `open_services`, given to jobs, touched by them alone. Times are unix seconds from ``clock``."""

    def __init__(
        self,
        plan: Plan,
        *,
        client: HttpClient,
        database: Database,
        wallets: ConnectedWallets,
        sandbox: Sandbox | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._plan = plan
        self.client = client
        self.database = database
        self.wallets = wallets
        self.sandbox = sandbox
        self.clock = clock
        self.catalogue = Catalogue(os_trust, plan.cache_folder)
        """Makes wallets of connections."""
        self.in_hand: set[str] = set()
        """The purchases that a journey of this run gave to a wallet: it alone follows them while the app runs."""
        self._vault: Vault | None = None
        self._ledger: Ledger | None = None
        self._awaiting: Awaiting | None = None
        self._wallet_book: WalletBook | None = None
        self._unlocking = asyncio.Lock()
        self._running: set[asyncio.Task[Any]] = set()
        self.kept_by = ""
        """Who keeps the vault's key, in words; empty while it is locked."""

    @property
    def caution_above(self) -> Msat | None:
        return self._plan.caution_above

    @property
    def is_unlocked(self) -> bool:
        return self._vault is not None

    @property
    def vault(self) -> Vault:
        """Raises VaultLocked before `unlock`."""
        if self._vault is None:
            raise VaultLocked("the vault is locked")
        return self._vault

    @property
    def ledger(self) -> Ledger:
        """Raises VaultLocked before `unlock`: purchases hold sealed credentials."""
        if self._ledger is None:
            raise VaultLocked("the ledger is locked")
        return self._ledger

    @property
    def awaiting(self) -> Awaiting:
        """Imported tokens without a proof. Raises VaultLocked before `unlock`."""
        if self._awaiting is None:
            raise VaultLocked("the vault is locked")
        return self._awaiting

    @property
    def wallet_book(self) -> WalletBook:
        """The stored wallets; `unlock` connects them. Raises VaultLocked before that."""
        if self._wallet_book is None:
            raise VaultLocked("the wallet book is locked")
        return self._wallet_book

    def now(self) -> int:
        return int(self.clock())

    def keep_running(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run work that must not end with the job that began it: a payment, the keeping of a proof."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # whoever waits for it hears of it; nobody else does, with its words in a log

    async def settle_down(self) -> None:
        """Let what is running end, for a short while; what does not is in the ledger and taken up at the next start."""
        deadline = asyncio.get_running_loop().time() + SETTLE_DOWN_S
        while self._running and (left := deadline - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(self._running, timeout=left)  # what ends may begin more: a payment its keeping
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def vault_exists(self) -> bool:
        """Is there a vault already, open or not?"""
        return await vault_key_exists(self.database)

    async def unlock(self, passphrase: str | None = None) -> None:
        """Open the vault by the passphrase given, else by the passphrase file, else by the OS keyring.

        Raises KeyUnavailable, telling why and what to do; the data stays as it is.
        """
        async with self._unlocking:
            if self._vault is not None:
                return
            secret = passphrase if passphrase is not None else await self._passphrase_from_file()
            keyring = None if secret is not None else self._plan.keyring
            seal = await unlock(self.database, passphrase=secret, keyring=keyring)
            wallet_book = WalletBook(self.database, seal, self.now, self.catalogue)
            for wallet in await wallet_book.open_all():
                self.wallets.connect(wallet, is_stored=True)
            self._wallet_book = wallet_book
            self._vault = Vault(self.database, seal, self.now)
            self._ledger = Ledger(self.database, seal, self.now)
            self._awaiting = Awaiting(self.database, seal, self.now)
            self.kept_by = seal.kept_by

    async def _passphrase_from_file(self) -> str | None:
        file = self._plan.passphrase_file
        if file is None:
            return None
        return await asyncio.to_thread(_first_line, file)


@asynccontextmanager
async def open_services(plan: Plan) -> AsyncIterator[Services]:
    """Open everything that lives on the loop; close it in reverse order. Raises StoreError. Never prompts."""
    async with AsyncExitStack() as stack:
        database = await Database.open(plan.data_folder / "desk.sqlite3", SCHEMAS)
        stack.push_async_callback(database.close)
        bodies = await asyncio.to_thread(_own_folder, plan.cache_folder / "bodies")
        stack.push_async_callback(asyncio.to_thread, shutil.rmtree, bodies, ignore_errors=True)
        client = HttpClient(plan.limits, bodies)
        stack.push_async_callback(client.aclose)
        wallets = ConnectedWallets()
        sandbox = None
        if plan.sandbox_port is not None:
            sandbox = await stack.enter_async_context(_open_sandbox(plan.sandbox_port))
            wallets.connect(PlayMoney(sandbox.wallet))
            await stack.enter_async_context(beacon.announced(plan.cache_folder, sandbox.url))
        services = Services(plan, client=client, database=database, wallets=wallets, sandbox=sandbox)
        stack.push_async_callback(services.settle_down)
        yield services


@asynccontextmanager
async def _open_sandbox(port: int) -> AsyncIterator[Sandbox]:
    from l402desk.sandbox.server import open_sandbox  # noqa: PLC0415 - brings a web server along

    async with AsyncExitStack() as stack:
        try:
            sandbox = await stack.enter_async_context(open_sandbox(port=port))
        except OSError:  # that port is taken: any other will do for a newcomer's first window
            sandbox = await stack.enter_async_context(open_sandbox(port=0))
        yield sandbox


def _own_folder(folder: Path) -> Path:
    """A folder for this run's answers, for this user only; those that a crash left behind a week ago are removed."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for old in folder.iterdir():
            if time.time() - old.lstat().st_mtime > LEFT_BEHIND_S:
                shutil.rmtree(old, ignore_errors=True)
        return Path(tempfile.mkdtemp(prefix="run-", dir=folder))
    except OSError as error:
        raise ReadOnly(str(folder)) from error


def _first_line(file: Path) -> str:
    try:
        with file.open(encoding="utf-8") as lines:
            return lines.readline().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise PassphraseFileUnreadable(str(file)) from error
