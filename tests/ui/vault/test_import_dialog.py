"""The import dialog over the real thread: named, dropped or typed, shown, asked about, taken in, and told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from l402desk.services import Services
from l402desk.session.transfers import ImportSession, ImportView, Step
from l402desk.store.passphrase import Cost
from l402desk.ui.style import Appearance
from l402desk.ui.vault.import_dialog import ImportDialog
from l402desk.vault import bundle
from l402desk.vault.bundle_contents import Contents
from l402desk.vault.carried import Carried
from tests.engine.shop import Shop, failing
from tests.fakes.journeys import interactive
from tests.fakes.purchased import NOW, credential_of, new_token, preimage_of
from tests.session.desks import Desk, a_thread
from tests.ui.vault.drops import drop
from tests.vault.foreign import stores
from tests.vault.foreign.stores import KEY, paid_file, pending_file


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path, shop: Shop) -> Iterator[Desk]:
    with a_thread(qtbot, tmp_path / "desk", shop) as made:
        yield made


@pytest.fixture
def session(desk: Desk) -> ImportSession:
    return ImportSession(desk.io)


@pytest.fixture
def dialog(qtbot: QtBot, dressed: Appearance, session: ImportSession) -> ImportDialog:
    made = ImportDialog(session)
    qtbot.addWidget(made)
    made.begin()
    return made


@pytest.fixture
def lnget(tmp_path: Path) -> Path:
    folder = tmp_path / ".lnget"
    stores.lnget_host(folder / "tokens", "a.example", paid_file(1))
    stores.lnget_host(folder / "tokens", "b.example", paid_file(2))
    stores.lnget_host(folder / "tokens", "b.example", pending_file(3), pending=True)
    stores.lnget_host(folder / "tokens", "c.example", b"damaged")
    return folder


def said(dialog: ImportDialog, name: str) -> str:
    found = dialog.findChild(QLabel, name)
    assert found is not None
    return found.text() if found.isVisible() else ""


def title(dialog: ImportDialog) -> str:
    return said(dialog, "importNoticeTitle")


def until(qtbot: QtBot, dialog: ImportDialog, words: str) -> None:
    qtbot.waitUntil(lambda: words in title(dialog), timeout=10_000)


def type_path(dialog: ImportDialog, path: Path) -> None:
    dialog.path.clear()
    QTest.keyClicks(dialog.path, str(path))
    QTest.keyClick(dialog.path, Qt.Key.Key_Return)


def sources(desk: Desk) -> list[str]:
    async def read(services: Services) -> list[str]:
        return [f"{token.origin} {token.source}" for token in await services.vault.list()]

    found = desk.do(read)
    assert isinstance(found, list)
    return sorted(found)


def test_a_folder_is_shown_and_comes_in_only_then(
    qtbot: QtBot, dialog: ImportDialog, desk: Desk, lnget: Path, shop: Shop
) -> None:
    assert not dialog.isModal()
    assert not dialog.go.isEnabled()
    type_path(dialog, lnget)
    until(qtbot, dialog, "lnget: 2 tokens and 1 without a proof yet, for 2 hosts")
    assert sources(desk) == []
    assert dialog.list.texts()[:2] == [("a.example", "1 token"), ("b.example", "1 token, 1 without a proof yet")]
    assert dialog.list.texts()[2][1].startswith("Left out: ")
    assert dialog.go.text() == "Import 3 tokens"
    QTest.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    until(qtbot, dialog, "2 tokens are new in the vault")
    assert sources(desk) == ["https://a.example imported from lnget", "https://b.example imported from lnget"]
    assert [says for _, says in dialog.list.texts()][1:] == ["New", "New", "Waits for its proof of payment"]
    assert not dialog.go.isVisible()
    assert dialog.close_button.text() == "Done"
    assert shop.seen == []


def test_all_of_it_by_keyboard(qtbot: QtBot, dialog: ImportDialog, desk: Desk, lnget: Path) -> None:
    dialog.activateWindow()
    qtbot.waitUntil(dialog.path.hasFocus)
    type_path(dialog, lnget)
    until(qtbot, dialog, "lnget: ")
    assert dialog.go.hasFocus()
    QTest.keyClick(dialog.go, Qt.Key.Key_Return)
    until(qtbot, dialog, "2 tokens are new")
    assert dialog.close_button.hasFocus()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_once_more_brings_nothing_twice(qtbot: QtBot, dialog: ImportDialog, desk: Desk, lnget: Path) -> None:
    for words in ("2 tokens are new", "There was nothing new in it"):
        dialog.read(lnget)
        until(qtbot, dialog, "lnget: ")
        dialog.go.click()
        until(qtbot, dialog, words)
    assert len(sources(desk)) == 2
    assert "2 tokens were here already" in said(dialog, "importNoticeText")


def test_where_no_server_is_named_it_is_asked_for(
    qtbot: QtBot, dialog: ImportDialog, desk: Desk, tmp_path: Path
) -> None:
    (tmp_path / "l402.token").write_bytes(paid_file(1))
    dialog.read(tmp_path / "l402.token")
    until(qtbot, dialog, "A token file of aperture")
    field = dialog.question.address
    assert field.isVisible()
    assert not dialog.go.isEnabled()
    for typed, refused in (("http://a.example", "“http://a.example” cannot be"), ("https://a.example", "")):
        field.setText(typed)
        QTest.keyClick(field, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: field.isEnabled() or not field.isVisible())
        assert said(dialog, "importRefusal").startswith(refused)
    until(qtbot, dialog, "1 token, for 1 host")
    dialog.go.click()
    until(qtbot, dialog, "1 token is new")
    assert sources(desk)[0].startswith("https://a.example imported from a token file")


def test_those_without_a_server_join_the_others(qtbot: QtBot, dialog: ImportDialog, tmp_path: Path) -> None:
    entries: list[dict[str, str]] = [
        {"url": "https://a.example/x", "token": credential_of(1), "preimage": preimage_of(1).hex},
        {"token": credential_of(2), "preimage": preimage_of(2).hex},
    ]
    (tmp_path / "a.json").write_text(json.dumps(entries))
    dialog.read(tmp_path / "a.json")
    until(qtbot, dialog, "A JSON file: 1 token")
    assert dialog.go.isEnabled()
    assert said(dialog, "importQuestion").startswith("1 more could be taken in")
    dialog.question.address.setText("https://b.example")
    dialog.question.go.click()
    until(qtbot, dialog, "A JSON file: 2 tokens")
    assert not dialog.question.isVisible()


async def sealed(_services: Services) -> bytes:
    contents = Contents(NOW, (Carried(new_token(1)),))
    return await bundle.seal_bundle(contents, "correct horse", Cost(1, 64, 1))


def test_a_sealed_export_opens_with_its_passphrase(
    qtbot: QtBot, dialog: ImportDialog, session: ImportSession, desk: Desk, tmp_path: Path
) -> None:
    raw = desk.do(sealed)
    assert isinstance(raw, bytes)
    (tmp_path / "out").write_bytes(raw)
    dialog.read(tmp_path / "out")
    until(qtbot, dialog, "A sealed export")
    dialog.question.passphrase.setText("wrong horse")
    dialog.question.go.click()
    qtbot.waitUntil(lambda: "does not open" in said(dialog, "importRefusal"), timeout=10_000)
    assert dialog.question.passphrase.text() == "wrong horse"
    dialog.question.passphrase.setText("correct horse")
    dialog.question.go.click()
    until(qtbot, dialog, "1 token, for 1 host")
    assert dialog.question.passphrase.text() == ""
    assert "correct horse" not in repr(session.view)
    dialog.go.click()
    until(qtbot, dialog, "1 token is new")


def test_a_sealed_store_of_402_mcp_opens_with_its_key(qtbot: QtBot, dialog: ImportDialog, tmp_path: Path) -> None:
    (tmp_path / "credentials.json").write_text(stores.mcp402_sealed({"https://a.example": stores.mcp402_credential(1)}))
    (tmp_path / "key").write_text(KEY.hex())
    dialog.read(tmp_path / "credentials.json")
    until(qtbot, dialog, "402-mcp")
    dialog.question.key.click()
    chooser = dialog.findChild(QFileDialog, "importKeyDialog")
    assert chooser is not None
    chooser.fileSelected.emit(str(tmp_path / "key"))
    chooser.reject()
    until(qtbot, dialog, "402-mcp: 1 token, for 1 host")


@pytest.mark.parametrize(("name", "kind"), [("importFile", "file"), ("importFolder", "folder")])
def test_a_file_or_a_folder_is_chosen(qtbot: QtBot, dialog: ImportDialog, lnget: Path, name: str, kind: str) -> None:
    chosen = dialog.findChild(QPushButton, f"{name}Button")
    assert chosen is not None
    chosen.click()
    chooser = dialog.findChild(QFileDialog, f"{name}Dialog")
    assert chooser is not None
    modes = {"file": QFileDialog.FileMode.ExistingFile, "folder": QFileDialog.FileMode.Directory}
    assert chooser.fileMode() is modes[kind]
    chooser.fileSelected.emit(str(lnget))
    chooser.reject()
    assert dialog.path.text() == str(lnget)
    until(qtbot, dialog, "lnget: ")


def test_what_is_dropped_is_looked_at(qtbot: QtBot, dialog: ImportDialog, lnget: Path) -> None:
    for target in (dialog, dialog.path):
        dialog.path.clear()
        assert drop(target, QUrl.fromLocalFile(str(lnget)))
        assert dialog.path.text() == str(lnget)
        until(qtbot, dialog, "lnget: ")


def test_what_is_no_store_is_told_and_another_can_be_named(
    qtbot: QtBot, dialog: ImportDialog, lnget: Path, tmp_path: Path
) -> None:
    type_path(dialog, tmp_path / "absent")
    until(qtbot, dialog, "Nothing can be imported from there")
    assert "There is nothing to read at" in said(dialog, "importNoticeText")
    type_path(dialog, lnget)
    until(qtbot, dialog, "lnget: ")


def test_another_path_takes_back_what_was_found(qtbot: QtBot, dialog: ImportDialog, lnget: Path) -> None:
    dialog.read(lnget)
    until(qtbot, dialog, "lnget: ")
    QTest.keyClicks(dialog.path, "x")
    assert not dialog.go.isEnabled()
    assert not dialog.notice.isVisible()
    QTest.keyClick(dialog.path, Qt.Key.Key_Return)
    until(qtbot, dialog, "Nothing can be imported from there")


def test_a_full_disk_is_told_and_once_more_ends_it(qtbot: QtBot, dialog: ImportDialog, desk: Desk, lnget: Path) -> None:
    dialog.read(lnget)
    until(qtbot, dialog, "lnget: ")
    desk.do(lambda services: failing(services).fail_next_write(after=1))
    dialog.go.click()
    until(qtbot, dialog, "The import stopped")
    assert "Once more takes in the rest" in said(dialog, "importNoticeText")
    assert dialog.go.isEnabled()
    dialog.go.click()
    until(qtbot, dialog, "1 token is new")
    assert len(sources(desk)) == 2


def test_closing_forgets_what_was_read_but_not_an_import_under_way(
    qtbot: QtBot, dialog: ImportDialog, session: ImportSession, lnget: Path
) -> None:
    dialog.read(lnget)
    until(qtbot, dialog, "lnget: ")
    dialog.close_button.click()
    assert session.view == ImportView()
    assert session._store is None
    dialog.begin(lnget)
    until(qtbot, dialog, "lnget: ")
    dialog.go.click()
    dialog.close_button.click()
    assert not dialog.isVisible()
    qtbot.waitUntil(lambda: session.view.step is Step.TAKEN, timeout=10_000)
    dialog.begin()
    until(qtbot, dialog, "2 tokens are new")


def test_a_lock_forgets_all_of_it(qtbot: QtBot, dialog: ImportDialog, session: ImportSession, lnget: Path) -> None:
    dialog.read(lnget)
    until(qtbot, dialog, "lnget: ")
    dialog.close_for_lock()
    assert not dialog.isVisible()
    assert session.view == ImportView()
    assert dialog.path.text() == ""


def test_progress_is_told_on_the_button_and_said_once(
    qtbot: QtBot, dialog: ImportDialog, session: ImportSession, lnget: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog.read(lnget)
    until(qtbot, dialog, "lnget: ")
    told: list[object] = []
    monkeypatch.setattr(dialog.notice, "show_notice", lambda *said: told.append(said))
    for done in (0, 25, 50):
        session.view = replace(session.view, step=Step.TAKING, done=done)
        session.changed.emit()
    assert dialog.go.text() == "50 of 3…"
    assert len(told) == 1
    assert not dialog.path.isEnabled()
    session.view = ImportView()
    session.changed.emit()


def test_everything_has_a_name_and_fits_a_small_window(qtbot: QtBot, dialog: ImportDialog, lnget: Path) -> None:
    dialog.read(lnget)
    until(qtbot, dialog, "lnget: ")
    dialog.resize(dialog.minimumSize())
    controls = interactive(dialog)
    names = [control.objectName() for control in controls]
    assert len(set(names)) == len(names)
    assert all(names)
    assert all(control.accessibleName() for control in controls), [c.objectName() for c in controls]
    assert dialog.size() == dialog.minimumSize()
    for name in ("importButton", "importCloseButton", "importFolderButton"):
        part = dialog.findChild(QWidget, name)
        assert part is not None
        assert dialog.rect().contains(part.geometry()), name
