"""A proof is found in whatever wallets hand out, and every wrong text is answered in words of its own."""

from __future__ import annotations

import base64

import pytest

from l402desk.protocol.errors import ProofError
from l402desk.protocol.proof_text import find_proof
from tests.fakes.challenges import HASH, PROOF
from tests.fakes.invoices import PREIMAGE, mint_invoice

HEX = PROOF.hex


@pytest.mark.parametrize(
    "text",
    [
        HEX,
        HEX.upper(),
        f"  0x{HEX}\n",
        " ".join(HEX[at : at + 8] for at in range(0, 64, 8)),
        base64.b64encode(PREIMAGE).decode(),
        base64.urlsafe_b64encode(PREIMAGE).decode().rstrip("="),
        f"https://validate-payment.com/?invoice={mint_invoice()}&preimage={HEX}",
        f'{{"payment_hash": "{HASH.hex}", "preimage": "{HEX}"}}',
        f"Paid 21 sats. Payment hash: {HASH.hex}. Preimage: {HEX}.",
    ],
)
def test_the_proof_is_found_where_it_stands(text: str) -> None:
    assert find_proof(text, HASH) == PROOF


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HASH.hex, "That is the payment hash"),
        (f"payment hash: {HASH.hex}", "That is the payment hash"),
        (mint_invoice(), "That is the invoice"),
        (f"lightning:{mint_invoice()}", "That is the invoice"),
        ("ab" * 31, "64 characters, this has 62"),
        ("ab" * 32, "belongs to another payment"),
        ("00" * 32, "all zeros"),
        ("thank you", "digits 0-9"),
        (base64.b64encode(b"\x01" * 32).decode(), "belongs to another payment"),
    ],
)
def test_a_wrong_text_is_called_what_it_is(text: str, words: str) -> None:
    with pytest.raises(ProofError, match=words):
        find_proof(text, HASH)
