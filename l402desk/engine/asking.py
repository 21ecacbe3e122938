"""Asks a wallet, and takes what it answers, or does not, for no more than it proves."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof, PaymentResult, Unknown

if TYPE_CHECKING:
    from l402desk.protocol.proof import PaymentHash
    from l402desk.services import Services
    from l402desk.wallets.wallet import Wallet

Question = asyncio.Task[PaymentResult] | asyncio.Task[PaymentResult | None]


def answer_of(question: Question) -> PaymentResult | None:
    """What an ended question told. An adapter that raises, or talks nonsense, has told nothing: unknown (law 4)."""
    if question.cancelled():
        return Unknown("The question to the wallet was broken off.")
    error = question.exception()
    if error is not None:
        return Unknown(f"The wallet connection failed ({type(error).__name__}).")
    told: object = question.result()
    if told is None or isinstance(told, (Paid, PaidWithoutProof, Failed, Unknown)):
        return told
    return Unknown("The wallet answered something that is no answer.")


async def look_up(
    services: Services, wallet: Wallet, payment_hash: PaymentHash, *, patience_s: float
) -> PaymentResult | None:
    """What the wallet knows of a payment; None where it does not know it, which proves nothing. Raises nothing."""
    if not wallet.capabilities.looks_up:
        return Unknown("This wallet connection cannot look payments up.")
    question = services.keep_running(wallet.look_up(payment_hash), only_asks=True)
    try:
        await asyncio.wait({question}, timeout=patience_s)
    finally:
        question.cancel()  # it only asks: a wallet that hangs does not collect questions for ever
    if not question.done():
        return Unknown("The wallet does not answer.")
    return answer_of(question)
