"""The whole journey, once, on real parts: from a URL to an unlocked answer, and the token kept for the next time."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QTableView
from pytestqt.qtbot import QtBot

from l402desk.app import Composition
from tests.e2e.conftest import PASSPHRASE, Person, open_desk, shown_text


def url_of(person: Person, path: str) -> str:
    person._bot.waitUntil(lambda: bool(person.desk.starts.starts), timeout=20_000)
    start = next(start for start in person.desk.starts.starts if start.name == path)
    return start.draft.url.split("?")[0]


def ask(person: Person, qtbot: QtBot, url: str) -> None:
    field = person.see("urlBar")
    assert isinstance(field, QLineEdit)
    field.selectAll()
    QTest.keyClicks(field, url)
    QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def click(person: Person, qtbot: QtBot, name: str) -> None:
    button = person.see(name)
    qtbot.waitUntil(button.isEnabled, timeout=20_000)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def balance(url: str) -> int:
    """What the sandbox's wallet holds, asked from outside."""
    base = url.rsplit("/", 1)[0]
    with urllib.request.urlopen(f"{base}/wallet/balance", timeout=10) as answer:
        found = json.load(answer)
    return int(found["balance_msat"])


def body_text(person: Person) -> str:
    body = person.see("responseBody")
    texts = [edit.toPlainText() for edit in body.findChildren(QPlainTextEdit) if edit.isVisible()]
    return (body.toPlainText() if isinstance(body, QPlainTextEdit) else "") + "".join(texts)


def test_from_a_url_to_an_unlocked_answer_and_again_without_paying(person: Person, qtbot: QtBot) -> None:
    url = url_of(person, "/weather")
    before = balance(url)
    ask(person, qtbot, f"{url}?city=Lisbon")

    person.wait_for("challengeAmount", "21 sats")
    person.wait_for("challengeVerdict", "Safe to pay")
    assert "belong together" in shown_text(person.see("findingsList"))
    click(person, qtbot, "payButton")

    person.see("invoiceQr")
    person.wait_for("paymentStatus", "Waiting for payment")
    click(person, qtbot, "payWithWalletButton")

    person.wait_for("responseStatus", "200")
    person.wait_gone("paymentDialog")
    qtbot.waitUntil(lambda: '"city"' in body_text(person), timeout=20_000)
    assert "Lisbon" in body_text(person)
    assert before - balance(url) == 21_000

    ask(person, qtbot, f"{url}?city=Porto")
    qtbot.waitUntil(lambda: "Porto" in body_text(person), timeout=20_000)
    assert before - balance(url) == 21_000
    assert not person.sees("challengePanel")

    person.desk.open_vault()
    table = person.see("tokenTable")
    assert isinstance(table, QTableView)
    qtbot.waitUntil(lambda: table.model().rowCount() == 1, timeout=20_000)
    qtbot.waitUntil(lambda: {"weather", "21 sats", "2"} <= set(cells(table)), timeout=20_000)
    person.wait_for("tokenDetail", "service weather")


def cells(table: QTableView) -> list[str]:
    """The first row as it stands on the screen."""
    model = table.model()
    return [str(model.index(0, column).data()) for column in range(model.columnCount())]


def test_a_pasted_preimage_unlocks_the_answer(person: Person, qtbot: QtBot) -> None:
    url = url_of(person, "/quote")
    ask(person, qtbot, url)
    click(person, qtbot, "payButton")
    person.wait_for("paymentStatus", "Waiting for payment")

    click(person, qtbot, "copyInvoiceButton")
    invoice = QApplication.clipboard().text()
    field = person.see("preimageField")
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "ab" * 32)
    person.wait_for("preimageVerdict", "belongs to another payment")

    field.clear()
    QApplication.clipboard().setText(pay_by_phone(url, invoice))
    click(person, qtbot, "pastePreimageButton")
    person.wait_for("responseStatus", "200")
    person.wait_gone("paymentDialog")


def test_the_proof_of_an_invoice_shown_before_is_taken_and_nothing_is_paid_twice(person: Person, qtbot: QtBot) -> None:
    url = url_of(person, "/weather")
    before = balance(url)
    ask(person, qtbot, url)
    click(person, qtbot, "payButton")
    person.wait_for("paymentStatus", "Waiting for payment")
    click(person, qtbot, "copyInvoiceButton")
    preimage = pay_by_phone(url, QApplication.clipboard().text())

    ask(person, qtbot, url)  # the proof was not pasted: the server asks for money again
    person.wait_gone("paymentDialog")
    click(person, qtbot, "payButton")
    person.wait_for("paymentStatus", "Waiting for payment")
    person.wait_for("paymentNotice", "An earlier invoice for this was shown")
    QApplication.clipboard().setText(preimage)
    click(person, qtbot, "pastePreimageButton")
    person.wait_for("paymentNotice", "The proof was taken")
    ask(person, qtbot, url)
    person.wait_for("responseStatus", "200")
    assert before - balance(url) == 21_000


def pay_by_phone(url: str, invoice: str) -> str:
    """Another wallet, outside the app, pays the invoice; its preimage comes back as a person would copy it."""
    request = urllib.request.Request(
        f"{url.rsplit('/', 1)[0]}/wallet/pay",
        data=json.dumps({"invoice": invoice}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return str(json.load(answer)["preimage"])


def test_without_a_keyring_a_passphrase_is_chosen_before_the_first_payment(
    open_app: list[Composition], qtbot: QtBot, qapp: QApplication
) -> None:
    person = open_desk(open_app, qtbot, qapp)
    url = url_of(person, "/weather")
    ask(person, qtbot, url)
    person.wait_for("statusVault", "Vault locked")
    click(person, qtbot, "payButton")
    for name in ("passphraseField", "passphraseAgainField"):
        field = person.see(name)
        assert isinstance(field, QLineEdit)
        QTest.keyClicks(field, PASSPHRASE)
    click(person, qtbot, "unlockButton")
    person.wait_for("paymentStatus", "Waiting for payment")
    click(person, qtbot, "payWithWalletButton")
    person.wait_for("responseStatus", "200")
    person.wait_for("statusVault", "1 token")


def test_what_was_bought_is_there_after_a_restart(
    open_app: list[Composition], qtbot: QtBot, qapp: QApplication, passphrase_file: Path
) -> None:
    person = open_desk(open_app, qtbot, qapp)
    ask(person, qtbot, url_of(person, "/weather"))
    click(person, qtbot, "payButton")
    click(person, qtbot, "payWithWalletButton")
    person.wait_for("responseStatus", "200")
    first = open_app.pop()
    assert first.close()
    first.appearance.undress()
    first.desk.window.deleteLater()

    again = open_desk(open_app, qtbot, qapp)
    again.desk.open_vault()
    table = again.see("tokenTable")
    assert isinstance(table, QTableView)
    qtbot.waitUntil(lambda: table.model().rowCount() == 1, timeout=20_000)


def test_a_closed_payment_can_be_opened_again(person: Person, qtbot: QtBot) -> None:
    ask(person, qtbot, url_of(person, "/once"))
    click(person, qtbot, "payButton")
    person.wait_for("paymentStatus", "Waiting for payment")
    QTest.keyClick(person.see("paymentDialog"), Qt.Key.Key_Escape)
    person.wait_gone("paymentDialog")
    click(person, qtbot, "payButton")
    person.wait_for("paymentStatus", "Waiting for payment")
    click(person, qtbot, "payWithWalletButton")
    person.wait_for("responseStatus", "200")


def test_a_free_answer_costs_nothing_and_says_so(person: Person, qtbot: QtBot) -> None:
    ask(person, qtbot, url_of(person, "/free"))
    person.wait_for("responseStatus", "200")
    assert not person.sees("challengePanel")


def test_a_dead_server_is_told_in_words(person: Person, qtbot: QtBot) -> None:
    ask(person, qtbot, "http://127.0.0.1:9/nobody")
    qtbot.waitUntil(
        lambda: person.sees("responseError") or "refused" in person.everything_said().lower(), timeout=20_000
    )


def everything_said(person: Person) -> str:
    return shown_text(person.desk.window).lower()


def test_the_method_can_be_chosen(person: Person, qtbot: QtBot) -> None:
    box = person.see("methodBox")
    assert isinstance(box, QComboBox)
    box.setCurrentText("HEAD")
    ask(person, qtbot, url_of(person, "/free"))
    person.wait_for("responseStatus", "200")
    assert isinstance(person.see("sendButton"), QAbstractButton)
