from __future__ import annotations

import json
import re

import pytest

from l402desk.protocol.amount import Msat
from l402desk.wallets.catalogue import KINDS
from l402desk.wallets.cln_powers import most, powers, warnings
from l402desk.wallets.cln_rune import Rune
from l402desk.wallets.connection import Kind
from tests.harness.cln import LEAST, make_rune

NOW = 1_700_000_000.0


def a_rune(*restrictions: tuple[str, ...]) -> Rune:
    rune = Rune.read(make_rune(*restrictions))
    assert rune is not None
    return rune


def test_the_powers_are_told_the_least_first() -> None:
    assert powers(a_rune(*LEAST)) == ("look payments up", "tell the balance", "pay, 1\u202f000 sats at a time at most")
    assert powers(a_rune(("method=xpay",))) == ("pay",)
    assert powers(a_rune(("method^list", "method^get"))) == ("look payments up", "tell the balance")
    assert powers(a_rune())[-2:] == ("pay", "do everything that this node can do")
    assert powers(a_rune(("method/pay",)))[-1] == "stop the node"
    assert powers(None) == ()


def test_the_rune_that_we_advise_has_nothing_to_beware_of_but_its_pace() -> None:
    assert [words.partition(" ")[0] for words in warnings(a_rune(*LEAST), NOW)] == ["The"]
    assert "600 questions a minute" in warnings(a_rune(*LEAST), NOW)[0]


@pytest.mark.parametrize(
    ("restrictions", "words"),
    [
        ((), "may do everything with the node"),
        ((("method/stop",),), "more than this app needs: open channels, close channels, send coins away on-chain"),
        ((("method=xpay", "method=listpays"),), "no limit to what one payment may cost"),
        ((("method=xpay",),), "not look payments up"),
        ((("method=xpay", "method=listpays"),), "may not ask which network"),
        ((("per=10min",),), "one question every 10 minutes at most"),
        ((("time<1700000060",),), "ends at 2023-11-14 22:14 UTC"),
        ((("time<1699999000",),), "ended at"),
    ],
)
def test_what_to_beware_of_is_told(restrictions: tuple[tuple[str, ...], ...], words: str) -> None:
    assert words in " ".join(warnings(a_rune(*restrictions), NOW))


def test_a_rune_that_cannot_be_read_is_said_to_be_one() -> None:
    assert "cannot be read" in warnings(None, NOW)[0]


def test_a_rune_that_looks_alone_needs_no_words_about_paying() -> None:
    assert warnings(a_rune(("method^list", "method^get", "method=summary")), NOW) == ()


def test_a_limit_with_a_way_around_it_is_none() -> None:
    around = a_rune(("method=xpay", "method=pay"), ("method/xpay", "pinvinvstring_amount<1001"))
    assert most(around) is None
    assert "no limit" in " ".join(warnings(around, NOW))
    assert most(a_rune(("method=xpay",), ("pinvinvstring_amount<1001",))) == Msat(1_000)


def test_the_command_in_the_instructions_makes_a_rune_that_pays_within_a_limit_and_no_more() -> None:
    found = re.search(r"restrictions='(.+)'", KINDS[Kind.CLN].rights)
    assert found is not None
    rune = a_rune(*(tuple(alternatives) for alternatives in json.loads(found[1])))
    assert powers(rune) == ("look payments up", "tell the balance", "pay, 1\u202f000 sats at a time at most")
    assert [words.partition(" ")[0] for words in warnings(rune, NOW)] == ["The"]
