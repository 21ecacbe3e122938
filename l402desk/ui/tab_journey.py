"""Connects one request tab with its exchange: what the user does becomes a wish, what happened becomes visible."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal, Slot

from l402desk.client.answer import Answer
from l402desk.client.errors import SendError
from l402desk.client.request import RequestDraft
from l402desk.engine.view import JourneyView
from l402desk.protocol.commands import Outcome
from l402desk.protocol.exchange import Phase
from l402desk.protocol.origin import path_of
from l402desk.session.exchange import ExchangeSession
from l402desk.session.lock import LockSession
from l402desk.session.wallets import WalletsSession
from l402desk.ui.request.history import HistoryItem
from l402desk.ui.request.request_tab import RequestTab
from l402desk.ui.request.timing_view import Step
from l402desk.ui.widgets.text import sentences

if TYPE_CHECKING:
    from l402desk.ui.challenge.panel import ChallengePanel
    from l402desk.ui.payment.dialog import PaymentDialog
    from l402desk.vault.tokens import TokenSummary

IN_CHALLENGE = (
    Phase.CHALLENGED,
    Phase.RECORDING,
    Phase.OFFERED,
    Phase.PAYING,
    Phase.UNKNOWN,
    Phase.NO_PROOF,
    Phase.KEEPING,
)
NOBODY_KNOWS = (Phase.UNKNOWN, Phase.NO_PROOF)
MONEY = "Payment"
"""The name of the step in a timeline that is the payment."""
UNPAYABLE = (
    "Only a 402 asks for a payment",
    "This answer carries an offer to pay as well, but its status says that nothing is due. The app pays nothing here.",
)


@dataclass(frozen=True, slots=True)
class Shared:
    """What all tabs of a window share."""

    lock: LockSession
    wallets: WalletsSession


class TabJourney(QObject):
    """Lives as long as its tab. `happened` carries a line for the history; `unlock_wanted` opens the vault's dialog.

    `ended` comes after a send, a delivery, and when a payment becomes one that nobody knows the end of.
    """

    happened = Signal(object)
    ended = Signal()
    unlock_wanted = Signal()

    def __init__(self, tab: RequestTab, exchange: ExchangeSession, shared: Shared) -> None:
        super().__init__(tab)
        self._tab = tab
        self._exchange = exchange
        self._shared = shared
        self._wants_to_pay = False
        self._phase = Phase.IDLE
        self._noted: Answer | SendError | None = None
        self._dialog: PaymentDialog | None = None
        self._panel: ChallengePanel | None = None
        exchange.setParent(self)
        self._connect()

    def _connect(self) -> None:
        tab, exchange = self._tab, self._exchange
        tab.send_requested.connect(self._send)
        tab.cancel_requested.connect(exchange.cancel)
        tab.notice.action_pressed.connect(self._act)
        exchange.changed.connect(self._show)
        exchange.finished.connect(self.ended)
        self._shared.lock.opened.connect(self._pay_after_unlock)
        self._shared.wallets.changed.connect(self._show_wallets)

    @property
    def panel(self) -> ChallengePanel:
        """The challenge panel of the tab, made at its first 402."""
        if self._panel is None:
            panel = self._tab.challenge
            assert hasattr(panel, "pay_requested")
            self._panel = cast("ChallengePanel", panel)
            self._panel.pay_requested.connect(self._pay)
            self._panel.again_requested.connect(self._tab.builder.send)
        return self._panel

    @property
    def dialog(self) -> PaymentDialog:
        """The payment dialog of the tab, made at its first payment."""
        if self._dialog is None:
            from l402desk.ui.payment.dialog import PaymentDialog  # noqa: PLC0415 - not before the first payment

            self._dialog = PaymentDialog(self._tab.window())
            self._dialog.wallet_chosen.connect(self._pay_with)
            self._dialog.over_budget_chosen.connect(self._pay_over_budget)
            self._dialog.proof_given.connect(self._prove)
            self._dialog.proof.other_proof_given.connect(self._prove)
            self._dialog.keep_again.connect(self._exchange.keep_again)
        return self._dialog

    def end(self) -> None:
        """The tab is closing: stop waiting, decline what is only offered. A payment under way goes on alone."""
        self._exchange.cancel()
        if self._exchange.view.phase is Phase.OFFERED:
            self._exchange.close_payment()
        if self._dialog is not None:
            self._dialog.deleteLater()

    @Slot(object)
    def _send(self, draft: RequestDraft) -> None:
        self._exchange.send(draft)
        self._show_wallets()

    @Slot(object)
    def _pay(self, _index: object) -> None:
        view = self._exchange.view
        if view.phase is Phase.CHALLENGED and not self._shared.lock.is_open:
            self._wants_to_pay = True
            self.unlock_wanted.emit()
            return
        if view.phase is Phase.CHALLENGED:
            self._exchange.open_payment()
        self._open_dialog()

    @Slot()
    def _pay_after_unlock(self) -> None:
        if not self._wants_to_pay:
            return
        self._wants_to_pay = False
        if self._shared.lock.view.may_hold:  # the request was sent without a token: what is held is tried before paying
            self._tab.builder.send()
        else:
            self._pay(None)

    def give_up_unlocking(self) -> None:
        """The user would not unlock the vault: nothing is paid behind their back later."""
        self._wants_to_pay = False

    def _open_dialog(self) -> None:
        self.dialog.show_wallets(self._shared.wallets.cards_to_pay(self._exchange.view), afresh=True)
        self.dialog.show_view(self._exchange.view)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    @Slot(object)
    def _pay_with(self, wallet: object) -> None:
        self._exchange.pay_with(str(wallet))

    @Slot(object)
    def _pay_over_budget(self, wallet: object) -> None:
        self._exchange.pay_with(str(wallet), over_budget=True)

    @Slot(object)
    def _prove(self, text: object) -> None:
        self._exchange.prove(str(text))

    @Slot(object)
    def _act(self, word: object) -> None:
        match word:
            case "again":
                self._exchange.deliver_again()
            case "elsewhere":
                self._ask_where()
            case "despite":
                self._exchange.open_payment(despite_open=True)
                self._open_dialog()
            case "use-held" if self._exchange.draft is not None and self._exchange.view.candidates:
                self._exchange.send(self._exchange.draft, token_id=self._exchange.view.candidates[0].id)

    def _ask_where(self) -> None:
        """A shop may sell at one address and hand out at another: the user names it, and the token goes there, free."""
        from l402desk.ui.request.claim_dialog import ClaimDialog  # noqa: PLC0415 - not before it is wanted

        answer, draft = self._exchange.view.answer, self._exchange.draft
        if draft is None:
            return
        dialog = ClaimDialog(
            answer.method if answer is not None else draft.method,
            answer.url if answer is not None else draft.full_url(),
            self._tab.window(),
        )
        dialog.address_given.connect(self._deliver_elsewhere)
        dialog.open()

    @Slot(object, object)
    def _deliver_elsewhere(self, method: object, url: object) -> None:
        self._exchange.deliver_again(str(url), str(method))

    @Slot()
    def _show_wallets(self) -> None:
        if self._dialog is not None:
            self._dialog.show_wallets(self._shared.wallets.cards_to_pay(self._exchange.view))

    @Slot()
    def _show(self) -> None:
        view = self._exchange.view
        before, self._phase = self._phase, view.phase
        if view.phase is not before and view.phase in NOBODY_KNOWS:
            self.ended.emit()  # the wait for the wallet goes on; what is known of the money has changed
        self._tab.holds_proof = view.unkept_proof is not None
        self._show_place(view)
        self._show_notice(view)
        if self._dialog is not None:
            self._dialog.show_view(view)
        came = view.answer if view.answer is not None else view.error
        if came is not None and came is not self._noted:
            self._noted = came
            self._note(view)

    def _show_place(self, view: JourneyView) -> None:
        if view.phase in IN_CHALLENGE or view.outcome is Outcome.PAYMENT_FAILED:
            self.panel.show_view(view)
            self._tab.show_challenge()
        elif view.phase in (Phase.SENDING, Phase.DELIVERING):
            self._tab.show_sending(view.received_bytes)
        elif view.error is not None and view.answer is None:
            self._tab.show_error(view.error)
        elif view.answer is not None:
            self._tab.show_answer(view.answer, _before(view), _token_words(view))
        else:
            self._tab.show_empty()

    def _show_notice(self, view: JourneyView) -> None:
        notice = view.notice
        if notice is None and view.outcome is Outcome.ANSWERED and view.inspections:
            self._tab.notice.show_notice("info", *UNPAYABLE)
            return
        if notice is None and view.phase is Phase.CHALLENGED and view.candidates:
            self._tab.notice.show_notice("info", *held_words(view.candidates[0], len(view.candidates)))
            return
        if notice is None:
            self._tab.notice.hide()
            return
        actions = []
        if view.can_retry:
            actions.append(("again", "Try the delivery again"))
            actions.append(("elsewhere", "Elsewhere…"))
        if view.blocking is not None:
            actions.append(("despite", "Pay this one too…"))
        sentence = sentences(notice.sentence, notice.remedy)
        self._tab.notice.show_notice(notice.tone, notice.title, sentence, actions)

    def _note(self, view: JourneyView) -> None:
        draft, answer = self._exchange.draft, view.answer
        if draft is None:
            return
        price = view.inspections[0].amount if view.inspections else None
        self.happened.emit(
            HistoryItem(
                at=time.time(),
                method=draft.method,
                path=path_of(answer.url if answer is not None else draft.full_url()),
                status=answer.status if answer is not None else None,
                price_text=price.words() if price is not None else "",
                draft=draft,
            )
        )


def held_words(token: TokenSummary, count: int) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """A token that is held already may save this payment: what it is, and the free way to find out."""
    method = f"{token.method} " if token.method else ""
    more = f" ({count - 1} more in the vault)" if count > 1 else ""
    return (
        "You already hold a token for this host",
        f"“{token.title or 'token'}”, kept for {method}{token.scope}{more}. It is not sent here by itself."
        " Trying it costs nothing.",
        (("use-held", "Try it here"),),
    )


def _before(view: JourneyView) -> tuple[Step, ...]:
    """What came before the answer that is shown; that one, the last step, is measured in its own parts."""
    names = {"Answer": "First answer, which asked for a payment"}
    return tuple(
        Step(names.get(step.name, step.name), step.ms, role="accent" if step.name == MONEY else "link")
        for step in view.steps[:-1]
    )


def _token_words(view: JourneyView) -> str:
    if view.answer is None or view.token is None or not view.answer.authorization_sent:
        return ""
    return f"sent with your token · use {max(view.token.uses, 1)}"
