"""Amounts of bitcoin on Lightning, exact to the millisatoshi."""

from __future__ import annotations

from dataclasses import dataclass

from l402desk.protocol.errors import AmountError

MSAT_PER_SAT = 1_000
MSAT_PER_BTC = 100_000_000 * MSAT_PER_SAT
MOST = 21_000_000 * MSAT_PER_BTC
NARROW_SPACE = "\u202f"


@dataclass(frozen=True, slots=True, order=True)
class Msat:
    """A whole number of millisatoshi (1 sat = 1,000 msat), from zero to 21 million bitcoin.

    Raises AmountError when it is built from anything else. Never a float, never rounded on the way in.
    """

    value: int

    def __post_init__(self) -> None:
        if type(self.value) is not int:
            raise AmountError("an amount is a whole number of millisatoshi")
        if not 0 <= self.value <= MOST:
            raise AmountError("an amount is between zero and 21 million bitcoin")

    @classmethod
    def of_sats(cls, sats: int) -> Msat:
        return cls(sats * MSAT_PER_SAT)

    def __add__(self, other: Msat) -> Msat:
        return Msat(self.value + other.value)

    def __sub__(self, other: Msat) -> Msat:
        return Msat(self.value - other.value)

    def __bool__(self) -> bool:
        return self.value > 0

    @property
    def sats_rounded_up(self) -> int:
        """Whole satoshi, rounded up: what a wallet that counts in satoshi has to send."""
        return -(-self.value // MSAT_PER_SAT)

    def figure(self) -> str:
        """The number of satoshi with grouped digits and no unit: ``21``, ``1 234.567`` (narrow no-break spaces)."""
        whole, rest = divmod(self.value, MSAT_PER_SAT)
        text = f"{whole:,}".replace(",", NARROW_SPACE)
        return f"{text}.{rest:03}".rstrip("0") if rest else text

    @property
    def unit(self) -> str:
        return "sat" if self.value == MSAT_PER_SAT else "sats"

    def words(self) -> str:
        """The amount as people say it: ``21 sats``, ``1 sat``, ``0.5 sats``."""
        return f"{self.figure()} {self.unit}"


ZERO = Msat(0)
