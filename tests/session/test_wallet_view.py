"""What is known of wallets outlives a new list, and never passes from one purse to another of the same name."""

from __future__ import annotations

from dataclasses import replace

from l402desk.protocol.amount import Msat
from l402desk.protocol.network import Network
from l402desk.session.wallet_view import Heard, Listing, News, Shelf, State, Trouble, WalletView, ranked
from l402desk.wallets.book import StoredWallet
from l402desk.wallets.wallet import Capabilities

ABLE = Capabilities(pays=True, looks_up=True, fee_limit=True, tells_balance=True)
STORED = StoredWallet("Home", "lnbits", False, False, 1, "lnbits+https://h?key=…", True)
HOME = WalletView("Home", "lnbits", stored=STORED, able=ABLE)
SILENCE = Trouble("It is not there.", "Start it.")


def asked(number: int, *wallets: WalletView) -> Listing:
    return Listing(number, tuple(replace(wallet, asked_by=number) for wallet in wallets), is_open=True)


def test_what_a_wallet_said_stays_while_it_is_asked_again() -> None:
    first = asked(1, HOME)
    shelf = Shelf().told(News(first, (Heard(1, "Home", Msat(7), Network.REGTEST),)))
    assert shelf.wallets == (replace(HOME, state=State.ANSWERS, balance=Msat(7), network=Network.REGTEST),)
    again = shelf.told(News(asked(2, HOME)))
    assert again.wallets[0].balance == Msat(7)
    assert again.wallets[0].asked_by == 2


def test_a_wallet_that_falls_silent_tells_no_balance_and_says_why() -> None:
    shelf = Shelf().told(News(asked(1, HOME), (Heard(1, "Home", Msat(7)),)))
    shelf = shelf.told(News(asked(2, HOME), (Heard(2, "Home", trouble=SILENCE),)))
    home = shelf.wallets[0]
    assert (home.state, home.balance, home.trouble) == (State.SILENT, None, SILENCE)
    back = shelf.told(News(asked(3, HOME), (Heard(3, "Home", Msat(8)),))).wallets[0]
    assert (back.state, back.balance, back.trouble) == (State.ANSWERS, Msat(8), None)


def test_an_old_answer_does_not_take_the_place_of_one_that_is_still_to_come() -> None:
    old, new = News(asked(1, HOME)), News(asked(2, HOME))
    shelf = Shelf().told(old).told(new)
    late = shelf.told(replace(old, heard=(Heard(1, "Home", trouble=SILENCE),)))
    assert late == shelf
    assert late.told(replace(new, heard=(Heard(2, "Home", Msat(9)),))).wallets[0].balance == Msat(9)


def test_another_purse_under_the_same_name_inherits_nothing() -> None:
    shelf = Shelf().told(News(asked(1, HOME), (Heard(1, "Home", Msat(7)),)))
    other = replace(HOME, stored=replace(STORED, added_at=2))
    assert shelf.told(News(Listing(2, (other,)))).wallets == (other,)
    off = WalletView("Home", "lnbits", State.DISCONNECTED, replace(STORED, is_connected=False))
    assert shelf.told(News(Listing(3, (off,)))).wallets == (off,)


def test_a_survey_that_failed_leaves_nobody_asked() -> None:
    assert Shelf().told(News(asked(1, HOME))).unasked().wallets == (HOME,)


def test_the_wallet_to_offer_first_is_the_hosts_then_the_default() -> None:
    watching = replace(HOME, name="Watching", able=replace(ABLE, pays=False))
    usual = replace(HOME, name="Usual", stored=replace(STORED, is_default=True))
    special = replace(HOME, name="Special", stored=replace(STORED, hosts=("https://a.example",)))
    off = WalletView("Off", "lnbits", State.DISCONNECTED, replace(STORED, is_default=True))
    wallets = (HOME, watching, special, usual, off)

    def order(origin: str) -> list[str]:
        return [wallet.name for wallet in ranked(wallets, origin, None)]

    assert order("https://b.example") == ["Usual", "Home", "Special"]
    assert order("https://a.example") == ["Special", "Usual", "Home"]


def test_a_wallet_of_another_chain_comes_last_and_play_money_first_where_no_real_one_pays() -> None:
    usual = replace(HOME, name="Usual", stored=replace(STORED, is_default=True))
    play = WalletView("Play wallet", "play", able=replace(ABLE, is_play=True), network=Network.REGTEST)
    real = replace(usual, network=Network.MAINNET)
    assert [w.name for w in ranked((usual, play), "", Network.REGTEST)] == ["Play wallet", "Usual"]
    assert [w.name for w in ranked((real, play), "", Network.REGTEST)] == ["Play wallet", "Usual"]
    assert [w.name for w in ranked((play, real), "", Network.MAINNET)] == ["Usual", "Play wallet"]
    assert [w.name for w in ranked((play, usual), "", Network.MAINNET)] == ["Usual", "Play wallet"]
