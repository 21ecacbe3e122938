"""The command line of payments: what it takes, in any order, and what it refuses."""

from __future__ import annotations

import pytest

from l402desk.cli.payments_options import DELIVERIES, STATES, read_options
from l402desk.ledger.purchases import Delivery, PurchaseState


def test_the_states_are_those_of_the_ledger() -> None:
    assert set(STATES) == {str(state) for state in PurchaseState}
    assert set(DELIVERIES) == {str(delivery) for delivery in Delivery}


def test_filters_are_read_in_any_order() -> None:
    read = read_options(
        ["list", "--state", "unknown", "--json", "shop", "--state", "settled", "--since", "2026-11-21", "--limit", "0"]
    )
    assert (read.search, read.state, read.as_json) == ("shop", ["unknown", "settled"], True)
    assert read.since == 1_795_219_200
    assert read.limit == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["list", "--since", "yesterday"],
        ["list", "--limit", "-1"],
        ["list", "--limit", "1.5"],
        ["list", "--csv", "--json"],
        ["list", "--csv", "--sums", "host"],
        ["list", "one", "two"],
        ["resolve", "ID", "--proof", "00", "--not-paid"],
        ["resolve", "ID", "again"],
        ["show", "ID", "--csv"],
    ],
)
def test_what_makes_no_sense_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        read_options(arguments)
    assert end.value.code == 2
    assert capsys.readouterr().err


def test_a_payment_is_shown_and_resolved_by_its_id() -> None:
    assert read_options(["show", "abcd", "--reveal", "--exchange"]).reveal
    resolved = read_options(["resolve", "abcd", "--proof", "-"])
    assert (resolved.id, resolved.proof, resolved.not_paid) == ("abcd", "-", False)
