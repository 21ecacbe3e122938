"""A secret on the clipboard is marked, leaves by itself, and takes nothing with it that is not ours."""

from __future__ import annotations

from PySide6.QtGui import QClipboard, QGuiApplication
from pytestqt.qtbot import QtBot

from l402desk.session.clipboard import CLEAR_AFTER_MS, HINTS, SecretClipboard

SECRET = "Authorization: L402 AGIA:00ff"


def there() -> str:
    return QGuiApplication.clipboard().text(QClipboard.Mode.Clipboard)


def test_a_secret_carries_the_hints_of_three_systems(qtbot: QtBot) -> None:
    board = SecretClipboard()
    board.copy(SECRET)
    data = QGuiApplication.clipboard().mimeData()
    assert data.text() == SECRET
    for kind, value in HINTS.items():
        assert data.data(kind).data() == value
    board.clear()


def test_a_secret_leaves_after_its_time(qtbot: QtBot) -> None:
    board = SecretClipboard(clear_after_ms=20)
    board.copy(SECRET)
    qtbot.waitUntil(lambda: there() == "")


def test_a_secret_stays_half_a_minute_by_default() -> None:
    assert CLEAR_AFTER_MS == 30_000


def test_what_was_copied_since_is_not_touched(qtbot: QtBot) -> None:
    board = SecretClipboard()
    board.copy(SECRET)
    QGuiApplication.clipboard().setText("a recipe")
    board.clear()
    assert there() == "a recipe"


def test_a_second_secret_has_its_whole_time(qtbot: QtBot) -> None:
    board = SecretClipboard(clear_after_ms=60_000)
    board.copy("first")
    board.copy("second")
    assert there() == "second"
    board.clear()
    assert there() == ""
    board.clear()  # nothing is held any more: nothing happens
    QGuiApplication.clipboard().setText("first")
    board.clear()
    assert there() == "first"


def test_a_secret_never_reaches_the_selection(qtbot: QtBot) -> None:
    clipboard = QGuiApplication.clipboard()
    modes: list[QClipboard.Mode] = []
    clipboard.changed.connect(modes.append)
    board = SecretClipboard()
    board.copy(SECRET)
    board.clear()
    clipboard.changed.disconnect(modes.append)
    assert modes
    assert set(modes) == {QClipboard.Mode.Clipboard}
    assert clipboard.text(QClipboard.Mode.Selection) != SECRET
