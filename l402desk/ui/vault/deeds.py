"""Does what is wanted with a token: asks first only where money would be lost, and offers to undo the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from l402desk.session.token_jobs import TokenAccount
from l402desk.session.tokens import TokensSession
from l402desk.ui.widgets.notice import NoticeBar
from l402desk.vault.scope import Reach
from l402desk.vault.tokens import TokenSummary

if TYPE_CHECKING:
    from l402desk.ui.vault.restrict_dialog import RestrictDialog
    from l402desk.ui.vault.scope_dialog import ScopeDialog

_YES, _NO, _UNDO = "yes", "no", "undo"


class TokenDeeds(QObject):
    """`use_wanted` carries a token and the path to ask for, `header_wanted` a token, `payment_wanted` a purchase's id.

    What must be asked or can be undone is said in ``notice``; all the rest goes to the session at once.
    """

    use_wanted = Signal(object, object)
    header_wanted = Signal(object)
    payment_wanted = Signal(object)

    def __init__(self, tokens: TokensSession, notice: NoticeBar, window: QWidget) -> None:
        super().__init__(window)
        self._tokens = tokens
        self._notice = notice
        self._window = window
        self._asked: tuple[str, TokenSummary] | None = None
        self._trashed = ""
        self._scope: ScopeDialog | None = None
        self._restrict: RestrictDialog | None = None
        notice.action_pressed.connect(self._answer)
        notice.dismissed.connect(self._forget_question)
        tokens.trashed.connect(self._offer_undo)
        tokens.forgotten.connect(self._tell_deleted)
        tokens.copied.connect(self._tell_copy)
        tokens.went_wrong.connect(self._tell_failure)

    def do(self, word: str, token: TokenSummary, account: TokenAccount | None = None) -> None:
        """Do what an action of `token_actions` says; ``account`` is that of this token, if it came already."""
        at_once = {
            "test": self._tokens.attempt,
            "again": self._tokens.use_again,
            "spent": self._tokens.mark_spent,
            "copy": self.header_wanted.emit,
            "restrict": self._ask_restriction,
            "trash": self._trash,
            "forget": self._ask_forget,
        }
        if word in at_once:
            at_once[word](token)
        elif word == "use":
            self.use_wanted.emit(token, _path_to_use(token, account))
        elif word == "scope":
            self._ask_scope(token, account)
        elif word == "payment":
            self.payment_wanted.emit(token.purchase_id)
        elif word == "restore":
            self._tokens.restore(token.id)

    def _trash(self, token: TokenSummary) -> None:
        if not token.is_unused_and_paid or token.price is None:
            self._tokens.trash(token)
            return
        self._asked = ("trash", token)
        self._notice.show_notice(
            "warning",
            f"Put “{_name(token)}” in the trash?",
            f"You paid {token.price.words()} for it and have not used it yet. In the trash it is kept, and not sent.",
            ((_YES, "Move to trash"), (_NO, "Keep it")),
        )

    def _ask_forget(self, token: TokenSummary) -> None:
        paid = (
            "" if token.price is None else f" You paid {token.price.words()} for it, and used it {_times(token.uses)}."
        )
        self._asked = ("forget", token)
        self._notice.show_notice(
            "danger",
            f"Delete “{_name(token)}” for ever?",
            f"The vault forgets it and its history; nobody can bring it back.{paid}",
            ((_YES, "Delete for ever"), (_NO, "Keep it")),
        )

    @Slot(object)
    def _answer(self, word: object) -> None:
        asked, self._asked = self._asked, None
        self._notice.hide()
        if word == _UNDO and self._trashed:
            self._tokens.restore(self._trashed)
            self._trashed = ""
        elif word == _YES and asked is not None:
            deed, token = asked
            (self._tokens.trash if deed == "trash" else self._tokens.forget)(token)

    @Slot()
    def _forget_question(self) -> None:
        self._asked = None

    @Slot(object)
    def _offer_undo(self, token: TokenSummary) -> None:
        self._trashed, self._asked = token.id, None
        self._notice.show_notice(
            "info", f"“{_name(token)}” is in the trash", "It is kept, and no longer sent.", ((_UNDO, "Undo"),)
        )

    @Slot(object)
    def _tell_deleted(self, token: TokenSummary) -> None:
        self._notice.show_notice("info", f"“{_name(token)}” is deleted")

    @Slot(object)
    def _tell_copy(self, copy: TokenSummary) -> None:
        self._notice.show_notice(
            "good",
            f"“{_name(copy)}” is in the vault",
            "The original stays as it is, and is sent before its copy.",
        )

    def tell_missing(self) -> None:
        """What was looked for is not in the vault."""
        self._notice.show_notice(
            "info", "The vault holds no token of this payment", "It was never kept, or was deleted for ever."
        )

    @Slot(object)
    def _tell_failure(self, sentence: object) -> None:
        self._asked = None
        self._notice.show_notice("danger", "The vault could not do that", str(sentence))

    def _ask_scope(self, token: TokenSummary, account: TokenAccount | None) -> None:
        if self._scope is None:
            from l402desk.ui.vault.scope_dialog import ScopeDialog  # noqa: PLC0415 - not before it is wanted

            self._scope = ScopeDialog(self._window)
            self._scope.scope_chosen.connect(self._tokens.set_scope)
        self._scope.ask(token, _path_to_use(token, account))

    def _ask_restriction(self, token: TokenSummary) -> None:
        if self._restrict is None:
            from l402desk.ui.vault.restrict_dialog import RestrictDialog  # noqa: PLC0415 - not before it is wanted

            self._restrict = RestrictDialog(self._window)
            self._restrict.copy_wanted.connect(self._tokens.copy_restricted)
            self._restrict.keep_wanted.connect(self._tokens.keep_restricted)
        self._restrict.ask(token)


def _path_to_use(token: TokenSummary, account: TokenAccount | None) -> str:
    """Where it would be sent: for a whole host or a part of it, where it opened something last."""
    if token.scope.reach is not Reach.EXACT and account is not None and account.token.id == token.id:
        for use in account.uses:
            if 200 <= use.status < 300 and use.path and token.scope.covers(use.path):
                return use.path
    return token.scope.path


def _name(token: TokenSummary) -> str:
    return token.title or token.origin.authority


def _times(uses: int) -> str:
    return "never" if not uses else "once" if uses == 1 else f"{uses:,} times"
