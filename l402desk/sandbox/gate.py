"""The door: asks for payment, looks at what is brought, and lets in; the quirks about invoices are here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from l402desk.protocol.amount import Msat
from l402desk.protocol.proof import PaymentHash, Preimage
from l402desk.sandbox.credential import read_credential
from l402desk.sandbox.macaroons import Bakery, Grant
from l402desk.sandbox.minting import Clock, Mint, Minted
from l402desk.sandbox.refusal import Refused
from l402desk.sandbox.terms import Terms, order_for

MOST_DOUBLINGS = 10


@dataclass(frozen=True, slots=True)
class Challenge:
    """An invoice, and the WWW-Authenticate values that carry it together with the token it makes good."""

    invoice: Minted
    headers: tuple[str, ...]
    status: int = 402


class Door(Protocol):
    """What stands before a priced thing."""

    def admit(self, authorization: Sequence[str], terms: Terms) -> Grant:
        """Let in and count one use, or raise Refused. ``authorization`` is every value of that header."""

    def give_back(self, grant: Grant) -> None:
        """The request failed after all: its use does not count."""

    def challenge(self, terms: Terms) -> Challenge:
        """Ask for payment with a fresh invoice."""


class Gate:
    """The sandbox's own door: one ``L402 macaroon="…", invoice="…"`` header, checked as aperture does."""

    def __init__(self, mint: Mint, bakery: Bakery, clock: Clock, quirks: frozenset[str]) -> None:
        self._mint = mint
        self._bakery = bakery
        self._clock = clock
        self._quirks = quirks
        self._asked: Counter[str] = Counter()

    def admit(self, authorization: Sequence[str], terms: Terms) -> Grant:
        credential = read_credential(authorization)
        grant = self._bakery.check(credential.token, credential.preimage, terms.service)
        if grant.allowance.tier < terms.tier:
            raise Refused("tier-too-low", "This token is for the base tier. The premium tier costs anew.", 402)
        self._bakery.spend(grant)
        return grant

    def give_back(self, grant: Grant) -> None:
        self._bakery.give_back(grant)

    def challenge(self, terms: Terms) -> Challenge:
        invoice = self.invoice(terms)
        token = self._bakery.bake(self.committed(invoice), terms.caveats(int(self._clock())))
        return Challenge(invoice, (f'L402 macaroon="{token}", invoice="{invoice.text}"',))

    def invoice(self, terms: Terms) -> Minted:
        """An invoice for these terms, bent by the quirks that are about invoices."""
        return self._mint.mint(order_for(terms, self._price(terms), self._quirks))

    def committed(self, invoice: Minted) -> PaymentHash:
        """The payment hash that the token of this invoice commits to: its own, unless a quirk swaps it."""
        other = Preimage(b"\x01" * 32).payment_hash()
        return other if "wrong-hash" in self._quirks else invoice.payment_hash

    def _price(self, terms: Terms) -> Msat:
        thing = f"{terms.service}:{terms.tier}"
        doublings = min(self._asked[thing], MOST_DOUBLINGS) if "price-doubles" in self._quirks else 0
        self._asked[thing] += 1
        return Msat(terms.price.value << doublings)
