"""A wallet is added in the dialog, over real services: recognised, tried, shown, and only then stored."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from l402desk.services import Services
from l402desk.session.wallet_adding import AddingSession
from l402desk.session.wallet_pairing import PairingSession
from l402desk.ui.wallets.add_dialog import AddWalletDialog
from l402desk.ui.widgets.findings import FindingRow
from l402desk.wallets.book import StoredWallet
from tests.engine.shop import Shop
from tests.fakes.baked import ADMIN
from tests.fakes.certificates import certificate_file, server_context
from tests.harness.lnbits import Lnbits
from tests.harness.lnd import Lnd
from tests.harness.mint import Mint
from tests.session.desks import Desk, a_thread

NOBODY_THERE = "lnbits+http://127.0.0.1:1?key=5ec2e7"


class Bench:
    """The dialog over the real thread, and servers on its loop."""

    def __init__(self, qtbot: QtBot, desk: Desk, folder: Path) -> None:
        self.qtbot = qtbot
        self.desk = desk
        self._folder = folder
        self._stops: list[object] = []
        self.adding, self.pairing = AddingSession(desk.io), PairingSession(desk.io)
        self.dialog = AddWalletDialog(self.adding, self.pairing)
        qtbot.addWidget(self.dialog)
        self.dialog.show()
        self.dialog.activateWindow()

    def lnbits(self) -> Lnbits:
        server = Lnbits(Mint(self._folder), self._folder / "paid", balance=21_000)
        self._serve(server.serving())
        return server

    def lnd(self, certificate: Path) -> Lnd:
        node = Lnd(Mint(self._folder), self._folder / "paid", macaroon=ADMIN)
        self._serve(node.serving(tls=server_context(certificate)))
        return node

    def _serve(self, serving: object) -> None:
        self._stops.append(serving)
        self.desk.do(lambda _services: serving.__aenter__())  # type: ignore[attr-defined]

    def paste(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.dialog.connection.paste.click()
        self.qtbot.waitUntil(lambda: self.adding.recognised.text == text)

    def test(self) -> None:
        self.qtbot.waitUntil(self.dialog.test.isEnabled)
        self.dialog.test.click()
        self.tried()

    def tried(self) -> None:
        self.qtbot.waitUntil(lambda: self.adding.tried is not None and not self.adding.is_trying)

    def rows(self) -> str:
        return "\n".join(row.text for row in self.dialog.trial.findChildren(FindingRow) if not row.isHidden())

    def stored(self) -> tuple[StoredWallet, ...]:
        found = self.desk.do(lambda services: services.wallet_book.list())
        assert isinstance(found, tuple)
        return found

    def close(self) -> None:
        self.dialog.reject()
        for serving in self._stops:
            self.desk.do(functools.partial(_stop, serving))


async def _stop(serving: object, _services: Services) -> None:
    await serving.__aexit__(None, None, None)  # type: ignore[attr-defined]


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    with a_thread(qtbot, tmp_path, Shop()) as desk:
        made = Bench(qtbot, desk, tmp_path)
        yield made
        made.close()


def test_what_is_pasted_is_recognised_tried_shown_and_then_stored(bench: Bench, qtbot: QtBot) -> None:
    server, dialog = bench.lnbits(), bench.dialog
    assert not dialog.add.isEnabled()
    bench.paste(f"lnbits+{server.url}?key={server.key}")
    assert dialog.help.kind == "lnbits"
    assert dialog.name.text() == "LNbits"
    assert not dialog.add.isEnabled()
    bench.test()
    assert "It answers and calls itself “Harness”." in bench.rows()
    assert "This is the admin key" in bench.rows()
    assert dialog.name.text() == "Harness"
    assert bench.stored() == ()
    qtbot.waitUntil(dialog.add.isEnabled)
    with qtbot.waitSignal(dialog.added) as added:
        dialog.add.click()
    assert added.args == ["Harness"]
    assert [(wallet.name, wallet.watch_only) for wallet in bench.stored()] == [("Harness", False)]
    assert dialog.connection.field.text() == ""
    assert bench.adding.text == ""
    assert not dialog.isVisible()


def test_it_is_all_done_by_keyboard(bench: Bench, qtbot: QtBot) -> None:
    server, field = bench.lnbits(), bench.dialog.connection.field
    qtbot.waitUntil(field.hasFocus)
    QTest.keyClicks(field, f"lnbits+{server.url}?key={server.key}")
    qtbot.waitUntil(bench.dialog.test.isEnabled)
    QTest.keyClick(field, Qt.Key.Key_Return)
    bench.tried()
    qtbot.waitUntil(bench.dialog.add.hasFocus)
    with qtbot.waitSignal(bench.dialog.added):
        QTest.keyClick(bench.dialog.add, Qt.Key.Key_Space)


def test_a_key_that_cannot_pay_makes_a_watch_only_wallet(bench: Bench, qtbot: QtBot) -> None:
    server = bench.lnbits()
    bench.paste(f"lnbits+{server.url}?key={server.inkey}")
    bench.test()
    qtbot.waitUntil(bench.dialog.watch_only.isChecked)
    assert not bench.dialog.watch_only.isEnabled()
    with qtbot.waitSignal(bench.dialog.added):
        bench.dialog.add.click()
    assert bench.stored()[0].watch_only


def test_a_key_that_can_pay_after_one_that_could_not_is_asked_about_anew(bench: Bench, qtbot: QtBot) -> None:
    server, box = bench.lnbits(), bench.dialog.watch_only
    bench.paste(f"lnbits+{server.url}?key={server.key}&watch=1")
    qtbot.waitUntil(box.isChecked)
    assert not box.isEnabled()
    bench.paste(f"lnbits+{server.url}?key={server.key}")
    qtbot.waitUntil(box.isEnabled)
    assert not box.isChecked()
    box.click()
    bench.test()
    assert box.isChecked()


def test_a_paying_key_is_kept_to_look_alone(bench: Bench, qtbot: QtBot) -> None:
    server = bench.lnbits()
    bench.paste(f"lnbits+{server.url}?key={server.key}")
    bench.test()
    bench.dialog.watch_only.click()
    with qtbot.waitSignal(bench.dialog.added):
        bench.dialog.add.click()
    assert bench.stored()[0].watch_only


def test_one_that_does_not_answer_is_added_only_knowingly(bench: Bench, qtbot: QtBot) -> None:
    bench.paste(NOBODY_THERE)
    bench.test()
    qtbot.waitUntil(lambda: bench.dialog.add.text() == "Add all the same")
    bench.dialog.name.setText("Home")
    with qtbot.waitSignal(bench.dialog.added):
        bench.dialog.add.click()
    assert bench.stored()[0].name == "Home"


def test_a_name_that_is_taken_is_told_and_another_one_taken(bench: Bench, qtbot: QtBot) -> None:
    bench.paste(NOBODY_THERE)
    bench.test()
    bench.dialog.name.setText("Fake wallet")
    bench.dialog.add.click()
    qtbot.waitUntil(lambda: "already a wallet called" in bench.rows())
    bench.dialog.name.setText("Other")
    with qtbot.waitSignal(bench.dialog.added):
        bench.dialog.add.click()


def test_a_self_signed_node_is_compared_pinned_and_added(bench: Bench, qtbot: QtBot, tmp_path: Path) -> None:
    node, dialog = bench.lnd(certificate_file(tmp_path)), bench.dialog
    bench.paste(f"lndconnect://{node.url.removeprefix('https://')}?macaroon={node.macaroon}")
    bench.test()
    qtbot.waitUntil(lambda: "Is this your node?" in bench.rows())
    assert not dialog.add.isEnabled()
    shown = dialog.trial.findChild(QLabel, "seenFingerprint")
    assert shown is not None
    fingerprint = ":".join(shown.text().split())
    dialog.trial.pin.click()
    qtbot.waitUntil(lambda: "It may pay." in bench.rows())
    assert bench.adding.recognised.pinned == fingerprint
    assert "everything" in bench.rows()  # the admin macaroon is warned of
    assert dialog.help.copy.isVisibleTo(dialog)
    with qtbot.waitSignal(dialog.added):
        dialog.add.click()
    assert bench.stored()[0].kind == "lnd"


def test_what_is_wrong_with_it_is_said_while_it_is_typed(bench: Bench, qtbot: QtBot) -> None:
    says = bench.dialog.findChild(QLabel, "connectionSays")
    assert says is not None
    bench.dialog.connection.field.setText("https://node.example")
    qtbot.waitUntil(lambda: "does not say which kind of wallet" in says.text())
    assert not bench.dialog.test.isEnabled()
    bench.dialog.connection.field.clear()
    qtbot.waitUntil(lambda: "Paste it" in says.text())


def test_a_dropped_or_chosen_file_fills_the_field(bench: Bench, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "connection.txt"
    file.write_text(f"{NOBODY_THERE}\n")
    bench.dialog._drop.file_dropped.emit(file)
    qtbot.waitUntil(lambda: bench.dialog.connection.field.text() == NOBODY_THERE)
    bench.dialog._drop.text_dropped.emit(f"{NOBODY_THERE}8")
    assert bench.dialog.connection.field.text() == f"{NOBODY_THERE}8"
    file.write_bytes(b"\x89PNG")
    bench.dialog._drop.file_dropped.emit(file)
    qtbot.waitUntil(lambda: "a picture" in bench.rows())


def test_a_wallet_that_paired_itself_is_tried_and_shown_before_it_is_stored(bench: Bench, qtbot: QtBot) -> None:
    bench.dialog.tabs.setCurrentIndex(1)
    assert not bench.dialog.add.isVisible()
    bench.pairing.answered.emit(NOBODY_THERE)
    assert bench.dialog.tabs.currentIndex() == 0
    bench.tried()
    assert bench.stored() == ()


def test_what_was_typed_does_not_outlive_the_dialog(bench: Bench, qtbot: QtBot) -> None:
    bench.paste(NOBODY_THERE)
    bench.dialog.cancel.click()
    assert bench.dialog.connection.field.text() == ""
    assert bench.adding.text == ""


def test_every_part_has_a_name_and_one_for_readers(bench: Bench) -> None:
    for kind in (QAbstractButton, QLineEdit, QComboBox):
        for part in bench.dialog.findChildren(kind):
            if part.objectName().startswith("qt_") or not part.objectName():
                continue  # Qt's own, inside a spin box or a tab bar
            assert part.accessibleName(), part.objectName()
