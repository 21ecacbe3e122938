"""What a connection over NIP-47 may do: in words, and what to beware of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from l402desk.protocol.text import visible
from l402desk.wallets.examining import WalletBudget
from l402desk.wallets.nwc_offer import BALANCE, BUDGET, INFO, LIST, LOOK_UP, PAY, Speech

NEEDED = frozenset({PAY, LOOK_UP, LIST, BALANCE, INFO, BUDGET, "notifications"})
# The least first. What is not here is named as it is.
_POWERS = {
    LOOK_UP: "look payments up",
    BALANCE: "tell its balance",
    LIST: "list its payments",
    "make_invoice": "make invoices",
    "make_hold_invoice": "make invoices",
    "settle_hold_invoice": "make invoices",
    "cancel_hold_invoice": "make invoices",
    PAY: "pay",
    "pay_keysend": "pay without an invoice",
    "multi_pay_invoice": "pay several invoices at once",
    "multi_pay_keysend": "pay without an invoice",
    "sign_message": "sign messages with the node's key",
    "create_connection": "make further connections",
}
_SILENT = frozenset({INFO, BUDGET, "notifications"})


@dataclass(frozen=True, slots=True)
class Rights:
    """``listed`` are the methods that the service names, None where it names none: all is tried then.

    ``closed`` are those that it refused to this connection whatever it lists.
    """

    listed: Collection[str] | None
    closed: frozenset[str] = frozenset()

    def allow(self, method: str) -> bool:
        return method not in self.closed and (self.listed is None or method in self.listed)

    @property
    def looks_up(self) -> bool:
        return self.allow(LOOK_UP) or self.allow(LIST)

    @property
    def powers(self) -> tuple[str, ...]:
        """What it may do, the least first."""
        return powers([method for method in self.listed or (LOOK_UP, BALANCE, PAY) if self.allow(method)])

    def warnings(self, *, pays: bool, budget: WalletBudget | None, speech: Speech | None) -> tuple[str, ...]:
        """What to beware of. ``pays`` is whether this app uses it to pay."""
        found = []
        if pays:
            found.append("The wallet alone decides the routing fee: Nostr Wallet Connect has no limit for it.")
        if self.allow(PAY) and budget is None:
            found.append(
                "This connection tells of no budget. Give it one at the wallet, or it may spend all that is there."
            )
        if self.allow(PAY) and not pays:
            found.append("This connection could pay. For looking, one without “pay_invoice” is enough.")
        if not self.looks_up:
            found.append(
                "This connection cannot look payments up: if one gets stuck, nobody can tell what became of it."
            )
        further = powers(set(self.listed or ()) - NEEDED - {"make_invoice"})
        if further:
            found.append(f"This connection may do more than this app needs: {', '.join(further)}.")
        if speech is Speech.NIP04:
            found.append("This wallet understands only the older encryption, NIP-04. An update of it may know NIP-44.")
        return tuple(found)


def powers(methods: Collection[str]) -> tuple[str, ...]:
    """What these methods let one do, the least first."""
    known = [power for method, power in _POWERS.items() if method in methods]
    others = sorted(method for method in methods if method not in _POWERS and method not in _SILENT)
    return tuple(dict.fromkeys([*known, *(f"use “{visible(method, 40)}”" for method in others)]))
