"""Everything that can be done with a token, as menu entries with their keys: one list for table, menu and buttons."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from l402desk.ui.assets import set_icon
from l402desk.vault.tokens import RESTRICTED, TokenState, TokenSummary


@dataclass(frozen=True, slots=True)
class Entry:
    """A word for the program, one for people, an icon, and the keys that do it: in the table, or ``everywhere``."""

    word: str
    text: str
    icon: str
    keys: str = ""
    everywhere: bool = False


ENTRIES = (
    Entry("use", "Use in request", "send"),
    Entry("test", "Test for free", "refresh"),
    Entry("copy", "Copy header", "copy", "Ctrl+C"),
    Entry("restrict", "Restrict and share…", "link"),
    Entry("scope", "Change where it is sent…", "globe"),
    Entry("rename", "Rename", "edit", "F2", everywhere=True),
    Entry("note", "Write a note", "edit", "Shift+F2", everywhere=True),
    Entry("spent", "Mark as used up", "check"),
    Entry("again", "Mark as usable", "undo"),
    Entry("payment", "Show its payment", "receipt"),
    Entry("trash", "Move to trash", "trash", "Del"),
    Entry("restore", "Take out of the trash", "undo"),
    Entry("forget", "Delete for ever…", "trash", "Del"),
)


class TokenActions(QObject):
    """The actions for the current token; `wanted` carries the word of the one that was chosen."""

    wanted = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        group = QActionGroup(self)
        group.setExclusive(False)
        self._actions: dict[str, QAction] = {}
        for entry in ENTRIES:
            made = QAction(entry.text, group)
            made.setObjectName(f"token{entry.word.title()}Action")
            made.setData(entry.word)
            set_icon(made, entry.icon, "danger" if entry.word == "forget" else "normal")
            if entry.keys:
                made.setShortcut(QKeySequence(entry.keys))
                # Del and Ctrl+C mean something else in a field or a tree beside the table.
                near, far = Qt.ShortcutContext.WidgetShortcut, Qt.ShortcutContext.WidgetWithChildrenShortcut
                made.setShortcutContext(far if entry.everywhere else near)
            self._actions[entry.word] = made
        group.triggered.connect(self._tell)
        self.allow(None)

    @property
    def all(self) -> list[QAction]:
        return [*self._actions.values()]

    @property
    def everywhere(self) -> list[QAction]:
        """Those whose keys work wherever the keyboard is on the page."""
        return [self._actions[entry.word] for entry in ENTRIES if entry.everywhere]

    def of(self, word: str) -> QAction:
        return self._actions[word]

    def allow(self, token: TokenSummary | None, reason: str = "") -> None:
        """Offer what can be done with this token; ``reason`` says why it cannot be restricted, if it cannot."""
        words = possible(token)
        for word, action in self._actions.items():
            action.setVisible(
                word in words or (token is not None and word in _SHOWN_DISABLED and "restore" not in words)
            )
            action.setEnabled(word in words and not (word == "restrict" and reason))

    @Slot(object)
    def _tell(self, action: object) -> None:
        assert isinstance(action, QAction)
        self.wanted.emit(action.data())


_SHOWN_DISABLED = ("restrict", "test", "payment")


def possible(token: TokenSummary | None) -> frozenset[str]:
    """The words of what can be done with a token in the state it is in."""
    if token is None:
        return frozenset()
    if token.state is TokenState.TRASHED:
        return frozenset({"restore", "forget"} | ({"payment"} if token.purchase_id else set()))
    words = {"rename", "note", "trash", "scope"}
    if token.is_intact:
        words |= {"use", "test", "copy", "restrict"}
    words.add("again" if token.state in (TokenState.SPENT, TokenState.REFUSED) else "spent")
    if token.purchase_id is not None and token.source != RESTRICTED:
        words.add("payment")
    return frozenset(words)
