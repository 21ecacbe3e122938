"""The door: asks for payment, looks at what is brought, and lets in; the quirks about challenges are here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import JSONResponse, Response

from l402desk.protocol.amount import Msat
from l402desk.protocol.proof import PaymentHash, Preimage
from l402desk.sandbox.credential import read_credential
from l402desk.sandbox.macaroons import Bakery, Grant
from l402desk.sandbox.minting import Clock, Mint, Minted
from l402desk.sandbox.refusal import Refused, payment_required
from l402desk.sandbox.terms import Terms, order_for

MOST_DOUBLINGS = 10
NO_STORE = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Challenge:
    """A token and the invoice that makes it good."""

    token: str
    invoice: Minted

    @property
    def header(self) -> str:
        return f'L402 macaroon="{self.token}", invoice="{self.invoice.text}"'


class Gate:
    """One door for all that is for sale in the sandbox, with its quirks."""

    def __init__(self, mint: Mint, bakery: Bakery, clock: Clock, quirks: frozenset[str]) -> None:
        self._mint = mint
        self._bakery = bakery
        self._clock = clock
        self.quirks = quirks
        self._asked: Counter[str] = Counter()

    def admit(self, authorization: Sequence[str], terms: Terms) -> Grant:
        """Let in and count one use, or raise Refused. ``authorization`` is every value of that header."""
        credential = read_credential(authorization)
        grant = self._bakery.check(credential.token, credential.preimage, terms.service)
        if grant.allowance.tier < terms.tier:
            raise Refused(
                "tier-too-low", "This token is for the base tier. The premium tier costs anew.", 402
            )
        if "402-forever" in self.quirks:
            raise payment_required()
        if "refuses-token" in self.quirks:
            raise Refused("token-refused", "This server does not like your token.")
        self._bakery.spend(grant)
        return grant

    def give_back(self, grant: Grant) -> None:
        """The request failed after all: its use does not count."""
        self._bakery.give_back(grant)

    def challenge(self, terms: Terms) -> Challenge:
        """A fresh invoice, and the token it pays for."""
        invoice = self.invoice(terms)
        stranger = "wrong-hash" in self.quirks
        committed = _hash_of_nothing() if stranger else invoice.payment_hash
        return Challenge(self._bakery.bake(committed, terms.caveats(int(self._clock()))), invoice)

    def invoice(self, terms: Terms) -> Minted:
        """An invoice for these terms, bent by the quirks that are about invoices."""
        return self._mint.mint(order_for(terms, self._price(terms), self.quirks))

    def refuse(self, refused: Refused, terms: Terms) -> Response:
        """The 402 with its challenge, or the 401."""
        if refused.status != 402:
            return refusal(refused)
        challenge = self.challenge(terms)
        return unpaid(refused, challenge.invoice, (challenge.header,))

    def _price(self, terms: Terms) -> Msat:
        thing = f"{terms.service}:{terms.tier}"
        doublings = min(self._asked[thing], MOST_DOUBLINGS) if "price-doubles" in self.quirks else 0
        self._asked[thing] += 1
        return Msat(terms.price.value << doublings)


def unpaid(refused: Refused, invoice: Minted, headers: Sequence[str], *, status: int = 402) -> Response:
    """A 402 in the sandbox's words, with these challenge headers in this order."""
    body = {"error": refused.code, "price_sats": invoice.sats, "message": refused.message}
    response = JSONResponse(body, status_code=status, headers=NO_STORE)
    for header in headers:
        response.headers.append("WWW-Authenticate", header)
    return response


def refusal(refused: Refused) -> Response:
    """A 401 with the bare scheme, as spring paygate and ngx-l402 send it: information, not an offer."""
    body = {"error": refused.code, "message": refused.message}
    return JSONResponse(body, status_code=401, headers={**NO_STORE, "WWW-Authenticate": "L402"})


def _hash_of_nothing() -> PaymentHash:
    return Preimage(b"\x01" * 32).payment_hash()
