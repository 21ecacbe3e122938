"""Stored wallets and what a test of one found, in words and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from l402desk.cli.table import table
from l402desk.protocol.text import visible
from l402desk.wallets.catalogue import KINDS
from l402desk.wallets.connection import Kind

if TYPE_CHECKING:
    from l402desk.wallets.book import StoredWallet
    from l402desk.wallets.errors import WalletError
    from l402desk.wallets.examining import Examination, WalletBudget


def listed(wallets: Sequence[StoredWallet], armed: frozenset[str], secrets: Mapping[str, str]) -> str:
    """One line a wallet: name, kind, what it does, where it is (or its whole connection, where that was asked for)."""
    rows = [
        (visible(w.name, 60), visible(w.kind, 20), _does(w, armed), secrets.get(w.name) or visible(w.place, 200))
        for w in wallets
    ]
    return table(rows)


def shown(wallet: StoredWallet, armed: frozenset[str], secret: str | None) -> str:
    """All that is stored of one wallet, a line each."""
    added = datetime.fromtimestamp(wallet.added_at, UTC).strftime("%Y-%m-%d %H:%M UTC")
    facts = [
        ("Name", visible(wallet.name, 60)),
        ("Kind", _title(wallet.kind)),
        ("Does", _does(wallet, armed)),
        ("Where", visible(wallet.place, 300) or "not readable"),
        *(("Default at", visible(origin, 300)) for origin in wallet.hosts),
        ("Added", added),
        *((("Connection", secret),) if secret is not None else ()),
    ]
    return table(facts)


def _title(kind: str) -> str:
    return KINDS[Kind(kind)].title if kind in set(Kind) else visible(kind, 40)


def _does(wallet: StoredWallet, armed: frozenset[str]) -> str:
    if not wallet.is_intact:
        return "damaged: it was changed, and is not used"
    does = ["looks only" if wallet.watch_only else "pays"]
    does += [] if wallet.is_connected else ["disconnected"]
    does += ["default"] if wallet.is_default else []
    does += [f"default at {len(wallet.hosts)} host{'' if len(wallet.hosts) == 1 else 's'}"] if wallet.hosts else []
    does += ["by itself"] if wallet.name in armed else []
    return ", ".join(does)


def as_json(wallet: StoredWallet, armed: frozenset[str], secret: str | None = None) -> dict[str, Any]:
    """A stored wallet; ``added_at`` is unix seconds. ``connection`` is its secret, only where it was asked for."""
    return {
        "name": wallet.name,
        "kind": wallet.kind,
        "place": wallet.place,
        "watch_only": wallet.watch_only,
        "default": wallet.is_default,
        "armed": wallet.name in armed,
        "added_at": wallet.added_at,
        "intact": wallet.is_intact,
        "connected": wallet.is_connected,
        "hosts": list(wallet.hosts),
    } | ({"connection": secret} if secret is not None else {})


def examination_in_words(wallet: StoredWallet, found: Examination) -> str:
    """What a test found: what it may do, what it holds, what to beware of."""
    pays = found.may_pay and not wallet.watch_only
    lines = [
        f"It answers{f' and calls itself “{found.calls_itself}”' if found.calls_itself else ''}.",
        "It may pay." if pays else "It may look payments up, and does not pay.",
    ]
    if not wallet.watch_only and not found.may_pay:
        lines.append("Its key cannot pay: add the wallet again with a key that can, or with &watch=1.")
    if found.powers:
        lines.append(f"Its credential may: {', '.join(visible(power, 120) for power in found.powers)}.")
    on = f" on {found.network}" if found.network is not None else ""
    if found.balance is not None:
        lines.append(f"It holds {found.balance.words()}{on}.")
    elif on:
        lines.append(f"It is{on}.")
    if found.budget is not None:
        lines.append(f"Its own budget for this app: {_budget(found.budget)}.")
    return "\n".join([*lines, *found.warnings]) + "\n"


def examination_as_json(wallet: StoredWallet, found: Examination | None, trouble: WalletError | None) -> dict[str, Any]:
    """What a test found. ``may_pay`` is what the key allows, ``pays`` what this app does with it; null if unknown."""
    return {
        "name": wallet.name,
        "ok": trouble is None,
        "may_pay": None if found is None else found.may_pay,
        "pays": None if found is None else found.may_pay and not wallet.watch_only,
        "balance_msat": None if found is None or found.balance is None else found.balance.value,
        "calls_itself": None if found is None else found.calls_itself or None,
        "powers": [] if found is None else list(found.powers),
        "network": None if found is None or found.network is None else str(found.network),
        "budget": None if found is None or found.budget is None else _budget_as_json(found.budget),
        "warnings": [] if found is None else list(found.warnings),
        "error": None if trouble is None else {"sentence": trouble.sentence, "remedy": trouble.remedy},
    }


def _budget(budget: WalletBudget) -> str:
    total = f"{budget.total.words()} {budget.renews or 'in all'}" if budget.total is not None else "no limit"
    return total if budget.used is None else f"{total}, {budget.used.words()} of it spent"


def _budget_as_json(budget: WalletBudget) -> dict[str, Any]:
    """``renews_at`` is unix seconds."""
    return {
        "used_msat": None if budget.used is None else budget.used.value,
        "total_msat": None if budget.total is None else budget.total.value,
        "renews": budget.renews or None,
        "renews_at": budget.renews_at,
    }
