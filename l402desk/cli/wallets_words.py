"""Stored wallets and what a test of one found, in words and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from l402desk.protocol.text import visible

if TYPE_CHECKING:
    from l402desk.wallets.book import StoredWallet
    from l402desk.wallets.errors import WalletError
    from l402desk.wallets.examining import Examination


def listed(wallets: Sequence[StoredWallet], armed: frozenset[str], secrets: Mapping[str, str]) -> str:
    """One line a wallet: name, what it does, where it is (or its whole connection, where that was asked for)."""
    rows = [(visible(w.name, 60), _does(w, armed), secrets.get(w.name) or visible(w.place, 200)) for w in wallets]
    wide = [max(len(row[column]) for row in rows) for column in (0, 1)]
    return "".join(f"{name:<{wide[0]}}  {does:<{wide[1]}}  {where}".rstrip() + "\n" for name, does, where in rows)


def _does(wallet: StoredWallet, armed: frozenset[str]) -> str:
    if not wallet.is_intact:
        return "damaged: it was changed, and is not used"
    does = ["looks only" if wallet.watch_only else "pays"]
    does += ["default"] if wallet.is_default else []
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
    if found.balance is not None:
        lines.append(f"It holds {found.balance.words()}.")
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
        "warnings": [] if found is None else list(found.warnings),
        "error": None if trouble is None else {"sentence": trouble.sentence, "remedy": trouble.remedy},
    }
