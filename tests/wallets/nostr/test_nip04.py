"""NIP-04, held against an independent implementation and hostile payloads."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.wallets.nostr.errors import Undecipherable
from l402desk.wallets.nostr.keys import fresh_secret, public_key
from l402desk.wallets.nostr.nip04 import LONGEST, MARK, conversation_key, decrypt, encrypt

KEY = conversation_key(b"\x07" * 32, public_key(b"\x09" * 32))
# Made by nostr-sdk 0.45.1 with the secret keys 3 and the one of the second vector of BIP-340.
OURS = bytes.fromhex("b7e151628aed2a6abf7158809cf4f3c762e7160f38b4da56a784d9045190cfef")
THEIRS = public_key(bytes(31) + b"\x03")
MADE_BY_OTHERS = [
    ("p", "M20hxx+PRj8k5hmh1lkXaA==?iv=m0o50SzIrZmI1wpZWzRaQQ=="),
    (
        '{"method":"get_balance","params":{}}',
        "HUuL2VgjXXRy0/oVW7ZzlDi0iGdS8J60A0N2gz1KtW+h+x+G38J8aHd3k7aWhaGv?iv=m/L1go3zulTPNoNDzyntPQ==",
    ),
    ("⚡ 21 sats\n", "aOWae9dgleyTQLV7jb1YNQ==?iv=VQS8tZkYmR6CRlyLVimBRw=="),
]


@pytest.mark.parametrize(("text", "payload"), MADE_BY_OTHERS)
def test_what_others_made_is_read_and_made_again_to_the_letter(text: str, payload: str) -> None:
    key = conversation_key(OURS, THEIRS)
    assert decrypt(payload, key) == text
    assert encrypt(text, key, base64.b64decode(payload.partition(MARK)[2])) == payload


@given(st.text(max_size=300))
def test_every_text_comes_back(text: str) -> None:
    try:
        payload = encrypt(text, KEY)
    except UnicodeEncodeError:
        return
    assert decrypt(payload, KEY) == text


def test_the_same_text_is_never_encrypted_alike() -> None:
    assert len({encrypt("pay", KEY) for _ in range(20)}) == 20


BLOCK, IV = base64.b64encode(bytes(16)).decode(), base64.b64encode(bytes(16)).decode()


@pytest.mark.parametrize(
    "payload",
    [
        "", "?iv=", BLOCK, f"{BLOCK}?iv=", f"?iv={IV}", f"{BLOCK}?iv={IV}", f"{BLOCK}?iv={IV}?iv={IV}",
        f"{BLOCK}?iv=AAAA",
        f"AAAA?iv={IV}", f"{BLOCK[:-1]}?iv={IV}", f"é?iv={IV}", f"{BLOCK}?iv=é", "A" * LONGEST + f"?iv={IV}",
        f"{BLOCK}\n?iv={IV}",
    ],
)  # fmt: skip
def test_what_is_no_payload_is_refused(payload: str) -> None:
    with pytest.raises(Undecipherable):
        decrypt(payload, KEY)


@given(st.binary(max_size=96), st.binary(max_size=20))
def test_nothing_else_comes_out_of_hostile_payloads(sealed: bytes, iv: bytes) -> None:
    payload = f"{base64.b64encode(sealed).decode()}?iv={base64.b64encode(iv).decode()}"
    try:
        assert isinstance(decrypt(payload, KEY), str)  # one in 256 looks whole: there is no MAC
    except Undecipherable:
        return


def test_an_independent_implementation_reads_us_and_we_read_it() -> None:
    other: Any = pytest.importorskip("nostr_sdk")
    ours, theirs = fresh_secret(), fresh_secret()
    their_keys = other.Keys.parse(theirs.hex())
    key = conversation_key(ours, public_key(theirs))
    for text in ("a", "é⚡\n", "x" * 5_000):
        us = other.PublicKey.parse(public_key(ours))
        assert their_keys.nip04_decrypt(us, encrypt(text, key)) == text
        assert decrypt(their_keys.nip04_encrypt(us, text), key) == text
