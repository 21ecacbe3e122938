from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from l402desk.wallets.catalogue import KINDS
from l402desk.wallets.connection import Kind
from l402desk.wallets.lnd_rights import BAKE, BALANCE, INFO, MOST_OPERATIONS, SEND, TRACK, Rights, read_rights
from tests.fakes.baked import ADMIN, INVOICE, LEAST, READ_ONLY, bake, field, identifier, macaroon_of


def test_the_admin_macaroon_may_do_everything() -> None:
    rights = read_rights(ADMIN)
    assert rights.are_everything
    assert rights.granted is not None
    assert {("macaroon", "generate"), ("onchain", "write"), ("signer", "read")} <= rights.granted
    assert len(rights.granted) == 19
    assert all(rights.allow(operation) for operation in (SEND, TRACK, INFO, BALANCE))


def test_the_macaroon_that_is_recommended_may_do_what_the_app_does_and_nothing_else() -> None:
    rights = read_rights(bake(*LEAST))
    assert rights.are_least
    assert not rights.are_everything
    assert all(rights.allow(operation) for operation in (SEND, TRACK, INFO, BALANCE))
    assert rights.powers == (
        "tell which node this is",
        "look payments up",
        "tell its balance",
        "pay",
        "do nothing else",
    )
    assert f"lncli bakemacaroon {' '.join(LEAST)}" == BAKE
    assert BAKE in KINDS[Kind.LND].rights


def test_a_macaroon_that_only_reads_does_not_pay() -> None:
    rights = read_rights(bake(*READ_ONLY))
    assert not rights.allow(SEND)
    assert rights.allow(TRACK)
    assert "pay" not in rights.powers
    assert "do nothing else" not in rights.powers


def test_an_invoice_macaroon_opens_nothing_that_is_asked() -> None:
    rights = read_rights(bake(*INVOICE))
    assert not any(rights.allow(operation) for operation in (SEND, TRACK, INFO, BALANCE))
    assert "make invoices" in rights.powers


def test_further_powers_are_told_the_least_first_and_in_words() -> None:
    rights = read_rights(bake(*LEAST, "onchain:write", "peers:read", "moon:write", "uri:/a.B/C", "uri:/a.B/D"))
    assert rights.further == (
        "list its peers",
        "spend on-chain coins",
        "do what this app has no words for",
        "call 2 more methods of LND",
    )
    assert not rights.are_least


def test_its_conditions_are_told() -> None:
    caveats = ["time-before 2027-03-01T10:00:00.123456789Z", "time-before 2027-02-01T10:00:00Z", "ipaddr 10.0.0.7"]
    rights = read_rights(bake(*LEAST, caveats=[*caveats, "lnd-custom account 1", "time-before when it snows"]))
    assert rights.expires_at == 1_801_476_000  # the earlier one
    assert rights.only_from == "10.0.0.7"
    assert rights.are_least


def test_what_does_not_say_what_it_may_is_taken_for_one_that_may_all() -> None:
    told = identifier(LEAST)
    for raw in (b"", b"\x02" + told[1:], told[:-1], b"\x03\x1f", b"\x03\x0a\xff", b"\x03" + b"\xff" * 20):
        rights = read_rights(macaroon_of(raw))
        assert rights == Rights(None)
        assert rights.allow(SEND)
        assert rights.powers == rights.further == ()
        assert not rights.are_least
        assert not rights.are_everything
    for text in ("", "00", "zz", "0201", "AgED", "\x00", "{}"):
        assert read_rights(text) == Rights(None)


def test_what_it_may_is_read_within_bounds() -> None:
    many = b"\x03" + b"".join(
        field(3, field(1, b"uri") + field(2, b"/a.B/%d" % number)) for number in range(MOST_OPERATIONS + 1)
    )
    assert read_rights(macaroon_of(many)) == Rights(None)
    assert read_rights(macaroon_of(b"\x03" + field(3, field(1, b"\xff") + field(2, b"read")))) == Rights(None)


def test_fields_of_other_kinds_are_passed_over() -> None:
    odd = b"\x03\x20\x96\x01" + b"\x29" + bytes(8) + b"\x35" + bytes(4) + field(9, b"x")
    told = odd + field(3, field(1, b"info") + b"\x18\x01" + field(2, b"read"))
    assert read_rights(macaroon_of(told)).granted == frozenset({("info", "read")})
    assert read_rights(macaroon_of(b"\x03" + field(3, field(2, b"read")))).granted == frozenset()  # of nothing


@given(st.binary(max_size=200))
def test_whatever_an_identifier_holds_it_is_read_or_says_nothing(raw: bytes) -> None:
    for told in (raw, b"\x03" + raw, b"\x03" + field(3, raw)):
        rights = read_rights(macaroon_of(told))
        assert isinstance(rights.powers, tuple)


@given(st.text(max_size=200))
def test_whatever_a_macaroon_is_nothing_is_raised(text: str) -> None:
    assert isinstance(read_rights(text), Rights)
