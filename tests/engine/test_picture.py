from __future__ import annotations

import time
from typing import cast

import pytest

from l402desk.engine.picture import Picture, Turn
from l402desk.services import Services


def test_a_picture_begins_empty_and_changes_by_name() -> None:
    picture = Picture()
    before = picture.view
    picture.show(received_bytes=7)
    assert (before.received_bytes, picture.view.received_bytes) == (0, 7)


def test_a_field_that_does_not_exist_is_our_bug() -> None:
    with pytest.raises(TypeError):
        Picture().show(colour="red")


def test_steps_are_added_in_order_with_their_milliseconds() -> None:
    picture = Picture()
    began = time.monotonic() - 0.25
    picture.step("Answer", began)
    picture.step("Payment", time.monotonic())
    assert [step.name for step in picture.view.steps] == ["Answer", "Payment"]
    assert 250 <= picture.view.steps[0].ms < 5_000
    assert picture.view.steps[1].ms < 250


def test_a_turn_has_no_word_for_a_second_payment_unless_it_is_given() -> None:
    assert not Turn(cast("Services", None), print).despite_open
