"""What people paste is told apart by its looks."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.cli.inspect_subject import Subject, read_subject
from l402desk.protocol.errors import ProtocolError
from l402desk.protocol.inspection import Verdict
from tests.fakes.challenges import HASH, PROOF, mint_token
from tests.fakes.invoices import NOW, mint_invoice

INVOICE = mint_invoice()
TOKEN = mint_token()
CHALLENGE = f'L402 macaroon="{TOKEN}", invoice="{INVOICE}"'
JSON_TOKEN = base64.b64encode(json.dumps({"hash": HASH.hex, "exp": NOW * 2000}).encode()).decode()
V2_JSON = json.dumps({"v": 2, "l": "here", "i": "identifier", "s64": base64.urlsafe_b64encode(bytes(32)).decode()})
STRIPE = 'Payment id="p", realm="r", method="stripe", intent="charge", request="e30"'


def read(text: str) -> Subject:
    return read_subject(text, NOW + 10)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("challenge", CHALLENGE),
        ("challenge", f"  {CHALLENGE}\n"),
        ("challenge", f"www-authenticate: {CHALLENGE}"),
        ("challenge", f"HTTP/1.1 402 Payment Required\r\nWWW-Authenticate: {CHALLENGE}\r\n\r\nx"),
        ("challenge", f"* Trying\n< HTTP/2 402\n< www-authenticate: {CHALLENGE}\n<\n"),
        ("challenge", f"l402 macaroon={TOKEN},invoice={INVOICE}"),
        ("challenge", f"{STRIPE}, {CHALLENGE}"),
        ("challenge", json.dumps({"invoice": INVOICE, "macaroon": TOKEN})),
        ("challenge", json.dumps({"x402Version": 1, "accepts": [{"network": "base"}]})),
        ("challenge", STRIPE),
        ("invoice", INVOICE),
        ("invoice", f"lightning:{INVOICE.upper()}"),
        ("macaroon", TOKEN),
        ("macaroon", f"\ufeff{TOKEN}\r\n"),
        ("macaroon", V2_JSON),
        ("token", JSON_TOKEN),
        ("token", f"L402 {TOKEN}:{PROOF.hex}"),
        ("token", f"Authorization: LSAT {TOKEN}:{PROOF.hex.upper()}"),
    ],
)
def test_each_kind_is_recognised(kind: str, text: str) -> None:
    subject = read(text)
    assert subject.kind == kind
    assert len(subject.inspections) == 1


@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_value_may_bring_its_quotes_along(quote: str) -> None:
    assert read_subject(f"{quote}{mint_invoice()}{quote}", NOW).kind == "invoice"
    assert read_subject(f"{quote}{mint_token()}{quote}", NOW).kind == "macaroon"


def test_a_credential_and_its_proof_are_a_token_without_a_scheme_too() -> None:
    subject = read_subject(f"{mint_token()}:{PROOF.hex}", NOW)
    assert subject.kind == "token"
    assert subject.paid is not None
    assert subject.paid.preimage == PROOF


def test_the_status_of_a_response_counts() -> None:
    assert read(f"HTTP/1.1 200 OK\nWWW-Authenticate: {CHALLENGE}\n").inspections[0].verdict is Verdict.REFUSE
    assert read(f"HTTP/1.1 401 X\nWWW-Authenticate: {CHALLENGE}\n").inspections[0].verdict is Verdict.CAUTION


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "nothing to read"),
        ("hello world", "no challenge, response, invoice"),
        ("hello", "no challenge, response, invoice"),
        ("L402", "neither an invoice nor a token"),
        (f'L402 macaroon="{TOKEN}"', "holds no invoice"),
        (f'L402 macaroon="{TOKEN}", invoice="{INVOICE}', "“invoice” in the L402 challenge is never closed"),
        ("HTTP/1.1 200 OK\nA: b\n\nbody", "status 200 and holds no challenge"),
        ("HTTP/1.1 402\nno header", "line 2"),
        ("HTTP/1.1 4o2", "line 1"),
        (INVOICE[:-1] + "q", "checksum"),
        ("lno1qgsq", "BOLT 12"),
        (f"Authorization: L402 {TOKEN}:00", "64 hexadecimal digits"),
        ("Authorization: Bearer x", "L402 or LSAT"),
        (f"L402 {TOKEN}:{'0' * 64}", "zeros"),
        (mint_token()[:-24], ""),
        ('{"a": 1}', "no challenge, and it is no macaroon"),
        ("{" * 100_000, ""),
    ],
)
def test_what_cannot_be_read_says_what_is_wrong(text: str, words: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        read(text)
    assert words in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_proof_is_held_against_its_token() -> None:
    assert read(f"L402 {TOKEN}:{PROOF.hex}").inspections[0].verdict is Verdict.PAYABLE
    assert read(f"L402 {TOKEN}:{'11' * 32}").inspections[0].verdict is Verdict.REFUSE


PIECES = [
    "HTTP/1.1 402",
    "\n",
    "WWW-Authenticate: ",
    CHALLENGE,
    INVOICE,
    TOKEN,
    '"',
    " ",
    ":",
    PROOF.hex,
    "L402 ",
    "{",
    "}",
]


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        subject = read(text)
    except ProtocolError as error:
        refusal = str(error)
    else:
        refusal = ""
        assert subject.inspections
    assert refusal.isprintable()
