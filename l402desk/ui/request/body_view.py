"""The body of an answer; its ``tools`` (lay out, find, copy, save) stand wherever the pane puts them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from l402desk.client.answer import Answer
from l402desk.ui.request.body_pane import BodyPane
from l402desk.ui.request.body_text import BodyKind
from l402desk.ui.request.find_bar import FindBar
from l402desk.ui.request.image_view import ImageView
from l402desk.ui.request.save_body import BodySaver, safe_name
from l402desk.ui.request.shown_body import ShownBody, shown_body
from l402desk.ui.style import GAP
from l402desk.ui.widgets.announce import announce
from l402desk.ui.widgets.buttons import ghost_button, icon_button
from l402desk.ui.widgets.text import elided_label, set_tool_tip

_GONE = "The body was not kept: its temporary file is gone. Send the request again to see it."


class BodyView(QWidget):
    """``saved`` carries in words how saving ended."""

    saved = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answer: Answer | None = None
        self._shown = ShownBody(BodyKind.EMPTY, "")
        self._saver: BodySaver | None = None
        self._narrow = False
        self._text = BodyPane()
        self._image = ImageView()
        self._find = FindBar(self._text)
        self._note = elided_label(role="dim", name="bodyNote")
        self._pretty = ghost_button("Pretty", name="prettyButton", label="Lay out the JSON, or show it as it was sent")
        self._pretty.setCheckable(True)
        self._pretty.setChecked(True)
        self._search = icon_button("search", name="findButton", label="Find in the body (Ctrl+F)", tint="dim")
        self._copy = icon_button("copy", name="copyBodyButton", label="Copy the shown body", tint="dim")
        self._save = icon_button("download", name="saveBodyButton", label="Save the whole body…", tint="dim")
        set_tool_tip(self._pretty, "Lay out the JSON, or show it as it was sent")
        self._pretty.toggled.connect(self.show_again)
        self._search.clicked.connect(self.open_find)
        self._copy.clicked.connect(self.copy)
        self._save.clicked.connect(self.ask_where)
        self._arrange()

    def _arrange(self) -> None:
        self.tools = QWidget()
        tools = QHBoxLayout(self.tools)
        tools.setContentsMargins(0, 0, GAP.SMALL, 0)
        tools.setSpacing(GAP.HAIR // 2)
        for button in (self._pretty, self._search, self._copy, self._save):
            tools.addWidget(button)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._text)
        self._pages.addWidget(self._image)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP.HAIR, GAP.SMALL, GAP.HAIR, GAP.HAIR)
        layout.setSpacing(GAP.HAIR)
        self._note.setContentsMargins(GAP.MEDIUM, 0, GAP.MEDIUM, 0)
        layout.addWidget(self._note)
        layout.addWidget(self._find)
        layout.addWidget(self._pages, 1)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)  # anywhere, while a body is on the screen
        find.activated.connect(self.open_find)
        self.setFocusProxy(self._text)

    def set_narrow(self, narrow: bool) -> None:
        """Fewer tools: the tabs beside them need the room, and finding has its key."""
        self._narrow = narrow
        self._show_tools()

    def _show_tools(self) -> None:
        is_text = self._shown.image is None
        self._pretty.setVisible(self._shown.pretty is not None)
        self._search.setVisible(is_text and not self._narrow)
        self._copy.setVisible(is_text)

    def show_answer(self, answer: Answer) -> None:
        self._answer = answer
        try:
            self._shown = shown_body(answer.body, next(iter(answer.header_values("Content-Type")), ""))
        except OSError:
            self._shown = ShownBody(BodyKind.EMPTY, "", note=_GONE)
        if self._shown.image is not None:
            self._image.set_image(self._shown.image)
        self._pages.setCurrentIndex(0 if self._shown.image is None else 1)
        self._show_tools()
        self._save.setEnabled(answer.body.size > 0)
        self.show_again()

    def show_again(self) -> None:
        """Show the body laid out or raw, as the switch says."""
        text = self._text_shown
        self._say(self._shown.note)
        kind = self._shown.kind
        self._text.show_body(text, coloured=kind is BodyKind.JSON, wrapped=kind is not BodyKind.BINARY)
        if self._find.isVisible():
            self._find.find_from_start()

    def open_find(self) -> None:
        """Open the find bar, where there is text to look through."""
        if self._shown.image is None:
            self._find.open_bar()

    def copy(self) -> None:
        """Copy the shown text whole, without the line breaks that are only for the eye."""
        QGuiApplication.clipboard().setText(self._text_shown)
        self._say("Copied.")
        announce(self, "Copied")

    @property
    def _text_shown(self) -> str:
        pretty = self._shown.pretty if self._pretty.isChecked() else None
        return self._shown.raw if pretty is None else pretty

    def _say(self, words: str) -> None:
        self._note.setText(words)
        self._note.setVisible(bool(words))

    # ---- saving

    def ask_where(self) -> None:
        """Open the save dialog with a name that is safe whatever the server called it."""
        if self._answer is None:
            return
        disposition = next(iter(self._answer.header_values("content-disposition")), "")
        name = safe_name(disposition, self._answer.url, self._answer.content_type)
        dialog = QFileDialog(self, "Save the body")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.selectFile(name)
        dialog.fileSelected.connect(self._save_as)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _save_as(self, chosen: str) -> None:
        if chosen and self._answer is not None:
            self.save_to(Path(chosen))

    def save_to(self, target: Path) -> None:
        """Copy the whole body to ``target``; ``saved`` tells how it ended."""
        if self._answer is None or self._saver is not None:
            return
        self._saver = BodySaver(self._answer.body, target, self)
        self._saver.finished.connect(self._tell_saved)
        self._saver.failed.connect(self._tell_failed)
        self._save.setEnabled(False)
        self._saver.start()

    def end(self) -> None:
        """Give up a save that has not ended; nothing half written stays."""
        if self._saver is not None:
            self._saver.stop()
            self._saver = None

    def _tell_saved(self) -> None:
        self._end_saving("Saved.")

    def _tell_failed(self, why: object) -> None:
        self._end_saving(f"Not saved: {why}.")

    def _end_saving(self, words: str) -> None:
        if self._saver is not None:
            self._saver.deleteLater()
        self._saver = None
        self._save.setEnabled(True)
        self._say(words)
        announce(self, words)
        self.saved.emit(words)
