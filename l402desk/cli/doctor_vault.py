"""What the doctor looks at inside: the app's file, who keeps the vault's key, open payments, and the wallets."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from l402desk.cli.doctor_section import Json, Problem, Section
from l402desk.store.database import Database
from l402desk.store.errors import KeyUnavailable, PassphraseNeeded, StoreError
from l402desk.store.keys import OsKeyring
from l402desk.store.schema import versions
from l402desk.store.vault_key import Kind
from l402desk.wallets.errors import WalletError

if TYPE_CHECKING:
    from l402desk.services import Services
    from l402desk.wallets.book import StoredWallet
    from l402desk.wallets.catalogue import Adapter

PATIENCE_S = 5.0
"""How long a keyring or a wallet may take: a doctor waits for nobody."""


async def keyring(patience_s: float = PATIENCE_S) -> Section:
    """The keyring that would be used, of those that are trusted. It is not asked for anything, so it asks nobody."""
    section = Section("keyring", "Keyring")
    try:
        name = await OsKeyring(patience=patience_s).choose(None)
    except KeyUnavailable as error:
        section.tell("Backend", "backend", None, error.sentence)
        section.data["reason"] = error.sentence
        return section
    section.tell("Backend", "backend", name)
    return section


async def database(file: Database) -> Section:
    """Whether its pages are whole, and which tables it has."""
    section = Section("database", "Database")
    section.tell("File", "path", str(file.path))
    found = await file.read(lambda c: [str(row[0]) for row in c.execute("PRAGMA quick_check(5)").fetchall()])
    section.tell("Integrity", "integrity", "ok" if found == ["ok"] else found, "; ".join(found))
    steps = await file.read(versions)
    section.tell("Tables", "schemas", steps, ", ".join(f"{name} {step}" for name, step in sorted(steps.items())))
    if found != ["ok"]:
        section.problems.append(
            Problem(f"{file.path} is damaged.", "Keep a copy of it, and put your last backup in its place.")
        )
    return section


async def vault(services: Services) -> Section:
    """Who keeps the key, and whether it opens; afterwards the vault is open if it can be."""
    section = Section("vault", "Vault")
    status = await services.keys.status()
    if status is None:
        section.tell("State", "state", "none", "none yet: it is made with the first purchase")
        return section
    section.data.update(sealed_by=status.kept_by, has_recovery_code=status.code_made_at is not None)
    section.rows.append(("Key", f"kept by {status.kept_by}"))
    try:
        await services.unlock()
    except PassphraseNeeded:
        section.tell("State", "state", "locked", "locked: it opens with your passphrase")
        return section
    except KeyUnavailable as error:
        section.tell("State", "state", "locked", "locked")
        section.data["reason"] = error.sentence
        section.problems.append(Problem(error.sentence, error.remedy))
        return section
    section.tell("State", "state", "open", "opens")
    if status.kind is Kind.KEYRING and status.code_made_at is None:
        what = "There is no recovery code: without this keyring the vault stays closed for ever."
        section.hints.append(Problem(what, "Make one in the settings of the window, or a backup."))
    if services.keys.moved_from is not None:
        section.hints.append(Problem(f"The key was kept by {services.keys.moved_from} before."))
    return section


async def ledger(services: Services) -> Section:
    """What is open, and what was paid for and not delivered."""
    section = Section("ledger", "Payments")
    open_now, undelivered = await services.ledger.open_purchases(), await services.ledger.undelivered()
    section.tell("Open", "open", len(open_now))
    section.tell("Undelivered", "undelivered", len(undelivered))
    section.tell("Tokens", "tokens", await services.vault.count())
    if open_now:
        words = "one payment is" if len(open_now) == 1 else f"{len(open_now)} payments are"
        section.hints.append(Problem(f"The end of {words} not known yet.", "See: l402desk payments list"))
    return section


async def wallets(services: Services, patience_s: float = PATIENCE_S) -> Section:
    """Which there are, and whether they answer."""
    section = Section("wallets", "Wallets")
    stored = await services.wallet_book.list()
    asked = [w.name for w in stored if w.is_intact and w.is_connected]
    adapters = await asyncio.gather(*[services.wallet_book.open(name) for name in asked])
    told = dict(zip([a.name for a in adapters], await _ask_all(adapters, patience_s), strict=True))
    entries: list[Json] = []
    for wallet in stored:
        is_off = wallet.is_intact and not wallet.is_connected
        why_not = "" if is_off else told.get(wallet.name, "It was changed behind the app's back, and is not used.")
        entry: Json = {
            "name": wallet.name, "kind": wallet.kind, "place": wallet.place, "watch_only": wallet.watch_only,
            "default": wallet.is_default, "hosts": list(wallet.hosts), "connected": wallet.is_connected,
            "reachable": None if is_off else not why_not, "reason": why_not or None,
        }  # fmt: skip
        entries.append(entry)
        section.rows.append((wallet.name[:12], _in_words(wallet, why_not)))
        if why_not:
            found = Problem(f"The wallet “{wallet.name}” cannot be used. {why_not}")
            (section.hints if wallet.kind == "play" else section.problems).append(found)
    section.data["stored"] = entries
    if not stored:
        section.rows.append(("Stored", "none"))
        section.hints.append(Problem("No wallet is connected.", "A phone will do, or: l402desk wallets add"))
    return section


def _in_words(wallet: StoredWallet, why_not: str) -> str:
    answers = "answers" if not why_not else "does not answer"
    words = [wallet.place or wallet.kind, answers if wallet.is_connected else "disconnected"]
    words += ["only looks"] if wallet.watch_only else []
    words += ["the default"] if wallet.is_default else []
    words += [f"the default at {len(wallet.hosts)} host(s)"] if wallet.hosts else []
    return ", ".join(words)


async def _ask_all(adapters: list[Adapter], patience_s: float) -> list[str]:
    return list(await asyncio.gather(*[_why_not(adapter, patience_s) for adapter in adapters]))


async def _why_not(adapter: Adapter, patience_s: float) -> str:
    """Why it does not answer; empty where it does."""
    try:
        async with asyncio.timeout(patience_s):
            await adapter.examine()
    except WalletError as error:
        return str(error)
    except TimeoutError:
        return f"It did not answer within {patience_s:g} seconds."
    return ""


def not_open(error: StoreError) -> Section:
    """The file does not open: that is all there is to say about everything in it."""
    section = Section("database", "Database")
    section.tell("State", "integrity", None, "does not open")
    section.data["reason"] = error.sentence
    section.problems.append(Problem(error.sentence, error.remedy))
    return section
