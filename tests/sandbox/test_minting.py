"""Invoices of the sandbox, read back by the bolt11 library and by the app's own reader."""

from __future__ import annotations

import bolt11
import pytest

from l402desk.protocol.amount import Msat
from l402desk.protocol.invoice import read_invoice, read_payable_invoice
from l402desk.protocol.network import Network
from l402desk.sandbox import minting
from l402desk.sandbox.minting import MAINNET, Mint, Order
from tests.sandbox.buyer import NOW, Clock

ORDER = Order(Msat.of_sats(21), "Weather report for Zürich ⚡")


@pytest.fixture
def mint() -> Mint:
    return Mint(Clock())


def test_a_second_decoder_reads_what_was_minted(mint: Mint) -> None:
    minted = mint.mint(ORDER)
    read = bolt11.decode(minted.text, strict=True)
    assert read.is_regtest()
    assert read.amount_msat == 21_000
    assert read.description == ORDER.description
    assert read.payment_hash == minted.payment_hash.hex
    assert read.payment_secret is not None
    assert (read.date, read.expiry, read.min_final_cltv_expiry) == (int(NOW), 3600, 18)
    assert read.payee == mint.node_id
    assert read.features is not None
    assert read.features.readable == {
        "var_onion_optin": "required",
        "payment_secret": "required",
        "basic_mpp": "supported",
    }


def test_the_apps_own_reader_would_pay_it(mint: Mint) -> None:
    minted = mint.mint(ORDER)
    read = read_payable_invoice(minted.text)
    assert read.network is Network.REGTEST
    assert read.amount == ORDER.amount
    assert read.payment_hash == minted.payment_hash
    assert read.expires_at == minted.expires_at
    assert not read.problems


def test_the_preimage_proves_the_payment_and_no_other(mint: Mint) -> None:
    one, other = mint.mint(ORDER), mint.mint(ORDER)
    assert one.preimage.proves(one.payment_hash)
    assert not one.preimage.proves(other.payment_hash)


def test_every_mint_has_a_key_of_its_own() -> None:
    assert Mint(Clock()).node_id != Mint(Clock()).node_id


@pytest.mark.parametrize("msat", [1, 10, 999, 1_000, 2_500_000, 100_000_000_000])
def test_any_amount_survives(mint: Mint, msat: int) -> None:
    text = mint.mint(Order(Msat(msat), "x")).text
    assert bolt11.decode(text).amount_msat == msat
    assert read_invoice(text).amount == Msat(msat)


def test_an_amountless_order_names_no_amount(mint: Mint) -> None:
    minted = mint.mint(Order(None, "anything"))
    assert bolt11.decode(minted.text).amount_msat is None
    assert minted.sats == 0


def test_a_forged_invoice_names_this_node_and_is_signed_by_another(mint: Mint) -> None:
    minted = mint.mint(Order(Msat(1000), "x", forged=True))
    with pytest.raises(bolt11.Bolt11Exception):
        bolt11.decode(minted.text)
    read = read_invoice(minted.text)
    assert read.payee == mint.node_id
    assert not read.signature_valid


def test_an_aged_order_has_expired(mint: Mint) -> None:
    minted = mint.mint(Order(Msat(1000), "x", age=7200))
    assert minted.expires_at == int(NOW) - 3600
    assert read_invoice(minted.text).is_expired(int(NOW))


def test_a_mainnet_order_says_so(mint: Mint) -> None:
    assert bolt11.decode(mint.mint(Order(Msat(1000), "x", network=MAINNET)).text).is_mainnet()


def test_an_invoice_is_found_by_hash_and_by_text_however_it_is_pasted(mint: Mint) -> None:
    minted = mint.mint(ORDER)
    assert mint.find(minted.payment_hash) is minted
    assert mint.find_invoice(f"  lightning:{minted.text}\n") is minted
    assert mint.find_invoice(f"LIGHTNING:{minted.text.upper()}") is minted
    assert mint.find_invoice("lnbcrt1") is None


def test_only_what_was_settled_is_settled(mint: Mint) -> None:
    minted = mint.mint(ORDER)
    assert not mint.is_settled(minted.payment_hash)
    mint.settle(minted.payment_hash)
    assert mint.is_settled(minted.payment_hash)


def test_the_oldest_invoices_are_forgotten(mint: Mint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minting, "MOST_REMEMBERED", 2)
    first, second, third = (mint.mint(ORDER) for _ in range(3))
    assert mint.find(first.payment_hash) is None
    assert mint.find_invoice(first.text) is None
    assert mint.find(second.payment_hash) is second
    assert mint.find_invoice(third.text) is third
