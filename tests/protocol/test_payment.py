"""What a wallet says never leaks the proof it carries."""

from __future__ import annotations

from l402desk.protocol.payment import Paid
from l402desk.protocol.proof import Preimage


def test_a_paid_result_does_not_show_its_preimage() -> None:
    assert "41" * 4 not in repr(Paid(Preimage(b"A" * 32)))
