"""Importing tokens: name a store, see what is in it, answer what it does not tell, and only then take it in."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QDir, QSize, Slot
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from l402desk.session.import_jobs import Ask, Found, Source
from l402desk.session.transfers import ImportSession, ImportView, Step
from l402desk.ui.style import GAP
from l402desk.ui.vault import transfer_words as words
from l402desk.ui.vault.import_question import ImportQuestion
from l402desk.ui.vault.store_drop import StoreDrop
from l402desk.ui.vault.transfer_list import TransferList
from l402desk.ui.widgets.buttons import button, primary_button
from l402desk.ui.widgets.card import ScrollColumn
from l402desk.ui.widgets.empty import EmptyState
from l402desk.ui.widgets.fields import line_field
from l402desk.ui.widgets.notice import NoticeBar
from l402desk.ui.widgets.text import label, sentences

SIZE, LEAST = QSize(640, 560), QSize(420, 360)
LONGEST_PATH = 4_096
PLACES = (
    "Or name it above. lnget keeps its tokens in ~/.lnget, loop in ~/.loop/mainnet, pool in ~/.pool/mainnet,"
    " and 402-mcp in ~/.402-mcp."
)
GOES_ON = "What was taken in stays. Once more takes in the rest, and nothing twice."


class ImportDialog(QDialog):
    """Follows an `ImportSession`. It is not modal: tokens can be looked at beside it."""

    def __init__(self, session: ImportSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("importDialog")
        self.setWindowTitle("Import tokens")
        self._session = session
        self._at: Path | None = None
        self._step = Step.CHOOSE
        self._said: tuple[str, str, str] | None = None
        self.path = line_field(
            name="importPathField", label="File or folder to import", placeholder="Path of a file or folder"
        )
        self.path.setMaxLength(LONGEST_PATH)
        self.file = button("File…", name="importFileButton", icon="file", label="Choose a file to import")
        self.folder = button("Folder…", name="importFolderButton", icon="folder", label="Choose a folder to import")
        self.notice = NoticeBar(name="importNotice", dismissible=False)
        self.question = ImportQuestion()
        self.list = TransferList(name="importList", label="What is in it")
        self._empty = EmptyState("folder", "Drop a file or a folder here", PLACES, name="importEmpty")
        self._spring = QWidget()
        self.go = primary_button("Import", name="importButton", icon="download")
        self.close_button = button("Close", name="importCloseButton")
        self._lay_out()
        self._connect()
        for target in (self, self.path):  # the field would take the name of a file for a text of its own
            StoreDrop(target).dropped.connect(self.read)
        self.show_view()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP.HUGE, GAP.HUGE, GAP.HUGE, GAP.LARGE)
        column.setSpacing(GAP.MEDIUM)
        column.addWidget(label("Import tokens", role="title"))
        sentence = "From another client, or from a sealed export of this app. Nothing is sent, and nothing is paid."
        column.addWidget(label(sentence, role="dim", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(GAP.SMALL)
        row.addWidget(self.path, 1)
        row.addWidget(self.file)
        row.addWidget(self.folder)
        column.addLayout(row)
        middle = ScrollColumn(name="importScroll", spacing=GAP.MEDIUM)
        middle.body.addWidget(self.notice)
        middle.body.addWidget(self.question)
        for part in (self.list, self._empty, self._spring):
            middle.body.addWidget(part, 1)
        column.addWidget(middle, 1)
        ends = QHBoxLayout()
        ends.setSpacing(GAP.SMALL)
        ends.addStretch(1)
        ends.addWidget(self.close_button)
        ends.addWidget(self.go)
        column.addLayout(ends)
        self.setMinimumSize(LEAST)

    def _connect(self) -> None:
        self._session.changed.connect(self.show_view)
        self.path.textEdited.connect(self._begin_anew)
        self.path.returnPressed.connect(self._read_path)
        self.file.clicked.connect(self._ask_file)
        self.folder.clicked.connect(self._ask_folder)
        self.question.answered.connect(self._answer)
        self.go.clicked.connect(self._session.take)
        self.close_button.clicked.connect(self.reject)

    def sizeHint(self) -> QSize:
        return SIZE

    def begin(self, path: Path | None = None) -> None:
        """Show the dialog, and say what is at ``path``; an import under way is shown as it is."""
        self.show()
        self.raise_()
        self.activateWindow()
        self.path.setFocus()
        if path is not None:
            self.read(path)

    @Slot(object)
    def read(self, path: Path) -> None:
        """Say what is there."""
        if self._step is Step.TAKING:
            return
        self.path.setText(str(path))
        self._at = path
        self._session.forget()
        self._session.read(Source(path))

    @Slot()
    def _read_path(self) -> None:
        if self.path.text().strip():
            self.read(Path(self.path.text().strip()))

    @Slot()
    def _begin_anew(self) -> None:
        """Another path is being typed: what was found at the last one is not imported any more."""
        if self._step is not Step.CHOOSE or self.notice.isVisible():
            self._session.forget()

    @Slot(object)
    def _answer(self, answer: object) -> None:
        if self._at is None:
            return
        match answer:
            case Path():
                self._session.read(Source(self._at, key_file=answer))
            case str() if self.question.ask is Ask.PASSPHRASE:
                self._session.read(Source(self._at, passphrase=answer))
            case str():
                self._session.read(Source(self._at, home=answer))

    @Slot()
    def _ask_file(self) -> None:
        self._ask_path("importFileDialog", "The file to import", QFileDialog.FileMode.ExistingFile)

    @Slot()
    def _ask_folder(self) -> None:
        self._ask_path("importFolderDialog", "The folder to import", QFileDialog.FileMode.Directory)

    def _ask_path(self, name: str, title: str, mode: QFileDialog.FileMode) -> None:
        dialog = QFileDialog(self, title)
        dialog.setObjectName(name)
        dialog.setFileMode(mode)
        dialog.setFilter(dialog.filter() | QDir.Filter.Hidden)  # ~/.lnget and its like are hidden
        dialog.fileSelected.connect(self._take_path)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def _take_path(self, chosen: str) -> None:
        if chosen:
            self.read(Path(chosen))

    @Slot()
    def show_view(self) -> None:
        """Draw what the session knows."""
        view, before = self._session.view, self._step
        self._step = step = view.step
        found, is_busy = view.found, step in (Step.READING, Step.TAKING)
        for part in (self.path, self.file, self.folder):
            part.setEnabled(step is not Step.TAKING)
        self._empty.setVisible(step is Step.CHOOSE)
        self._show_notice()
        asks = found is not None and found.ask is not None and step in (Step.FOUND, Step.READING)
        self.question.show_found(found if asks else None, is_busy=is_busy)
        self._show_lines()
        can_take = step is Step.FOUND and found is not None and not found.is_empty
        self.go.setVisible(step is not Step.TAKEN)
        self.go.setEnabled(can_take)
        self.go.setText(_go_words(found, view.done if step is Step.TAKING else None))
        self.close_button.setText("Done" if step is Step.TAKEN else "Close")
        if step is not before:
            self._move_focus(found if asks else None, can_take=can_take)

    def _show_notice(self) -> None:
        said = _notice(self._session.view)
        if said is None:
            self.notice.hide()
        elif said != self._said or not self.notice.isVisible():  # else a reader would say it at every step
            self.notice.show_notice(*said)
        self._said = said

    def _show_lines(self) -> None:
        view = self._session.view
        lines: list[words.Line] = []
        if view.found is not None and view.taken is not None:
            lines = words.taken_lines(view.taken, view.found)
        elif view.found is not None:
            lines = words.found_lines(view.found)
        if self._step is not Step.TAKING or not self.list.isVisible():
            self.list.show_lines(lines)
        self._spring.setVisible(not lines and self._step is not Step.CHOOSE)

    def _move_focus(self, asking: Found | None, *, can_take: bool) -> None:
        """The keyboard goes where the next step is made."""
        if asking is not None and self._step is Step.FOUND:
            self.question.take_focus()
        elif can_take:
            self.go.setFocus()
        elif self._step in (Step.TAKING, Step.TAKEN):
            self.close_button.setFocus()

    def done(self, result: int) -> None:
        """Nothing that was read stays in memory; an import under way goes on, and is told when this is opened again."""
        if self._step is not Step.TAKING:
            self._session.forget()
            self.path.clear()
        super().done(result)

    @Slot()
    def close_for_lock(self) -> None:
        """The vault was locked: nothing of a store stays, and nothing more is taken in."""
        self._session.forget()
        self.reject()


def _go_words(found: Found | None, done: int | None) -> str:
    if found is None or found.is_empty:
        return "Import"
    return words.import_words(found) if done is None else f"{done:,} of {found.tokens + found.pending:,}…"


def _notice(view: ImportView) -> tuple[str, str, str] | None:
    """How serious it is, what happened, and what else is to be said."""
    found = view.found
    if view.step is Step.TAKING and found is not None:
        return "info", f"Taking in {words.count(found.tokens + found.pending)}…", "You may close this; it goes on."
    if view.taken is not None and found is not None:
        severity = "good" if view.taken.kept or view.taken.awaited else "info"
        return severity, words.taken_title(view.taken), words.taken_sentence(view.taken, found)
    if view.refusal:
        if found is not None:
            return "danger", "The import stopped", sentences(view.refusal, GOES_ON)
        return "danger", "Nothing can be imported from there", view.refusal
    if found is not None:
        severity = "warning" if found.is_empty and found.ask is None else "info"
        return severity, words.found_title(found), words.found_sentence(found)
    return ("info", "Looking at what is there…", "") if view.step is Step.READING else None
