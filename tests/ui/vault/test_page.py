"""The vault page over a session: what it says when there is nothing, what it keeps, and how a mistake is undone."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from l402desk.engine.trial import Trial
from l402desk.engine.view import Notice, Tone
from l402desk.session.tokens import TokensSession
from l402desk.store.errors import DiskFull
from l402desk.ui.style import Appearance
from l402desk.ui.vault.columns import COLUMNS
from l402desk.ui.vault.page import SEARCH_AFTER_MS, VaultPage
from l402desk.vault.tokens import TokenState, TokenSummary, TokenUse
from l402desk.vault.wanted import Shelf
from tests.fakes import journeys
from tests.fakes.io import ImmediateIo
from tests.fakes.journeys import interactive
from tests.fakes.vaults import MemoryVault


def summary(number: int, **changes: object) -> TokenSummary:
    """A token that does not end: the page asks the real clock."""
    return journeys.summary(number, **{"expires_at": None, **changes})


@pytest.fixture
def vault() -> MemoryVault:
    return MemoryVault(summary(1), summary(2), summary(3))


@pytest.fixture
def services(vault: MemoryVault) -> SimpleNamespace:
    return SimpleNamespace(is_unlocked=True, vault=vault)


@pytest.fixture
def session(qtbot: QtBot, services: SimpleNamespace) -> TokensSession:
    return TokensSession(ImmediateIo(services))


@pytest.fixture
def page(qtbot: QtBot, dressed: Appearance, session: TokensSession) -> VaultPage:
    made = VaultPage(session)
    qtbot.addWidget(made)
    made.resize(1_216, 700)
    made.show()
    made.activateWindow()
    wait_for(qtbot, made, "service 1")
    return made


def wait_for(qtbot: QtBot, page: VaultPage, title: str) -> None:
    qtbot.waitUntil(lambda: chosen(page) == title)


def seen(page: VaultPage, name: str) -> bool:
    found = page.findChild(QWidget, name)
    assert found is not None
    return found.isVisible()


def chosen(page: VaultPage) -> str:
    return said(page, "tokenTitle")


def said(page: VaultPage, name: str) -> str:
    found = page.findChild(QLabel, name)
    assert found is not None
    return found.text()


def press(page: VaultPage, name: str) -> None:
    found = page.findChild(QPushButton, name)
    assert found is not None
    QApplication.processEvents()  # a layout shows what was added to it at the next turn of the loop
    assert found.isVisible()
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def test_the_names_of_the_contract_are_there(page: VaultPage) -> None:
    assert page.objectName() == "vaultPage"
    for name in ("tokenTable", "tokenSearch", "tokenDetail"):
        assert page.findChild(QWidget, name) is not None, name


def test_every_control_has_a_name_of_its_own_and_one_to_be_read(page: VaultPage) -> None:
    controls = interactive(page)
    names = [control.objectName() for control in controls]
    assert len(names) >= 15
    assert all(names)
    assert len(names) == len(set(names))
    assert all(control.accessibleName() for control in controls)


def test_the_first_token_is_chosen_and_shown(page: VaultPage) -> None:
    assert seen(page, "tokenTable")
    assert page.search.placeholderText() == "Search 3 tokens"


def test_everything_about_the_chosen_token_comes_after_it(page: VaultPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: seen(page, "tokenIdentity"))
    assert seen(page, "tokenBinding")
    assert not seen(page, "tokenHistory")


def test_the_keyboard_moves_through_the_tokens(page: VaultPage) -> None:
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    assert chosen(page) == "service 2"


def test_a_refresh_keeps_what_was_chosen(
    page: VaultPage, session: TokensSession, vault: MemoryVault, qtbot: QtBot
) -> None:
    page.table.selectRow(1)
    vault.tokens[9] = summary(9)
    vault.tokens[2] = summary(2, uses=8)
    with qtbot.waitSignal(session.rows_ready):
        session.refresh()
    assert chosen(page) == "service 2"
    assert page.table.currentIndex().row() == 2
    qtbot.waitUntil(lambda: said(page, "tokenFact1").startswith("8 times"))


def test_a_search_shows_what_matches_or_says_that_nothing_does(
    page: VaultPage, session: TokensSession, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(session.changed):
        QTest.keyClicks(page.search, "service 3")
    wait_for(qtbot, page, "service 3")
    with qtbot.waitSignal(session.changed):
        QTest.keyClicks(page.search, "0")
    assert seen(page, "vaultNone")
    with qtbot.waitSignal(session.changed):
        page.search.clear()
    assert seen(page, "tokenTable")


def test_ctrl_f_goes_to_the_search_and_down_goes_back(page: VaultPage, qtbot: QtBot) -> None:
    qtbot.waitActive(page)
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert page.search.hasFocus()
    QTest.keyClick(page.search, Qt.Key.Key_Down)
    assert page.table.hasFocus()


def test_a_heading_sorts_the_whole_list(page: VaultPage, vault: MemoryVault, qtbot: QtBot) -> None:
    vault.tokens[2] = summary(2, uses=99)
    page.table.horizontalHeader().setSortIndicator(6, Qt.SortOrder.DescendingOrder)
    qtbot.waitUntil(lambda: page.table.model().index(0, 6).data() == "99")
    assert chosen(page) == "service 1"


def test_a_token_goes_to_the_trash_and_undo_brings_it_back(
    page: VaultPage, session: TokensSession, vault: MemoryVault, qtbot: QtBot
) -> None:
    page.actions_of_token.of("trash").trigger()
    wait_for(qtbot, page, "service 2")
    assert vault.named("service 1").state is TokenState.TRASHED
    assert said(page, "vaultNoticeTitle") == "“service 1” is in the trash"
    with qtbot.waitSignal(session.changed):
        press(page, "vaultNoticeUndoButton")
    assert vault.named("service 1").state is TokenState.USABLE
    assert not seen(page, "vaultNotice")


def test_the_delete_key_in_the_table_does_the_same(
    page: VaultPage, session: TokensSession, vault: MemoryVault, qtbot: QtBot
) -> None:
    qtbot.waitActive(page)
    page.table.setFocus()
    with qtbot.waitSignal(session.trashed):
        QTest.keyClick(page.table, Qt.Key.Key_Delete)
    assert vault.named("service 1").state is TokenState.TRASHED


def test_the_trash_is_looked_at_emptied_token_by_token_and_left(
    page: VaultPage, session: TokensSession, vault: MemoryVault, qtbot: QtBot
) -> None:
    page.actions_of_token.of("trash").trigger()
    wait_for(qtbot, page, "service 2")
    qtbot.waitUntil(lambda: session.tally[Shelf.TRASH] == 1)
    press(page, "trashShelfButton")
    wait_for(qtbot, page, "service 1")
    qtbot.waitUntil(lambda: seen(page, "restoreTokenButton"))
    assert not seen(page, "useTokenButton")
    press(page, "forgetTokenButton")
    assert said(page, "vaultNoticeTitle") == "Delete “service 1” for ever?"
    with qtbot.waitSignal(session.forgotten):
        press(page, "vaultNoticeYesButton")
    qtbot.waitUntil(lambda: seen(page, "vaultTrashEmpty"))
    assert len(vault.tokens) == 2
    press(page, "allShelfButton")
    wait_for(qtbot, page, "service 2")


def test_f2_renames_where_the_name_stands(
    page: VaultPage, session: TokensSession, vault: MemoryVault, qtbot: QtBot
) -> None:
    qtbot.waitActive(page)
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_F2)
    field = page.findChild(QLineEdit, "tokenTitleField")
    assert field is not None
    assert field.hasFocus()
    QTest.keyClicks(field, "Lisbon")
    QTest.keyClick(field, Qt.Key.Key_Return)
    wait_for(qtbot, page, "Lisbon")
    assert vault.named("Lisbon").id == "token-1"


def test_a_note_is_written_and_found(page: VaultPage, session: TokensSession, vault: MemoryVault, qtbot: QtBot) -> None:
    qtbot.waitActive(page)
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_F2, Qt.KeyboardModifier.ShiftModifier)
    field = page.findChild(QLineEdit, "tokenNoteField")
    assert field is not None
    QTest.keyClicks(field, "for the trip")
    with qtbot.waitSignal(session.changed):
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert vault.named("service 1").note == "for the trip"
    qtbot.waitUntil(lambda: said(page, "tokenNote") == "for the trip")


def test_a_token_is_marked_as_used_up_and_back(page: VaultPage, vault: MemoryVault, qtbot: QtBot) -> None:
    page.actions_of_token.of("spent").trigger()
    qtbot.waitUntil(lambda: page.actions_of_token.of("again").isEnabled())
    assert vault.named("service 1").state is TokenState.SPENT
    assert "used up" in said(page, "tokenHindrance")
    page.actions_of_token.of("again").trigger()
    qtbot.waitUntil(lambda: page.actions_of_token.of("spent").isEnabled())
    assert not seen(page, "tokenHindrance")


def test_what_the_disk_refuses_is_not_said_to_be_done(page: VaultPage, vault: MemoryVault, qtbot: QtBot) -> None:
    vault.broken = DiskFull()
    page.actions_of_token.of("trash").trigger()
    qtbot.waitUntil(lambda: seen(page, "vaultNotice"))
    assert said(page, "vaultNoticeTitle") == "The vault could not do that"
    assert vault.named("service 1").state is TokenState.USABLE


def test_use_goes_to_who_knows_how_with_the_path_to_ask_for(page: VaultPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.use_requested) as used:
        page.detail.use.click()
    assert used.args == [summary(1), "/v1/data1"]
    page.table.setFocus()
    with qtbot.waitSignal(page.use_requested):
        page.table.activated.emit(page.table.currentIndex())


def test_copy_goes_to_who_knows_how_and_the_secret_is_not_shown(
    page: VaultPage, qtbot: QtBot, session: TokensSession
) -> None:
    page.header_wanted.connect(session.ask_header)
    with qtbot.waitSignal(session.header_ready) as header:
        page.detail.copy.click()
    assert header.args == ["L402 secret of token-1"]
    assert seen(page, "tokenCopied")
    assert all("secret" not in part.text() for part in page.findChildren(QLabel))


def test_the_payment_of_a_token_is_a_click_away(
    page: VaultPage, session: TokensSession, vault: MemoryVault, qtbot: QtBot
) -> None:
    assert not page.actions_of_token.of("payment").isEnabled()
    vault.tokens[3] = summary(1, purchase_id="p1")
    session.refresh()
    qtbot.waitUntil(lambda: page.actions_of_token.of("payment").isEnabled())
    with qtbot.waitSignal(page.payment_wanted) as told:
        page.actions_of_token.of("payment").trigger()
    assert told.args == ["p1"]


def test_a_trial_is_under_way_once_and_then_told(
    page: VaultPage, session: TokensSession, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[TokenSummary] = []
    monkeypatch.setattr(session, "attempt", tried.append)
    page.detail.test.click()
    page.actions_of_token.of("test").trigger()
    assert tried == [summary(1)]
    assert (page.detail.test.text(), page.detail.test.isEnabled()) == ("Testing…", False)
    page.table.selectRow(1)
    assert not page.detail.test.isEnabled()
    session.tried.emit(Trial(summary(1), Notice(Tone.GOOD, "Accepted: 200", "It was answered.")))
    assert (page.detail.test.text(), page.detail.test.isEnabled()) == ("Test", True)
    assert not seen(page, "tokenNotice")


def test_a_trial_that_failed_may_be_tried_again(
    page: VaultPage, vault: MemoryVault, session: TokensSession, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "attempt", lambda _token: session.went_wrong.emit("The disk is full."))
    page.detail.test.click()
    assert page.detail.test.isEnabled()


def test_the_token_of_a_payment_is_brought_into_sight(
    page: VaultPage, session: TokensSession, vault: MemoryVault, qtbot: QtBot
) -> None:
    vault.put(*(summary(n, purchase_id=f"p{n}") for n in range(500)))
    page.search.setText("service 499")
    wait_for(qtbot, page, "service 499")
    page.show_purchase("p250")
    wait_for(qtbot, page, "service 250")
    assert page.search.text() == ""
    qtbot.wait(SEARCH_AFTER_MS + 50)
    assert chosen(page) == "service 250"
    assert page.table.viewport().rect().contains(page.table.visualRect(page.table.currentIndex()).center())
    page.show_purchase("nowhere")
    qtbot.waitUntil(lambda: seen(page, "vaultNotice"))
    assert said(page, "vaultNoticeTitle") == "The vault holds no token of this payment"


def test_the_token_of_a_payment_is_found_in_the_trash_too(
    page: VaultPage, session: TokensSession, vault: MemoryVault, qtbot: QtBot
) -> None:
    vault.tokens[2] = summary(2, purchase_id="p2", state=TokenState.TRASHED)
    page.show_purchase("p2")
    wait_for(qtbot, page, "service 2")
    assert session.wanted.shelf is Shelf.TRASH


def test_its_uses_are_listed(page: VaultPage, session: TokensSession, vault: MemoryVault, qtbot: QtBot) -> None:
    vault.history["token-2"] = [TokenUse(1, "GET", "/v1/data", 200)]
    page.table.selectRow(1)
    qtbot.waitUntil(lambda: seen(page, "tokenHistory"))


def test_an_empty_vault_says_what_to_do_next(
    page: VaultPage, session: TokensSession, vault: MemoryVault, qtbot: QtBot
) -> None:
    vault.put()
    with qtbot.waitSignal(session.changed):
        session.refresh()
    assert seen(page, "vaultEmpty")
    assert not seen(page, "tokenTable")


def test_an_empty_shelf_says_why(page: VaultPage, session: TokensSession, qtbot: QtBot) -> None:
    for shelf, name in ((Shelf.EXPIRED, "vaultExpiredEmpty"), (Shelf.OWED, "vaultOwedEmpty")):
        with qtbot.waitSignal(session.changed):
            session.look_at(shelf)
        assert seen(page, name)


def test_a_narrow_page_keeps_the_most_telling_columns(page: VaultPage) -> None:
    everything = range(len(COLUMNS))
    assert not any(page.table.isColumnHidden(column) for column in everything)
    page.resize(656, 440)
    assert (page.width(), page.height()) == (656, 440)
    assert [column for column in everything if not page.table.isColumnHidden(column)] == [0, 5]


def test_a_locked_vault_offers_to_unlock_and_shows_nothing(
    page: VaultPage, session: TokensSession, services: SimpleNamespace, qtbot: QtBot
) -> None:
    services.is_unlocked = False
    with qtbot.waitSignal(session.changed):
        session.refresh()
    assert seen(page, "vaultLocked")
    assert not seen(page, "tokenSearch")
    assert not seen(page, "tokenDetail")
    with qtbot.waitSignal(page.unlock_requested):
        press(page, "vaultLockedButton")


def test_of_a_long_list_only_what_is_looked_at_is_fetched(
    page: VaultPage, session: TokensSession, vault: MemoryVault, qtbot: QtBot
) -> None:
    vault.put(*(summary(n) for n in range(2_000)))
    vault.asked.clear()
    with qtbot.waitSignal(session.rows_ready):
        session.refresh()
    qtbot.wait(20)
    assert sum(map(len, vault.asked)) <= 400
