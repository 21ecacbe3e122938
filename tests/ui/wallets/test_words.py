"""A card says how a wallet is in whole words, whatever the wallet says of itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from l402desk.protocol.amount import Msat
from l402desk.session.wallet_view import State, WalletView
from l402desk.ui.assets import icon_names
from l402desk.ui.wallets import words
from l402desk.wallets.connection import Kind
from l402desk.wallets.examining import Examination, WalletBudget
from l402desk.wallets.wallet import Capabilities

ABLE = Capabilities(pays=True, looks_up=True, fee_limit=True, tells_balance=True)
HOME = WalletView("Home", "lnbits", State.ANSWERS, able=ABLE)
WATCHING = replace(HOME, able=replace(ABLE, pays=False))
DAY = 86_400


@pytest.mark.parametrize("state", State)
def test_every_state_has_an_icon_that_is_there_and_words(state: State) -> None:
    said = words.standing(replace(HOME, state=state))
    assert said.icon in icon_names()
    assert said.words


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_an_icon_of_its_own_and_a_title(kind: Kind) -> None:
    assert words.kind_icon(kind) in icon_names()
    assert len(set(words.ICONS.values())) == len(Kind)
    assert words.kind_title(kind)
    assert words.about(kind) is not None


def test_a_kind_of_a_later_version_is_shown_all_the_same() -> None:
    assert words.kind_title("strike\u202e") == "strike‹U+202E›"
    assert words.kind_icon("strike") == "wallet"
    assert words.about("strike") is None


def test_watch_only_is_said() -> None:
    assert words.standing(HOME).words == "Connected"
    assert words.standing(WATCHING).words == "Connected, watch only"
    assert words.standing(replace(HOME, state=State.CONNECTED, asked_by=2)).words == "Asking…"


def test_what_the_credential_may_do_is_listed_least_first() -> None:
    assert words.may(HOME) == "Pay, and look payments up"
    assert words.may(WATCHING) == "Look payments up; it never pays"
    assert words.may(replace(HOME, able=None)) == ""
    found = Examination(may_pay=True, balance=None, powers=("look payments up", "tell the balance", "pay"))
    assert words.may(replace(HOME, examination=found)) == "Look payments up, tell the balance and pay"
    assert words.may(replace(WATCHING, examination=found)).endswith("and pay. This app never pays with it")
    assert words.may(replace(HOME, examination=replace(found, powers=("pay",)))) == "Pay"


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        (
            WalletBudget(Msat.of_sats(12), Msat.of_sats(100), "monthly", 3 * DAY),
            "12 sats of 100 sats each month spent · renewed in 3 d",
        ),
        (WalletBudget(Msat.of_sats(12), Msat.of_sats(100)), "12 sats of 100 sats in all spent"),
        (WalletBudget(None, Msat.of_sats(100), "daily"), "100 sats each day"),
        (WalletBudget(Msat.of_sats(12), None), "12 sats spent, no limit"),
        (WalletBudget(None, None), "None of its own"),
        (WalletBudget(None, Msat.of_sats(1), "daily", -5), "1 sat each day · to be renewed now"),
    ],
)
def test_the_wallets_own_limit_is_told(budget: WalletBudget, said: str) -> None:
    assert words.budget_words(budget, now=0).replace("\u202f", " ") == said


def test_a_bar_is_drawn_of_what_is_known_alone() -> None:
    assert words.budget_share(WalletBudget(Msat(50), Msat(200))) == 250
    assert words.budget_share(WalletBudget(Msat(500), Msat(200))) == 1_000
    assert words.budget_share(WalletBudget(Msat(1), Msat(0))) is None
    assert words.budget_share(WalletBudget(None, Msat(200))) is None


def test_who_decides_the_fee_is_said() -> None:
    assert "allows" in words.fees(HOME)
    assert "Decided by the wallet" in words.fees(replace(HOME, able=replace(ABLE, fee_limit=False)))
    assert "play money" in words.fees(replace(HOME, able=replace(ABLE, is_play=True)))
    assert words.fees(WATCHING) == ""


def test_paying_by_itself_is_explained() -> None:
    assert "all three budgets" in words.by_itself(HOME, budgets_set=True)
    assert "before all three" in words.by_itself(HOME, budgets_set=False)
    assert "always may" in words.by_itself(replace(HOME, able=replace(ABLE, is_play=True)), budgets_set=False)


def test_an_end_that_no_calendar_has_is_not_told() -> None:
    assert words.until(None) == "not told"
    assert words.until(10**18) == "not told"
    assert words.until(5 * 365 * DAY, now=0).endswith("1974")
    assert words.until(DAY, now=2 * DAY).endswith("(over)")


def test_certificates_without_a_name_say_so() -> None:
    assert words.certificate_names(()) == "none"
    assert words.certificate_names(("a.example", "10.0.0.1")) == "a.example, 10.0.0.1"


def test_power_is_one_sentence() -> None:
    assert words.power(Examination(True, None)) == "It may pay."
    assert "cannot pay" in words.power(Examination(False, None))
