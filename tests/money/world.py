"""What is true, kept apart from the ledger: time, money that left, what each purchase must be, what may be spent."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from l402desk.ledger.budgets import DAY_S, Caps
from l402desk.ledger.purchases import PHONE, Intent
from l402desk.ledger.uptime import Uptime
from l402desk.protocol.amount import Msat
from tests.fakes.purchased import NOW

OPEN = ("intent", "submitted", "unknown", "paid-without-proof")
ENDS = ("settled", "failed", "unknown", "paid-without-proof")
STEPS = {
    "offered": ("intent", *ENDS),
    "intent": ("submitted", *ENDS),
    "submitted": ENDS,
    "unknown": ENDS,
    "paid-without-proof": ("settled", "paid-without-proof"),
    "failed": ("settled", "paid-without-proof"),
    "settled": (),
}
"""Written down once more, so that a slip in the product's own table is seen."""


class Time:
    """A wall clock that anybody can set, and the time since the boot, which nobody can."""

    def __init__(self) -> None:
        self.wall = NOW
        self.up = 1_000
        self.boot = 1

    def pass_(self, seconds: int) -> None:
        self.wall += seconds
        self.up += seconds

    def jump(self, seconds: int) -> None:
        self.wall = max(self.wall + seconds, 1)

    def reboot(self) -> None:
        self.boot += 1
        self.up = 10

    def clock(self) -> float:
        return self.wall + 0.5

    def uptime(self) -> Uptime:
        return Uptime(f"boot {self.boot}", self.up)


@dataclass(slots=True)
class Bought:
    """A purchase as it must be. ``dispatched`` counts how often its invoice was given to a wallet."""

    id: str
    number: int
    intent: Intent
    place: tuple[str, str]
    state: str = "offered"
    rail: str | None = None
    despite: bool = False
    fee: int | None = None
    reserved: tuple[int, int, int] | None = None
    """Wall clock, boot and time since that boot, when it began to count."""
    dispatched: int = 0
    consented: bool = False
    proof: str | None = None
    has_token: bool = False

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def counted(self) -> int:
        """The worst case until the truth is known, in msat."""
        amount, limit = self.intent.amount.value, self.intent.fee_limit.value
        if self.state == "settled":
            return amount + (self.fee if self.fee is not None else 0 if self.rail == PHONE else limit)
        return amount + limit if self.is_open else 0

    def counts(self, time: Time) -> bool:
        """Is it of the last twenty-four hours, by the wall clock or by the time since this boot?"""
        if self.reserved is None:
            return False
        wall, boot, up = self.reserved
        return wall > time.wall - DAY_S or (boot == time.boot and up > time.up - DAY_S)


@dataclass(slots=True)
class World:
    """All of it. What is spent is summed here in the plainest way there is."""

    time: Time = field(default_factory=Time)
    bought: dict[str, Bought] = field(default_factory=dict)
    caps: Caps = field(default_factory=Caps)
    armed: set[str] = field(default_factory=set)

    def spent(self, *, host: str | None = None, but: str = "") -> int:
        """Of the last twenty-four hours, in msat."""
        return sum(
            one.counted
            for one in self.bought.values()
            if one.id != but and one.counts(self.time) and host in (None, str(one.intent.origin))
        )

    def fits(self, one: Bought) -> bool:
        """Would paying this now keep to every cap?"""
        costs = one.intent.amount.value + one.intent.fee_limit.value
        host = self.spent(host=str(one.intent.origin), but=one.id)
        day = self.spent(but=one.id)
        return all(
            cap is None or spent + costs <= cap.value
            for cap, spent in ((self.caps.payment, 0), (self.caps.host_day, host), (self.caps.day, day))
        )

    def blocked(self, one: Bought) -> bool:
        """Is another purchase of the same thing open?"""
        return any(o.is_open and o.place == one.place and o.number != one.number for o in self.bought.values())

    def set_cap(self, which: int, msat: int | None) -> None:
        names = ("payment", "host_day", "day")
        self.caps = replace(self.caps, **{names[which % 3]: None if msat is None else Msat(msat)})
