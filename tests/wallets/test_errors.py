from __future__ import annotations

import pytest

from l402desk.wallets.errors import NameTaken, NoSuchWallet, WalletError


@pytest.mark.parametrize(
    "error", [WalletError("It does not answer.", "Check that it runs."), NameTaken("Home"), NoSuchWallet("Home")]
)
def test_each_says_what_happened_and_what_to_do(error: WalletError) -> None:
    assert error.sentence.endswith(".")
    assert error.remedy.endswith(".")
    assert str(error) == f"{error.sentence} {error.remedy}"


def test_a_taken_name_is_named() -> None:
    assert "Home" in NameTaken("Home").sentence
