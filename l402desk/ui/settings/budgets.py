"""The budgets in the settings: three caps, the wallets that may pay by themselves inside them, and an exchange rate."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from l402desk.ledger.budgets import Caps
from l402desk.ledger.rate import Rate
from l402desk.protocol.amount import MOST, MSAT_PER_SAT, Msat
from l402desk.session.budgets import Arming, BudgetsSession, BudgetsView
from l402desk.ui.settings.rows import caption
from l402desk.ui.style import GAP, set_role
from l402desk.ui.widgets.fields import line_field
from l402desk.ui.widgets.text import label, visible

WHY = (
    "A payment that would break a budget is not made before you say so. With all three set, a wallet you allow to may"
    " pay by itself, and only what has no warning: never after a redirect, never what a link or an import filled in."
)
ASK = "ask every time"
_FIGURE = 120


class BudgetsSection(QWidget):
    """Applies what is typed when the field is left; what cannot be read is said beside it, and changes nothing."""

    def __init__(self, budgets: BudgetsSession) -> None:
        super().__init__()
        self.setObjectName("budgetsSection")
        self._budgets = budgets
        self._payment = _amount_field("budgetPayment", "Most per payment, in sats")
        self._host = _amount_field("budgetHostDay", "Most per host in 24 hours, in sats")
        self._day = _amount_field("budgetDay", "Most over all in 24 hours, in sats")
        self._currency = line_field(name="rateCurrency", label="Currency of the exchange rate", placeholder="EUR")
        self._per_btc = line_field(name="ratePerBtc", label="What one bitcoin is worth", placeholder="no rate")
        self._spent = label(role="dim", name="budgetSpent", wrap=True)
        self._says = label(role="caution", name="budgetProblem", wrap=True)
        self._armed = QVBoxLayout()
        self._boxes: list[QCheckBox] = []
        for field in (self._payment, self._host, self._day):
            field.editingFinished.connect(self._set_caps)
        for field in (self._currency, self._per_btc):
            field.editingFinished.connect(self._set_rate)
        budgets.changed.connect(self.show_budgets)
        budgets.went_wrong.connect(self._say)
        self._lay_out()
        self.show_budgets()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP.LARGE)
        grid.setVerticalSpacing(GAP.SMALL)
        grid.setColumnStretch(2, 1)
        rows = (("Per payment", self._payment), ("Per host, 24 hours", self._host), ("Over all, 24 hours", self._day))
        for row, (words, field) in enumerate(rows):
            field.setMaximumWidth(_FIGURE * 2)
            grid.addWidget(caption(words), row, 0)
            grid.addWidget(field, row, 1)
            grid.addWidget(label("sats"), row, 2)
        rate = QHBoxLayout()
        rate.setSpacing(GAP.LARGE)
        self._currency.setMaximumWidth(_FIGURE // 2)
        self._per_btc.setMaximumWidth(_FIGURE * 2)
        for part in (caption("One bitcoin is worth"), self._per_btc, self._currency):
            rate.addWidget(part)
        rate.addStretch(1)
        self._armed.setSpacing(GAP.HAIR)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.SMALL)
        column.addWidget(label(WHY, role="dim", wrap=True))
        column.addLayout(grid)
        column.addWidget(self._spent)
        column.addWidget(label("May pay by themselves, inside all three", role="strong"))
        column.addLayout(self._armed)
        column.addWidget(label("Exchange rate", role="strong"))
        column.addLayout(rate)
        column.addWidget(
            label(
                "Yours to type: the app asks nobody. Each payment keeps the rate of its day.",
                role="dim",
                wrap=True,
            )
        )
        column.addWidget(self._says)
        self._says.hide()

    @Slot()
    def show_budgets(self) -> None:
        view = self._budgets.view
        for field, cap in (
            (self._payment, view.caps.payment), (self._host, view.caps.host_day), (self._day, view.caps.day)
        ):  # fmt: skip
            field.setText("" if cap is None else _figure(cap))
        self._currency.setText(view.rate.currency if view.rate else "")
        self._per_btc.setText(f"{view.rate.per_btc:,f}".replace(",", " ") if view.rate else "")
        for part in (self._payment, self._host, self._day, self._currency, self._per_btc):
            part.setEnabled(view.is_open)
        self._show_spent(view)
        self._show_wallets(view.wallets, view.caps.is_complete)

    def _show_spent(self, view: BudgetsView) -> None:
        if not view.is_open:
            self._spent.setText("Unlock the vault to see and change the budgets.")
        elif view.spent_day is not None:
            self._spent.setText(f"In the last 24 hours: {view.spent_day.words()} spent or on their way.")

    def _show_wallets(self, wallets: tuple[Arming, ...], complete: bool) -> None:
        if [box.property("wallet") for box in self._boxes] != [arming.wallet for arming in wallets]:
            for box in self._boxes:
                self._armed.removeWidget(box)
                box.hide()
                box.deleteLater()
            self._boxes = [_box(number, arming) for number, arming in enumerate(wallets)]
            for box in self._boxes:
                box.clicked.connect(self._arm)
                self._armed.addWidget(box)
        for box, arming in zip(self._boxes, wallets, strict=True):
            box.setChecked(arming.is_armed or arming.is_play)
            box.setEnabled(complete and not arming.is_play)

    @Slot(bool)
    def _arm(self, is_armed: bool) -> None:
        box = self.sender()
        if isinstance(box, QCheckBox):
            self._budgets.arm(str(box.property("wallet")), is_armed)

    @Slot()
    def _set_caps(self) -> None:
        try:
            caps = Caps(_read(self._payment), _read(self._host), _read(self._day))
        except ValueError as error:
            self._say(str(error))
            return
        self._says.hide()
        if caps != self._budgets.view.caps:
            self._budgets.set_caps(caps)

    @Slot()
    def _set_rate(self) -> None:
        currency, per_btc = self._currency.text().strip(), self._per_btc.text().strip()
        if bool(currency) != bool(per_btc):
            return  # half of it is still to be typed
        try:
            rate = Rate.read(currency, per_btc) if per_btc else None
        except ValueError as error:
            self._say(f"{str(error)[:1].upper()}{str(error)[1:]}.")
            return
        self._says.hide()
        if rate != self._budgets.view.rate:
            self._budgets.set_rate(rate)

    @Slot(object)
    def _say(self, sentence: object) -> None:
        self._says.setText(str(sentence))
        set_role(self._says, "caution")
        self._says.show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._budgets.refresh()


def _amount_field(name: str, words: str) -> QLineEdit:
    made = line_field(name=name, label=words, placeholder=ASK)
    made.setMaxLength(24)
    return made


def _figure(amount: Msat) -> str:
    whole, rest = divmod(amount.value, MSAT_PER_SAT)
    text = f"{whole:,}".replace(",", " ")
    return f"{text}.{rest:03}".rstrip("0") if rest else text


def _read(field: QLineEdit) -> Msat | None:
    """Sats as typed, ``1 000``, ``1,000`` or ``1000``; None for an empty field. Raises ValueError."""
    figure = "".join(field.text().split()).replace(",", "").replace("\u202f", "")
    if not figure:
        return None
    if not figure.isascii() or not figure.isdecimal() or int(figure) * MSAT_PER_SAT > MOST:
        raise ValueError(f"“{visible(field.text(), 24)}” is no number of sats. The budgets are as they were.")
    return Msat.of_sats(int(figure))


def _box(number: int, arming: Arming) -> QCheckBox:
    words = visible(arming.wallet, 40) + (" (play money: always)" if arming.is_play else "")
    made = QCheckBox(words.replace("&", "&&"))
    made.setObjectName(f"armWallet{number}")
    made.setAccessibleName(f"{words} may pay by itself")
    made.setProperty("wallet", arming.wallet)
    return made
