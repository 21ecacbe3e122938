"""402-mcp's sealed files, opened with its key."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.vault.foreign.entries import Entry, ImportRefused, Problem
from l402desk.vault.foreign.mcp402 import entries_of, is_sealed, is_store, unseal
from l402desk.vault.scope import Reach
from tests.fakes.purchased import credential_of, hash_of, preimage_of
from tests.vault.foreign.stores import KEY, mcp402_credential, mcp402_pending, mcp402_sealed

STORE = {"https://api.example": mcp402_credential(1)}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "encryption.key").write_text(KEY.hex() + "\n")
    return tmp_path / "credentials.json"


def test_a_file_as_node_seals_it_opens_to_the_byte(file: Path) -> None:
    """Made with node:crypto's aes-256-gcm as 402-mcp calls it: key 0102…20, nonce 0b, JSON indented by two."""
    envelope: dict[str, object] = {
        "iv": "00000000000000000000000b",
        "tag": "9cdf03ae866910a04780fc49b75b2976",
        "ciphertext": "87ab52c2d070085eea54953fec36a1b06846aea6d7a1b96e3fb046bdbdc62fad3344ddfd908494525cbd668e36263f6b"
        "807d6089fb86e3bf9c62d5e79bc78fc237ca249e14ae1547a3e71fac42a539931609ebc2027ff6f214cdd76531f3d93af310c5",
    }
    assert is_sealed(envelope)
    assert unseal(envelope, file, None) == {
        "https://api.example": {"macaroon": "m", "preimage": "p", "paymentHash": "h"}
    }


def test_what_the_tests_seal_is_sealed_as_it_does(file: Path) -> None:
    envelope = json.loads(mcp402_sealed(STORE))
    assert is_sealed(envelope)
    assert not is_store(envelope)
    assert unseal(envelope, file, None) == STORE


def test_credentials_are_by_origin(file: Path) -> None:
    (entry,) = entries_of(STORE)
    assert isinstance(entry, Entry)
    assert is_store(STORE)
    assert (entry.url, entry.reach, entry.payment_hash) == ("https://api.example", Reach.HOST, hash_of(1))
    assert (entry.credential, entry.preimage) == (credential_of(1), preimage_of(1).hex)
    assert entry.note == "402-mcp saw a credit balance of 21 sats."
    assert (entry.at, entry.last_used_at) == (1_782_900_000, 1_782_986_400)


def test_pending_payments_become_pending_tokens_one_for_each_server() -> None:
    value = {hash_of(2).hex: mcp402_pending(2, "https://a.example", "https://b.example", "https://a.example")}
    assert is_store(value)
    first, second = entries_of(value)
    assert isinstance(first, Entry)
    assert isinstance(second, Entry)
    assert (first.url, second.url) == ("https://a.example", "https://b.example")
    assert (first.preimage, first.payment_hash) == ("", hash_of(2))


@pytest.mark.parametrize(
    "item",
    [
        7,
        {"macaroon": 7, "preimage": "x"},
        {"macaroon": "x", "preimage": "y", "paymentHash": "short"},
        {"origins": []},
        {"origins": "https://a.example"},
        {"origins": ["https://a.example"], "paymentHash": hash_of(1).hex},
        {"origins": ["a.example"], "macaroon": "x"},
    ],
)
def test_an_entry_that_makes_no_sense_is_a_problem(item: object) -> None:
    (problem,) = entries_of({"https://a.example": item})
    assert isinstance(problem, Problem)
    assert problem.where == "entry 1"


def test_the_key_is_asked_for_where_it_is_not_beside(tmp_path: Path) -> None:
    envelope = json.loads(mcp402_sealed(STORE))
    file = tmp_path / "credentials.json"
    with pytest.raises(ImportRefused, match="--key-file"):
        unseal(envelope, file, None)
    key = tmp_path / "elsewhere.key"
    key.write_text(KEY.hex())
    assert unseal(envelope, file, key) == STORE


@pytest.mark.parametrize("text", ["", "ab" * 31, "AB" * 32, "zz" * 32, "ab" * 400])
def test_a_key_that_is_none_is_refused_without_showing_it(file: Path, text: str) -> None:
    (file.parent / "encryption.key").write_text(text)
    with pytest.raises(ImportRefused) as refused:
        unseal(json.loads(mcp402_sealed(STORE)), file, None)
    assert "key" in str(refused.value)
    assert len(text) < 10 or text not in str(refused.value)


def test_another_key_or_a_changed_file_opens_nothing(file: Path) -> None:
    with pytest.raises(ImportRefused, match="does not open"):
        unseal(json.loads(mcp402_sealed(STORE, bytes(32))), file, None)
    envelope = json.loads(mcp402_sealed(STORE))
    for name in ("iv", "tag", "ciphertext"):
        flipped = {**envelope, name: ("0" if envelope[name][0] != "0" else "1") + envelope[name][1:]}
        with pytest.raises(ImportRefused, match="does not open"):
            unseal(flipped, file, None)
    odd = {**envelope, "ciphertext": envelope["ciphertext"] + "0"}
    with pytest.raises(ImportRefused, match="does not open"):
        unseal(odd, file, None)


def test_what_is_sealed_and_no_json_is_refused(file: Path) -> None:
    envelope = json.loads(mcp402_sealed(STORE))
    with pytest.raises(ImportRefused, match="no store"):
        list(entries_of(7))
    assert not is_sealed({**envelope, "iv": "00"})
    assert not is_sealed([])


@given(st.dictionaries(st.text(max_size=12), st.dictionaries(st.sampled_from(
    ["macaroon", "preimage", "paymentHash", "origins", "creditBalance", "storedAt"]),
    st.none() | st.text(max_size=8) | st.integers() | st.lists(st.text(max_size=8) | st.integers(), max_size=3)),
    max_size=4))  # fmt: skip
def test_no_store_raises_anything_else(value: dict[str, object]) -> None:
    is_store(value)
    with contextlib.suppress(ImportRefused):
        assert all(isinstance(entry, Entry | Problem) for entry in entries_of(value))
