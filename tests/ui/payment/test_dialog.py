"""The payment dialog through its widgets: nothing payable too early, nothing payable twice, nothing left behind."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from l402desk.engine.view import JourneyView, Notice, Tone
from l402desk.ledger.budgets import Allowance, Caps
from l402desk.protocol.amount import Msat
from l402desk.protocol.exchange import Phase
from l402desk.session.wallets import WalletCard
from l402desk.ui.payment.dialog import PaymentDialog
from l402desk.ui.payment.qr_side import LargeQr
from l402desk.ui.style import Appearance
from tests.fakes.challenges import PROOF
from tests.fakes.invoices import NOW
from tests.fakes.journeys import HOSTILE, challenged, demand_of, in_phase, interactive
from tests.fakes.purchased import Clock
from tests.ui.payments.lines import State, a_purchase

PLAY, NODE = WalletCard("Play wallet", Msat.of_sats(99_958)), WalletCard("Home node", None)


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW + 60)


@pytest.fixture
def dialog(qtbot: QtBot, dressed: Appearance, clock: Clock) -> PaymentDialog:
    made = PaymentDialog(clock=clock)
    qtbot.addWidget(made)
    made.show_wallets([PLAY])
    made.show_view(in_phase(Phase.RECORDING))
    made.show()
    made.activateWindow()
    return made


def offered(qtbot: QtBot, dialog: PaymentDialog) -> None:
    dialog.show_view(in_phase(Phase.OFFERED))
    qtbot.waitUntil(lambda: bool(dialog.qr.code.modules))


def status(dialog: PaymentDialog) -> str:
    found = dialog.findChild(QLabel, "paymentStatus")
    assert found is not None
    return found.text()


def heard(signal: object) -> list[object]:
    values: list[object] = []
    signal.connect(values.append)  # type: ignore[attr-defined]
    return values


def test_the_names_of_the_contract_are_there(dialog: PaymentDialog) -> None:
    assert dialog.objectName() == "paymentDialog"
    for name in ("invoiceQr", "copyInvoiceButton", "openWalletButton", "preimageField", "walletBox"):
        assert dialog.findChild(QWidget, name) is not None, name
    for name in ("payWithWalletButton", "paymentStatus"):
        assert dialog.findChild(QWidget, name) is not None, name


def test_every_control_has_a_name_of_its_own_and_one_to_be_read(dialog: PaymentDialog, qtbot: QtBot) -> None:
    offered(qtbot, dialog)
    controls = interactive(dialog)
    names = [control.objectName() for control in controls]
    assert len(names) >= 7
    assert all(names)
    assert len(names) == len(set(names))
    assert all(control.accessibleName() for control in controls)


def test_nothing_is_payable_before_the_purchase_is_written_down(dialog: PaymentDialog, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(dialog.qr._maker.made, wait=60):
        pass
    assert dialog.qr.code.modules == ()
    assert not dialog.qr.copy.isEnabled()
    assert not dialog.qr.open_wallet.isEnabled()
    assert not dialog.wallets.pay.isEnabled()
    assert not dialog.proof.field.isEnabled()
    assert status(dialog) == "Writing the purchase down…"


def test_a_click_that_comes_before_the_offer_is_not_swallowed_by_a_live_button(qtbot: QtBot, clock: Clock) -> None:
    """Opened on a challenge whose intent is not on the disk yet, and again after a payment: nothing can be pressed."""
    made = PaymentDialog(clock=clock)
    qtbot.addWidget(made)
    made.show_wallets([PLAY])
    for phase in (Phase.CHALLENGED, Phase.OFFERED, Phase.DONE):
        made.show_view(in_phase(phase))
        made.show()
        assert made.wallets.pay.isEnabled() is (phase is Phase.OFFERED)
        assert made.proof.field.isEnabled() is (phase is Phase.OFFERED)


def test_an_offered_invoice_is_drawn_and_every_way_is_open(dialog: PaymentDialog, qtbot: QtBot) -> None:
    offered(qtbot, dialog)
    assert dialog.qr.copy.isEnabled()
    assert dialog.wallets.pay.isEnabled()
    assert dialog.proof.field.isEnabled()
    assert status(dialog) == "Waiting for payment"
    assert dialog.windowTitle() == "Pay 21 sats"


@pytest.mark.parametrize("phase", [Phase.PAYING, Phase.UNKNOWN, Phase.NO_PROOF])
def test_while_money_may_be_under_way_the_code_is_covered(dialog: PaymentDialog, qtbot: QtBot, phase: Phase) -> None:
    offered(qtbot, dialog)
    dialog.qr.show_large()
    (large,) = dialog.findChildren(LargeQr)
    with qtbot.waitSignal(large.destroyed):
        dialog.show_view(in_phase(phase))
    assert dialog.qr.code.is_covered
    assert not dialog.qr.copy.isEnabled()
    assert not dialog.qr.open_wallet.isEnabled()
    assert not dialog.wallets.pay.isEnabled()
    assert dialog.proof.field.isEnabled()


def test_pay_is_pressed_once_however_often_it_is_clicked(dialog: PaymentDialog, qtbot: QtBot) -> None:
    offered(qtbot, dialog)
    chosen = heard(dialog.wallet_chosen)
    QTest.mouseDClick(dialog.wallets.pay, Qt.MouseButton.LeftButton)
    QTest.mouseClick(dialog.wallets.pay, Qt.MouseButton.LeftButton)
    QTest.keyClick(dialog.wallets.pay, Qt.Key.Key_Space)
    assert chosen == ["Play wallet"]
    assert dialog.qr.code.is_covered  # before the wallet has even heard of it
    assert not dialog.qr.copy.isEnabled()
    dialog.show_view(in_phase(Phase.OFFERED))
    assert not dialog.wallets.pay.isEnabled()


def test_a_wallet_that_was_refused_leaves_the_other_ways_open(dialog: PaymentDialog, qtbot: QtBot) -> None:
    offered(qtbot, dialog)
    dialog.wallets.pay.click()
    dialog.show_view(in_phase(Phase.PAYING))
    dialog.show_view(in_phase(Phase.OFFERED))
    assert dialog.wallets.pay.isEnabled()
    assert not dialog.qr.code.is_covered


def test_enter_in_the_proof_field_never_pays(dialog: PaymentDialog, qtbot: QtBot) -> None:
    offered(qtbot, dialog)
    chosen = heard(dialog.wallet_chosen)
    for control in (dialog.proof.field, dialog.proof.paste, dialog.qr.copy, dialog.qr.open_wallet):
        control.setFocus()
        QTest.keyClick(control, Qt.Key.Key_Return)
    assert chosen == []
    assert not any(button.isDefault() for button in dialog.findChildren(QPushButton))


def test_a_proof_is_given_on_once(dialog: PaymentDialog, qtbot: QtBot) -> None:
    offered(qtbot, dialog)
    given = heard(dialog.proof_given)
    QTest.keyClicks(dialog.proof.field, PROOF.hex)
    QTest.keyClick(dialog.proof.field, Qt.Key.Key_Return)
    assert given == [PROOF.hex]


def test_esc_closes_it(dialog: PaymentDialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog.rejected):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


@pytest.mark.parametrize("phase", [Phase.DELIVERING, Phase.DONE, Phase.CHALLENGED])
def test_the_end_of_a_payment_leaves_nothing_behind(dialog: PaymentDialog, qtbot: QtBot, phase: Phase) -> None:
    offered(qtbot, dialog)
    dialog.qr.show_large()
    (large,) = dialog.findChildren(LargeQr)
    QTest.keyClicks(dialog.proof.field, PROOF.hex)
    with qtbot.assertNotEmitted(dialog.rejected), qtbot.waitSignal(large.destroyed):
        dialog.show_view(in_phase(phase))
    assert not dialog.isVisible()
    assert dialog.proof.field.text() == ""
    assert dialog.qr.code.modules == ()
    assert not dialog.qr.copy.isEnabled()


def test_an_invoice_that_expires_under_the_eyes_is_covered(dialog: PaymentDialog, qtbot: QtBot, clock: Clock) -> None:
    offered(qtbot, dialog)
    clock.now = NOW + 3_601
    dialog._expiry.tick()
    assert dialog.qr.code.is_covered
    assert not dialog.wallets.pay.isEnabled()
    assert dialog.proof.field.isEnabled()  # the phone may have paid in time
    assert "send the request again" in status(dialog)


def test_time_in_flight_is_counted(dialog: PaymentDialog) -> None:
    dialog.show_view(in_phase(Phase.PAYING))
    assert status(dialog) == "In flight 0:00"
    assert dialog._ticks.isActive()
    dialog.show_view(in_phase(Phase.KEEPING))
    assert not dialog._ticks.isActive()


def test_a_proof_that_could_not_be_kept_is_shown_and_can_be_tried_again(dialog: PaymentDialog, qtbot: QtBot) -> None:
    notice = Notice(Tone.DANGER, "The proof could not be kept", "The disk is full.", "Free some space.")
    dialog.show_view(in_phase(Phase.KEEPING, notice=notice, unkept_proof=PROOF))
    text = dialog.findChild(QLabel, "paymentNoticeText")
    again = dialog.findChild(QPushButton, "paymentNoticeKeepButton")
    assert text is not None
    assert again is not None
    assert PROOF.hex in text.text().replace(" ", "").replace("\n", "")
    assert text.height() >= text.heightForWidth(text.width())
    copy = dialog.findChild(QPushButton, "paymentNoticeCopyButton")
    assert copy is not None
    copy.click()
    assert QGuiApplication.clipboard().text() == PROOF.hex
    dialog._secrets.clear()
    with qtbot.waitSignal(dialog.keep_again):
        again.click()


def test_without_a_wallet_the_phone_is_the_way(dialog: PaymentDialog, qtbot: QtBot) -> None:
    dialog.show_wallets([])
    offered(qtbot, dialog)
    assert not dialog.wallets.isVisible()
    assert dialog.focusWidget() is dialog.proof.field


def test_a_link_that_opens_nothing_is_explained(dialog: PaymentDialog) -> None:
    dialog.qr.no_wallet_here.emit()
    title = dialog.findChild(QLabel, "paymentNoticeTitle")
    assert title is not None
    assert title.text() == "No wallet on this computer opened the invoice"
    assert title.isVisible()


@pytest.mark.parametrize("text", HOSTILE)
def test_no_description_changes_the_size_of_the_dialog(dialog: PaymentDialog, text: str) -> None:
    before = dialog.minimumSizeHint().width()
    dialog.show_view(in_phase(Phase.RECORDING, challenged(demand_of(description=text))))
    assert dialog.minimumSizeHint().width() <= before + 40


# Budgets.

OFFER = a_purchase(State.OFFERED, fee_limit=Msat.of_sats(10))


def with_budget(payment: int, *, notice: Notice | None = None, over_budget: bool = False) -> JourneyView:
    allowance = Allowance(Caps(payment=Msat.of_sats(payment), day=Msat.of_sats(1_000)), spent_day=Msat.of_sats(100))
    return in_phase(Phase.OFFERED, purchase=OFFER, allowance=allowance, notice=notice, over_budget=over_budget)


def budget(dialog: PaymentDialog) -> QLabel:
    found = dialog.findChild(QLabel, "paymentBudget")
    assert found is not None
    return found


def test_one_sentence_says_what_this_leaves_of_the_budgets(dialog: PaymentDialog) -> None:
    dialog.show_view(in_phase(Phase.OFFERED, purchase=OFFER))
    assert budget(dialog).isHidden()
    dialog.show_view(with_budget(100))
    assert budget(dialog).text() == "Leaves 869 sats over all in 24 hours."
    assert budget(dialog).property("role") == "dim"


def test_over_budget_says_what_was_set_and_what_it_costs(dialog: PaymentDialog) -> None:
    dialog.show_view(with_budget(20))
    assert budget(dialog).text().startswith("You set 20 sats per payment; this costs 21 sats")
    assert budget(dialog).property("role") == "caution"


def test_a_refusal_over_budget_opens_the_way_again_for_a_second_word(dialog: PaymentDialog) -> None:
    dialog.show_view(with_budget(20))
    chosen, over = heard(dialog.wallet_chosen), heard(dialog.over_budget_chosen)
    QTest.mouseClick(dialog.wallets.pay, Qt.MouseButton.LeftButton)
    assert (chosen, dialog.wallets.isEnabled()) == (["Play wallet"], False)
    notice = Notice(Tone.WARNING, "This would break your budget", "You set 20 sats.")
    dialog.show_view(in_phase(Phase.PAYING, purchase=OFFER))
    dialog.show_view(with_budget(20, notice=notice, over_budget=True))
    assert dialog.wallets.isEnabled()
    button = dialog.findChild(QPushButton, "paymentNoticeOverBudgetButton")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (chosen, over) == (["Play wallet"], ["Play wallet"])
    assert not dialog.wallets.isEnabled()
