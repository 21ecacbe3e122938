"""What an adapter may believe of a server that lies: how a payment stands, in one word, at once and later."""

from __future__ import annotations

from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof, PaymentResult, Unknown
from l402desk.protocol.proof import PaymentHash
from l402desk.wallets.errors import WalletError
from l402desk.wallets.wallet import Wallet
from tests.harness.liar import Liar
from tests.wallets.contract import FEE_LIMIT, PRICE, proves

PROVEN, FAILED, UNPROVEN, OPEN = "proven", "failed", "unproven", "open"
LOOK_UPS = 3


def word(result: PaymentResult | None, invoice: str) -> str:
    if isinstance(result, Paid):
        assert proves(result, invoice)
        return PROVEN
    return FAILED if isinstance(result, Failed) else UNPROVEN if isinstance(result, PaidWithoutProof) else OPEN


async def looked_up(wallet: Wallet, payment_hash: PaymentHash) -> PaymentResult | None:
    try:
        return await wallet.look_up(payment_hash)
    except WalletError as error:
        return Unknown(error.sentence)


async def known_under(
    lie: str, server: Liar, wallet: Wallet, *, is_paid: bool, msat: int = PRICE.value
) -> tuple[str, str]:
    """What is known when a payment is ordered, and after three look-ups more. What ``is_paid`` is never "failed"."""
    invoice, _, payment_hash = server.mint.new(msat)
    server.tell(lie)
    at_once = await wallet.pay(invoice, fee_limit=FEE_LIMIT)
    later: PaymentResult | None = None
    for _ in range(LOOK_UPS):
        later = await looked_up(wallet, payment_hash)
    known = word(at_once, invoice), word(later, invoice)
    assert not (is_paid and FAILED in known)
    return known


async def found_when_the_lying_ends_and_paid_once(lie: str, server: Liar, wallet: Wallet, fresh: Wallet) -> None:
    """For every lie that lets money leave. ``fresh`` is an adapter that remembers nothing."""
    invoice, _, payment_hash = server.mint.new(PRICE.value)
    server.tell(lie)
    await wallet.pay(invoice, fee_limit=FEE_LIMIT)
    assert not isinstance(await wallet.pay(invoice, fee_limit=FEE_LIMIT), Failed)
    server.tell("")
    assert proves(await wallet.look_up(payment_hash), invoice)
    assert proves(await fresh.look_up(payment_hash), invoice)
    assert proves(await wallet.pay(invoice, fee_limit=FEE_LIMIT), invoice)
    assert server.debits == [payment_hash]
