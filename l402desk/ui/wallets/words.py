"""What a wallet's card says, in words: how it is, what it may do, what it costs, and until when."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

from l402desk.protocol.text import visible
from l402desk.session.wallet_view import State, WalletView
from l402desk.ui.assets import Tint
from l402desk.ui.widgets.countdown import time_left
from l402desk.wallets.catalogue import KINDS, About
from l402desk.wallets.connection import Kind
from l402desk.wallets.examining import Examination, WalletBudget

ICONS = {
    "nwc": "broadcast",
    "lnd": "bolt",
    "cln": "nodes",
    "lnbits": "server",
    "phoenixd": "flame",
    "electrum": "orbit",
    "play": "coins",
}
_RENEWALS = {"daily": "each day", "weekly": "each week", "monthly": "each month", "yearly": "each year"}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a wallet is: an icon, its tint, and words that say the same without either."""

    icon: str
    tint: Tint
    words: str


def kind_icon(kind: str) -> str:
    return ICONS.get(kind, "wallet")


def about(kind: str) -> About | None:
    """What is known of a kind; None for one of a later version."""
    return KINDS[Kind(kind)] if kind in set(Kind) else None


def kind_title(kind: str) -> str:
    known = about(kind)
    return known.title if known is not None else visible(kind, 40) or "Wallet"


def standing(wallet: WalletView) -> Standing:
    """Whether it answers; never by colour alone."""
    match wallet.state:
        case State.DAMAGED:
            return Standing("danger", "danger", "Damaged: it was changed behind the app's back, and is not used")
        case State.DISCONNECTED:
            return Standing("minus", "dim", "Disconnected")
        case State.SILENT:
            return Standing("warning", "caution", "Does not answer")
        case State.ANSWERS:
            return Standing("dot", "good", "Connected" if wallet.pays else "Connected, watch only")
        case State.CONNECTED:
            return Standing("ring", "dim", "Asking…" if wallet.asked_by else "Connected, not asked yet")


def may(wallet: WalletView) -> str:
    """What its credential may do, as far as it is known."""
    found = wallet.examination
    if wallet.able is None:
        return ""
    if found is None or not found.powers:
        return "Pay, and look payments up" if wallet.pays else "Look payments up; it never pays"
    powers = listed(found.powers)
    unused = found.may_pay and not wallet.pays
    return f"{powers[:1].upper()}{powers[1:]}" + (". This app never pays with it" if unused else "")


def listed(parts: tuple[str, ...]) -> str:
    """“a, b and c”; each part is foreign at most in its own words."""
    shown = [visible(part, 120) for part in parts]
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def budget_words(budget: WalletBudget, now: float | None = None) -> str:
    """What the wallet's own limit leaves."""
    if budget.total is None:
        return "None of its own" if budget.used is None else f"{budget.used.words()} spent, no limit"
    words = f"{budget.total.words()} {_RENEWALS.get(budget.renews, 'in all')}"
    if budget.used is not None:
        words = f"{budget.used.words()} of {words} spent"
    if budget.renews_at is not None:
        left = budget.renews_at - (time.time() if now is None else now)
        words += f" · renewed in {time_left(left)}" if left > 0 else " · to be renewed now"
    return words


def budget_share(budget: WalletBudget) -> int | None:
    """Per mille that is spent; None where that is not known."""
    if budget.total is None or budget.used is None or not budget.total:
        return None
    return min(1_000, budget.used.value * 1_000 // budget.total.value)


def fees(wallet: WalletView) -> str:
    """Who decides what routing costs."""
    if wallet.able is None or not wallet.able.pays:
        return ""
    if wallet.able.is_play:
        return "None: it is play money"
    return (
        "At most what each payment allows" if wallet.able.fee_limit else "Decided by the wallet, which takes no limit"
    )


def by_itself(wallet: WalletView, *, budgets_set: bool) -> str:
    """Whether it may pay without a question, and inside what."""
    if wallet.is_play:
        return "Play money always may, inside the budgets."
    if budgets_set:
        return "Inside all three budgets of the settings, and only what has no warning."
    return "Nothing is paid without a question before all three budgets are set in the settings."


def certificate_names(names: tuple[str, ...]) -> str:
    return ", ".join(names) if names else "none"


def until(not_after: int | None, now: float | None = None) -> str:
    """The day a certificate ends, in this computer's time."""
    if not_after is None:
        return "not told"
    try:
        day = datetime.fromtimestamp(not_after).strftime("%d %B %Y").lstrip("0")
    except (OverflowError, OSError, ValueError):
        return "not told"
    return f"{day} (over)" if not_after <= (time.time() if now is None else now) else day


def power(found: Examination) -> str:
    """Whether it may pay, in one sentence."""
    return "It may pay." if found.may_pay else "It may look payments up, and cannot pay."
