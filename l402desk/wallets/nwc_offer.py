"""What a wallet service offers over NIP-47, by its info event (13194), ``get_info`` and ``get_budget``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from l402desk.protocol.amount import Msat
from l402desk.protocol.network import Network
from l402desk.protocol.text import visible
from l402desk.wallets.amounts import read_msat
from l402desk.wallets.chains import read_chain
from l402desk.wallets.examining import WalletBudget
from l402desk.wallets.nwc_words import Answer, is_time, word

PAY, LOOK_UP, LIST = "pay_invoice", "lookup_invoice", "list_transactions"
BALANCE, INFO, BUDGET = "get_balance", "get_info", "get_budget"
PAYMENT_SENT = "payment_sent"
MOST_METHODS = 64
_NAME = re.compile(r"[a-z0-9_]{1,40}")
_RENEWALS = ("daily", "weekly", "monthly", "yearly")


class Speech(StrEnum):
    """How messages are encrypted, by the names of NIP-47."""

    NIP44 = "nip44_v2"
    NIP04 = "nip04"


@dataclass(frozen=True, slots=True)
class Offer:
    """What an info event says. ``speaks`` is in the order in which we choose, and empty where we know none of it."""

    methods: frozenset[str]
    speaks: tuple[Speech, ...]
    notifies: bool

    @classmethod
    def read(cls, content: str, tags: Iterable[Sequence[str]]) -> Offer:
        """From the content and tags of the event. Never raises. Without a word on encryption it is NIP-04 (NIP-47)."""
        named: dict[str, list[str]] = {}
        for tag in tags:
            if len(tag) > 1:
                named.setdefault(tag[0], []).extend(" ".join(tag[1:]).replace(",", " ").split())
        encryption = named.get("encryption", [Speech.NIP04])
        if "encryption" not in named and "1.0" in named.get("v", ()):  # of NIP-47's draft; some services still say it
            encryption = [Speech.NIP44]
        methods = content.replace(",", " ").split()[:MOST_METHODS]
        return cls(
            frozenset(method for method in methods if _NAME.fullmatch(method)),
            tuple(speech for speech in Speech if speech in encryption),
            PAYMENT_SENT in named.get("notifications", ()),
        )


@dataclass(frozen=True, slots=True)
class Info:
    """What ``get_info`` tells. ``methods`` is None where it does not list them; ``alias`` is for the eye."""

    alias: str = ""
    network: Network | None = None
    methods: frozenset[str] | None = None

    @classmethod
    def read(cls, result: Answer) -> Info:
        """Never raises, whatever the answer holds."""
        alias, network, methods = result.get("alias"), result.get("network"), result.get("methods")
        listed = methods[:MOST_METHODS] if isinstance(methods, list) else []
        named = [name for name in listed if isinstance(name, str) and _NAME.fullmatch(name)]
        return cls(
            visible(alias.strip(), 60) if isinstance(alias, str) else "",
            read_chain(network),
            frozenset(named) or None,
        )


def read_balance(result: Answer | None) -> Msat | None:
    """In msat; None where the answer tells no balance that can be one."""
    return None if result is None else read_msat(result.get("balance"))


def read_budget(result: Answer | None) -> WalletBudget | None:
    """What ``get_budget`` tells (Alby Hub's, in no NIP yet), in msat; None where there is no budget: ``{}``."""
    if result is None:
        return None
    total, used = read_msat(result.get("total_budget")), read_msat(result.get("used_budget"))
    renews_at = result.get("renews_at")
    if not total:
        return None
    renews = word(result.get("renewal_period"))
    return WalletBudget(used, total, renews if renews in _RENEWALS else "", renews_at if is_time(renews_at) else None)
