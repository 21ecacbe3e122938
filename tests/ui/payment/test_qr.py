"""The code is as small as it can be, and says exactly the invoice."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from l402desk.ui.payment.qr import QrMaker, modules_of, qr_text

ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def invoice_of(length: int) -> str:
    return "lnbcrt210n1" + "".join(ALPHABET[(7 * i + i * i) % 32] for i in range(length - 11))


def test_the_scheme_is_lower_case_and_the_invoice_upper_case() -> None:
    assert qr_text("lnbc1xyz") == "lightning:LNBC1XYZ"


@pytest.mark.parametrize(("length", "side"), [(271, 53), (320, 57), (420, 61)])
def test_mixed_segments_give_the_measured_size(length: int, side: int) -> None:
    assert len(modules_of(qr_text(invoice_of(length)))) == side


def test_the_maker_brings_the_modules_to_the_window(qtbot: QtBot) -> None:
    maker = QrMaker()
    with qtbot.waitSignal(maker.made) as brought:
        maker.make("lightning:LNBC1")
    assert brought.args == ["lightning:LNBC1", modules_of("lightning:LNBC1")]


def test_a_code_that_nobody_waits_for_any_more_harms_nobody(qtbot: QtBot) -> None:
    """Its dialog may be closed while the code is computed."""
    for number in range(5):
        gone = QrMaker()
        gone.make(f"lightning:LNBC{number}")
        gone.deleteLater()
    other = QrMaker()
    with qtbot.waitSignal(other.made) as brought:
        other.make("lightning:LNBC9")
    assert brought.args is not None
    assert brought.args[0] == "lightning:LNBC9"
