from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.amount import Msat
from l402desk.wallets.cln_rune import Alternative, Rune
from tests.harness.cln import LEAST, make_rune

# Three of lightning-createrune(7) and lightning-decode(7), made by nodes.
UNRESTRICTED = "zFMd1fjhrAYxUeFA54TjloZqOt8JrA_i_nYwIgXkag49MA=="
READONLY = (
    "_RWaZZRI7wAYU2hqlFBmYgC_dFczcpAdI_9O87YbDpg9MCZtZXRob2RebGlzdHxtZXRob2ReZ2V0fG1ldGhvZD1zdW1tYXJ5Jm1ldGhvZC9saXN0"
    "ZGF0YXN0b3Jl"
)
OF_A_PEER = (
    "tU-RLjMiDpY2U0o3W1oFowar36RFGpWloPbW9-RuZdo9MyZpZD0wMjRiOWExZmE4ZTAwNmYxZTM5MzdmNjVmNjZjNDA4ZTZkYThlMWNhNzI4ZWE0"
    "MzIyMmE3MzgxZGYxY2M0NDk2MDUmbWV0aG9kPWxpc3RwZWVycyZwbnVtPTEmcG5hbWVpZF4wMjRiOWExZmE4ZTAwNmYxZTM5M3xwYXJyMF4wMjRi"
    "OWExZmE4ZTAwNmYxZTM5MyZ0aW1lPDE2NTY5MjA1MzgmcmF0ZT0y"
)


def read(text: str) -> Rune:
    rune = Rune.read(text)
    assert rune is not None
    return rune


def with_restrictions(*restrictions: str) -> Rune:
    return read(make_rune(*(tuple(restriction.split("|")) for restriction in restrictions)))


def test_a_fresh_rune_of_a_node_may_do_everything() -> None:
    rune = read(UNRESTRICTED)
    assert (rune.restrictions, rune.payer, rune.may_do_everything) == ((), "xpay", True)
    assert (rune.most("xpay"), rune.pace, rune.ends_at) == (None, "", None)


def test_a_readonly_rune_of_a_node_looks_and_does_not_pay() -> None:
    rune = read(READONLY)
    assert str(rune) == "method^list|method^get|method=summary & method/listdatastore"
    assert all(rune.may(method) for method in ("listpays", "getinfo", "listpeerchannels", "listfunds"))
    assert not rune.may("listdatastore")
    assert (rune.payer, rune.may_do_everything) == (None, False)


def test_what_a_rune_of_a_node_says_of_time_and_pace_is_read() -> None:
    rune = read(OF_A_PEER)
    assert rune.restrictions[1:3] == ((Alternative("method", "=", "listpeers"),), (Alternative("pnum", "=", "1"),))
    assert (rune.ends_at, rune.pace) == (1_656_920_538, "2 questions a minute")
    assert not rune.may("listpeers")  # its peer's id is not told over REST


def test_the_rune_that_we_advise_pays_within_its_limit() -> None:
    rune = read(make_rune(*LEAST))
    assert (rune.payer, rune.most("xpay"), rune.most("pay")) == ("xpay", Msat(1_000_000), Msat(1_000_000))
    assert not any(rune.may(method) for method in ("withdraw", "createrune", "listfunds"))


def test_the_better_method_is_taken_and_the_other_one_where_it_is_not_allowed() -> None:
    assert with_restrictions("method=pay|method=listpays").payer == "pay"
    assert with_restrictions("method=pay|method=xpay").payer == "xpay"
    assert with_restrictions("method=listpays").payer is None


@pytest.mark.parametrize(
    ("alternative", "holds"),
    [
        ("method=xpay", True),
        ("method/xpay", False),
        ("method^xp", True),
        ("method$pay", True),
        ("method~pa", True),
        ("method~list", False),
        ("method{z", True),
        ("method}z", False),
        ("method!", False),
        ("method<7", False),
        ("method#whatever", True),
        ("id=02", False),
        ("id!", True),
        ("parr0=x", False),
        ("parr0!", True),
        ("pinvinvstring_amount<5", True),
        ("pinvbolt11_amount<5", False),
        ("pnamemaxfee<5", True),
        ("pnameretryfor<50", True),  # as it was written before 24.05
        ("pnameretry_for!", False),
        ("pnameamount_msat<5", False),  # we send none, the invoice has it
        ("pnameamount_msat!", True),
        ("pnum=4", True),
        ("time<5", True),
        ("rate=1", True),
    ],
)
def test_a_condition_is_judged_by_what_we_send(alternative: str, holds: bool) -> None:
    assert with_restrictions(alternative).may("xpay") is holds
    assert with_restrictions("method=listpays", alternative).may("xpay") is False
    assert with_restrictions(f"method=listpays|{alternative}").may("xpay") is holds


def test_the_limit_is_the_least_of_all_restrictions_and_the_most_of_each_ones_alternatives() -> None:
    rune = with_restrictions("pinvinvstring_amount<5001|pinvinvstring_amount<9001", "pinvinvstring_amount<7001")
    assert rune.most("xpay") == Msat(7_000)
    assert with_restrictions("pinvinvstring_amount<5|method=xpay").most("xpay") is None
    assert with_restrictions("method/xpay|pinvinvstring_amount<5").most("pay") is None
    assert with_restrictions("pinvinvstring_amount<0").most("xpay") == Msat(0)
    assert with_restrictions("pinvinvstring_amount<much").most("xpay") is None


@pytest.mark.parametrize(
    ("restriction", "words"),
    [
        ("rate=60", "60 questions a minute"),
        ("rate=1", "1 question a minute"),
        ("per=5sec", "one question every 5 seconds"),
        ("per=1min", "one question every minute"),
        ("per=90", "one question every 90 seconds"),
        ("per=2day", "one question every 2 days"),
        ("rate=60|method=getinfo", ""),
        ("per=5msec", ""),
        ("rate<60", ""),
    ],
)
def test_the_pace_is_told_in_words(restriction: str, words: str) -> None:
    assert with_restrictions(restriction).pace == words


def test_a_backslash_takes_the_meaning_from_what_follows() -> None:
    rune = with_restrictions(r"pnamelabel=a\\b")
    assert rune.restrictions == ((Alternative("pnamelabel", "=", r"a\b"),),)
    raw = base64.urlsafe_b64encode(bytes(32) + rb"=1&description#a\|b\&c").decode()
    assert read(raw).restrictions == ((Alternative("description", "#", "a|b&c"),),)


def test_a_rune_without_a_number_is_one_too() -> None:
    raw = base64.urlsafe_b64encode(bytes(32) + b"method=pay").decode().rstrip("=")
    assert read(raw).payer == "pay"
    assert read(base64.urlsafe_b64encode(bytes(32)).decode()).may_do_everything


@pytest.mark.parametrize(
    "junk",
    [
        "",
        "a",
        "abc*",
        "rune with spaces",
        base64.urlsafe_b64encode(bytes(31)).decode(),
        base64.urlsafe_b64encode(bytes(32) + b"=1&method").decode(),
        base64.urlsafe_b64encode(bytes(32) + b"=1&a-b=c").decode(),
        base64.urlsafe_b64encode(bytes(32) + b"=1&\xff=c").decode(),
        base64.urlsafe_b64encode(bytes(32) + b"=1&").decode(),
    ],
)
def test_what_is_no_rune_is_none(junk: str) -> None:
    assert Rune.read(junk) is None


def test_the_seal_shows_nowhere() -> None:
    rune = make_rune(*LEAST)
    seal = base64.urlsafe_b64decode(rune)[:32].hex()
    for shown in (repr(read(rune)), str(read(rune))):
        assert rune not in shown
        assert seal not in shown


@given(
    st.text(max_size=60) | st.binary(max_size=60).map(lambda raw: base64.urlsafe_b64encode(bytes(32) + raw).decode())
)
def test_whatever_it_is_it_is_read_or_not_and_never_raises(text: str) -> None:
    rune = Rune.read(text)
    if rune is not None:
        assert isinstance(rune.may("xpay"), bool)
        assert isinstance(rune.most("xpay"), Msat | None)
        assert str(rune).isprintable()
        assert isinstance(rune.pace, str)
        assert rune.ends_at is None or isinstance(rune.ends_at, int)
