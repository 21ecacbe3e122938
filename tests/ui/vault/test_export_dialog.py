"""The export dialog over the real thread: sealed under a passphrase typed twice, or open for lnget, with a warning."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from l402desk.services import Services
from l402desk.session.export_jobs import Which
from l402desk.session.transfers import ExportSession, ExportView
from l402desk.store.passphrase import Cost
from l402desk.ui.style import Appearance
from l402desk.ui.vault.export_dialog import ENDING, ExportDialog, Offer
from l402desk.vault import bundle
from l402desk.vault.foreign.reading import read_store
from l402desk.vault.scope import Reach
from l402desk.vault.tokens import TokenSummary
from tests.engine.shop import Shop
from tests.fakes.journeys import interactive
from tests.fakes.purchased import NOW, new_token
from tests.session.desks import Desk, a_thread

WORDS = "some unrelated words"


@dataclass
class Kit:
    """The dialog, offering three tokens of which two are listed and one is chosen."""

    dialog: ExportDialog
    session: ExportSession
    desk: Desk
    offer: Offer
    folder: Path

    def said(self, name: str) -> str:
        found = self.dialog.findChild(QLabel, name)
        assert found is not None
        return found.text() if found.isVisible() else ""

    def type(self, first: str, second: str = "") -> None:
        self.dialog.first.setText(first)
        self.dialog.second.setText(second or first)

    def choose(self, place: Path) -> QFileDialog:
        self.dialog.choose.click()
        choosers = self.dialog.findChildren(QFileDialog, "exportPlaceDialog")
        choosers[-1].fileSelected.emit(str(place))
        choosers[-1].reject()
        return choosers[-1]

    def until(self, qtbot: QtBot, title: str) -> None:
        qtbot.waitUntil(lambda: self.said("exportNoticeTitle") == title, timeout=10_000)

    def origins(self, file: Path) -> list[str]:
        contents = asyncio.run(bundle.open_bundle(file.read_bytes(), WORDS))
        return [str(carried.token.origin) for carried in contents.tokens]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "Cost", lambda *given: Cost(*(given or (1, 64, 1))))


async def fill(services: Services) -> list[TokenSummary]:
    keep = services.vault.keep
    return [
        await keep(new_token(1, reach=Reach.HOST, title="weather", bought_at=NOW)),
        await keep(new_token(2, "https://b.example/x", caveats=(f"expires_at={NOW}",), bought_at=NOW - 1)),
        await keep(new_token(3, "https://c.example/x", bought_at=NOW - 2)),
    ]


@pytest.fixture
def kit(qtbot: QtBot, dressed: Appearance, tmp_path: Path) -> Iterator[Kit]:
    with a_thread(qtbot, tmp_path / "desk", Shop()) as desk:
        tokens = desk.do(fill)
        assert isinstance(tokens, list)
        session = ExportSession(desk.io)
        dialog = ExportDialog(session)
        qtbot.addWidget(dialog)
        offer = Offer(3, Which(numbers=(1, 2)), tokens[0])
        dialog.begin(offer)
        yield Kit(dialog, session, desk, offer, tmp_path)


@pytest.mark.parametrize(
    ("first", "second", "problem", "is_ready"),
    [
        ("", "", "", False),
        ("short", "short", "Use at least 8 characters; a few unrelated words are best.", False),
        ("long enough", "", "", False),
        ("long enough", "long enuogh", "The two are not the same yet.", False),
        ("long enough", "long enough", "", True),
    ],
)
def test_a_passphrase_is_long_and_typed_twice(kit: Kit, first: str, second: str, problem: str, is_ready: bool) -> None:
    kit.dialog.first.setText(first)
    kit.dialog.second.setText(second)
    assert not kit.dialog.go.isEnabled(), "no place was chosen yet"
    kit.choose(kit.folder / "out")
    assert kit.said("exportProblem") == problem
    assert kit.dialog.go.isEnabled() == is_ready
    assert kit.dialog.first.echoMode() is kit.dialog.second.echoMode() is QLineEdit.EchoMode.Password


def test_everything_is_sealed_in_the_file_that_was_chosen(qtbot: QtBot, kit: Kit) -> None:
    assert not kit.dialog.isModal()
    assert kit.dialog.all.text() == "Everything: 3 tokens, those in the trash too"
    kit.type(WORDS)
    chooser = kit.choose(kit.folder / "out")
    assert chooser.acceptMode() is QFileDialog.AcceptMode.AcceptSave
    assert chooser.testOption(QFileDialog.Option.DontConfirmOverwrite)
    assert f".{chooser.defaultSuffix()}" == ENDING
    kit.dialog.go.click()
    kit.until(qtbot, "3 tokens sealed")
    assert len(kit.origins(kit.folder / "out")) == 3
    assert not kit.dialog.first.isVisible()
    assert (kit.dialog.first.text(), kit.dialog.second.text()) == ("", "")
    assert kit.dialog.close_button.text() == "Done"
    assert WORDS not in repr(kit.session.view)


def test_the_listed_ones_or_the_chosen_one_alone(qtbot: QtBot, kit: Kit) -> None:
    for choice, words, name, origins in (
        (kit.dialog.listed, "The 2 tokens listed now", "listed", ["https://api.example", "https://b.example"]),
        (kit.dialog.chosen, "“weather” alone", "chosen", ["https://api.example"]),
    ):
        kit.dialog.begin(kit.offer)
        assert choice.text() == words
        choice.click()
        kit.type(WORDS)
        kit.choose(kit.folder / name)
        kit.dialog.go.click()
        kit.until(qtbot, f"{len(origins)} token{'s' * (len(origins) > 1)} sealed")
        assert kit.origins(kit.folder / name) == origins


def test_only_what_there_is_can_be_chosen(kit: Kit) -> None:
    kit.dialog.begin(Offer(0))
    assert kit.dialog.all.isChecked()
    assert not kit.dialog.listed.isVisible()
    assert not kit.dialog.chosen.isVisible()


def test_a_file_that_is_there_is_not_replaced(qtbot: QtBot, kit: Kit) -> None:
    (kit.folder / "out").write_text("mine")
    kit.type(WORDS)
    kit.choose(kit.folder / "out")
    kit.dialog.go.click()
    kit.until(qtbot, "Nothing was exported")
    assert "it was left as it is" in kit.said("exportNoticeText")
    assert (kit.folder / "out").read_text() == "mine"
    assert kit.dialog.first.text() == WORDS, "only the place has to be another"
    kit.choose(kit.folder / "new")
    assert kit.said("exportNoticeTitle") == ""
    kit.dialog.go.click()
    kit.until(qtbot, "3 tokens sealed")


def test_lnget_gets_them_in_clear_after_a_warning_and_the_rest_is_named(qtbot: QtBot, kit: Kit) -> None:
    kit.type(WORDS)
    kit.choose(kit.folder / "out")
    kit.dialog.lnget.click()
    assert "whoever can read the folder can use your tokens" in kit.said("exportAbout")
    assert not kit.dialog.first.isVisible()
    assert kit.dialog.first.text() == ""
    assert kit.said("exportPlace") == "nothing chosen yet"
    assert not kit.dialog.go.isEnabled()
    chooser = kit.choose(kit.folder / "lnget")
    assert chooser.fileMode() is QFileDialog.FileMode.Directory
    kit.dialog.go.click()
    kit.until(qtbot, "2 tokens written for lnget")
    assert kit.dialog.list.texts() == [
        ("Demo · b.example", "Left out: It has expired."),
        ("weather · api.example", "Written, for api.example"),
        ("Demo · c.example", "Written, for c.example"),
    ]
    assert len(read_store(kit.folder / "lnget").tokens) == 2


def test_a_folder_of_lngets_that_holds_a_token_keeps_it(qtbot: QtBot, kit: Kit) -> None:
    (kit.folder / "lnget").mkdir()
    for title in ("2 tokens written for lnget", "Nothing was written for lnget"):
        kit.dialog.begin(kit.offer)
        kit.dialog.lnget.click()
        kit.choose(kit.folder / "lnget")
        kit.dialog.go.click()
        kit.until(qtbot, title)
    why = "Left out: lnget holds a token for api.example already, and it was left as it is."
    assert ("weather · api.example", why) in kit.dialog.list.texts()


def test_nothing_typed_outlives_the_dialog(kit: Kit) -> None:
    kit.type(WORDS)
    QTest.keyClick(kit.dialog, Qt.Key.Key_Escape)
    assert not kit.dialog.isVisible()
    assert (kit.dialog.first.text(), kit.dialog.second.text()) == ("", "")


def test_enter_exports_once_all_is_said(qtbot: QtBot, kit: Kit) -> None:
    kit.type(WORDS)
    QTest.keyClick(kit.dialog.second, Qt.Key.Key_Return)
    assert kit.session.view == ExportView()
    kit.choose(kit.folder / "out")
    QTest.keyClick(kit.dialog.second, Qt.Key.Key_Return)
    kit.until(qtbot, "3 tokens sealed")


def test_while_it_runs_it_can_be_closed_and_is_told_later(qtbot: QtBot, kit: Kit) -> None:
    kit.type(WORDS)
    kit.choose(kit.folder / "out")
    kit.dialog.go.click()
    assert (kit.dialog.go.text(), kit.dialog.go.isEnabled()) == ("Exporting…", False)
    assert not kit.dialog.lnget.isEnabled()
    kit.dialog.close_button.click()
    kit.dialog.begin(Offer(7))
    kit.until(qtbot, "3 tokens sealed")


def test_everything_has_a_name_and_fits_a_small_window(kit: Kit) -> None:
    kit.dialog.resize(kit.dialog.minimumSize())
    controls = interactive(kit.dialog)
    names = [control.objectName() for control in controls]
    assert len(set(names)) == len(names)
    assert all(names)
    assert all(control.accessibleName() for control in controls), [c.objectName() for c in controls]
    for name in ("exportButton", "exportCloseButton"):
        part = kit.dialog.findChild(QWidget, name)
        assert part is not None
        assert kit.dialog.rect().contains(part.geometry()), name


def test_the_name_of_a_token_is_shown_as_it_is(kit: Kit) -> None:
    token = kit.offer.chosen
    assert token is not None
    kit.dialog.begin(Offer(1, None, replace(token, title="a & <b>b</b> \u202e")))
    assert kit.dialog.chosen.text() == "“a && <b>b</b> ‹U+202E›” alone"
    assert kit.dialog.chosen.accessibleName() == "“a & <b>b</b> ‹U+202E›” alone"
