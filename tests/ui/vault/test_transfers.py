"""The vault page's two buttons and what is dropped on it lead to the dialogs, while the vault is open."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from l402desk.session.lock import LockSession
from l402desk.session.tokens import TokensSession
from l402desk.store.passphrase import Cost
from l402desk.ui.style import Appearance
from l402desk.ui.vault.export_dialog import ExportDialog
from l402desk.ui.vault.import_dialog import ImportDialog
from l402desk.ui.vault.page import VaultPage
from l402desk.ui.vault.transfers import Transfers
from l402desk.vault import bundle
from l402desk.vault.wanted import Shelf
from tests.engine.shop import Shop
from tests.fakes.purchased import new_token
from tests.session.desks import Desk, a_thread
from tests.ui.vault.drops import drop
from tests.vault.foreign import stores
from tests.vault.foreign.stores import paid_file


@dataclass
class Kit:
    page: VaultPage
    tokens: TokensSession
    lock: LockSession
    desk: Desk
    folder: Path

    def press(self, name: str) -> None:
        found = self.page.findChild(QPushButton, name)
        assert found is not None
        found.click()

    @property
    def importing(self) -> ImportDialog:
        (dialog,) = self.page.findChildren(ImportDialog)
        return dialog

    @property
    def exporting(self) -> ExportDialog:
        (dialog,) = self.page.findChildren(ExportDialog)
        return dialog

    def until(self, qtbot: QtBot, name: str, words: str) -> None:
        found = self.page.findChild(QLabel, name)
        assert found is not None
        qtbot.waitUntil(lambda: words in found.text(), timeout=10_000)


@pytest.fixture
def kit(qtbot: QtBot, dressed: Appearance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kit]:
    monkeypatch.setattr(bundle, "Cost", lambda *given: Cost(*(given or (1, 64, 1))))
    stores.lnget_host(tmp_path / "lnget", "a.example", paid_file(1))
    with a_thread(qtbot, tmp_path / "desk", Shop()) as desk:
        desk.do(lambda services: services.vault.keep(new_token(5, title="weather")))
        lock, tokens = LockSession(desk.io), TokensSession(desk.io)
        page = VaultPage(tokens)
        qtbot.addWidget(page)
        Transfers(page, desk.io, tokens, lock)
        page.show()
        qtbot.waitUntil(lambda: page.table.current is not None)
        yield Kit(page, tokens, lock, desk, tmp_path)
        page.hide()


def test_what_was_imported_is_in_the_list_at_once(qtbot: QtBot, kit: Kit) -> None:
    kit.press("importTokensButton")
    kit.importing.read(kit.folder / "lnget")
    kit.until(qtbot, "importNoticeTitle", "lnget: 1 token")
    kit.importing.go.click()
    qtbot.waitUntil(lambda: kit.tokens.total == 2, timeout=10_000)


def test_what_is_dropped_on_the_page_is_looked_at(qtbot: QtBot, kit: Kit) -> None:
    assert drop(kit.page, QUrl.fromLocalFile(str(kit.folder / "lnget")))
    kit.until(qtbot, "importNoticeTitle", "lnget: 1 token")
    assert kit.importing.isVisible()


def test_everything_is_offered_and_a_part_where_the_list_is_one(qtbot: QtBot, kit: Kit) -> None:
    kit.press("exportTokensButton")
    assert kit.exporting.all.text() == "Everything: 1 token, those in the trash too"
    assert kit.exporting.chosen.text() == "“weather” alone"
    assert not kit.exporting.listed.isVisible()
    kit.exporting.reject()
    with qtbot.waitSignal(kit.tokens.changed):
        kit.tokens.look_at(Shelf.USABLE)
    kit.press("exportTokensButton")
    assert kit.exporting.listed.text() == "The 1 token listed now"
    assert kit.exporting.listed.isVisible()


def test_what_is_exported_is_what_the_vault_holds(qtbot: QtBot, kit: Kit) -> None:
    kit.press("exportTokensButton")
    for field in (kit.exporting.first, kit.exporting.second):
        field.setText("some unrelated words")
    kit.exporting._take_place(str(kit.folder / "out"))
    kit.exporting.go.click()
    kit.until(qtbot, "exportNoticeTitle", "1 token sealed")
    contents = asyncio.run(bundle.open_bundle((kit.folder / "out").read_bytes(), "some unrelated words"))
    assert contents.tokens[0].token.token == new_token(5).token


def test_a_lock_closes_both_dialogs_and_the_ways_to_them(qtbot: QtBot, kit: Kit) -> None:
    kit.press("importTokensButton")
    kit.importing.read(kit.folder / "lnget")
    kit.until(qtbot, "importNoticeTitle", "lnget: 1 token")
    kit.press("exportTokensButton")
    kit.exporting.first.setText("some unrelated words")
    kit.desk.do(lambda services: services.lock())
    kit.lock.closed.emit()
    kit.tokens.refresh()
    qtbot.waitUntil(lambda: not kit.tokens.is_loaded)
    assert not kit.importing.isVisible()
    assert not kit.exporting.isVisible()
    assert kit.importing._session._store is None
    assert kit.exporting.first.text() == ""
    assert not kit.page.import_button.isVisible()
    assert not kit.page.export_button.isVisible()
    assert not drop(kit.page, QUrl.fromLocalFile(str(kit.folder / "lnget")))
