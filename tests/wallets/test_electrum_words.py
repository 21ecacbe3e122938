from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.amount import Msat
from l402desk.protocol.payment import Paid, PaidWithoutProof
from l402desk.protocol.proof import Preimage
from l402desk.wallets.electrum_words import (
    FAILED,
    RAN_OUT,
    SMALLEST_SPLIT,
    WITHOUT_PROOF,
    Channels,
    Given,
    Standing,
    Told,
    Trouble,
    coins,
    exported,
    settled,
)
from tests.wallets.any_answer import JUNK

PREIMAGE = Preimage(bytes(range(32)))
HASH = PREIMAGE.payment_hash()
NAMES = (
    "error", "message", "data", "exception", "success", "preimage", "payment_hash", "status", "invoice_id",
    "amount_msat", "fee_msat", "type", "state", "peer_state", "local_unsettled_sent",
)  # fmt: skip
AT_REST = Channels(are_waiting=False, are_told=True, open=1)
PEER_AWAY = Channels(are_waiting=False, are_told=False, open=1)
WAITING = Channels(are_waiting=True, are_told=True, open=1)
SAT, SMALL, LARGE = Msat(1_000), Msat(999), SMALLEST_SPLIT


@given(told=st.dictionaries(st.sampled_from(NAMES), JUNK | st.dictionaries(st.sampled_from(NAMES), JUNK)))
def test_no_answer_is_too_odd_to_be_read(told: dict[str, Any]) -> None:
    trouble = Trouble.read(told)
    if trouble is not None:
        assert trouble.shown.isprintable()
        assert isinstance(trouble.is_under_way or trouble.is_no_such_limit or trouble.is_no_such_invoice, bool)
    assert Told.read(told, HASH).preimage is None
    assert not isinstance(settled([told], HASH), Paid)
    Given.read(told, HASH)
    Channels.read([told])
    assert coins(told) is None
    assert exported(told, HASH) is None


@pytest.mark.parametrize("answer", [{}, {"error": None, "result": 7}])
def test_no_error_is_no_trouble(answer: dict[str, Any]) -> None:
    assert Trouble.read(answer) is None


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        ({"code": 1, "message": "This invoice has expired"}, "Electrum answered: This invoice has expired."),
        ({"code": 2, "message": "internal", "data": {"exception": "E('x')"}}, "Electrum answered: E('x')."),
        ({"code": 1, "message": "a\u202eb\n"}, "Electrum answered: a‹U+202E›b."),
        ("as a text", "Electrum answered: as a text."),
        ({}, "Electrum had an error."),
        ([7], "Electrum had an error."),
    ],
)
def test_an_error_is_shown_as_a_sentence(error: object, shown: str) -> None:
    trouble = Trouble.read({"error": error})
    assert trouble is not None
    assert trouble.shown == shown


@pytest.mark.parametrize(
    ("message", "is_under_way"),
    [
        ("This invoice has been paid already", True),
        ("A payment was already initiated for this invoice", True),
        ("A previous attempt to pay this invoice did not clear", True),
        ("This invoice has expired", False),
        ("wallet not loaded", False),
    ],
)
def test_what_may_be_paid_is_told_from_what_was_not_begun(message: str, is_under_way: bool) -> None:
    assert Trouble(message).is_under_way is is_under_way


def test_a_wallet_that_cannot_answer_is_told_with_what_to_do() -> None:
    for message, said in (
        ("wallet not loaded", "no wallet open"),
        ("Lightning not enabled in this wallet", "no Lightning"),
        ("Password required. Unlock the wallet, or add a --password option to your command", "locked"),
        ("Incorrect password", "locked"),
    ):
        words = Trouble(message).not_ready
        assert words is not None
        assert said in words[0]
        assert words[1].endswith(".")
    assert Trouble("This invoice has expired").not_ready is None


@pytest.mark.parametrize(
    ("result", "succeeded", "has_ended"),
    [
        ({"success": True, "payment_hash": HASH.hex}, True, True),
        ({"success": True}, True, True),
        ({"success": False, "payment_hash": HASH.hex.upper()}, False, True),
        ({"success": True, "payment_hash": "ab" * 32}, False, False),
        ({"success": "true"}, False, False),
        ({"success": 1}, False, False),
        (None, False, False),
        ([], False, False),
    ],
)
def test_an_order_succeeded_where_it_says_so_of_this_payment(result: object, succeeded: bool, has_ended: bool) -> None:
    told = Told.read(result, HASH)
    assert (told.succeeded, told.has_ended) == (succeeded, has_ended)


def test_the_preimage_of_another_is_none() -> None:
    assert Told.read({"success": True, "preimage": PREIMAGE.hex}, HASH).preimage == PREIMAGE
    assert Told.read({"success": True, "preimage": "ab" * 32}, HASH).preimage is None
    assert exported(PREIMAGE.hex, HASH) == Paid(PREIMAGE)
    assert exported("ab" * 32, HASH) is None


@pytest.mark.parametrize(
    ("standing", "amount", "channels", "proof"),
    [
        (Standing.FAILED, SAT, AT_REST, FAILED),
        (Standing.FAILED, SAT, PEER_AWAY, FAILED),  # in one piece, which came back
        (Standing.FAILED, SMALL, AT_REST, FAILED),
        (Standing.FAILED, SAT, WAITING, None),
        (Standing.FAILED, LARGE, AT_REST, FAILED),
        (Standing.FAILED, LARGE, PEER_AWAY, None),
        (Standing.FAILED, None, AT_REST, None),
        (Standing.EXPIRED, SAT, AT_REST, RAN_OUT),
        (Standing.EXPIRED, SAT, PEER_AWAY, None),
        (Standing.EXPIRED, SAT, WAITING, None),
        (Standing.EXPIRED, SMALL, AT_REST, None),  # channels are told in whole sats
        (Standing.UNPAID, SAT, AT_REST, None),
        (Standing.IN_FLIGHT, SAT, AT_REST, None),  # a channel shows nothing of what the peer has not confirmed
        (Standing.PAID, SAT, AT_REST, None),
        (None, SAT, AT_REST, None),
    ],
)
def test_failed_is_proven_where_nothing_is_out_and_nothing_can_begin(
    standing: Standing | None, amount: Msat | None, channels: Channels, proof: object
) -> None:
    assert Given(standing, amount).has_failed(channels) == proof


@pytest.mark.parametrize(
    ("given_", "needs_none"),
    [
        (Given(Standing.IN_FLIGHT, LARGE), True),
        (Given(Standing.FAILED, SAT), True),
        (Given(Standing.FAILED, LARGE), False),
        (Given(Standing.FAILED, None), False),
        (Given(Standing.EXPIRED, SAT), False),
        (Given(Standing.PAID, SAT), False),
        (Given(None, SAT), False),
    ],
)
def test_some_know_without_a_history(given_: Given, needs_none: bool) -> None:
    assert given_.needs_no_history is needs_none


def test_an_invoice_of_another_stands_nowhere() -> None:
    told = {"status": 5, "invoice_id": HASH.hex, "amount_msat": 21_000}
    assert Given.read(told, HASH) == Given(Standing.FAILED, Msat(21_000))
    assert Given.read(told | {"invoice_id": "ab" * 32}, HASH).standing is None
    for status in (True, "5", 5.0, 2, 6, None):
        assert Given.read(told | {"status": status}, HASH).standing is None
    assert Given.read(told | {"amount_msat": -1}, HASH).amount is None


def test_channels_are_read_with_what_is_out_on_them() -> None:
    good = {"type": "CHANNEL", "state": "OPEN", "peer_state": "GOOD", "local_unsettled_sent": 0}
    assert Channels.read([good]) == AT_REST
    assert Channels.read([good, good | {"local_unsettled_sent": 1}]) == Channels(True, True, 2)
    assert Channels.read([good | {"peer_state": "REESTABLISHING"}]) == PEER_AWAY
    assert Channels.read([good, good | {"state": "CLOSED", "peer_state": "DISCONNECTED"}]) == PEER_AWAY
    assert Channels.read([]) == Channels(False, True, 0)


def test_what_has_no_money_of_ours_on_it_is_not_counted() -> None:
    redeemed = {"type": "CHANNEL", "state": "REDEEMED", "peer_state": "DISCONNECTED", "local_unsettled_sent": 9}
    opening = {"type": "CHANNEL", "state": "OPENING", "peer_state": "DISCONNECTED", "local_unsettled_sent": 0}
    assert Channels.read([redeemed, opening, {"type": "BACKUP", "state": "OPEN"}]) == Channels(False, True, 0)


@pytest.mark.parametrize("result", [None, {}, [7], [{"type": "CHANNEL", "state": "OPEN"}], ["x"]])
def test_what_is_no_list_of_channels_is_none(result: object) -> None:
    assert Channels.read(result) is None


def test_the_history_tells_what_went_out() -> None:
    item = {"payment_hash": HASH.hex.upper(), "amount_msat": -22_000, "fee_msat": 1_000, "preimage": PREIMAGE.hex}
    other = {"type": "channel_opening", "amount_msat": 5}
    assert settled([other, item], HASH) == Paid(PREIMAGE, Msat(1_000))
    assert settled([item | {"fee_msat": None}], HASH) == Paid(PREIMAGE)
    assert settled([item | {"preimage": "ab" * 32}], HASH) is WITHOUT_PROOF
    assert isinstance(settled([item | {"preimage": None}], HASH), PaidWithoutProof)
    assert settled([item | {"amount_msat": 21_000}], HASH) is None  # what came in
    assert settled([item | {"payment_hash": "ab" * 32}], HASH) is None
    assert settled("x", HASH) is None


@pytest.mark.parametrize(
    ("value", "msat"),
    [
        ("0.148999949", 14_899_994_900),
        ("0.00000000001", 1),
        ("0", 0),
        ("20999999.9769", 2_099_999_997_690_000_000),
        ("1", 100_000_000_000),
        ("99999999", None),
        ("1E+30", None),
        ("-1", None),
        ("", None),
        (".5", None),
        ("0.000000000001", None),
        ("\u0663", None),
        (0.5, None),
        (None, None),
    ],
)
def test_bitcoins_are_read_to_the_msat(value: object, msat: int | None) -> None:
    assert coins(value) == (None if msat is None else Msat(msat))


def test_an_endless_message_takes_no_endless_time() -> None:
    trouble = Trouble.read({"error": {"message": "previous attempt " * 60_000}})
    assert trouble is not None
    began = time.perf_counter()
    assert not trouble.is_under_way
    assert time.perf_counter() - began < 1
