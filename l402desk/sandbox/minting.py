"""Mints the sandbox's BOLT11 invoices and remembers their preimages: the node behind the API, on regtest."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from bolt11 import Bolt11, Feature, Features, FeatureState, MilliSatoshi, TagChar, Tags, encode
from coincurve import PrivateKey

from l402desk.protocol.amount import Msat
from l402desk.protocol.proof import PaymentHash, Preimage

Clock = Callable[[], float]

REGTEST, MAINNET = "bcrt", "bc"  # the currency part of an invoice's human-readable prefix (BOLT 11)
EXPIRY_S = 3600
MIN_FINAL_CLTV = 18
MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Order:
    """What an invoice is asked to say. The last three fields exist for hostile invoices only.

    ``age`` is how many seconds ago it pretends to be made; a ``forged`` one names this node as payee and is
    signed by another key.
    """

    amount: Msat | None
    description: str
    network: str = REGTEST
    age: int = 0
    forged: bool = False


@dataclass(frozen=True, slots=True)
class Minted:
    """An invoice of this node with what only the node knows about it. ``expires_at`` is in unix seconds."""

    text: str
    order: Order
    payment_hash: PaymentHash
    preimage: Preimage
    expires_at: int

    @property
    def sats(self) -> int:
        """The price in whole satoshi, rounded up; 0 for an amountless invoice."""
        return self.order.amount.sats_rounded_up if self.order.amount else 0


class Mint:
    """A node of its own: a fresh key, its invoices, and which of them are settled.

    The last 10,000 invoices are remembered; older ones are forgotten, and their tokens open nothing.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._key = PrivateKey()
        self._stranger = PrivateKey()
        self._by_hash: dict[PaymentHash, Minted] = {}
        self._by_text: dict[str, Minted] = {}
        self._settled: set[PaymentHash] = set()

    @property
    def node_id(self) -> str:
        """The compressed public key in 66 hexadecimal digits."""
        return self._key.public_key.format().hex()

    def mint(self, order: Order) -> Minted:
        preimage = Preimage(secrets.token_bytes(32))
        made_at = int(self._clock()) - order.age
        text = self._encode(order, preimage.payment_hash(), made_at)
        minted = Minted(text, order, preimage.payment_hash(), preimage, made_at + EXPIRY_S)
        self._remember(minted)
        return minted

    def find(self, payment_hash: PaymentHash) -> Minted | None:
        return self._by_hash.get(payment_hash)

    def find_invoice(self, text: str) -> Minted | None:
        """The invoice of this text, which may carry ``lightning:``, capitals and white space."""
        return self._by_text.get(text.strip().lower().removeprefix("lightning:"))

    def settle(self, payment_hash: PaymentHash) -> None:
        self._settled.add(payment_hash)

    def is_settled(self, payment_hash: PaymentHash) -> bool:
        return payment_hash in self._settled

    def _encode(self, order: Order, payment_hash: PaymentHash, made_at: int) -> str:
        tags = Tags()
        tags.add(TagChar.payment_hash, payment_hash.hex)
        tags.add(TagChar.payment_secret, secrets.token_hex(32))
        tags.add(TagChar.description, order.description)
        tags.add(TagChar.expire_time, EXPIRY_S)
        tags.add(TagChar.min_final_cltv_expiry, MIN_FINAL_CLTV)
        tags.add(TagChar.features, _features())
        if order.forged:
            # Without a payee of its own any signature recovers to *some* key, and cannot be seen to be wrong.
            tags.add(TagChar.payee, self.node_id)
        amount = MilliSatoshi(order.amount.value) if order.amount else None
        key = self._stranger if order.forged else self._key
        invoice = Bolt11(order.network, made_at, tags, amount)
        return encode(invoice, private_key=key.to_hex(), keep_payee=True)

    def _remember(self, minted: Minted) -> None:
        while len(self._by_hash) >= MOST_REMEMBERED:
            oldest = self._by_hash.pop(next(iter(self._by_hash)))
            self._by_text.pop(oldest.text)
            self._settled.discard(oldest.payment_hash)
        self._by_hash[minted.payment_hash] = minted
        self._by_text[minted.text] = minted


def _features() -> Features:
    return Features.from_feature_list(
        {
            Feature.var_onion_optin: FeatureState.required,
            Feature.payment_secret: FeatureState.required,
            Feature.basic_mpp: FeatureState.supported,
        }
    )
