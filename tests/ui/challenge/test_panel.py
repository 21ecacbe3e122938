"""The panel: one challenge, explained, with names for tests and screen readers, in wide and narrow windows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QSplitter, QWidget
from pytestqt.qtbot import QtBot

from l402desk.protocol.exchange import Phase
from l402desk.ui.challenge import panel as module
from l402desk.ui.challenge.panel import ChallengePanel
from l402desk.ui.payment.status import STAYS_OPEN
from l402desk.ui.style import Appearance
from tests.fakes.invoices import NOW
from tests.fakes.journeys import HOSTILE, challenged, demand_of, in_phase, interactive


@pytest.fixture
def panel(qtbot: QtBot, dressed: Appearance) -> ChallengePanel:
    made = ChallengePanel(lambda: NOW + 60.0)
    qtbot.addWidget(made)
    made.resize(930, 520)
    made.show()
    return made


def test_the_names_of_the_contract_are_there(panel: ChallengePanel) -> None:
    assert panel.objectName() == "challengePanel"
    for name in ("challengeAmount", "challengeVerdict", "findingsList", "invoiceTree", "macaroonTree", "payButton"):
        assert panel.findChild(QWidget, name) is not None, name


def test_every_control_has_a_name_of_its_own_and_one_to_be_read(panel: ChallengePanel) -> None:
    panel.show_view(challenged())
    controls = interactive(panel)
    assert len(controls) >= 6
    names = [control.objectName() for control in controls]
    assert all(names)
    assert len(names) == len(set(names))
    assert all(control.accessibleName() for control in controls), [c.objectName() for c in controls]


def test_pay_asks_for_the_first_challenge_and_again_for_a_fresh_one(panel: ChallengePanel, qtbot: QtBot) -> None:
    panel.show_view(challenged())
    with qtbot.waitSignal(panel.pay_requested) as asked:
        QTest.mouseClick(panel.card.pay, Qt.MouseButton.LeftButton)
    assert asked.args == [0]
    panel.show_view(challenged(demand_of(wrong_hash=True)))
    with qtbot.waitSignal(panel.again_requested):
        QTest.mouseClick(panel.card.again, Qt.MouseButton.LeftButton)


def test_a_refused_challenge_cannot_be_paid(panel: ChallengePanel, qtbot: QtBot) -> None:
    panel.show_view(challenged(demand_of(wrong_hash=True)))
    with qtbot.assertNotEmitted(panel.pay_requested):
        QTest.mouseClick(panel.card.pay, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("phase", STAYS_OPEN)
def test_a_payment_under_way_can_be_brought_back(panel: ChallengePanel, phase: Phase) -> None:
    panel.show_view(in_phase(phase))
    assert panel.card.pay.isEnabled()
    assert panel.card.pay.text() == "Show the payment…"


def test_a_402_is_announced_once_with_its_price_and_verdict(
    panel: ChallengePanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(module, "announce", lambda _widget, text: heard.append(text))
    view = challenged()
    panel.show_view(view)
    panel.show_view(in_phase(Phase.OFFERED, view))
    assert heard == ["402 Payment Required: 21 sats. Safe to pay."]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_description_widens_the_panel(panel: ChallengePanel, text: str) -> None:
    panel.show_view(challenged(demand_of(description=text, caveats=(text.encode()[:300],))))
    panel.resize(480, 300)
    assert (panel.width(), panel.height()) == (480, 300)


def test_a_narrow_panel_stands_its_halves_above_each_other(panel: ChallengePanel) -> None:
    halves = panel.findChild(QSplitter)
    assert halves is not None
    assert halves.orientation() is Qt.Orientation.Horizontal
    panel.resize(480, 520)
    assert halves.orientation() is Qt.Orientation.Vertical


def test_nothing_is_shown_for_a_journey_without_a_challenge(panel: ChallengePanel) -> None:
    from l402desk.engine.view import IDLE

    panel.show_view(IDLE)
    assert panel.findChild(QWidget, "challengeVerdict") is not None


@pytest.mark.parametrize("size", [(383, 170), (500, 300), (560, 560), (680, 700), (880, 300), (930, 520), (1200, 800)])
def test_at_every_size_the_way_to_pay_is_on_the_screen(panel: ChallengePanel, size: tuple[int, int]) -> None:
    panel.show_view(challenged(demand_of(caveats=(b"services=weather:0", b"weather_capabilities=read"))))
    panel.resize(*size)
    QApplication.processEvents()
    corner = panel.card.pay.mapTo(panel, panel.card.pay.rect().bottomRight())
    assert panel.rect().contains(corner)
    assert panel.card.pay.visibleRegion().boundingRect() == panel.card.pay.rect()


@pytest.mark.parametrize("size", [(383, 170), (680, 700)])
def test_above_each_other_no_reason_hides_behind_a_second_scroll_bar(
    panel: ChallengePanel, size: tuple[int, int], qtbot: QtBot
) -> None:
    panel.show_view(challenged(demand_of(caveats=(b"services=weather:0",))))
    panel.resize(*size)
    reasons = panel.findChildren(QScrollArea, "findingsList")[0]
    qtbot.waitUntil(lambda: reasons.verticalScrollBar().maximum() == 0)


def test_a_challenge_on_another_status_is_not_called_a_402(panel: ChallengePanel) -> None:
    view = challenged()
    assert view.answer is not None
    panel.show_view(replace(view, answer=replace(view.answer, status=401, reason="Unauthorized")))
    assert [found.text() for found in panel.findChildren(QLabel, "challengeStatus")] == ["401 Unauthorized"]
