from __future__ import annotations

from pathlib import Path

from l402desk.protocol.proof import PaymentHash
from tests.harness.paid import Debit, Paid


def test_what_was_written_down_is_read_again(tmp_path: Path) -> None:
    paid = Paid(tmp_path / "ledger")
    assert paid.all() == []
    debits = [Debit(PaymentHash(bytes([one]) * 32), 21_000, one) for one in (1, 2)]
    for debit in debits:
        paid.add(debit)
    assert Paid(tmp_path / "ledger").all() == debits
