"""What servers say is cut, and gives none of our secrets back."""

from __future__ import annotations

import pytest

from l402desk.wallets.quoting import MOST, foreign


def test_text_is_taken_as_it_is() -> None:
    assert foreign(" no \u202eroute\n") == " no \u202eroute\n"


@pytest.mark.parametrize("value", [None, 7, True, b"bytes", [], {"message": "x"}])
def test_what_is_no_text_says_nothing(value: object) -> None:
    assert foreign(value) == ""


def test_no_secret_of_ours_comes_back() -> None:
    assert foreign("user me:0c7b3f1e and 0c7b3f1e", "0c7b3f1e", "") == "user me:… and …"


def test_what_is_too_short_for_a_secret_stays() -> None:
    assert foreign("a payment", "a") == "a payment"


def test_what_is_endless_is_cut_and_no_half_of_a_secret_is_left_at_its_end() -> None:
    assert len(foreign("x" * 1_000_000)) == MOST
    assert "0c7b" not in foreign("x" * (MOST - 4) + "0c7b3f1e", "0c7b3f1e")
