"""An exchange rate that the user typed: what a payment was worth in money of the country when it was made."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from l402desk.protocol.amount import MSAT_PER_BTC, Msat

_SMALL = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Rate:
    """``per_btc`` units of ``currency`` (three capital letters, ISO 4217) are worth one bitcoin. Raises ValueError."""

    currency: str
    per_btc: Decimal

    def __post_init__(self) -> None:
        if not (len(self.currency) == 3 and self.currency.isascii() and self.currency.isalpha()):
            raise ValueError("a currency has three letters, such as EUR")
        if self.currency != self.currency.upper():
            raise ValueError("a currency is written in capitals")
        if not self.per_btc.is_finite() or not 0 < self.per_btc < Decimal(10) ** 15:
            raise ValueError("a rate is a number above zero")

    @classmethod
    def read(cls, currency: str, per_btc: str) -> Rate:
        """As a person types it: ``eur``, ``85,000.50`` or ``85 000.5``. Raises ValueError."""
        figure = per_btc.replace(",", "").replace(" ", "").replace("\u202f", "").replace("\u00a0", "")
        if len(figure) > 24:
            raise ValueError("a rate is a number above zero")
        try:
            return cls(currency.strip().upper(), Decimal(figure))
        except InvalidOperation as error:
            raise ValueError("a rate is a number above zero") from error

    def of(self, amount: Msat) -> Decimal:
        """The worth of an amount, exactly."""
        return self.per_btc * amount.value / MSAT_PER_BTC

    def words(self, amount: Msat) -> str:
        """``≈ 0.02 EUR``; what is less than a hundredth says so."""
        worth = self.of(amount)
        if 0 < worth < _SMALL:
            return f"< {_SMALL} {self.currency}"
        return f"≈ {worth.quantize(_SMALL, ROUND_HALF_EVEN):,} {self.currency}"
