"""Exporting tokens: which ones, sealed for this app or in clear for lnget, and to a place where nothing is yet."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QDir, QSize, Slot
from PySide6.QtWidgets import QButtonGroup, QDialog, QFileDialog, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from l402desk.protocol.text import visible
from l402desk.session.export_jobs import Which
from l402desk.session.transfers import ExportSession
from l402desk.ui.style import GAP, set_role
from l402desk.ui.vault import transfer_words as words
from l402desk.ui.vault.transfer_list import TransferList
from l402desk.ui.vault.unlock import SHORTEST, secret_field
from l402desk.ui.widgets.buttons import button, primary_button
from l402desk.ui.widgets.card import ScrollColumn
from l402desk.ui.widgets.notice import NoticeBar
from l402desk.ui.widgets.text import elided_label, label
from l402desk.vault.tokens import TokenSummary

SIZE, LEAST = QSize(600, 580), QSize(420, 400)
ENDING = ".l402tokens"
NO_PLACE = "nothing chosen yet"
ALONE = "Nobody can recover the passphrase for you: the file opens with nothing else."


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be exported: ``total`` tokens with those in the trash, the ``listed`` ones where the list is not all of
    them, and the ``chosen`` one.
    """

    total: int
    listed: Which | None = None
    chosen: TokenSummary | None = None


class ExportDialog(QDialog):
    """Follows an `ExportSession`. It is not modal; nothing typed stays in it when it closes."""

    def __init__(self, session: ExportSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportDialog")
        self.setWindowTitle("Export tokens")
        self._session = session
        self._offer = Offer(0)
        self._place: Path | None = None
        self._kinds, self._whiches = QButtonGroup(self), QButtonGroup(self)
        self.all = _choice("allExportButton", self._whiches)
        self.listed = _choice("listedExportButton", self._whiches)
        self.chosen = _choice("chosenExportButton", self._whiches)
        self.sealed = _choice("sealedExportButton", self._kinds, "One sealed file, for this app")
        self.lnget = _choice("lngetExportButton", self._kinds, "A folder for lnget, not sealed")
        self.first = secret_field("exportPassphraseField", "Passphrase of the file")
        self.second = secret_field("exportPassphraseAgainField", "The same passphrase again")
        self._about = label(wrap=True, name="exportAbout")
        self._says = label(wrap=True, role="caution", name="exportProblem")
        self.choose = button("Choose…", name="exportPlaceButton", icon="folder", label="Choose where it is written")
        self._shown = elided_label(NO_PLACE, mode="middle", role="dim", name="exportPlace")
        self.notice = NoticeBar(name="exportNotice", dismissible=False)
        self.list = TransferList(name="exportList", label="What was written and left out")
        self.go = primary_button("Export", name="exportButton", icon="upload")
        self.close_button = button("Close", name="exportCloseButton")
        self._form, self._spring = QWidget(), QWidget()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP.HUGE, GAP.HUGE, GAP.HUGE, GAP.LARGE)
        column.setSpacing(GAP.MEDIUM)
        column.addWidget(label("Export tokens", role="title"))
        self._fill_form()
        middle = ScrollColumn(name="exportScroll", spacing=GAP.MEDIUM)
        middle.body.addWidget(self._form)
        middle.body.addWidget(self.notice)
        middle.body.addWidget(self.list, 1)
        middle.body.addWidget(self._spring, 1)
        column.addWidget(middle, 1)
        ends = QHBoxLayout()
        ends.setSpacing(GAP.SMALL)
        ends.addStretch(1)
        ends.addWidget(self.close_button)
        ends.addWidget(self.go)
        column.addLayout(ends)
        self.setMinimumSize(LEAST)

    def _fill_form(self) -> None:
        column = QVBoxLayout(self._form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.SMALL)
        for choice in (self.all, self.listed, self.chosen):
            column.addWidget(choice)
        column.addSpacing(GAP.MEDIUM)
        for part in (self.sealed, self.lnget, self._about, self.first, self.second, self._says):
            column.addWidget(part)
        row = QHBoxLayout()
        row.setSpacing(GAP.SMALL)
        row.addWidget(self.choose)
        row.addWidget(self._shown, 1)
        column.addLayout(row)

    def _connect(self) -> None:
        self._session.changed.connect(self.show_view)
        self.sealed.toggled.connect(self._turn)
        for group in (self._whiches, self._kinds):
            group.buttonClicked.connect(self._begin_anew)
        for field in (self.first, self.second):
            field.textChanged.connect(self._check)
        self.choose.clicked.connect(self._ask_place)
        self.go.clicked.connect(self._give)
        self.close_button.clicked.connect(self.reject)
        self.sealed.setChecked(True)

    def sizeHint(self) -> QSize:
        return SIZE

    def begin(self, offer: Offer) -> None:
        """Show the dialog with what can be exported now; an export under way is shown as it is."""
        if not self._session.view.is_running:
            self._session.forget()
            self._offer = offer
            self.all.setText(f"Everything: {words.count(offer.total)}, those in the trash too")
            self.listed.setVisible(offer.listed is not None)
            numbers = () if offer.listed is None or offer.listed.numbers is None else offer.listed.numbers
            self.listed.setText(f"The {words.count(len(numbers))} listed now")
            self.chosen.setVisible(offer.chosen is not None)
            self.chosen.setText("" if offer.chosen is None else f"{_name(offer.chosen)} alone")
            for choice in (self.all, self.listed, self.chosen):
                choice.setAccessibleName(choice.text().replace("&&", "&"))
            self.all.setChecked(True)
        self.show_view()
        self.show()
        self.raise_()
        self.activateWindow()
        self.all.setFocus()

    @property
    def _which(self) -> Which:
        if self.listed.isChecked() and self._offer.listed is not None:
            return self._offer.listed
        if self.chosen.isChecked() and self._offer.chosen is not None:
            return Which(ids=(self._offer.chosen.id,))
        return Which()

    @Slot()
    def _turn(self) -> None:
        """The other kind wants another place."""
        is_sealed = self.sealed.isChecked()
        self._about.setText(ALONE if is_sealed else words.LNGET_WARNING)
        set_role(self._about, "dim" if is_sealed else "caution")
        for field in (self.first, self.second):
            field.setVisible(is_sealed)
            field.clear()
        self._take_place("")
        self.choose.setText("Choose the file…" if is_sealed else "Choose the folder…")

    @Slot()
    def _begin_anew(self) -> None:
        self._session.forget()

    @Slot()
    def _ask_place(self) -> None:
        dialog = QFileDialog(self, "Where the export goes")
        dialog.setObjectName("exportPlaceDialog")
        if self.sealed.isChecked():
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.setFileMode(QFileDialog.FileMode.AnyFile)
            # Nothing is ever replaced: to ask about it would promise that.
            dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
            dialog.setDefaultSuffix(ENDING.removeprefix("."))
            dialog.selectFile(f"L402 tokens {time.strftime('%Y-%m-%d')}{ENDING}")
        else:
            dialog.setFileMode(QFileDialog.FileMode.Directory)
            dialog.setFilter(dialog.filter() | QDir.Filter.Hidden)
        dialog.fileSelected.connect(self._take_place)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def _take_place(self, chosen: str) -> None:
        self._place = Path(chosen) if chosen else None
        self._shown.setText(chosen or NO_PLACE)
        self._session.forget()
        self._check()

    def _problem(self) -> str:
        first, second = self.first.text(), self.second.text()
        if not self.sealed.isChecked() or not first:
            return ""
        if len(first) < SHORTEST:
            return f"Use at least {SHORTEST} characters; a few unrelated words are best."
        return "The two are not the same yet." if second and first != second else ""

    @Slot()
    def _check(self) -> None:
        problem, is_running = self._problem(), self._session.view.is_running
        self._says.setText(problem)
        self._says.setVisible(bool(problem))
        is_typed = bool(self.first.text()) and self.first.text() == self.second.text()
        is_ready = self._place is not None and not problem and (is_typed or not self.sealed.isChecked())
        self.go.setEnabled(is_ready and not is_running)

    @Slot()
    def _give(self) -> None:
        if self._place is None:
            return
        if self.sealed.isChecked():
            self._session.seal(self._which, self._place, self.first.text())
        else:
            self._session.lay_out_for_lnget(self._which, self._place)

    @Slot()
    def show_view(self) -> None:
        """Draw what the session knows."""
        view = self._session.view
        done = view.exported
        for part in (self.all, self.listed, self.chosen, self.sealed, self.lnget, self.first, self.second, self.choose):
            part.setEnabled(not view.is_running)
        self._form.setVisible(done is None)
        self.go.setVisible(done is None)
        self.go.setText("Exporting…" if view.is_running else "Export")
        self.close_button.setText("Close" if done is None else "Done")
        self._check()
        if done is not None:
            self._forget_typed()
            severity = "good" if done.tokens + done.pending else "warning"
            self.notice.show_notice(severity, words.exported_title(done), words.exported_sentence(done))
            self.close_button.setFocus()
        elif view.refusal:
            self.notice.show_notice("danger", "Nothing was exported", view.refusal)
        else:
            self.notice.hide()
        lines = [] if done is None else words.exported_lines(done)
        self.list.show_lines(lines)
        self._spring.setVisible(not lines)

    def _forget_typed(self) -> None:
        for field in (self.first, self.second):
            field.clear()

    def done(self, result: int) -> None:
        self._forget_typed()
        self._session.forget()
        super().done(result)


def _choice(name: str, group: QButtonGroup, text: str = "") -> QRadioButton:
    made = QRadioButton(text)
    made.setObjectName(name)
    made.setAccessibleName(text)
    group.addButton(made)
    return made


def _name(token: TokenSummary) -> str:
    """An ampersand would become an underline."""
    return f"“{visible(token.title or token.origin.authority, 60)}”".replace("&", "&&")
