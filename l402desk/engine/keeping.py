"""Keeps what was bought: the proof in the ledger, then the token in the vault, whoever brought the proof."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from l402desk.ledger.purchases import Purchase
from l402desk.protocol.token import Token
from l402desk.vault.errors import Forgotten
from l402desk.vault.tokens import NewToken, TokenState, TokenSummary

if TYPE_CHECKING:
    from l402desk.protocol.amount import Msat
    from l402desk.protocol.proof import Preimage
    from l402desk.services import Services


async def settle_and_keep(
    services: Services, purchase_id: str, token: Token, fee: Msat | None = None
) -> tuple[Purchase, TokenSummary]:
    """Commit the preimage, then seal the token (law 2); once more is harmless. Raises StoreError."""
    settled = await services.ledger.settle(purchase_id, token.preimage, fee)
    return settled, await keep_token(services, settled, token)


async def keep_token(services: Services, settled: Purchase, token: Token) -> TokenSummary:
    """Seal the token of a settled purchase, bound to where its challenge came from. Raises StoreError."""
    return await services.vault.keep(
        NewToken(
            token=token,
            origin=settled.origin,
            path=settled.path,
            title=settled.title,
            price=settled.amount,
            purchase_id=settled.id,
            state=TokenState.UNDELIVERED,
        )
    )


async def redeem(services: Services, preimage: Preimage, fee: Msat | None = None) -> Purchase | None:
    """Take a proof by itself: settle the purchase it belongs to and keep its token; None if there is no such purchase.

    Raises StoreError, and TokenError for a credential that no header can carry. A token that the user deleted for ever
    stays deleted, and the purchase is settled all the same.
    """
    purchase = await services.ledger.by_hash(preimage.payment_hash())
    if purchase is None:
        return None
    secrets = await services.ledger.secrets(purchase.id)
    settled = await services.ledger.settle(purchase.id, preimage, fee)
    with contextlib.suppress(Forgotten):
        await keep_token(services, settled, Token(secrets.scheme, secrets.credential, preimage))
    return settled


async def redeem_anything(services: Services, preimage: Preimage) -> Purchase | NewToken | None:
    """Take a proof that somebody pasted: of a purchase, or of an imported token that was waiting for it.

    Raises StoreError and TokenError.
    """
    return await redeem(services, preimage) or await services.awaiting.redeem(preimage)
