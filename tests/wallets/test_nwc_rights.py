from __future__ import annotations

from l402desk.protocol.amount import Msat
from l402desk.wallets.examining import WalletBudget
from l402desk.wallets.nwc_offer import Speech
from l402desk.wallets.nwc_rights import NEEDED, Rights, powers

BUDGET = WalletBudget(None, Msat(5_000))


def test_powers_are_told_in_words_the_least_first() -> None:
    methods = {"sign_message", "pay_keysend", "multi_pay_keysend", "pay_invoice", "get_info", "lookup_invoice", "fly"}
    assert powers(methods) == (
        "look payments up",
        "pay",
        "pay without an invoice",
        "sign messages with the node's key",
        "use “fly”",
    )
    assert powers(()) == ()


def warned(rights: Rights, *, pays: bool = True, budget: WalletBudget | None = BUDGET) -> str:
    return " ".join(rights.warnings(pays=pays, budget=budget, speech=Speech.NIP44))


def test_where_no_method_is_listed_all_is_tried_but_what_was_refused() -> None:
    rights = Rights(None, frozenset({"get_balance"}))
    assert rights.allow("pay_invoice")
    assert rights.looks_up
    assert not rights.allow("get_balance")
    assert rights.powers == ("look payments up", "pay")


def test_a_list_of_payments_is_a_look_up_too() -> None:
    assert Rights({"list_transactions"}).looks_up
    assert Rights({"list_transactions", "lookup_invoice"}, frozenset({"lookup_invoice"})).looks_up
    assert not Rights({"lookup_invoice"}, frozenset({"lookup_invoice"})).looks_up


def test_nothing_more_than_needed_with_a_budget_earns_one_warning() -> None:
    assert warned(Rights(NEEDED)).startswith("The wallet alone decides the routing fee")
    assert len(Rights(NEEDED).warnings(pays=True, budget=BUDGET, speech=Speech.NIP44)) == 1


def test_each_danger_is_told() -> None:
    assert "no budget" in warned(Rights(NEEDED), budget=None)
    assert "no budget" not in warned(Rights({"lookup_invoice"}), pays=False, budget=None)
    assert "could pay" in warned(Rights(NEEDED), pays=False)
    assert "routing fee" not in warned(Rights(NEEDED), pays=False)
    assert "cannot look payments up" in warned(Rights({"pay_invoice"}))
    assert "more than this app needs: make further connections" in warned(Rights(NEEDED | {"create_connection"}))
    assert "more than" not in warned(Rights(NEEDED | {"make_invoice"}))
    assert "NIP-04" in Rights(NEEDED).warnings(pays=True, budget=BUDGET, speech=Speech.NIP04)[-1]
