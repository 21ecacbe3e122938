"""Every form of challenge met in the wild is read, and nothing a server can send makes the reading fail."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.challenge import (
    MOST_CHALLENGE_CHARACTERS,
    MOST_CHALLENGES,
    Challenge,
    Demand,
    read_demand,
)
from l402desk.protocol.challenge_values import MOST_NOTES

MAC = "AgEEbHNhdAJCAAA+/x=="
SAFE = "AgEEbHNhdAJCAAA-_x"
INV = "lnbc210n1p4xny4ppp5ux48jurjnfhjjazxjqhqvpz0yspqn3704"
OPAQUE = "eyJwYXRoIjoiL3gifQ.9a77111708dc2efcd14e541944fdeef904491204869832388745685528e8e2bc"
PAYMENT = 'Payment id="p1", realm="r, s", method="lightning", intent="charge", request="e30"'
PLAIN = f'L402 macaroon="{MAC}", invoice="{INV}"'

# name: (header values, (scheme, credential name, credential, version) of each challenge in order)
FORMS: dict[str, tuple[list[str], list[tuple[str, str, str, str | None]]]] = {
    "L402 macaroon, invoice": ([PLAIN], [("L402", "macaroon", MAC, None)]),
    "aperture dual LSAT and L402": (
        [PLAIN.replace("L402", "LSAT"), PLAIN],
        [("LSAT", "macaroon", MAC, None), ("L402", "macaroon", MAC, None)],
    ),
    "LSAT only": ([PLAIN.replace("L402", "LSAT")], [("LSAT", "macaroon", MAC, None)]),
    "spec version, token, invoice": (
        [f'L402 version="0", token="{MAC}", invoice="{INV}"'],
        [("L402", "token", MAC, "0")],
    ),
    "Alby without commas, opaque token": (
        [f'L402 version="0" token="{OPAQUE}", invoice="{INV}"'],
        [("L402", "token", OPAQUE, "0")],
    ),
    "token and macaroon": (
        [f'L402 version="0", token="{OPAQUE}", macaroon="{MAC}", invoice="{INV}"'],
        [("L402", "macaroon", MAC, "0")],
    ),
    "unquoted": ([f"L402 macaroon={MAC}, invoice={INV}"], [("L402", "macaroon", MAC, None)]),
    "invoice before macaroon": (
        [f'L402 invoice="{INV}", macaroon="{MAC}"'],
        [("L402", "macaroon", MAC, None)],
    ),
    "single quotes": ([f"L402 macaroon='{MAC}', invoice='{INV}'"], [("L402", "macaroon", MAC, None)]),
    "no space after comma": ([f'L402 macaroon="{MAC}",invoice="{INV}"'], [("L402", "macaroon", MAC, None)]),
    "url-safe and unpadded": ([PLAIN.replace(MAC, SAFE)], [("L402", "macaroon", SAFE, None)]),
    "lower-case scheme": ([PLAIN.replace("L402", "l402")], [("l402", "macaroon", MAC, None)]),
    "double base64": (
        [PLAIN.replace(MAC, "TURBeE5XeHZZMkYwYVc5dUlITmhkSEpwYm1jPQ==")],
        [("L402", "macaroon", "TURBeE5XeHZZMkYwYVc5dUlITmhkSEpwYm1jPQ==", None)],
    ),
    "unsigned JSON token": (
        [PLAIN.replace(MAC, "eyJoYXNoIjoiMzgzNCIsImV4cCI6MX0=")],
        [("L402", "macaroon", "eyJoYXNoIjoiMzgzNCIsImV4cCI6MX0=", None)],
    ),
    "L402 joined with Payment": ([f"{PLAIN}, {PAYMENT}"], [("L402", "macaroon", MAC, None)]),
    "Payment joined with L402": ([f"{PAYMENT}, {PLAIN}"], [("L402", "macaroon", MAC, None)]),
    "two headers, Payment first": ([PAYMENT, PLAIN], [("L402", "macaroon", MAC, None)]),
    "two headers, Bearer first": (['Bearer realm="api"', PLAIN], [("L402", "macaroon", MAC, None)]),
    "realm with a comma before the macaroon": (
        [PLAIN.replace("macaroon", 'realm="a, b", macaroon', 1)],
        [("L402", "macaroon", MAC, None)],
    ),
    "backslashes in quotes": (
        [PLAIN.replace("macaroon", 'realm="a \\", macaroon=\\"x", macaroon', 1)],
        [("L402", "macaroon", MAC, None)],
    ),
    "LSAT and L402 joined in one header": (
        [PLAIN.replace("L402", "LSAT") + ", " + PLAIN],
        [("LSAT", "macaroon", MAC, None), ("L402", "macaroon", MAC, None)],
    ),
}


def headers(*values: str) -> list[tuple[str, str]]:
    return [("content-type", "text/plain"), *(("WWW-Authenticate", value) for value in values)]


def shape(challenge: Challenge) -> tuple[str, str, str, str | None]:
    return challenge.scheme, challenge.credential_name, challenge.credential, challenge.version


def codes(demand: Demand) -> list[str]:
    return [note.code for note in demand.notes]


def from_body(value: object, *values: str) -> Demand:
    return read_demand(402, headers(*values), json.dumps(value).encode())


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("status", [402, 401, 200])
def test_every_form_met_is_read(form: str, status: int) -> None:
    values, expected = FORMS[form]
    demand = read_demand(status, headers(*values), b"payment required\n")
    assert [shape(challenge) for challenge in demand.challenges] == expected
    assert {challenge.invoice for challenge in demand.challenges} == {INV}
    assert {challenge.source for challenge in demand.challenges} == {"header"}
    assert demand.notes == ()
    assert [o.challenge for o in demand.offers if o.payable] == list(demand.challenges)
    assert all(any(challenge.raw in value for value in values) for challenge in demand.challenges)
    assert demand.status == status


def test_the_name_of_the_header_has_no_case() -> None:
    assert len(read_demand(402, [("www-authenticate", PLAIN), ("WWW-AUTHENTICATE", PLAIN)]).challenges) == 2


def test_the_first_of_two_equal_names_counts_and_the_repetition_is_told() -> None:
    (challenge,) = read_demand(402, headers(PLAIN + ', invoice="lnbc1evil", INVOICE=x, realm=r')).challenges
    assert challenge.invoice == INV
    assert challenge.duplicates == ("invoice",)


def test_an_empty_macaroon_gives_way_to_the_token() -> None:
    (challenge,) = read_demand(402, headers(f'L402 macaroon="", token="{OPAQUE}", invoice="{INV}"')).challenges
    assert shape(challenge) == ("L402", "token", OPAQUE, None)


def test_the_invoice_has_other_names() -> None:
    for name in ("payment_request", "paymentRequest", "pr", "bolt11"):
        (challenge,) = read_demand(402, headers(PLAIN.replace("invoice", name))).challenges
        assert challenge.invoice == INV


@pytest.mark.parametrize(
    ("value", "code", "offered"),
    [
        ("L402", "bare-scheme", False),
        ("L402 price-only", "bare-scheme", False),
        ('L402 realm="shop"', "bare-scheme", True),
        (f'L402 macaroon="{MAC}"', "no-invoice", True),
        (f'L402 invoice="{INV}"', "no-token", True),
        (f'L402 macaroon="{MAC}", invoice="{INV}', "unclosed-quote", True),
        (f'L402 macaroon="{MAC}\x00", invoice="{INV}"', "unsendable-token", True),
        (f'L402 macaroon="{MAC}\r\nX-Evil: 1", invoice="{INV}"', "unsendable-token", True),
        (f'L402 macaroon="é{MAC}", invoice="{INV}"', "unsendable-token", True),
        (f'L402 macaroon="{"A" * MOST_CHALLENGE_CHARACTERS}", invoice="{INV}"', "too-long", True),
        (f'macaroon="{MAC}", invoice="{INV}"', "stray-text", False),
        ("x" * (MOST_CHALLENGES * MOST_CHALLENGE_CHARACTERS + 1), "too-long", False),
    ],
)
def test_what_is_wrong_is_told_in_words(value: str, code: str, offered: bool) -> None:
    demand = read_demand(402, headers(value))
    assert demand.challenges == ()
    assert codes(demand) == [code]
    assert all(note.message.isprintable() and note.message.endswith(".") for note in demand.notes)
    assert [offer.payable for offer in demand.offers] == [False] * offered


def test_one_broken_challenge_does_not_hide_a_good_one() -> None:
    demand = read_demand(402, headers("L402 price-only", f'LSAT macaroon="{MAC}"', PLAIN))
    assert len(demand.challenges) == 1
    assert codes(demand) == ["bare-scheme", "no-invoice"]


def test_only_the_first_eight_challenges_are_read() -> None:
    for values in ([PLAIN] * 50, [", ".join([PLAIN] * 50)], [", ".join([PLAIN] * 5)] * 5):
        demand = read_demand(402, headers(*values))
        assert len(demand.challenges) == MOST_CHALLENGES
        assert codes(demand) == ["too-many"]


def test_a_hostile_answer_cannot_pile_up_notes() -> None:
    spelled = ["".join(c.upper() if bits >> at & 1 else c for at, c in enumerate("error")) for bits in range(32)]
    body = {name: {other: {"invoice": name, "token": other} for other in spelled} for name in spelled}
    demand = from_body(body, *["“" for _ in range(500)], PLAIN)
    assert len(demand.notes) == MOST_NOTES
    assert len(demand.challenges) <= MOST_CHALLENGES
    assert len(demand.offers) <= 2 * MOST_CHALLENGES


def test_a_body_alone_is_a_challenge() -> None:
    demand = from_body({"error": "pay", "paymentRequest": INV, "token": OPAQUE, "version": 0})
    (challenge,) = demand.challenges
    assert (challenge.source, *shape(challenge), challenge.invoice) == (
        "body",
        "L402",
        "token",
        OPAQUE,
        "0",
        INV,
    )
    assert json.loads(challenge.raw)["token"] == OPAQUE


def test_a_nested_body_is_a_challenge() -> None:
    toll_booth = {
        "l402": {"scheme": "LSAT", "invoice": INV, "macaroon": MAC, "amount_sats": 21},
        "message": "m",
    }
    satring = {"detail": {"detail": "Payment Required", "invoice": INV, "macaroon": MAC, "price": {"sats": 50}}}
    deeper = {"error": {"code": "x", "l402": {"pr": INV, "macaroon": MAC}}}
    for body, scheme in ((toll_booth, "LSAT"), (satring, "L402"), (deeper, "L402")):
        assert [shape(c) for c in from_body(body).challenges] == [(scheme, "macaroon", MAC, None)]


def test_a_body_that_repeats_the_header_is_not_a_second_challenge() -> None:
    body = {"invoice": INV.upper(), "token": MAC, "macaroon": OPAQUE}
    demand = from_body(body, PLAIN)
    assert len(demand.challenges) == 1
    assert demand.notes == ()


def test_a_body_that_contradicts_the_header_is_kept_and_told() -> None:
    demand = from_body({"invoice": "lnbc1other", "macaroon": MAC}, PLAIN)
    assert [c.source for c in demand.challenges] == ["header", "body"]
    assert codes(demand) == ["body-differs"]


def test_a_body_counts_only_on_a_402() -> None:
    body = json.dumps({"invoice": INV, "macaroon": MAC}).encode()
    assert read_demand(200, [], body) == Demand(200)
    assert read_demand(401, [], body) == Demand(401)


def test_an_invoice_with_its_hash_alone_is_an_offer_that_is_not_taken() -> None:
    (offer,) = from_body({"invoice": INV, "payment_hash": "ab" * 32}).offers
    assert (offer.kind, offer.payable, offer.price) == ("payment-hash", False, "21 sats")
    assert from_body({"invoice": INV, "payment_hash": "ab" * 32}, PLAIN).offers[0].kind == "L402"


def test_an_invoice_alone_in_a_body_is_told() -> None:
    assert codes(from_body({"invoice": INV})) == ["no-token"]


def test_a_token_in_a_body_that_no_header_can_carry_is_refused() -> None:
    demand = from_body({"invoice": INV, "token": "a\r\nX-Evil: 1"})
    assert demand.challenges == ()
    assert codes(demand) == ["unsendable-token"]


def test_payable_offers_come_first_and_every_other_way_is_listed() -> None:
    accepts = {"x402Version": 1, "accepts": [{"network": "base", "maxAmountRequired": "1"}]}
    demand = read_demand(
        402,
        [*headers(PAYMENT, 'Bearer realm="x"', PLAIN), ("X-Cashu", "creqA"), ("PAYMENT-REQUIRED", "e30=")],
        json.dumps(accepts).encode(),
    )
    assert [offer.kind for offer in demand.offers] == ["L402", "Payment", "Bearer", "Cashu", "x402"]
    assert [offer.payable for offer in demand.offers] == [True, False, False, False, False]
    assert codes(demand) == ["unreadable-header"]


@pytest.mark.parametrize(
    ("name", "scheme", "credential_name", "kinds"),
    [
        ("both-credentials", "L402", "macaroon", ["L402", "Payment"]),
        ("direct-l402-macaroon", "L402", "macaroon", ["L402", "Payment"]),
        ("direct-l402-token", "L402", "token", ["L402"]),
        ("l402space-402", "L402", "token", ["L402"]),
        ("lsat-scheme", "LSAT", "macaroon", ["LSAT"]),
    ],
)
def test_live_captures_are_read(vectors: Any, name: str, scheme: str, credential_name: str, kinds: list[str]) -> None:
    capture = vectors(f"402index/{name}.json")
    text = capture["body"] if isinstance(capture["body"], str) else json.dumps(capture["body"])
    demand = read_demand(capture["status"], headers(capture["wwwAuthenticate"]), text.encode())
    (challenge,) = demand.challenges
    assert (challenge.scheme, challenge.credential_name) == (scheme, credential_name)
    assert f'"{challenge.credential}"' in capture["wwwAuthenticate"]
    assert challenge.invoice.startswith("lnbc")
    assert [offer.kind for offer in demand.offers] == kinds
    assert demand.notes == ()


def test_a_live_answer_without_lightning_has_no_challenge(vectors: Any) -> None:
    capture = vectors("402index/non-l402-scheme.json")
    demand = read_demand(402, headers(capture["wwwAuthenticate"]), json.dumps(capture["body"]).encode())
    assert demand.challenges == ()
    assert (demand.offers[0].kind, demand.offers[0].price) == ("Payment", "0.50 USD")


NAMES = [
    "invoice",
    "pr",
    "token",
    "macaroon",
    "l402",
    "detail",
    "accepts",
    "offers",
    "extra",
    "payment_hash",
    "amount",
    "currency",
    "network",
    "payment_request_url",
    "x",
]
PIECES = [
    *("L402 ", "LSAT ", "Payment ", "macaroon=", "token=", "invoice=", "request=", "method=stripe", "e30"),
    *('"', "'", "\\", ",", " ", MAC, INV, "\x00", "\ud800"),
]
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=12,
)
VALUES = st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join))


@given(
    st.integers(),
    st.lists(st.tuples(st.sampled_from(["WWW-Authenticate", "Payment-Required", "X-Cashu", "x"]), VALUES)),
    st.one_of(st.binary(), JSON_VALUES.map(lambda value: json.dumps(value).encode())),
)
def test_nothing_a_server_sends_makes_the_reading_fail(status: int, sent: list[tuple[str, str]], body: bytes) -> None:
    for code in (status, 402):
        demand = read_demand(code, sent, body)
        assert len(demand.challenges) <= MOST_CHALLENGES
        for challenge in demand.challenges:
            assert challenge.credential.isascii()
            assert challenge.credential.isprintable()
            assert challenge.invoice
        for note in demand.notes:
            assert note.message.isprintable()
        for offer in demand.offers:
            assert all(text.isprintable() for text in (offer.title, offer.price or "", offer.reason))


@pytest.mark.parametrize("text", ["L402 " + "a=b," * 30_000, ("L402 token=t, " * 10_000), '"' * 131_072, "[" * 131_072])
def test_huge_answers_are_read_at_once(text: str) -> None:
    began = time.perf_counter()
    for _ in range(5):
        read_demand(402, headers(*[text] * 20), b'{"l402":' * 30_000 + text.encode())
    assert time.perf_counter() - began < 5
