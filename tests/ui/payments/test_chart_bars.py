"""The bars of the chart: stacked by host, the dearest in their own colours, and never a payment left out."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from l402desk.ledger.sums import HostSum, Span, SpanSum, Spent
from l402desk.protocol.amount import Msat
from l402desk.session.payment_listing import Summary
from l402desk.ui.payments.chart_bars import OWN, host_bars, host_of, legend, nice_top, span_bars

DAY = date(2026, 11, 24)


def host(name: str, msat: int) -> HostSum:
    return HostSum(f"https://{name}.example", Spent(1, Msat(msat)))


HOSTS = tuple(host(name, msat) for name, msat in zip("abcdef", (60, 50, 40, 30, 20, 10), strict=True))


def test_hosts_are_read_without_https_alone() -> None:
    assert host_of("https://a.example") == "a.example"
    assert host_of("http://127.0.0.1:8402") == "127.0.0.1:8402"
    assert "\u202e" not in host_of("https://a\u202eb.example")


def test_the_dearest_hosts_keep_their_colour_on_every_day() -> None:
    bars = (SpanSum(DAY, (host("f", 10), host("b", 5))), SpanSum(DAY + timedelta(1), (host("e", 1), host("b", 2))))
    first, second = span_bars(Summary(bars=bars, hosts=HOSTS))
    assert first.parts == ((1, 5), (OWN, 10))
    assert second.parts == ((1, 2), (OWN, 1))
    assert (first.total, second.total) == (15, 3)


def test_a_bar_says_its_day_its_sum_and_its_hosts() -> None:
    (bar, empty) = span_bars(Summary(bars=(SpanSum(DAY, (host("a", 21_000),)), SpanSum(DAY, ())), hosts=HOSTS))
    assert bar.label == "24 Nov"
    assert bar.words == "24 Nov 2026: 21 sats in 1 payment (a.example 21 sats)"
    assert empty.words == "24 Nov 2026: nothing"
    (month,) = span_bars(Summary(span=Span.MONTH, bars=(SpanSum(DAY.replace(day=1), HOSTS),), hosts=HOSTS))
    assert month.label == "Nov"
    assert month.words.startswith("Nov 2026: 0.21 sats in 6 payments")
    assert month.words.endswith("d.example 0.03 sats and 2 more)")


def test_the_legend_names_the_dearest_and_counts_the_others() -> None:
    entries = legend(Summary(hosts=HOSTS))
    assert [entry.host for entry in entries] == ["a.example", "b.example", "c.example", "d.example", "2 others"]
    assert entries[-1].amount == "0.03 sats"
    assert legend(Summary()) == ()
    assert legend(Summary(hosts=HOSTS[:5]))[-1].host == "1 other"


def test_hosts_have_a_bar_each_and_those_never_paid_none() -> None:
    waiting = HostSum("https://w.example", Spent(waiting=1, in_flight=Msat(9)))
    bars = host_bars(Summary(hosts=(*HOSTS, waiting)))
    assert [bar.label[0] for bar in bars] == list("abcdef")
    assert bars[5].parts == ((OWN, 10),)
    assert bars[0].words == "a.example: 0.06 sats in 1 payment"


@given(st.integers(0, 5 * 10**18))
def test_the_axis_ends_at_a_round_number_that_is_enough_and_not_far_away(most: int) -> None:
    top = nice_top(most)
    assert top >= max(most, 1_000)
    assert str(top).rstrip("0") in ("1", "2", "5")
    assert most <= 1_000 or top < 2.5 * most + 1
