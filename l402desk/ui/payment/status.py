"""What the payment dialog says in each phase: one line of status, and why the code is covered."""

from __future__ import annotations

from dataclasses import dataclass

from l402desk.engine.view import JourneyView
from l402desk.protocol.exchange import Phase

STAYS_OPEN = (Phase.RECORDING, Phase.OFFERED, Phase.PAYING, Phase.UNKNOWN, Phase.NO_PROOF, Phase.KEEPING)
"""The phases of a payment; in any other the dialog has nothing to show and closes."""


@dataclass(frozen=True, slots=True)
class Status:
    """``words`` with ``role`` (a word of the style sheet); ``cover`` hides the code and says why, unless empty."""

    words: str
    role: str = "dim"
    cover: str = ""
    counts_time: bool = False


GOES_ON = "You may close this window: the app keeps asking, and delivers when the payment arrives."


def status_of(view: JourneyView, wallet: str, *, is_expired: bool = False) -> Status:
    """The status of a payment through ``wallet`` ("" if none was chosen here: the ledger knows)."""
    given_to = wallet or (view.purchase.rail or "" if view.purchase else "")
    who = f"The {given_to}" if given_to else "A wallet"
    match view.phase:
        case Phase.RECORDING:
            return Status("Writing the purchase down…")
        case Phase.OFFERED if wallet:
            return Status(f"Handing the invoice to the {wallet}…", "strong", f"{who} is paying this invoice.")
        case Phase.OFFERED if is_expired:
            return Status(
                "If you have paid already, bring the proof. Otherwise close this and send the request again.",
                "caution",
                "This invoice has expired. A wallet would refuse it.",
            )
        case Phase.OFFERED:
            return Status("Waiting for payment")
        case Phase.PAYING:
            return Status("In flight", "strong", f"{who} is paying this invoice.", counts_time=True)
        case Phase.UNKNOWN:
            cover = f"{who} was given this invoice. Paying it again could pay twice.\n\n{GOES_ON}"
            return Status("Still in flight: asking the wallet", "caution", cover, counts_time=True)
        case Phase.NO_PROOF:
            cover = f"{who} says it has paid this invoice."
            return Status("Paid, as the wallet says, but without a proof", "danger", cover)
        case Phase.KEEPING:
            return Status("Paid. Keeping the proof…", "good", "Paid.")
    return Status("")
