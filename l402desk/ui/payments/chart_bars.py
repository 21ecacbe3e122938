"""What the spending chart draws: bars from sums, the hosts that get a colour of their own, and each bar in words."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from l402desk.ledger.sums import HostSum, Span, SpanSum, Spent
from l402desk.protocol.text import visible
from l402desk.session.payment_listing import Summary
from l402desk.ui.payments.sums_strip import breakdown
from l402desk.ui.payments.wording import MONTHS

OWN = 4
"""Hosts with a colour of their own; all others share the last one."""


@dataclass(frozen=True, slots=True)
class Bar:
    """``parts`` are (colour slot, msat), bottom first; ``words`` say all of it, ``label`` stands at the axis."""

    label: str
    words: str
    parts: tuple[tuple[int, int], ...]

    @property
    def total(self) -> int:
        return sum(msat for _slot, msat in self.parts)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the legend."""

    slot: int
    host: str
    amount: str


def host_of(origin: str) -> str:
    """The host as people read it; ``http://`` stays visible."""
    return visible(urlsplit(origin).netloc if origin.startswith("https://") else origin.removeprefix("http://"), 80)


def span_bars(summary: Summary) -> tuple[Bar, ...]:
    """One bar a day or month, stacked by host."""
    slots = _slots(summary.hosts)
    return tuple(_span_bar(bar, summary.span, slots) for bar in summary.bars)


def host_bars(summary: Summary) -> tuple[Bar, ...]:
    """One bar a host that was paid, the dearest first."""
    return tuple(
        Bar(host_of(host.origin), f"{host_of(host.origin)}: {breakdown(host.spent)}", ((min(n, OWN), _paid(host)),))
        for n, host in enumerate(summary.hosts)
        if host.spent.bought
    )


def legend(summary: Summary) -> tuple[Entry, ...]:
    """The dearest hosts of what is listed, and the others together."""
    paid = [host for host in summary.hosts if host.spent.bought]
    entries = [Entry(n, host_of(host.origin), host.spent.total.words()) for n, host in enumerate(paid[:OWN])]
    others = paid[OWN:]
    if others:
        rest = sum((host.spent for host in others), Spent())
        entries.append(Entry(OWN, f"{len(others)} other{'' if len(others) == 1 else 's'}", rest.total.words()))
    return tuple(entries)


def nice_top(most: int) -> int:
    """The round number (1, 2 or 5 times a power of ten) at which the axis ends; at least one sat."""
    top = 1_000
    while True:
        for step in (1, 2, 5):
            if top * step >= most:
                return top * step
        top *= 10


def _slots(hosts: tuple[HostSum, ...]) -> dict[str, int]:
    return {host.origin: min(n, OWN) for n, host in enumerate(host for host in hosts if host.spent.bought)}


def _span_bar(bar: SpanSum, span: Span, slots: dict[str, int]) -> Bar:
    day = bar.start
    month = MONTHS[day.month - 1]
    label = month if span is Span.MONTH else f"{day.day} {month}"
    name = f"{month} {day.year}" if span is Span.MONTH else f"{day.day} {month} {day.year}"
    by_slot: dict[int, int] = {}
    for host in bar.hosts:
        slot = slots.get(host.origin, OWN)
        by_slot[slot] = by_slot.get(slot, 0) + _paid(host)
    parts = tuple((slot, msat) for slot, msat in sorted(by_slot.items()) if msat)
    paid = [host for host in bar.hosts if host.spent.bought]
    hosts = ", ".join(f"{host_of(host.origin)} {host.spent.total.words()}" for host in paid[:OWN])
    more = f" and {len(paid) - OWN} more" if len(paid) > OWN else ""
    detail = f" ({hosts}{more})" if paid else ""
    words = f"{breakdown(bar.spent)}{detail}" if bar.hosts else "nothing"
    return Bar(label, f"{name}: {words}", parts)


def _paid(host: HostSum) -> int:
    return host.spent.total.value
