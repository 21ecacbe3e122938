"""A wallet that pays or does not, and says the one or the other; what really happened is written down beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from l402desk.protocol.amount import Msat
from l402desk.protocol.invoice import read_invoice
from l402desk.protocol.network import Network
from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof, PaymentResult, Unknown
from l402desk.protocol.proof import PaymentHash, Preimage
from l402desk.wallets.errors import WalletError
from l402desk.wallets.wallet import Capabilities

EVERYTHING = Capabilities(pays=True, looks_up=True, fee_limit=True, tells_balance=False)


class Mood(StrEnum):
    """How it treats the next payment."""

    HONEST = "honest"
    PENDING = "pending"
    HANGS = "hangs"
    FAILS = "fails"
    SAYS_FAILED = "says failed, and paid"
    NO_PROOF = "keeps the proof"
    WRONG_PROOF = "gives a wrong proof"
    BREAKS = "breaks after paying"
    NONSENSE = "talks nonsense"


class Answer(StrEnum):
    """What it says when it is asked about a payment."""

    TRUTH = "truth"
    NOTHING = "not found"
    UNKNOWN = "unknown"
    FAILED = "failed"
    NO_PROOF = "paid, without a proof"
    BROKEN = "broken"


@dataclass(slots=True)
class Spent:
    """One invoice that was given to a wallet. ``left``: did the money go?"""

    payment_hash: PaymentHash
    amount: int
    fee: int
    at: int
    left: bool
    denied: bool = False
    """It called the payment failed: nobody can count what he is told is not gone."""


@dataclass(slots=True)
class Liar:
    """Held to nothing but the types. ``on_pay`` hears of every invoice before anything else happens."""

    name: str
    preimages: dict[PaymentHash, Preimage]
    on_pay: Callable[[str, PaymentHash, Msat, Msat], None]
    clock: Callable[[], int]
    mood: Mood = Mood.HONEST
    answer: Answer = Answer.TRUTH
    spent: list[Spent] = field(default_factory=list)
    network: Network | None = Network.REGTEST
    capabilities: Capabilities = EVERYTHING

    async def pay(self, invoice: str, *, fee_limit: Msat) -> PaymentResult:
        read = read_invoice(invoice)
        assert read.amount is not None
        self.on_pay(self.name, read.payment_hash, read.amount, fee_limit)
        mood, preimage = self.mood, self.preimages[read.payment_hash]
        fee = fee_limit.value // 2
        left = mood is not Mood.FAILS
        one = Spent(read.payment_hash, read.amount.value, fee, self.clock(), left, denied=mood is Mood.SAYS_FAILED)
        self.spent.append(one)
        match mood:
            case Mood.PENDING:
                return Unknown("It is on its way.")
            case Mood.HANGS:
                await asyncio.Event().wait()
            case Mood.FAILS | Mood.SAYS_FAILED:
                return Failed("No route.")
            case Mood.NO_PROOF:
                return PaidWithoutProof("It keeps the preimage.")
            case Mood.WRONG_PROOF:
                return Paid(Preimage(b"\x07" * 32), Msat(fee))
            case Mood.BREAKS:
                raise ConnectionResetError
            case Mood.NONSENSE:
                return "thanks"  # type: ignore[return-value]
        return Paid(preimage, Msat(fee))

    async def look_up(self, payment_hash: PaymentHash) -> PaymentResult | None:
        one = next((spent for spent in self.spent if spent.payment_hash == payment_hash), None)
        match self.answer:
            case Answer.NOTHING:
                return None
            case Answer.UNKNOWN:
                return Unknown("Who knows.")
            case Answer.FAILED:
                if one is not None:
                    one.denied = True
                return Failed("It failed.")
            case Answer.NO_PROOF:
                return PaidWithoutProof("It keeps the preimage.")
            case Answer.BROKEN:
                raise WalletError("It does not answer.", "Wait.")
        if one is None:
            return None
        return Paid(self.preimages[payment_hash], Msat(one.fee)) if one.left else Failed("No route.")

    async def balance(self) -> Msat | None:
        return None
