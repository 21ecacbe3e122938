"""What lives on the loop: the HTTP client, the vault and ledger once unlocked, the wallets, the sandbox."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from l402desk.client.client import HttpClient
from l402desk.client.limits import Limits
from l402desk.client.trust import os_trust
from l402desk.ledger import rows as ledger_rows
from l402desk.ledger.ledger import Ledger
from l402desk.ledger.purchases import PurchaseState
from l402desk.protocol.amount import Msat
from l402desk.store import unlock as unlock_module
from l402desk.store.database import Database
from l402desk.store.errors import KeyUnavailable, StoreError, VaultClosed
from l402desk.store.keyholder import KeyHolder
from l402desk.store.keys import KeyringPort, OsKeyring
from l402desk.store.passphrase_file import first_line
from l402desk.store.restoring import Restored
from l402desk.store.rotation import Rotated
from l402desk.store.run_folder import make_run_folder
from l402desk.store.seal import Seal
from l402desk.store.unlock import vault_key_exists
from l402desk.store.vault_key import Kind
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
_IN_FLIGHT = (PurchaseState.INTENT, PurchaseState.SUBMITTED)
SCHEMAS = (unlock_module.SCHEMA, vault_rows.SCHEMA, ledger_rows.SCHEMA, awaiting.SCHEMA, book.SCHEMA)


class PaymentInHand(StoreError):  # noqa: N818 - named for what is, as in `store.errors`
    """A wallet has an invoice and has not answered: its proof must find the ledger open."""

    def __init__(self) -> None:
        super().__init__(
            "A payment is under way, and its proof must still be written down, so the vault stays open for now.",
            "Lock it again when the payment has ended; it takes a minute at most.",
        )


VaultLocked = VaultClosed
"""The vault or the ledger was asked for before it was unlocked, or after it was locked."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to open: where state lives, whether a sandbox runs beside it, how large an amount earns a warning."""

    data_folder: Path
    cache_folder: Path
    passphrase_file: Path | None = None
    sandbox_port: int | None = None
    """None: no sandbox. 0: any free port. Another: that one, or any if it is taken."""
    caution_above: Msat | None = None
    tor: str | None = None
    """HOST:PORT of Tor's SOCKS proxy."""
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
        self.catalogue = Catalogue(os_trust, plan.cache_folder, plan.tor)
        """Makes wallets of connections."""
        self.in_hand: set[str] = set()
        """The purchases that a journey of this run gave to a wallet: it alone follows them while the app runs."""
        self._vault: Vault | None = None
        self._ledger: Ledger | None = None
        self._awaiting: Awaiting | None = None
        self._wallet_book: WalletBook | None = None
        self._unlocking = asyncio.Lock()
        self._running: set[asyncio.Task[Any]] = set()
        self._questions: set[asyncio.Task[Any]] = set()
        self.keys = KeyHolder(database, plan.keyring)
        """Who keeps the vault's key, and how that is changed."""

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
            raise VaultLocked
        return self._vault

    @property
    def ledger(self) -> Ledger:
        """Raises VaultLocked before `unlock`: purchases hold sealed credentials."""
        if self._ledger is None:
            raise VaultLocked
        return self._ledger

    @property
    def awaiting(self) -> Awaiting:
        """Imported tokens without a proof. Raises VaultLocked before `unlock`."""
        if self._awaiting is None:
            raise VaultLocked
        return self._awaiting

    @property
    def wallet_book(self) -> WalletBook:
        """The stored wallets; `unlock` connects them. Raises VaultLocked before that."""
        if self._wallet_book is None:
            raise VaultLocked
        return self._wallet_book

    @property
    def has_passphrase_file(self) -> bool:
        return self._plan.passphrase_file is not None

    def now(self) -> int:
        return int(self.clock())

    def keep_running(self, work: Coroutine[Any, Any, T], *, only_asks: bool = False) -> asyncio.Task[T]:
        """Run work that must not end with the job that began it: a payment, the keeping of a proof.

        What ``only_asks`` can be asked again, so the vault may be locked meanwhile.
        """
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        if only_asks:
            self._questions.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        self._questions.discard(task)
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
            await self._open(await self.keys.unlock(secret))

    async def unlock_by_code(self, code: str) -> None:
        """Open the vault by its recovery code. Raises WrongRecoveryCode; the data stays as it is."""
        async with self._unlocking:
            if self._vault is None:
                await self._open(await self.keys.unlock_by_code(code))

    async def _open(self, seal: Seal) -> None:
        wallet_book = WalletBook(self.database, seal, self.now, self.catalogue)
        for wallet in await wallet_book.open_all():
            self.wallets.connect(wallet, is_stored=True)
        self._wallet_book = wallet_book
        self._vault = Vault(self.database, seal, self.now)
        self._ledger = Ledger(self.database, seal, self.now)
        self._awaiting = Awaiting(self.database, seal, self.now)

    async def lock(self) -> None:
        """Drop the key and everything that needs it. Raises PaymentInHand while a payment's proof may still come.

        What is open without being in hand stays in the ledger, and is looked up again after the next unlocking.
        """
        async with self._unlocking:
            await self._lock()

    async def _lock(self) -> None:
        if self._ledger is None:
            return
        if (busy := self._running - self._questions) and (await asyncio.wait(busy, timeout=SETTLE_DOWN_S))[1]:
            raise PaymentInHand
        held = frozenset(self.in_hand)
        in_flight = [p for p in await self._ledger.open_purchases() if p.id in held and p.state in _IN_FLIGHT]
        if in_flight or held != self.in_hand or self._running - self._questions:
            raise PaymentInHand
        self.in_hand.clear()  # nothing is waited for from here on: no payment can begin in between
        self.wallets.disconnect_stored()
        self._vault = self._ledger = self._awaiting = self._wallet_book = None
        await self.keys.lock()

    async def rotate_key(self, proof: str | None = None) -> Rotated:
        """Replace the vault's data key. A vault under a passphrase needs it, given or in the passphrase file.

        Raises InUse while another process has the vault open, WrongPassphrase, KeyUnavailable.
        """
        return await self.keys.rotate(proof=proof if proof is not None else await self._passphrase_from_file())

    async def restore(self, source: Path, passphrase: str) -> Restored:
        """Put a backup in the place of what is here, which is set aside; the vault opens by the backup's passphrase.

        A vault that was kept by the keyring is kept by it again, where it takes the key. Raises PaymentInHand, InUse,
        and for a backup that does not open: then everything is as before.
        """
        async with self._unlocking:
            before = await self.keys.status()
            prepared = await self.keys.prepare_restore(source, passphrase)
            await self._lock()
            restored = await self.keys.restore(prepared)
            await self._open(await self.keys.unlock(passphrase))
            if before is not None and before.kind is Kind.KEYRING:
                with suppress(KeyUnavailable):
                    await self.keys.keep_by_keyring(proof=passphrase)
            return restored

    async def _passphrase_from_file(self) -> str | None:
        file = self._plan.passphrase_file
        return None if file is None else await first_line(file)


@asynccontextmanager
async def open_services(plan: Plan) -> AsyncIterator[Services]:
    """Open everything that lives on the loop; close it in reverse order. Raises StoreError. Never prompts."""
    async with AsyncExitStack() as stack:
        database = await Database.open(plan.data_folder / "desk.sqlite3", SCHEMAS)
        stack.push_async_callback(database.close)
        bodies = await asyncio.to_thread(make_run_folder, plan.cache_folder / "bodies")
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
