"""Every caveat seen in the wild, in plain words; and none of them can lie to the window."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.caveat_words import WORDS
from l402desk.protocol.caveats import Meaning, earliest_expiry, explain, meaning_of
from l402desk.protocol.macaroon import Caveat, read_token
from tests.fakes.macaroons import FEWSATS, PAYMENT_HASH, SATS4AI, V0, mint, standard, v2

HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
UNTIL = 1_795_266_180  # 2026-11-21 13:03 UTC
HASH = PAYMENT_HASH.hex()


@pytest.mark.parametrize(
    ("raw", "meaning"),
    [
        ("services=weather:0", "service weather, base tier"),
        ("services=weather:0,news:2", "service weather, base tier; service news, tier 2"),
        ("services=weather", "service weather"),
        ("services=", "for no service at all"),
        ("weather_capabilities=add,subtract", "service weather: only add, subtract"),
        ("weather_capabilities=", "service weather: nothing at all"),
        ("loop_out_monthly_volume_sats=200000000", "loop out: at most 200\u202f000\u202f000 sats in a month"),
        ("loop_out_volume_msat < 1500", "loop out: less than 1.5 sats"),
        (f"payment_hash = {HASH}", f"belongs to the payment {HASH[:16]}…"),
        ("credit_balance = 21", "prepaid credit of 21 for several requests"),
        ("currency = sat", "its credit is counted in sat"),
        ("ip=203.0.113.7", "only from the network address 203.0.113.7"),
        ("client_ip=203.0.113.7", "only from the network address 203.0.113.7"),
        ("route = /x/*", "only for paths like /x/*"),
        ("path=/api", "only for the path /api"),
        ("RequestPath = /x", "only for the path /x"),
        ("RequestMethod = GET", "only for GET requests"),
        ("method=GET,POST", "only for GET and POST requests"),
        ("Realm = name", "only for the area “name” of this server"),
        (
            f"challenge={'0a' * 32}:02{'bc' * 32}:sig",
            "the caller has to prove that it holds the key 02bcbcbcbcbcbcbc…",
        ),
        ("file_id=b54e2ff4", "only for the file b54e2ff4"),
        ("order_id=17", "only for the order 17"),
        ("kid = 1", "sealed with the server's key number 1"),
        ("loc = probe/0/0/0", "issued for probe/0/0/0"),
        ("colour=blue", "not a condition this app knows: colour=blue"),
        ("just words", "not a condition this app knows: just words"),
        ("", "not a condition this app knows: "),
    ],
)
def test_a_condition_is_explained(raw: str, meaning: str) -> None:
    found = explain(raw)
    assert (found.raw, found.meaning, found.expires_at) == (raw, meaning, None)


@pytest.mark.parametrize(
    "raw",
    [
        f"expiration={UNTIL}664",
        f"expires_at={UNTIL}",
        f"ExpiresAt = {UNTIL}",
        f"expires = {UNTIL}000",
        "expires_at=2026-11-21T13:03:00Z",
        "expires = 2026-11-21T14:03:00+01:00",
        "time < 2026-11-21T13:03:00.089Z",
        "time<2026-11-21T13:03:00Z",
        f"expiration<{UNTIL}664",
        f"valid_until={UNTIL}",
    ],
)
def test_the_end_of_a_token_is_told_in_every_notation(raw: str) -> None:
    found = explain(raw)
    assert found.expires_at == UNTIL
    assert found.meaning == "valid until 2026-11-21 13:03 UTC"


def test_the_end_of_a_service_names_the_service() -> None:
    found = explain(f"weather_valid_until={UNTIL}")
    assert found == Meaning(
        f"weather_valid_until={UNTIL}",
        "weather_valid_until",
        str(UNTIL),
        "service weather: valid until 2026-11-21 13:03 UTC",
        UNTIL,
    )
    assert explain(f"weather_valid_from={UNTIL}").expires_at is None


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("quote_max_uses=3", "service quote: good 3 times"),
        ("once_max_uses=1", "service once: good once"),
        ("quote_max_uses=many", "not a condition this app knows: quote_max_uses=many"),
    ],
)
def test_how_often_a_token_may_be_used_is_said(raw: str, words: str) -> None:
    assert explain(raw).meaning == words


def test_a_time_that_cannot_be_read_is_shown_as_it_is() -> None:
    found = explain("expires_at=next tuesday")
    assert (found.meaning, found.expires_at) == ("ends at a time this app cannot read: next tuesday", None)


@pytest.mark.parametrize(
    ("raw", "condition", "value"),
    [
        ("a=b", "a", "b"),
        ("  a  =  b  ", "a", "b"),
        ("a = b = c", "a", "b = c"),
        ("a<b", "a", "b"),
        ("a > b", "a", "b"),
        ("a<=b", "a", "b"),
        ("=", "", ""),
        ("words", None, None),
    ],
)
def test_the_two_sides_are_split_at_the_first_comparison(raw: str, condition: str | None, value: str | None) -> None:
    found = explain(raw)
    assert (found.condition, found.value) == (condition, value)


@pytest.mark.parametrize(
    "raw",
    [
        f"preimage={HASH}",
        f"Preimage = {HASH}",
        f"payment_preimage={HASH}",
        f"preimage {HASH}",
        f"\u200bpreimage={HASH}",
        f"path=/x?preimage={HASH}",
        f"proof=preimage:{HASH}",
    ],
)
def test_a_preimage_is_never_shown(raw: str) -> None:
    found = explain(raw)
    for shown in (found.meaning, found.condition or "", found.value or "", repr(found)):
        assert HASH[:16] not in shown
    assert found.value == "(hidden)"


def test_a_path_that_only_speaks_of_preimages_is_a_path() -> None:
    assert explain("path=/docs/preimage").meaning == "only for the path /docs/preimage"


@pytest.mark.parametrize(
    "raw",
    [
        "path=/\u202exe",
        "a\u200b=b",
        "services=\x1b[31mx:0",
        "loc = \r\nvalid",
        "challenge=x:" + "\u202e" * 40,
        "a=\U000e0041",
        "colour\u2066=x",
        "\ud800=\ud800",
    ],
)
def test_hidden_characters_become_visible_in_every_part(raw: str) -> None:
    found = explain(raw)
    for part in (found.meaning, found.condition or "", found.value or ""):
        assert not {unicodedata.category(ch) for ch in part} & HIDDEN


def test_an_endless_caveat_is_cut() -> None:
    for raw in ("a=" + "x" * 60_000, "x" * 60_000, "services=" + "x:0," * 15_000, "=" * 60_000, "<" * 60_000):
        found = explain(raw)
        assert len(found.meaning) < 6_000
        assert len(found.value or "") < 600


def test_a_third_partys_caveat_says_that_it_needs_a_second_token() -> None:
    found = meaning_of(Caveat(b"expires_at=1", "https://auth.example/\u202e", b"vid"))
    assert "a discharge) from https://auth.example/‹U+202E›" in found.meaning
    assert (found.condition, found.expires_at) == (None, None)
    assert meaning_of(Caveat(b"path=/x")) == explain("path=/x")


def test_the_earliest_end_of_all_caveats_counts() -> None:
    token = read_token(standard(v2(V0, [b"a_valid_until=1795266190", b"expiration=1795266180000", b"kid = 1"])))
    assert earliest_expiry(token) == UNTIL
    assert earliest_expiry(read_token(FEWSATS)) == 1_716_630_245
    assert earliest_expiry(read_token(SATS4AI)) == 1_785_304_313
    assert earliest_expiry(read_token(standard(v2(V0, [b"kid = 1"])))) is None
    assert earliest_expiry(read_token(standard(b'{"exp":1795266180664}'))) == UNTIL
    assert earliest_expiry(read_token("deposit_7")) is None


def test_a_third_partys_expiry_is_not_counted() -> None:
    other = mint(b"order 7")
    other.add_third_party_caveat("https://auth.example", "k" * 32, "expires_at=1795266180")
    assert earliest_expiry(read_token(other.serialize())) is None


@given(st.text(st.characters(), max_size=120))
def test_any_text_has_a_meaning(raw: str) -> None:
    found = explain(raw)
    assert found.raw == raw
    for part in (found.meaning, found.condition or "", found.value or ""):
        assert not {unicodedata.category(ch) for ch in part} & HIDDEN


endings = st.sampled_from(["_valid_until", "_valid_from", "_capabilities", "_daily_volume_sats"])
names = st.sampled_from(sorted(WORDS)) | st.tuples(st.text(st.characters(), max_size=9), endings).map("".join)
hidden = st.text(st.sampled_from("ab:,*\0\u202e\u200b\u0301\ud800\U000e0041"), max_size=60)


@given(names, st.sampled_from(["=", "<", ">", " = ", "<=", "=="]), st.text(st.characters(), max_size=60) | hidden)
def test_any_value_of_a_known_caveat_has_a_clean_meaning(name: str, comparator: str, value: str) -> None:
    found = explain(f"{name}{comparator}{value}")
    assert found.meaning
    assert not {unicodedata.category(ch) for ch in found.meaning} & HIDDEN
