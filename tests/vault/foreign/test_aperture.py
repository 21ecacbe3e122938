"""Token files of aperture, loop, pool and litd, to the byte."""

from __future__ import annotations

import base64
import contextlib
import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.amount import Msat
from l402desk.vault.foreign.aperture import TokenFile, files_in, read_entry, unpack
from l402desk.vault.foreign.entries import EntryRefused
from tests.vault.foreign.stores import CREATED_NS, FEWSATS, FEWSATS_PREIMAGE, paid_file, pending_file, token_file

MACAROON = base64.b64decode(FEWSATS)
PREIMAGE = bytes.fromhex(FEWSATS_PREIMAGE)
HASH = hashlib.sha256(PREIMAGE).digest()


def test_the_published_macaroon_packs_to_the_golden_bytes_paid_and_pending() -> None:
    paid = token_file(MACAROON, HASH, PREIMAGE)
    pending = token_file(MACAROON, HASH)
    assert len(paid) == 291
    assert hashlib.sha256(paid).hexdigest() == "cd19d7d2751a0469a93c14d0c4bda778bbbc0af4e610a3b0ac4ce753d500aa45"
    assert hashlib.sha256(pending).hexdigest() == "ac70604c385bfd831c65e0a69da10e12f4dc3fe62c3ea9da119aecefdca0c54d"
    for raw in (paid, pending):
        contents = unpack(raw)
        assert contents.pack() == raw
        assert (contents.macaroon, contents.payment_hash.raw) == (MACAROON, HASH)
        assert (contents.amount_msat, contents.fee_msat, contents.created_ns) == (79_000, 0, CREATED_NS)
    assert (unpack(paid).preimage, unpack(paid).is_pending, unpack(pending).is_pending) == (PREIMAGE, False, True)


def test_a_file_becomes_an_entry_in_the_words_of_its_server(tmp_path: Path) -> None:
    file = tmp_path / "l402.token"
    file.write_bytes(token_file(MACAROON, HASH, PREIMAGE))
    entry = read_entry(file, "it")
    assert (entry.credential, entry.preimage, entry.scheme) == (FEWSATS, FEWSATS_PREIMAGE, "L402")
    assert (entry.price, entry.at, entry.url) == (Msat(79_000), 1_714_045_448, "")
    assert FEWSATS_PREIMAGE not in repr(entry)
    assert FEWSATS_PREIMAGE not in repr(unpack(file.read_bytes()))


def test_a_file_of_the_old_name_keeps_the_old_scheme(tmp_path: Path) -> None:
    file = tmp_path / "lsat.token"
    file.write_bytes(paid_file(1))
    assert read_entry(file, "it").scheme == "LSAT"


def test_a_folder_gives_its_token_files_and_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "l402.token").write_bytes(paid_file(1))
    (tmp_path / "lsat.token.pending").write_bytes(pending_file(2))
    (tmp_path / "l402.token.pending").symlink_to(tmp_path / "l402.token")
    (tmp_path / "other").write_bytes(paid_file(3))
    assert [file.name for file in files_in(tmp_path)] == ["l402.token", "lsat.token.pending"]


def test_the_new_fields_for_a_proof_of_work_may_be_there_and_zero() -> None:
    raw = paid_file(1)
    assert unpack(raw + bytes(12)) == unpack(raw)
    with pytest.raises(EntryRefused, match="proof of work"):
        unpack(raw + bytes(11) + b"\x01")


@pytest.mark.parametrize("cut", [0, 3, 4, 50, 290])
def test_a_file_that_was_cut_short_is_refused(cut: int) -> None:
    with pytest.raises(EntryRefused, match="short"):
        unpack(token_file(MACAROON, HASH, PREIMAGE)[:cut])


def test_a_length_that_lies_is_refused() -> None:
    for length in (0, 198, 200, 2**32 - 1):
        with pytest.raises(EntryRefused):
            unpack(length.to_bytes(4, "big") + token_file(MACAROON, HASH, PREIMAGE)[4:])


def test_amounts_and_times_that_cannot_be_are_left_out(tmp_path: Path) -> None:
    contents = TokenFile(MACAROON, unpack(paid_file(1)).payment_hash, PREIMAGE, 2**64 - 1, 0, -(2**63))
    file = tmp_path / "l402.token"
    file.write_bytes(contents.pack())
    entry = read_entry(file, "it")
    assert (entry.price, entry.at) == (None, None)


@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_else(raw: bytes) -> None:
    try:
        unpack(raw)
    except EntryRefused:
        return
    assert unpack(raw).pack() == raw[: len(unpack(raw).pack())]


@given(st.integers(0, 290), st.binary(min_size=1, max_size=8))
def test_no_damage_raises_anything_else(at: int, damage: bytes) -> None:
    raw = token_file(MACAROON, HASH, PREIMAGE)
    with contextlib.suppress(EntryRefused):
        unpack(raw[:at] + damage + raw[at + len(damage) :])
