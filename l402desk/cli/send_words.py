"""The sentences of ``l402desk send``: what happened, why, and what to do at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from l402desk.ledger.purchases import Delivery, PurchaseState
from l402desk.protocol.commands import Outcome as Ended
from l402desk.protocol.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from l402desk.client.errors import SendError
    from l402desk.engine.view import JourneyView, Notice
    from l402desk.ledger.purchases import Purchase
    from l402desk.protocol.amount import Msat
    from l402desk.protocol.inspection import Inspection
    from l402desk.protocol.proof import Preimage
    from l402desk.store.errors import KeyUnavailable
    from l402desk.vault.tokens import TokenSummary

AGAIN = "Run the same command again: it looks the payment up, and pays nothing twice."
FOR_FREE = "What was bought is in the vault: run the same command again to fetch it, for free."


def locked_unpaid(error: KeyUnavailable) -> str:
    return f"Nothing was sent, because what is bought is kept in the vault. {error}"


def locked_unused(error: KeyUnavailable) -> str:
    return f"The vault is locked, so no token is sent along. {error}"


def looking_up(purchase: Purchase) -> str:
    return f"An earlier payment for this is open: {_amount_to(purchase)}. Looking it up."


def unresolved(purchase: Purchase, *, is_connected: bool = True) -> str:
    reason = f" {_sentence(purchase.reason)}" if purchase.reason else ""
    if purchase.state is PurchaseState.PAID_WITHOUT_PROOF:
        return (
            f"{_amount_to(purchase)}: paid, but without a proof.{reason} Look for the preimage in the wallet, and give"
            f" it with l402desk payments resolve {purchase.id}. Nothing is paid again meanwhile."
        )
    if purchase.state is PurchaseState.INTENT:
        return f"{_amount_to(purchase)}: another window or command is paying this just now. {AGAIN}"
    if not is_connected:
        return (
            f"{_amount_to(purchase)}: {purchase.state.words}.{reason} The wallet “{purchase.rail}”, which was given the"
            " invoice, is not connected now: name it with --wallet, so that it can be asked. Nothing is paid again."
        )
    return f"{_amount_to(purchase)}: {purchase.state.words}.{reason} {AGAIN}"


def say_pay(best: Inspection, candidates: Sequence[TokenSummary]) -> str:
    held = ""
    if candidates:
        held = f" A token in the vault may open it: l402desk tokens show {candidates[0].id}."
    if best.amount is None:
        return f"Payment is required.{held}"
    return f"Payment is required: {best.amount.words()}. Add --pay to pay it.{held}"


def refused(best: Inspection) -> str:
    danger = next((f.message for f in best.findings if f.severity is Severity.DANGER), "It cannot be trusted.")
    return f"Not paid, because it is not safe: {danger}"


def not_402(status: int) -> str:
    return f"The server answered {status} and not 402, so it is not paid without a question: open it in the window."


def elsewhere(url: str) -> str:
    return f"It was another origin that asked for money after a redirect, so nothing was paid. Ask there: {url}"


def not_payable() -> str:
    return "Nothing here can be paid: the invoice names no amount."


def too_much(most: Msat, asked: Msat) -> str:
    return f"You allowed {most.words()} with --max-sats; this costs {asked.words()}. Nothing was paid."


def asked_again(purchase: Purchase) -> str:
    if purchase.delivery is Delivery.REFUSED:
        return (
            f"{_amount_to(purchase)} was paid before, and the server gave nothing for it and refuses the token again."
            " Nothing was paid now. Ask the provider, or pay once more with --no-token."
        )
    return (
        f"{_amount_to(purchase)} is paid and proven, and the server asks for money again. Nothing more was paid."
        " The token is kept; run the same command again to try it once more."
    )


def paying(purchase: Purchase, wallet: str, best: Inspection) -> str:
    fee = f", and at most {purchase.fee_limit.words()} for routing" if purchase.fee_limit else ""
    lines = [f"Paying {_amount_to(purchase)} with “{wallet}”{fee}."]
    lines += [f"! {finding.message}" for finding in best.findings if finding.severity is not Severity.INFO]
    return "\n".join(lines)


def interrupted_open(purchase: Purchase) -> str:
    return f"Interrupted. {_amount_to(purchase)} may be on its way, and cannot be called back. {AGAIN}"


def interrupted_settled(purchase: Purchase) -> str:
    return f"Interrupted. {_amount_to(purchase)} is paid. {FOR_FREE}"


def interrupted_unpaid() -> str:
    return "Interrupted. Nothing was paid."


def earlier_unpaid(purchase: Purchase) -> str:
    why = _sentence(purchase.reason)
    return f"An earlier payment was in the way, and was not made: {why} Run the same command again to pay."


def unkept(proof: Preimage, notice: Notice | None) -> str:
    """The one time a secret is written to the terminal: it is nowhere else, and would be lost."""
    why = notice.sentence if notice is not None else ""
    return (
        f"Paid, but the proof could not be written to the disk. {why} Copy it, keep it secret, make room, then run the"
        f" same command again, or give it to l402desk payments resolve. Proof of payment (preimage): {proof.hex}"
    )


def no_answer() -> str:
    return "No answer came."


def of_error(error: SendError) -> str:
    return f"{error.title}. {error.sentence} {error.remedy}".strip()


def of_notice(notice: Notice | None) -> str:
    return "" if notice is None else f"{notice.title}. {notice.sentence} {notice.remedy}".strip()


def of_delivery(view: JourneyView, purchase: Purchase | None) -> str:
    """What has to be said beside the answer; empty where everything went well."""
    if purchase is not None and view.outcome is Ended.UNDELIVERED:
        return f"{_amount_to(purchase)} is paid, but not delivered yet. {FOR_FREE}"
    if purchase is not None and view.outcome is Ended.NOT_ACCEPTED:
        return (
            f"{_amount_to(purchase)} is paid and proven, and the server did not accept it. The token is kept; nothing"
            " is paid a second time. Run the same command again to try it for free, or ask the provider."
        )
    if purchase is not None and view.answer is not None and view.answer.status in (401, 402):
        return asked_again(purchase) if view.outcome is Ended.ANSWERED else ""
    if purchase is None and view.notice is not None:
        return of_notice(view.notice)
    return ""


def _sentence(reason: str) -> str:
    """A wallet's words, which may lack their full stop."""
    return reason if reason.endswith((".", "!", "?")) else f"{reason}."


def _amount_to(purchase: Purchase) -> str:
    return f"{purchase.amount.words()} to {purchase.origin.authority}{purchase.path}"
