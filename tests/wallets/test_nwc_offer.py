from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.amount import Msat
from l402desk.protocol.network import Network
from l402desk.wallets.examining import WalletBudget
from l402desk.wallets.nwc_offer import Info, Offer, Speech, read_balance, read_budget


@pytest.mark.parametrize(
    ("tags", "speaks"),
    [
        ([], (Speech.NIP04,)),
        ([("encryption", "nip04")], (Speech.NIP04,)),
        ([("encryption", "nip04 nip44_v2")], (Speech.NIP44, Speech.NIP04)),
        ([("encryption", "nip44_v2")], (Speech.NIP44,)),
        ([("encryption", "nip44_v2", "nip04")], (Speech.NIP44, Speech.NIP04)),
        ([("encryption", "nip44_v2,nip04")], (Speech.NIP44, Speech.NIP04)),
        ([("encryption", "nip44_v3")], ()),
        ([("encryption",)], (Speech.NIP04,)),
        ([("v", "0.0 1.0")], (Speech.NIP44,)),
        ([("v", "0.0")], (Speech.NIP04,)),
        ([("v", "1.0"), ("encryption", "nip04")], (Speech.NIP04,)),
    ],
)
def test_the_encryptions_of_a_service(tags: list[tuple[str, ...]], speaks: tuple[Speech, ...]) -> None:
    assert Offer.read("pay_invoice", tags).speaks == speaks


@pytest.mark.parametrize(
    ("content", "methods"),
    [
        ("pay_invoice get_balance", {"pay_invoice", "get_balance"}),
        ("pay_invoice,get_balance\n get_info", {"pay_invoice", "get_balance", "get_info"}),
        ("", set()),
        ("<b>pay</b> PAY_INVOICE pay_invoice", {"pay_invoice"}),
    ],
)
def test_the_methods_of_a_service(content: str, methods: set[str]) -> None:
    assert Offer.read(content, []).methods == methods
    assert len(Offer.read(" ".join(f"m{n}" for n in range(10_000)), []).methods) == 64


def test_whether_it_notifies() -> None:
    assert Offer.read("", [("notifications", "payment_received payment_sent")]).notifies
    assert not Offer.read("", [("notifications", "payment_received")]).notifies
    assert not Offer.read("", []).notifies


@pytest.mark.parametrize(
    ("told", "info"),
    [
        ({}, Info()),
        ({"alias": "  Hub\n", "network": "mainnet"}, Info("Hub", Network.MAINNET)),
        ({"network": "bitcoin"}, Info("", Network.MAINNET)),
        ({"network": "Signet"}, Info("", Network.SIGNET)),
        ({"network": "liquid", "alias": 7, "methods": "pay"}, Info()),
        ({"methods": ["pay_invoice", 7, "a b"]}, Info(methods=frozenset({"pay_invoice"}))),
        ({"methods": []}, Info()),
    ],
)
def test_what_get_info_tells(told: dict[str, Any], info: Info) -> None:
    assert Info.read(told) == info


@pytest.mark.parametrize(
    ("told", "budget"),
    [
        (None, None),
        ({}, None),
        ({"total_budget": 0, "used_budget": 0}, None),
        ({"total_budget": "x"}, None),
        (
            {"used_budget": 1_000, "total_budget": 5_000, "renewal_period": "monthly", "renews_at": 1_800_000_000},
            WalletBudget(Msat(1_000), Msat(5_000), "monthly", 1_800_000_000),
        ),
        (
            {"used_budget": -1, "total_budget": 5_000, "renewal_period": "never", "renews_at": True},
            WalletBudget(None, Msat(5_000)),
        ),
        ({"total_budget": 5_000, "renewal_period": ["daily"]}, WalletBudget(None, Msat(5_000))),
    ],
)
def test_what_get_budget_tells(told: dict[str, Any] | None, budget: WalletBudget | None) -> None:
    assert read_budget(told) == budget


def test_what_get_balance_tells() -> None:
    assert read_balance({"balance": 7}) == Msat(7)
    for told in (None, {}, {"balance": "7"}, {"balance": -7}, {"balance": 7.5}, {"balance": True}):
        assert read_balance(told) is None


@given(st.text(), st.lists(st.lists(st.text(max_size=12), max_size=4).map(tuple), max_size=6))
def test_whatever_an_info_event_holds_is_read(content: str, tags: list[tuple[str, ...]]) -> None:
    offer = Offer.read(content, tags)
    assert set(offer.speaks) <= set(Speech)
    assert all(name.isascii() and " " not in name for name in offer.methods)
