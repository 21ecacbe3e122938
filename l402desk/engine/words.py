"""The engine's sentences: what happened, why, and what to do, for each way a journey can turn."""

from __future__ import annotations

from l402desk.engine.view import Notice, Tone
from l402desk.ledger.purchases import Purchase
from l402desk.protocol.amount import Msat
from l402desk.protocol.commands import Delivery


def token_refused(status: int) -> Notice:
    return Notice(
        Tone.WARNING,
        "The token you hold was refused",
        f"The server answered {status} to it. It may be used up, expired, or meant for something else.",
        "It is kept in the vault and marked. Nothing was paid.",
    )


def payment_failed(reason: str) -> Notice:
    return Notice(
        Tone.WARNING,
        "Not paid: no money left the wallet",
        reason,
        "Send again for a fresh invoice.",
    )


def payment_unknown(reason: str) -> Notice:
    return Notice(
        Tone.WARNING,
        "The payment is still open",
        reason,
        "The app keeps asking the wallet. Do not pay again: this invoice may still go through.",
    )


def paid_without_proof(reason: str) -> Notice:
    return Notice(
        Tone.DANGER,
        "Paid, but without a proof",
        reason,
        "Look for the preimage in the wallet and paste it. The app does not pay this again.",
    )


def rail_taken(reason: str) -> Notice:
    return Notice(Tone.WARNING, "This invoice was not handed to the wallet", reason)


def bought_meanwhile(sentence: str) -> Notice:
    return Notice(
        Tone.WARNING,
        "The same was bought a moment ago",
        sentence,
        "Nothing was paid here. Send the request again: the token that was bought is sent with it.",
    )


def over_budget(sentence: str) -> Notice:
    return Notice(
        Tone.WARNING,
        "This would break your budget",
        sentence,
        "Nothing was paid. Pay it all the same, or change the budget in the settings.",
    )


def wrong_claim_address(sentence: str) -> Notice:
    return Notice(Tone.WARNING, "The token was not sent there", sentence, "Nothing was sent; what you bought is kept.")


def vault_locked() -> Notice:
    return Notice(
        Tone.WARNING,
        "The vault is locked",
        "What is bought is kept there, so nothing is paid before it is open.",
        "Unlock the vault, then pay.",
    )


def invoice_expired() -> Notice:
    return Notice(
        Tone.WARNING,
        "The invoice has expired",
        "It was too old to be paid. Nothing was paid.",
        "Send again for a fresh invoice.",
    )


def earlier_proof(amount: Msat | None, where: str) -> Notice:
    return Notice(
        Tone.GOOD,
        "The proof was taken",
        f"It proves your payment{f' of {amount.words()}' if amount else ''} to {where}. The token is in the vault.",
        "Send again to use it.",
    )


def offered_before(purchase: Purchase) -> Notice:
    """Nobody can see whether a phone has paid a code that was shown: the user can."""
    return Notice(
        Tone.WARNING,
        "An earlier invoice for this was shown",
        f"It asked {purchase.amount.words()}, and can still be paid.",
        "If your phone has paid it, paste its proof here: it is taken, and nothing more needs to be paid.",
    )


def intent_refused(reason: str) -> Notice:
    return Notice(Tone.DANGER, "Nothing was paid", reason, "Without a safe record the app does not pay.")


def still_open(purchase: Purchase, asked: Msat | None) -> Notice:
    new = f" The new invoice asks another {asked.words()}." if asked is not None else ""
    return Notice(
        Tone.WARNING,
        "An earlier payment for this is still open",
        f"{purchase.amount.words()} to {purchase.origin.authority}: {purchase.state.words}.{new}",
        "Wait for it, or pay the new invoice too, knowing that both may go through.",
    )


def vault_unreadable(reason: str) -> Notice:
    return Notice(Tone.WARNING, "The vault could not be used", reason)


def delivery(outcome: Delivery, amount: Msat, what_happened: str, *, automatic: bool = False) -> Notice:
    """What became of what was bought."""
    match outcome:
        case Delivery.DELIVERED:
            return delivered(amount, automatic=automatic)
        case Delivery.REFUSED:
            return not_accepted(what_happened)
        case Delivery.UNDELIVERED:
            return undelivered(what_happened)


def delivered(amount: Msat, *, automatic: bool = False) -> Notice:
    return Notice(
        Tone.GOOD,
        f"Paid {amount.words()} by itself, inside your budgets" if automatic else f"Paid {amount.words()}",
        "The token is in the vault and will be sent with this request from now on.",
    )


def undelivered(reason: str) -> Notice:
    return Notice(
        Tone.WARNING,
        "Paid, but not delivered yet",
        f"{reason} What you bought is kept in the vault.",
        "Try again: it costs nothing.",
    )


def not_accepted(what_happened: str) -> Notice:
    return Notice(
        Tone.DANGER,
        "Paid, not accepted",
        f"{what_happened} The token is paid for and proven all the same.",
        "The token is kept. The app does not pay a second time; try the delivery again, or ask the provider.",
    )


def proof_not_written(reason: str) -> Notice:
    return Notice(
        Tone.DANGER,
        "Paid, but the proof could not be written to the disk",
        reason,
        "Copy the proof now and keep it safe, make room, then try again.",
    )


def bad_proof(sentence: str) -> Notice:
    return Notice(Tone.WARNING, "That is not the proof of this payment", sentence)
