"""Whether a challenge may be paid without a question: inside all three budgets, where nothing speaks against it.

Law 6. The caps themselves are counted in the transaction of the intent; this is everything that is known before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from l402desk.protocol.inspection import Verdict
from l402desk.protocol.origin import Origin
from l402desk.store.errors import StoreError

if TYPE_CHECKING:
    from l402desk.client.request import RequestDraft
    from l402desk.engine.view import JourneyView
    from l402desk.protocol.invoice import Invoice
    from l402desk.services import Services
    from l402desk.wallets.wallet import Wallet


async def automatic_wallet(draft: RequestDraft, view: JourneyView, services: Services) -> str:
    """The wallet that may pay the best challenge by itself; empty where a person decides.

    Never after a redirect, for what came out of an import or a link, while a token is held that may open it, or on
    another status than 402.
    """
    answer = view.answer
    if answer is None or not view.inspections or not services.is_unlocked:
        return ""
    best = view.inspections[0]
    if best.verdict is not Verdict.PAYABLE or best.invoice is None or best.amount is None or answer.status != 402:
        return ""
    if answer.redirects or draft.is_foreign or view.candidates:
        return ""
    origin = str(Origin.of(answer.url))
    try:
        if not (await services.ledger.caps()).is_complete:
            return ""
        armed = await services.ledger.armed()
        usual = await services.wallet_book.default_for(origin)
    except StoreError:
        return ""
    able = [wallet.name for wallet in services.wallets.payers() if _fits(wallet, best.invoice, armed)]
    if usual is not None and (usual.name in able or origin in usual.hosts):
        return usual.name if usual.name in able else ""  # chosen for this very host: no other pays there by itself
    return able[0] if able else ""


def _fits(wallet: Wallet, invoice: Invoice, armed: frozenset[str]) -> bool:
    if wallet.network is not None and wallet.network is not invoice.network:
        return False
    return wallet.capabilities.is_play or wallet.name in armed
