from __future__ import annotations

from dataclasses import replace

from l402desk.cli.wallets_words import as_json, examination_as_json, examination_in_words, listed, shown
from l402desk.protocol.amount import Msat
from l402desk.protocol.network import Network
from l402desk.wallets.book import StoredWallet
from l402desk.wallets.errors import WalletError
from l402desk.wallets.examining import Examination, WalletBudget

HOME = StoredWallet("Home", "lnbits", False, True, 1_700_000_000, "lnbits+https://pay.example?key=…", True)
BROKEN = StoredWallet("A long name", "lnbits", True, False, 1_700_000_000, "", False)


def test_the_list_is_aligned_and_says_what_each_does() -> None:
    assert listed([HOME, BROKEN], frozenset({"Home"}), {}).splitlines() == [
        "Home         lnbits  pays, default, by itself                  lnbits+https://pay.example?key=…",
        "A long name  lnbits  damaged: it was changed, and is not used",
    ]


def test_a_connection_is_shown_only_where_it_was_asked_for() -> None:
    assert "secret" not in as_json(HOME, frozenset())
    assert as_json(HOME, frozenset(), "the secret")["connection"] == "the secret"
    assert "the secret" in listed([HOME], frozenset(), {"Home": "the secret"})


def test_a_paying_wallet_whose_key_cannot_pay_is_told() -> None:
    found = Examination(may_pay=False, balance=Msat(5_000), calls_itself="Mine", warnings=("Beware.",))
    words = examination_in_words(HOME, found)
    for sentence in ("“Mine”", "does not pay", "Its key cannot pay", "5 sats", "Beware."):
        assert sentence in words
    assert examination_as_json(HOME, found, None)["pays"] is False


def test_what_is_not_known_is_null() -> None:
    told = examination_as_json(HOME, None, WalletError("It is gone.", "Look for it."))
    assert (told["ok"], told["may_pay"], told["pays"], told["balance_msat"]) == (False, None, None, None)
    assert told["error"] == {"sentence": "It is gone.", "remedy": "Look for it."}


def test_what_is_disconnected_and_where_it_is_the_default_stands_in_the_list() -> None:
    home = replace(HOME, is_connected=False, hosts=("https://a.example", "https://b.example"))
    assert "pays, disconnected, default, default at 2 hosts" in listed([home], frozenset(), {})
    assert (as_json(home, frozenset())["connected"], as_json(home, frozenset())["hosts"]) == (False, list(home.hosts))


def test_one_wallet_is_shown_with_all_that_is_stored_of_it() -> None:
    said = shown(replace(HOME, hosts=("https://a.example",)), frozenset({"Home"}), None)
    for words in (
        "LNbits",
        "pays, default, default at 1 host, by itself",
        "Default at  https://a.example",
        "2023-11-14",
    ):
        assert words in said
    assert "Connection" not in said
    assert "Connection  the secret" in shown(HOME, frozenset(), "the secret")
    assert "not readable" in shown(replace(BROKEN, kind="of later"), frozenset(), None)


def test_power_network_and_the_wallets_own_budget_are_told() -> None:
    budget = WalletBudget(Msat.of_sats(2), Msat.of_sats(100), "daily", 5)
    found = Examination(
        True, Msat.of_sats(7), powers=("look payments up", "pay"), network=Network.SIGNET, budget=budget
    )
    words = examination_in_words(HOME, found).replace("\u202f", " ")
    for sentence in (
        "Its credential may: look payments up, pay.",
        "It holds 7 sats on signet.",
        "Its own budget for this app: 100 sats daily, 2 sats of it spent.",
    ):
        assert sentence in words
    told = examination_as_json(HOME, found, None)
    assert (told["powers"], told["network"]) == (["look payments up", "pay"], "signet")
    assert told["budget"] == {"used_msat": 2_000, "total_msat": 100_000, "renews": "daily", "renews_at": 5}
    assert "It is on signet." in examination_in_words(HOME, replace(found, balance=None))
    assert "no limit" in examination_in_words(HOME, replace(found, budget=WalletBudget(None, None)))
