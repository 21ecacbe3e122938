"""The budgets in the settings: typed in sats, applied when the field is left, said plainly when they make no sense."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from l402desk.ledger.budgets import Caps
from l402desk.ledger.rate import Rate
from l402desk.protocol.amount import Msat
from l402desk.session.budgets import Arming, BudgetsSession, BudgetsView
from l402desk.ui.settings.budgets import BudgetsSection
from l402desk.ui.style import Appearance
from tests.fakes.io import ImmediateIo
from tests.fakes.journeys import interactive


class Scripted(BudgetsSession):
    """Notes what is asked of it."""

    def __init__(self, view: BudgetsView) -> None:
        super().__init__(ImmediateIo(None))
        self.view = view
        self.asked: list[object] = []

    def refresh(self) -> None:
        self.asked.append("refresh")

    def set_caps(self, caps: Caps) -> None:
        self.asked.append(caps)

    def arm(self, wallet: str, is_armed: bool) -> None:
        self.asked.append((wallet, is_armed))

    def set_rate(self, rate: Rate | None) -> None:
        self.asked.append(rate)


ALL = Caps(Msat.of_sats(100), Msat.of_sats(1_000), Msat.of_sats(12_345))
OPEN = BudgetsView(
    is_open=True,
    caps=ALL,
    wallets=(Arming("Play wallet", False, True), Arming("Bob & co", False, False)),
    spent_day=Msat.of_sats(321),
)


def made(qtbot: QtBot, view: BudgetsView = OPEN) -> tuple[BudgetsSection, Scripted]:
    session = Scripted(view)
    section = BudgetsSection(session)
    qtbot.addWidget(section)
    section.show()
    session.asked.clear()
    return section, session


def field(section: BudgetsSection, name: str) -> QLineEdit:
    found = section.findChild(QLineEdit, name)
    assert found is not None
    return found


def typed(section: BudgetsSection, name: str, text: str) -> None:
    target = field(section, name)
    target.setText(text)
    QTest.keyClick(target, Qt.Key.Key_Return)


def said(section: BudgetsSection) -> str:
    problem = section.findChild(QLabel, "budgetProblem")
    assert problem is not None
    return problem.text() if problem.isVisible() else ""


def test_it_shows_what_holds(qtbot: QtBot, dressed: Appearance) -> None:
    section, _ = made(qtbot)
    assert [field(section, n).text() for n in ("budgetPayment", "budgetHostDay", "budgetDay")] == [
        "100",
        "1 000",
        "12 345",
    ]
    spent = section.findChild(QLabel, "budgetSpent")
    assert spent is not None
    assert "321 sats" in spent.text()
    assert all(control.accessibleName() and control.objectName() for control in interactive(section))


def test_a_cap_is_set_when_its_field_is_left_and_only_if_it_changed(qtbot: QtBot, dressed: Appearance) -> None:
    section, session = made(qtbot)
    typed(section, "budgetPayment", "100")
    assert session.asked == []
    typed(section, "budgetPayment", " 2,500 ")
    assert session.asked == [Caps(Msat.of_sats(2_500), ALL.host_day, ALL.day)]


def test_an_empty_field_means_ask_every_time(qtbot: QtBot, dressed: Appearance) -> None:
    section, session = made(qtbot)
    typed(section, "budgetDay", "")
    assert session.asked == [Caps(ALL.payment, ALL.host_day, None)]


def test_what_is_no_number_is_said_and_changes_nothing(qtbot: QtBot, dressed: Appearance) -> None:
    section, session = made(qtbot)
    for nonsense in ("lots", "-5", "1.5", "9" * 20, "<b>1</b>"):
        typed(section, "budgetPayment", nonsense)
        assert "no number of sats" in said(section)
        assert session.asked == []
    typed(section, "budgetPayment", "7")
    assert said(section) == ""


def test_a_wallet_is_allowed_to_pay_by_itself(qtbot: QtBot, dressed: Appearance) -> None:
    section, session = made(qtbot)
    play, other = section.findChild(QCheckBox, "armWallet0"), section.findChild(QCheckBox, "armWallet1")
    assert play is not None
    assert other is not None
    assert (play.isChecked(), play.isEnabled()) == (True, False)
    assert (other.isChecked(), other.text()) == (False, "Bob && co")
    other.click()
    assert session.asked == [("Bob & co", True)]


def test_no_wallet_pays_by_itself_without_all_three_budgets(qtbot: QtBot, dressed: Appearance) -> None:
    section, session = made(qtbot, BudgetsView(is_open=True, wallets=OPEN.wallets))
    other = section.findChild(QCheckBox, "armWallet1")
    assert other is not None
    assert not other.isEnabled()
    session.view = OPEN
    session.changed.emit()
    assert other.isEnabled()


def test_an_exchange_rate_is_typed_whole_or_not_at_all(qtbot: QtBot, dressed: Appearance) -> None:
    section, session = made(qtbot)
    typed(section, "ratePerBtc", "85 000.50")
    assert session.asked == []  # the currency is still to come
    typed(section, "rateCurrency", "eur")
    assert session.asked == [Rate("EUR", Decimal("85000.50"))]
    typed(section, "rateCurrency", "gold")
    assert "three letters" in said(section)


def test_a_locked_vault_says_so(qtbot: QtBot, dressed: Appearance) -> None:
    section, _ = made(qtbot, BudgetsView())
    spent = section.findChild(QLabel, "budgetSpent")
    assert spent is not None
    assert "Unlock the vault" in spent.text()
    assert not field(section, "budgetDay").isEnabled()
