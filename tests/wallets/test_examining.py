from __future__ import annotations

from l402desk.protocol.amount import Msat
from l402desk.wallets.examining import Examination


def test_a_wallet_without_name_and_warnings_is_the_ordinary_case() -> None:
    found = Examination(may_pay=True, balance=Msat(1))
    assert (found.calls_itself, found.warnings) == ("", ())
