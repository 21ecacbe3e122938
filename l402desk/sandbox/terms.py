"""What one priced thing costs and what its token allows; and how quirks bend the invoice for it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from l402desk.protocol.amount import Msat
from l402desk.sandbox.minting import EXPIRY_S, MAINNET, Order

BIDI_DESCRIPTION = "Weather \u202estas 12 rof\u202c, \u2066paid to\u2069 you\u200b\u200f!"
# A default QLabel needs 22 s for this text, and twice that for each further level.
TABLE_BOMB_DESCRIPTION = "<table><tr><td>" * 18 + "sun"


@dataclass(frozen=True, slots=True)
class Terms:
    """A thing for sale. ``service`` names it in caveats; ``valid_for`` is in seconds from the challenge."""

    service: str
    price: Msat
    description: str
    tier: int = 0
    valid_for: int | None = None
    uses: int | None = None
    order_id: str | None = None

    def caveats(self, now: int) -> tuple[str, ...]:
        """First-party caveats in the words of the L402 specification. ``now`` is in unix seconds."""
        caveats = [f"services={self.service}:{self.tier}"]
        if self.valid_for is not None:
            caveats.append(f"{self.service}_valid_until={now + self.valid_for}")
        if self.uses is not None:
            caveats.append(f"{self.service}_max_uses={self.uses}")
        if self.order_id is not None:
            caveats.append(f"order_id={self.order_id}")
        return tuple(caveats)


def order_for(terms: Terms, price: Msat, quirks: frozenset[str]) -> Order:
    """The invoice for these terms at this price, bent by every quirk that is about invoices."""
    order = Order(price, terms.description)
    if "bidi-description" in quirks:
        order = replace(order, description=BIDI_DESCRIPTION)
    if "table-bomb-description" in quirks:
        order = replace(order, description=TABLE_BOMB_DESCRIPTION)
    if "amountless" in quirks:
        order = replace(order, amount=None)
    if "expired" in quirks:
        order = replace(order, age=2 * EXPIRY_S)
    if "mainnet-invoice" in quirks:
        order = replace(order, network=MAINNET)
    if "bad-signature" in quirks:
        order = replace(order, forged=True)
    return order
