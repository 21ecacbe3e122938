"""What was found is shown before it is stored; a certificate is shown to be compared, never waved through."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from l402desk.protocol.amount import Msat
from l402desk.protocol.network import Network
from l402desk.session.wallet_trial import Distrusted, Tried
from l402desk.session.wallet_view import Trouble
from l402desk.ui.wallets.trial_view import TrialView
from l402desk.ui.widgets.findings import FindingRow
from l402desk.wallets.examining import Examination, WalletBudget

SHOWN = ":".join(f"{number:02X}" for number in range(32))
PINNED = ":".join(f"{number:02X}" for number in range(100, 132))
NOT_TRUSTED = Trouble("node.example shows a certificate that nobody vouches for.", "Compare it and pin it.")
FOUND = Examination(
    True, Msat.of_sats(21), "The <b>Hub</b>", ("Beware of it.",), ("look payments up", "pay"), Network.REGTEST,
    WalletBudget(Msat.of_sats(1), Msat.of_sats(10), "daily"),
)  # fmt: skip


def view_of(qtbot: QtBot, tried: Tried | None, refusal: Trouble | None = None, pinned: str = "") -> TrialView:
    view = TrialView()
    qtbot.addWidget(view)
    view.show_tried(tried, refusal, pinned)
    return view


def rows(view: TrialView) -> list[tuple[str, str]]:
    QCoreApplication.processEvents()  # what was added to a shown widget is shown in the next turn
    return [(row.severity, row.text) for row in view.findChildren(FindingRow) if row.isVisibleTo(view)]


def text_of(view: TrialView, name: str) -> str:
    found = view.findChild(QLabel, name)
    assert found is not None
    return found.text()


def test_nothing_is_shown_before_it_was_tried(qtbot: QtBot) -> None:
    assert view_of(qtbot, None).isHidden()


def test_power_balance_budget_and_warnings_are_told(qtbot: QtBot) -> None:
    assert rows(view_of(qtbot, Tried("x", FOUND))) == [
        ("good", "It answers and calls itself “The <b>Hub</b>”."),
        ("info", "It may pay."),
        ("info", "It holds 21\u202fsats on regtest.".replace("\u202f", " ")),
        ("info", "Its own budget for this app: 1 sat of 10 sats each day spent."),
        ("warning", "Beware of it."),
    ]


def test_what_is_not_told_is_not_made_up(qtbot: QtBot) -> None:
    view = view_of(qtbot, Tried("x", Examination(False, None, network=Network.MAINNET)))
    assert rows(view) == [
        ("good", "It answers."),
        ("info", "It may look payments up, and cannot pay."),
        ("info", "It is on mainnet."),
    ]


def test_a_silent_wallet_and_a_refusal_are_told(qtbot: QtBot) -> None:
    view = view_of(qtbot, Tried("x", trouble=NOT_TRUSTED))
    assert rows(view) == [("warning", NOT_TRUSTED.sentence)]
    view.show_tried(Tried("x", FOUND), Trouble("That name is taken.", "Choose another."), "")
    assert rows(view) == [("danger", "That name is taken.")]
    view.show_tried(None, None, "")
    assert view.isHidden()


def test_an_unknown_certificate_is_shown_to_be_compared_and_pinned(qtbot: QtBot) -> None:
    seen = Distrusted("unknown-authority", SHOWN, ("node.example", "10.0.0.7"), 2_000_000_000, "pinned")
    view = view_of(qtbot, Tried("x", trouble=NOT_TRUSTED, distrusted=seen))
    assert rows(view)[0] == ("warning", "Is this your node?")
    assert text_of(view, "seenFingerprint").split() == SHOWN.split(":")
    assert text_of(view, "seenNames") == "node.example, 10.0.0.7"
    assert text_of(view, "seenUntil").endswith("2033")
    with qtbot.waitSignal(view.pin_pressed):
        view.pin.click()
    view.show_tried(Tried("x", FOUND), None, "")
    assert not view.pin.isVisibleTo(view)


def test_another_than_the_pinned_one_is_shown_with_it_and_refused(qtbot: QtBot) -> None:
    seen = Distrusted("pin-mismatch", SHOWN, (), 5)
    view = view_of(qtbot, Tried("x", trouble=NOT_TRUSTED, distrusted=seen), pinned=PINNED)
    assert rows(view)[0] == ("danger", "This is not the certificate that was pinned")
    assert text_of(view, "seenFingerprint").split() == SHOWN.split(":")
    assert text_of(view, "pinnedFingerprint").split() == PINNED.split(":")
    assert text_of(view, "seenUntil").endswith("(over)")
    assert not view.pin.isVisibleTo(view)


def test_one_that_was_not_seen_is_trouble_alone(qtbot: QtBot) -> None:
    view = view_of(qtbot, Tried("x", trouble=NOT_TRUSTED, distrusted=Distrusted("other")))
    assert rows(view) == [("warning", NOT_TRUSTED.sentence)]
