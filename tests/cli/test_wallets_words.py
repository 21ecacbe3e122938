from __future__ import annotations

from l402desk.cli.wallets_words import as_json, examination_as_json, examination_in_words, listed
from l402desk.protocol.amount import Msat
from l402desk.wallets.book import StoredWallet
from l402desk.wallets.errors import WalletError
from l402desk.wallets.examining import Examination

HOME = StoredWallet("Home", "lnbits", False, True, 1_700_000_000, "lnbits+https://pay.example?key=…", True)
BROKEN = StoredWallet("A long name", "lnbits", True, False, 1_700_000_000, "", False)


def test_the_list_is_aligned_and_says_what_each_does() -> None:
    assert listed([HOME, BROKEN], frozenset({"Home"}), {}).splitlines() == [
        "Home         pays, default, by itself                  lnbits+https://pay.example?key=…",
        "A long name  damaged: it was changed, and is not used",
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
