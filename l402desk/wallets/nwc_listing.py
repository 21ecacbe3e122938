"""Looks for one payment in the list that a wallet gives over NIP-47, where it looks none up by its hash."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from l402desk.protocol.proof import PaymentHash
from l402desk.wallets.errors import NoAnswer
from l402desk.wallets.nwc_words import is_of

PAGE, MOST_PAGES = 20, 5
"""Payments that a wallet is asked for at once (NIP-47 advises no more), and how often."""
Page = Callable[[int], Awaitable[object]]
"""The ``transactions`` from this offset on, the latest first, as the wallet gives them."""


async def payment_in(page: Page, payment_hash: PaymentHash) -> dict[str, Any] | None:
    """The payment; None where the list was read to its end without it. Raises WalletError.

    A list that goes on beyond what is read says nothing of what it does not show: taken for "not known", that would
    call a payment failed which is only an old one.
    """
    offset = 0
    seen: list[object] = []
    for _ in range(MOST_PAGES):
        listed = await page(offset)
        if not isinstance(listed, list):
            raise NoAnswer("The wallet's list of payments cannot be read.", "See at the wallet whether it was paid.")
        for transaction in listed:
            if is_of(transaction, payment_hash):
                return dict(transaction)
        has_ended = not listed or (listed == seen and len(listed) < PAGE)
        if has_ended:
            return None
        if listed == seen:
            break  # the first page for ever
        seen = listed
        offset += len(listed)  # which may be less than what was asked for
    raise NoAnswer(
        f"The payment is not among the latest {offset} of the wallet, which may have more.",
        "See at the wallet whether it was paid.",
    )
