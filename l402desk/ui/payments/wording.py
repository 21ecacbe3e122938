"""A payment in words: when, how far it got, how serious that is, and what there is to do."""

from __future__ import annotations

from datetime import datetime, timedelta

from l402desk.engine.by_hand import why_not_end
from l402desk.engine.statement import Line
from l402desk.ledger.purchases import PHONE, Delivery, Purchase, PurchaseState
from l402desk.protocol.instants import LATEST

State = PurchaseState
# Not from the system's locale: the words around them are English too.
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SHORT = {
    State.OFFERED: "not paid",
    State.INTENT: "about to be paid",
    State.SUBMITTED: "on its way",
    State.FAILED: "failed",
    State.UNKNOWN: "not known yet",
    State.PAID_WITHOUT_PROOF: "paid, no proof",
}
_SEVERITIES = {
    State.INTENT: "caution",
    State.SUBMITTED: "caution",
    State.UNKNOWN: "caution",
    State.PAID_WITHOUT_PROOF: "danger",
    State.OFFERED: "dim",
    State.FAILED: "dim",
}


def moment(unix: int, now: int) -> str:
    """``today 12:03``, ``yesterday 23:59``, ``24 Nov 06:21``, and a whole date for another year; in local time."""
    then, today = _local(unix), _local(now)
    clock = f"{then:%H:%M}"
    day = f"{then.day} {MONTHS[then.month - 1]}"
    if then.date() == today.date():
        return f"today {clock}"
    if then.date() == today.date() - timedelta(days=1):
        return f"yesterday {clock}"
    if then.year == today.year:
        return f"{day} {clock}"
    return f"{day} {then.year}"


def _local(unix: int) -> datetime:
    return datetime.fromtimestamp(min(max(unix, 0), LATEST - 86_400))


def standing(purchase: Purchase) -> str:
    """How far it got, in three words or so."""
    if purchase.state is not State.SETTLED:
        return _SHORT[purchase.state]
    if purchase.delivery is Delivery.REFUSED:
        return f"paid, refused {purchase.last_status or ''}".strip()
    return "paid" if purchase.delivery is Delivery.DELIVERED else "paid, not delivered"


def severity(purchase: Purchase) -> str:
    """``good``, ``caution``, ``danger`` or ``dim``: the colour that repeats what `standing` says."""
    if purchase.state is not State.SETTLED:
        return _SEVERITIES[purchase.state]
    if purchase.delivery is Delivery.DELIVERED:
        return "good"
    return "danger" if purchase.delivery is Delivery.REFUSED else "caution"


def explanation(line: Line, now: int) -> str:
    """One or two sentences: what is known, and what can be done."""
    purchase = line.purchase
    match purchase.state:
        case State.OFFERED:
            if now < purchase.expires_at:
                return (
                    "No wallet of this app was given the invoice. If you paid it by phone, paste the proof of payment."
                )
            return "It was shown and ran out. If you paid it by phone all the same, paste the proof of payment."
        case State.INTENT | State.SUBMITTED:
            return f"{rail(purchase)} has it. The app waits, and looks it up until it ends."
        case State.UNKNOWN:
            return (
                "Nobody can tell yet whether the money left. The app goes on asking the wallet; do not pay this again"
                " meanwhile."
            )
        case State.PAID_WITHOUT_PROOF:
            return (
                "The wallet says that it paid, and gave no valid proof. Look for the preimage in the wallet and paste"
                " it here: it opens what you paid for."
            )
        case State.FAILED:
            return "No money left the wallet. If the wallet shows it as paid after all, paste the proof of payment."
    return _delivery_words(purchase)


def _delivery_words(purchase: Purchase) -> str:
    if purchase.delivery is Delivery.DELIVERED:
        return "Paid, proven and delivered."
    if purchase.delivery is Delivery.REFUSED:
        return "Paid and proven, but the server refused the token. It is kept: trying again costs nothing."
    return "Paid and proven, but nothing was delivered yet. Fetching it again costs nothing."


def giving_up(purchase: Purchase, now: int) -> str:
    """Why the waiting cannot be ended by hand yet; empty where it can, or where nothing is waited for."""
    return why_not_end(purchase, now) if purchase.state in (State.SUBMITTED, State.UNKNOWN) else ""


def rail(purchase: Purchase) -> str:
    """Who paid, or is to: a wallet's own name, the phone, or nobody yet."""
    if purchase.rail is None:
        return "nobody yet"
    return "A phone, by hand" if purchase.rail == PHONE else purchase.rail
