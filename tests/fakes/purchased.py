"""Tokens, intents and a clock for the tests of the vault and the ledger, each with its own real secrets."""

from __future__ import annotations

import hashlib

from l402desk.ledger.ledger import Ledger
from l402desk.ledger.purchases import Intent, Purchase
from l402desk.protocol.amount import Msat
from l402desk.protocol.challenge import Challenge
from l402desk.protocol.invoice import read_invoice
from l402desk.protocol.origin import Origin, path_of
from l402desk.protocol.proof import PaymentHash, Preimage
from l402desk.protocol.token import Token
from l402desk.store.seal import Seal
from l402desk.vault.scope import Reach
from l402desk.vault.tokens import NewToken
from tests.fakes.invoices import mint_invoice
from tests.fakes.macaroons import TOKEN_ID, mint, raw_of, standard

URL = "https://api.example/v1/data"
NOW = 1_700_000_000
KEY = bytes(range(32))


def new_seal(key: bytes = KEY, kept_by: str = "your passphrase") -> Seal:
    return Seal(key, b"vault id of test", kept_by=kept_by)


class Clock:
    """Unix seconds that pass when a test says so, with a fraction as the real clock has."""

    def __init__(self, now: int = NOW) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now + 0.9


def preimage_of(number: int) -> Preimage:
    return Preimage(hashlib.sha256(f"preimage {number}".encode()).digest())


def hash_of(number: int) -> PaymentHash:
    return preimage_of(number).payment_hash()


def credential_of(number: int, *caveats: str) -> str:
    """A real macaroon that commits to the payment hash of this number."""
    return standard(raw_of(mint(b"\0\0" + hash_of(number).raw + TOKEN_ID, caveats=caveats)))


def invoice_of(number: int, msat: int | None = 21_000) -> str:
    return mint_invoice(msat, preimage=preimage_of(number).raw)


def new_token(
    number: int = 1,
    url: str = URL,
    *,
    reach: Reach = Reach.EXACT,
    method: str | None = None,
    caveats: tuple[str, ...] = ("services=demo:0",),
    title: str = "Demo",
    price: int | None = 21_000,
    purchase_id: str | None = None,
    bought_at: int | None = None,
) -> NewToken:
    return NewToken(
        Token("L402", credential_of(number, *caveats), preimage_of(number)),
        Origin.of(url),
        path_of(url),
        method=method,
        reach=reach,
        title=title,
        price=None if price is None else Msat(price),
        purchase_id=purchase_id,
        bought_at=bought_at,
    )


def challenge_of(number: int = 1, msat: int | None = 21_000) -> Challenge:
    credential, invoice = credential_of(number), invoice_of(number, msat)
    return Challenge(
        scheme="L402",
        raw=f'L402 macaroon="{credential}", invoice="{invoice}"',
        source="header",
        version=None,
        credential_name="macaroon",
        credential=credential,
        invoice=invoice,
    )


def new_intent(
    number: int = 1,
    url: str = URL,
    *,
    method: str = "GET",
    msat: int | None = 21_000,
    typed: int | None = None,
    wallet: str = "Fake wallet",
    request: bytes = b"",
) -> Intent:
    """A purchase about to be made; each number is another invoice with another payment hash."""
    challenge = challenge_of(number, msat)
    return Intent(
        method=method,
        url=url,
        challenge=challenge,
        invoice=read_invoice(challenge.invoice),
        fee_limit=Msat(1_000),
        wallet=wallet,
        typed=None if typed is None else Msat(typed),
        title="Demo",
        request=request,
    )


async def claim(ledger: Ledger, purchase_id: str, rail: str = "Fake wallet", *, despite: bool = False) -> Purchase:
    """Both steps towards a wallet: the budget reserved, the hash given away."""
    await ledger.reserve(purchase_id, rail, despite=despite)
    return await ledger.submit(purchase_id)
