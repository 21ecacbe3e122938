"""The field judges every text at once, gives the proof on exactly once, and reads the clipboard only when told to."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from l402desk.protocol.proof import PaymentHash
from l402desk.ui.payment.proof_field import ProofField
from l402desk.ui.style import Appearance
from tests.fakes.challenges import HASH, PROOF
from tests.fakes.invoices import mint_invoice


@pytest.fixture
def field(qtbot: QtBot, dressed: Appearance) -> ProofField:
    made = ProofField()
    qtbot.addWidget(made)
    made.expect(HASH)
    made.show()
    made.activateWindow()
    return made


@pytest.fixture
def given(field: ProofField) -> list[object]:
    heard: list[object] = []
    field.proof_given.connect(heard.append)
    return heard


def verdict(field: ProofField) -> QLabel:
    found = field.findChild(QLabel, "preimageVerdict")
    assert found is not None
    return found


def type_in(field: ProofField, text: str) -> None:
    field.field.setText("")
    QTest.keyClicks(field.field, text)


def test_wrong_texts_get_words_of_their_own_and_lead_nowhere(field: ProofField, given: list[object]) -> None:
    said = set()
    for text in (HASH.hex, mint_invoice(), "ab" * 31, "ab" * 32, "00" * 32, "thanks!"):
        field.field.setText(text)
        field.check()
        said.add(verdict(field).text())
        assert verdict(field).property("role") == "caution"
    assert len(said) == 6
    assert given == []


def test_the_right_one_is_given_once(field: ProofField, given: list[object]) -> None:
    type_in(field, PROOF.hex)
    QTest.keyClick(field.field, Qt.Key.Key_Return)
    field.check()
    assert given == [PROOF.hex]
    assert verdict(field).text() == "This is the proof."
    assert verdict(field).property("role") == "good"


def test_nothing_is_said_about_an_empty_field(field: ProofField, given: list[object]) -> None:
    field.field.setText("   ")
    field.check()
    assert verdict(field).isHidden()


def test_paste_takes_what_is_on_the_clipboard(field: ProofField, given: list[object]) -> None:
    QGuiApplication.clipboard().setText(f"  {PROOF.hex.upper()}\n")
    assert given == []  # nothing is read without being asked for
    QTest.mouseClick(field.paste, Qt.MouseButton.LeftButton)
    assert given == [PROOF.hex]


def test_ctrl_shift_v_pastes_too(field: ProofField, given: list[object], qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText(PROOF.hex)
    qtbot.waitActive(field)
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(field.paste, Qt.Key.Key_V, modifiers)
    assert given == [PROOF.hex]


def test_an_empty_clipboard_is_named(field: ProofField) -> None:
    QGuiApplication.clipboard().clear()
    field.paste_clipboard()
    assert verdict(field).text() == "There is no text on the clipboard."


def test_a_huge_clipboard_is_cut_before_it_is_looked_at(field: ProofField, given: list[object]) -> None:
    QGuiApplication.clipboard().setText("g" * 5_000_000)
    field.paste_clipboard()
    assert len(field.field.text()) <= 4_096
    assert given == []


def test_another_payment_empties_the_field_and_wants_its_own_proof(field: ProofField, given: list[object]) -> None:
    type_in(field, PROOF.hex)
    field.expect(PaymentHash(b"\x01" * 32))
    assert field.field.text() == ""
    field.field.setText(PROOF.hex)
    field.check()
    assert given == [PROOF.hex]
    assert "another payment" in verdict(field).text()


def test_without_a_payment_there_is_nothing_to_prove(field: ProofField, given: list[object]) -> None:
    field.expect(None)
    field.field.setText(PROOF.hex)
    field.check()
    assert given == []


def test_a_proof_of_another_payment_is_handed_on_once_for_it_may_be_an_earlier_one(qtbot: QtBot) -> None:
    field = ProofField()
    qtbot.addWidget(field)
    field.expect(HASH)
    others: list[object] = []
    field.other_proof_given.connect(others.append)
    for text in ("ab" * 31, "ab" * 32, f"preimage: {'ab' * 32}", HASH.hex):
        field.field.setText(text)
        field.check()
    assert others == ["ab" * 32]
