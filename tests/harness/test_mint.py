from __future__ import annotations

from pathlib import Path

from l402desk.protocol.amount import Msat
from l402desk.protocol.invoice import read_invoice
from l402desk.protocol.proof import PaymentHash
from tests.harness.mint import FILE, Mint


def test_another_process_finds_the_preimage_of_what_was_minted(tmp_path: Path) -> None:
    reader = Mint(tmp_path)
    for sats in (1, 21, 500):
        invoice, preimage, payment_hash = Mint(tmp_path).new(sats * 1000)
        read = read_invoice(invoice)
        assert (read.payment_hash, read.amount) == (payment_hash, Msat.of_sats(sats))
        assert preimage.proves(payment_hash)
        assert reader.preimage(payment_hash) == preimage
        assert reader.msat(payment_hash) == sats * 1000


def test_what_nobody_minted_is_not_found(tmp_path: Path) -> None:
    assert Mint(tmp_path).preimage(PaymentHash(b"\x01" * 32)) is None


def test_half_a_line_is_read_when_the_rest_has_come(tmp_path: Path) -> None:
    mint = Mint(tmp_path)
    _, preimage, payment_hash = mint.new()
    file, reader = tmp_path / FILE, Mint(tmp_path)
    line = file.read_bytes()
    file.write_bytes(line[:100])
    assert reader.preimage(payment_hash) is None
    file.write_bytes(line)
    assert reader.preimage(payment_hash) == preimage
