"""The vault page over a session: what it says when there is nothing, what it keeps, and how a mistake is undone."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from l402desk.session.tokens import TokensSession
from l402desk.store.errors import DiskFull
from l402desk.ui.style import Appearance
from l402desk.ui.vault.page import VaultPage
from l402desk.vault.tokens import TokenSummary
from tests.fakes.io import ImmediateIo
from tests.fakes.journeys import interactive, summary


class Vault:
    """A vault in memory: what the page asks for through its session."""

    def __init__(self, *tokens: TokenSummary) -> None:
        self.tokens = {token.id: token for token in tokens}
        self.trash_can: dict[str, TokenSummary] = {}
        self.broken: Exception | None = None

    async def list(self, search: str, *, limit: int) -> list[TokenSummary]:
        return [token for token in self.tokens.values() if search in token.title][:limit]

    async def count(self) -> int:
        return len(self.tokens)

    async def trash(self, token_id: str) -> None:
        if self.broken is not None:
            raise self.broken
        self.trash_can[token_id] = self.tokens.pop(token_id)

    async def restore(self, token_id: str) -> None:
        self.tokens[token_id] = self.trash_can.pop(token_id)

    async def reveal(self, token_id: str) -> SimpleNamespace:
        return SimpleNamespace(authorization=lambda: f"L402 secret of {token_id}")


@pytest.fixture
def vault() -> Vault:
    return Vault(summary(1), summary(2), summary(3))


@pytest.fixture
def services(vault: Vault) -> SimpleNamespace:
    return SimpleNamespace(is_unlocked=True, vault=vault)


@pytest.fixture
def session(qtbot: QtBot, services: SimpleNamespace) -> TokensSession:
    return TokensSession(ImmediateIo(services))


@pytest.fixture
def page(qtbot: QtBot, dressed: Appearance, session: TokensSession) -> VaultPage:
    made = VaultPage(session)
    qtbot.addWidget(made)
    made.resize(1_216, 700)
    with qtbot.waitSignal(session.changed, timeout=200, raising=False):
        made.show()
    made.activateWindow()
    return made


def seen(page: VaultPage, name: str) -> bool:
    found = page.findChild(QWidget, name)
    assert found is not None
    return found.isVisible()


def chosen(page: VaultPage) -> str:
    title = page.detail.findChild(QLabel, "tokenTitle")
    assert title is not None
    return title.text()


def test_the_names_of_the_contract_are_there(page: VaultPage) -> None:
    assert page.objectName() == "vaultPage"
    for name in ("tokenTable", "tokenSearch", "tokenDetail"):
        assert page.findChild(QWidget, name) is not None, name


def test_every_control_has_a_name_of_its_own_and_one_to_be_read(page: VaultPage) -> None:
    controls = interactive(page)
    names = [control.objectName() for control in controls]
    assert len(names) >= 5
    assert all(names)
    assert len(names) == len(set(names))
    assert all(control.accessibleName() for control in controls)


def test_the_first_token_is_chosen_and_shown(page: VaultPage) -> None:
    assert seen(page, "tokenTable")
    assert chosen(page) == "service 1"
    assert page.search.placeholderText() == "Search 3 tokens"


def test_the_keyboard_moves_through_the_tokens(page: VaultPage) -> None:
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    assert chosen(page) == "service 2"


def test_a_refresh_keeps_what_was_chosen(page: VaultPage, session: TokensSession, vault: Vault, qtbot: QtBot) -> None:
    page.table.selectRow(1)
    vault.tokens = {token.id: token for token in (summary(9), summary(1), summary(2, uses=8))}
    with qtbot.waitSignal(session.changed):
        session.refresh()
    assert chosen(page) == "service 2"
    assert page.table.currentIndex().row() == 2


def test_a_search_shows_what_matches_or_says_that_nothing_does(
    page: VaultPage, session: TokensSession, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(session.changed):
        QTest.keyClicks(page.search, "service 3")
    assert chosen(page) == "service 3"
    with qtbot.waitSignal(session.changed):
        QTest.keyClicks(page.search, "0")
    assert seen(page, "vaultNone")
    with qtbot.waitSignal(session.changed):
        page.search.clear()
    assert seen(page, "tokenTable")


def test_ctrl_f_goes_to_the_search(page: VaultPage, qtbot: QtBot) -> None:
    qtbot.waitActive(page)
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert page.search.hasFocus()


def test_a_token_goes_to_the_trash_and_undo_brings_it_back(
    page: VaultPage, session: TokensSession, vault: Vault, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(session.changed):
        QTest.mouseClick(page.detail.trash, Qt.MouseButton.LeftButton)
    assert list(vault.trash_can) == ["token-1"]
    assert chosen(page) == "service 2"
    title = page.findChild(QLabel, "vaultNoticeTitle")
    undo = page.findChild(QPushButton, "vaultNoticeUndoButton")
    assert title is not None
    assert undo is not None
    assert title.text() == "“service 1” is in the trash"
    with qtbot.waitSignal(session.changed):
        QTest.mouseClick(undo, Qt.MouseButton.LeftButton)
    assert "token-1" in vault.tokens
    assert not seen(page, "vaultNotice")


def test_the_delete_key_in_the_table_does_the_same(
    page: VaultPage, session: TokensSession, vault: Vault, qtbot: QtBot
) -> None:
    qtbot.waitActive(page)
    page.table.setFocus()
    with qtbot.waitSignal(session.changed):
        QTest.keyClick(page.table, Qt.Key.Key_Delete)
    assert list(vault.trash_can) == ["token-1"]


def test_what_the_disk_refuses_is_not_said_to_be_done(page: VaultPage, vault: Vault, qtbot: QtBot) -> None:
    vault.broken = DiskFull()
    page.detail.trash.click()
    qtbot.waitUntil(lambda: seen(page, "vaultNotice"))
    title = page.findChild(QLabel, "vaultNoticeTitle")
    assert title is not None
    assert title.text() == "The vault could not do that"
    assert list(vault.trash_can) == []


def test_use_and_copy_go_to_who_knows_how(page: VaultPage, qtbot: QtBot, session: TokensSession) -> None:
    with qtbot.waitSignal(page.use_requested) as used:
        page.detail.use.click()
    assert used.args == [summary(1)]
    page.header_wanted.connect(session.ask_header)
    with qtbot.waitSignal(session.header_ready) as header:
        page.detail.copy.click()
    assert header.args == ["L402 secret of token-1"]
    assert seen(page, "tokenCopied")
    assert all("secret" not in part.text() for part in page.findChildren(QLabel))


def test_an_empty_vault_says_what_to_do_next(
    page: VaultPage, session: TokensSession, vault: Vault, qtbot: QtBot
) -> None:
    vault.tokens = {}
    with qtbot.waitSignal(session.changed):
        session.refresh()
    assert seen(page, "vaultEmpty")
    assert not seen(page, "tokenTable")


def test_a_narrow_page_keeps_the_most_telling_columns(page: VaultPage) -> None:
    assert not any(page.table.isColumnHidden(column) for column in range(7))
    page.resize(696, 480)
    assert (page.width(), page.height()) == (696, 480)
    assert [column for column in range(7) if not page.table.isColumnHidden(column)] == [0, 4]


def test_a_locked_vault_offers_to_unlock(qtbot: QtBot, dressed: Appearance, services: SimpleNamespace) -> None:
    services.is_unlocked = False
    page = VaultPage(TokensSession(ImmediateIo(services)))
    qtbot.addWidget(page)
    page.show()
    assert seen(page, "vaultLocked")
    assert not seen(page, "tokenSearch")
    unlock = page.findChild(QPushButton, "vaultLockedButton")
    assert unlock is not None
    with qtbot.waitSignal(page.unlock_requested):
        QTest.mouseClick(unlock, Qt.MouseButton.LeftButton)


def test_time_is_told_only_while_the_page_is_seen(page: VaultPage) -> None:
    assert page._ticks.isActive()
    page.hide()
    assert not page._ticks.isActive()
