"""Tokens are real macaroons: pymacaroons verifies them, the app's reader reads them, and tampering shows."""

from __future__ import annotations

import base64
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymacaroons import Macaroon as Pymacaroon
from pymacaroons import Verifier

from l402desk.protocol.amount import Msat
from l402desk.protocol.macaroon import Macaroon, committed_hash, read_token
from l402desk.protocol.proof import Preimage
from l402desk.sandbox import macaroons
from l402desk.sandbox.macaroons import LOCATION, Bakery, Style
from l402desk.sandbox.minting import Mint, Minted, Order
from l402desk.sandbox.refusal import Refused
from tests.sandbox.buyer import NOW, Clock, narrowed

CAVEATS = ("services=weather:0", f"weather_valid_until={int(NOW) + 60}")


class Bench:
    """A bakery with one paid invoice."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.mint = Mint(self.clock)
        self.bakery = Bakery(self.mint, self.clock)
        self.invoice: Minted = self.mint.mint(Order(Msat(1000), "x"))
        self.mint.settle(self.invoice.payment_hash)

    def bake(self, *caveats: str, style: Style = Style.APERTURE) -> str:
        return self.bakery.bake(self.invoice.payment_hash, caveats or CAVEATS, style=style)

    def refusal(self, token: str, preimage: Preimage | None = None, *, strict: bool = False) -> str:
        with pytest.raises(Refused) as refused:
            self.bakery.check(token, preimage or self.invoice.preimage, "weather", strict=strict)
        return refused.value.code


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_pymacaroons_verifies_what_was_baked(bench: Bench) -> None:
    macaroon = Pymacaroon.deserialize(bench.bake())
    issued = bench.bakery._issued[macaroon.identifier_bytes]
    verifier = Verifier()
    for caveat in CAVEATS:
        verifier.satisfy_exact(caveat)
    assert verifier.verify(macaroon, issued.root_key)


def test_the_identifier_is_version_zero_of_the_specification(bench: Bench) -> None:
    macaroon = Pymacaroon.deserialize(bench.bake())
    version, payment_hash, _ = struct.unpack(">H32s32s", macaroon.identifier_bytes)
    assert (version, payment_hash) == (0, bench.invoice.payment_hash.raw)
    assert macaroon.location == LOCATION


def test_every_token_has_a_root_key_of_its_own(bench: Bench) -> None:
    bench.bake()
    bench.bake()
    keys = {issued.root_key for issued in bench.bakery._issued.values()}
    assert len(keys) == 2


@pytest.mark.parametrize("style", Style)
def test_the_apps_reader_finds_the_payment_hash_in_every_style(bench: Bench, style: Style) -> None:
    token = read_token(bench.bake(style=style))
    assert isinstance(token, Macaroon)
    assert committed_hash(token) == bench.invoice.payment_hash
    assert [caveat.text for caveat in token.caveats] == list(CAVEATS)


@pytest.mark.parametrize("style", Style)
def test_a_paid_token_is_let_in_in_every_style(bench: Bench, style: Style) -> None:
    token = bench.bake(style=style)
    grant = bench.bakery.check(token, bench.invoice.preimage, "weather", style=style)
    assert grant.allowance.valid_until == int(NOW) + 60


def test_the_default_is_padded_standard_base64(bench: Bench) -> None:
    token = bench.bake()
    base64.b64decode(token, validate=True)
    url_safe = token.replace("+", "-").replace("/", "_").rstrip("=")
    if url_safe != token:
        assert bench.refusal(url_safe) == "token-unreadable"


def test_a_boltwall_token_may_come_back_in_either_alphabet(bench: Bench) -> None:
    token = bench.bake(style=Style.BOLTWALL)
    padded = token.replace("-", "+").replace("_", "/") + "=" * (-len(token) % 4)
    for text in (token, padded):
        bench.bakery.check(text, bench.invoice.preimage, "weather", style=Style.BOLTWALL)


def test_another_preimage_is_refused(bench: Bench) -> None:
    assert bench.refusal(bench.bake(), Preimage(b"\x07" * 32)) == "wrong-preimage"


def test_an_invoice_that_is_not_settled_opens_nothing(bench: Bench) -> None:
    unpaid = bench.mint.mint(Order(Msat(1000), "x"))
    token = bench.bakery.bake(unpaid.payment_hash, CAVEATS)
    assert bench.refusal(token, unpaid.preimage) == "not-settled"


def test_a_changed_caveat_breaks_the_signature(bench: Bench) -> None:
    raw = base64.b64decode(bench.bake())
    changed = base64.b64encode(raw.replace(b"weather:0", b"weather:1")).decode()
    assert bench.refusal(changed) == "bad-signature"


def test_a_dropped_caveat_breaks_the_signature(bench: Bench) -> None:
    macaroon = Pymacaroon.deserialize(bench.bake())
    macaroon.caveats.pop()
    text = macaroon.serialize()
    padded = base64.b64encode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))).decode()
    assert bench.refusal(padded) == "bad-signature"


def test_a_holder_may_narrow_a_token(bench: Bench) -> None:
    token = narrowed(bench.bake(), f"weather_valid_until={int(NOW) + 10}")
    grant = bench.bakery.check(token, bench.invoice.preimage, "weather")
    assert grant.allowance.valid_until == int(NOW) + 10


def test_a_holder_may_not_widen_a_token(bench: Bench) -> None:
    assert bench.refusal(narrowed(bench.bake(), f"weather_valid_until={int(NOW) + 999}")) == "caveat-widened"


def test_a_strict_server_takes_a_token_only_as_it_made_it(bench: Bench) -> None:
    token = bench.bake()
    bench.bakery.check(token, bench.invoice.preimage, "weather", strict=True)
    assert bench.refusal(narrowed(token, "preimage=00"), strict=True) == "extra-caveat"


def test_a_token_expires(bench: Bench) -> None:
    token = bench.bake()
    bench.clock.now += 59
    bench.bakery.check(token, bench.invoice.preimage, "weather")
    bench.clock.now += 1
    assert bench.refusal(token) == "token-expired"


def test_uses_are_counted_and_can_be_given_back(bench: Bench) -> None:
    token = bench.bake("weather_max_uses=1")
    grant = bench.bakery.check(token, bench.invoice.preimage, "weather")
    bench.bakery.spend(grant)
    assert bench.refusal(token) == "token-used-up"
    bench.bakery.give_back(grant)
    bench.bakery.check(token, bench.invoice.preimage, "weather")


def test_another_bakery_does_not_know_the_token(bench: Bench) -> None:
    assert bench.refusal(Bench().bake()) == "unknown-token"


def test_the_oldest_tokens_are_forgotten(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(macaroons, "MOST_REMEMBERED", 1)
    first, second = bench.bake(), bench.bake()
    assert bench.refusal(first) == "unknown-token"
    bench.bakery.check(second, bench.invoice.preimage, "weather")


@pytest.mark.parametrize("token", ["", "AgE", "AAAA", "x" * 9000, "AgEE" * 10, "Ö"])
def test_what_is_no_macaroon_is_refused(bench: Bench, token: str) -> None:
    assert bench.refusal(token) == "token-unreadable"


BENCH = Bench()
TOKENS = {style: BENCH.bake(style=style) for style in Style}


@given(st.sampled_from(Style), st.integers(0, 200), st.sampled_from("AZaz09+/=_-"))
def test_a_damaged_token_is_refused_and_nothing_else_happens(style: Style, place: int, letter: str) -> None:
    token = TOKENS[style]
    damaged = token[: place % len(token)] + letter + token[place % len(token) + 1 :]
    try:
        BENCH.bakery.check(damaged, BENCH.invoice.preimage, "weather", style=style)
    except Refused:
        return
    assert signed(damaged, style) == signed(token, style)  # it was the location, which nothing signs


def signed(token: str, style: Style) -> tuple[object, ...]:
    """The parts of a macaroon that its signature is over, and the signature."""
    inner = base64.b64decode(token).decode() if style is Style.SATRING else token
    macaroon = Pymacaroon.deserialize(inner.replace("+", "-").replace("/", "_").rstrip("="))
    return macaroon.identifier_bytes, [c.caveat_id_bytes for c in macaroon.caveats], macaroon.signature
