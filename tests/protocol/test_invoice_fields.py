from __future__ import annotations

import dataclasses

import pytest

from l402desk.protocol.amount import Msat
from l402desk.protocol.invoice_fields import Fields, Hop, Problem, Tag
from l402desk.protocol.network import Network


def test_what_an_invoice_need_not_say_has_the_value_of_the_specification() -> None:
    fields = Fields(Network.MAINNET)
    assert (fields.expiry, fields.min_final_cltv) == (3600, 18)


def test_the_same_complaint_is_kept_once() -> None:
    fields = Fields(Network.MAINNET)
    fields.blame("bad", "It is bad")
    fields.blame("bad", "It is bad")
    fields.blame("bad", "It is bad in another way")
    assert fields.problems == [Problem("bad", "It is bad"), Problem("bad", "It is bad in another way")]


def test_a_second_field_of_a_kind_is_blamed_and_does_not_count() -> None:
    fields = Fields(Network.MAINNET)
    assert fields.is_first("d")
    assert fields.is_first("x")
    assert fields.problems == []
    assert not fields.is_first("d")
    assert [problem.code for problem in fields.problems] == ["duplicate-field"]
    assert "“d”" in fields.problems[0].message


def test_two_invoices_do_not_share_what_was_gathered() -> None:
    Fields(Network.MAINNET).blame("bad", "It is bad")
    assert Fields(Network.MAINNET).problems == []


@pytest.mark.parametrize(
    "value",
    [Tag("p", 0, 55, known=True), Problem("bad", "It is bad"), Hop("02" * 33, "1x2x3", Msat(0), 0, 0)],
)
def test_the_values_cannot_be_changed(value: Tag | Problem | Hop) -> None:
    name = dataclasses.fields(value)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, name, "other")
