"""NIP-44 version 2: the official vectors in both directions, an independent implementation, and hostile payloads."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.wallets.nostr import nip44
from l402desk.wallets.nostr.errors import Undecipherable
from l402desk.wallets.nostr.keys import fresh_secret, public_key
from l402desk.wallets.nostr.nip44 import (
    LONGEST,
    conversation_key,
    decrypt,
    encrypt,
    message_keys,
    padded_length,
)

KEY = conversation_key(b"\x07" * 32, public_key(b"\x09" * 32))
# Made by nostr-sdk 0.45.1 with the secret keys 3 and the one of the second vector of BIP-340.
OURS = bytes.fromhex("b7e151628aed2a6abf7158809cf4f3c762e7160f38b4da56a784d9045190cfef")
THEIRS = public_key(bytes(31) + b"\x03")
MADE_BY_OTHERS = [
    (
        "p",
        "Asv+u2a2tzm8dR6G2HXnW1fmolUb6OSHzPuuinq3eyQ5JhoM01XuVnb6uXzPREToHYDuJ5T0OUGK29wm0G8yfo5YlanddeDaPNKVMcUSCjd7"
        "cS2vv8s4R/FAOqZ9tym8Hcxd",
    ),
    (
        '{"method":"get_balance","params":{}}',
        "Ajjt+94uurTZr1n7u+dsyD3gYnWsoan779GnJnkO45yUeZDDxqVX+SKBHIru4Ma+t/TaCwWcvc0rhN39YYOyrduOKY/XZ9EWls7H6d2LiIsx"
        "fZL+0/SBpt2NGLFFVDCqFShntleqfoK34RTqFLrl4X77hnJxTqDo/xuWOO7kcwpXY1c=",
    ),
    (
        "⚡ 21 sats\n",
        "Aim06Wcg+Sh8R/OCrqEyhS4TSmBkCDJvb4mU4SlTVtj9oUs735eyECQu9HmB+mXIJqFa1/Yr/oiyKFbdvcFtiveM0LizLB0AXp2f/4Ft980l"
        "ak5cHmduTn9bFVqEy7bGnvzg",
    ),
]


def test_the_official_vectors_pass_in_both_directions(vectors: Callable[[str], Any]) -> None:
    given_vectors = vectors("nip44.vectors.json")["v2"]
    passed = sum(
        (
            _conversation_keys(given_vectors["valid"]["get_conversation_key"]),
            _message_keys(given_vectors["valid"]["get_message_keys"]),
            _lengths(given_vectors["valid"]["calc_padded_len"]),
            _texts(given_vectors["valid"]["encrypt_decrypt"]),
            _long_texts(given_vectors["valid"]["encrypt_decrypt_long_msg"]),
            _refusals(given_vectors["invalid"]),
        )
    )
    assert passed >= 147


def _conversation_keys(cases: list[dict[str, str]]) -> int:
    for case in cases:
        assert conversation_key(bytes.fromhex(case["sec1"]), case["pub2"]).hex() == case["conversation_key"]
    return len(cases)


def _message_keys(group: dict[str, Any]) -> int:
    for case in group["keys"]:
        keys = message_keys(bytes.fromhex(group["conversation_key"]), bytes.fromhex(case["nonce"]))
        assert [key.hex() for key in keys] == [case["chacha_key"], case["chacha_nonce"], case["hmac_key"]]
    return len(group["keys"])


def _lengths(cases: list[list[int]]) -> int:
    for length, padded in cases:
        assert padded_length(length) == padded
    return len(cases)


def _texts(cases: list[dict[str, str]]) -> int:
    for case in cases:
        one, two = bytes.fromhex(case["sec1"]), bytes.fromhex(case["sec2"])
        key = bytes.fromhex(case["conversation_key"])
        assert conversation_key(one, public_key(two)) == key == conversation_key(two, public_key(one))
        assert encrypt(case["plaintext"], key, bytes.fromhex(case["nonce"])) == case["payload"]
        assert decrypt(case["payload"], key) == case["plaintext"]
    return 4 * len(cases)


def _long_texts(cases: list[dict[str, Any]]) -> int:
    for case in cases:
        text, key = case["pattern"] * case["repeat"], bytes.fromhex(case["conversation_key"])
        assert hashlib.sha256(text.encode()).hexdigest() == case["plaintext_sha256"]
        payload = encrypt(text, key, bytes.fromhex(case["nonce"]))
        assert hashlib.sha256(payload.encode()).hexdigest() == case["payload_sha256"]
        assert decrypt(payload, key) == text
    return 2 * len(cases)


def _refusals(groups: dict[str, Any]) -> int:
    for length in groups["encrypt_msg_lengths"]:
        with pytest.raises(ValueError):
            encrypt("x" * length, KEY)
    for case in groups["get_conversation_key"]:
        with pytest.raises(Undecipherable):
            conversation_key(bytes.fromhex(case["sec1"]), case["pub2"])
    for case in groups["decrypt"]:
        with pytest.raises(Undecipherable):
            decrypt(case["payload"], bytes.fromhex(case["conversation_key"]))
    return sum(map(len, groups.values()))


@pytest.mark.parametrize(("text", "payload"), MADE_BY_OTHERS)
def test_what_others_made_is_read_and_made_again_to_the_letter(text: str, payload: str) -> None:
    key = conversation_key(OURS, THEIRS)
    assert decrypt(payload, key) == text
    assert encrypt(text, key, base64.b64decode(payload)[1:33]) == payload


@given(st.text(min_size=1, max_size=400))
def test_every_text_comes_back(text: str) -> None:
    try:
        payload = encrypt(text, KEY)
    except UnicodeEncodeError:
        return  # half a character is no text
    assert decrypt(payload, KEY) == text


@pytest.mark.parametrize("length", [1, 2, 31, 32, 33, 255, 256, 257, 1024, 1025, 32_768, 65_534, LONGEST])
def test_every_length_comes_back_and_tells_no_more_than_its_padding(length: int) -> None:
    payload = encrypt("x" * length, KEY)
    assert decrypt(payload, KEY) == "x" * length
    assert len(base64.b64decode(payload)) == 1 + 32 + 2 + padded_length(length) + 32


def test_the_same_text_is_never_encrypted_alike() -> None:
    assert len({encrypt("pay", KEY) for _ in range(20)}) == 20


@pytest.mark.parametrize("text", ["", "x" * (LONGEST + 1), "é" * 32_768])
def test_texts_of_other_lengths_are_not_encrypted(text: str) -> None:
    with pytest.raises(ValueError):
        encrypt(text, KEY)


def test_no_single_bit_can_be_changed_on_the_way() -> None:
    whole = base64.b64decode(encrypt("pay", KEY))
    for place in range(len(whole) * 8):
        changed = bytearray(whole)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(Undecipherable):
            decrypt(base64.b64encode(changed).decode(), KEY)


@pytest.mark.parametrize(
    "padded",
    [
        b"\x00\x03pay" + bytes(28), b"\x00\x03pay" + bytes(30), b"\x00\x03pay" + bytes(61), b"\x00\x00" + bytes(32),
        b"\x00\x22" + b"x" * 32, b"\xff\xff" + b"x" * 32, b"\x00\x03pay" + bytes(100_00), b"\x00\x01\xff" + bytes(31),
    ],
)  # fmt: skip
def test_whoever_has_the_key_pads_as_nip_44_says(padded: bytes) -> None:
    nonce = bytes(32)
    cipher_key, cipher_nonce, mac_key = message_keys(KEY, nonce)
    sealed = nip44._chacha20(cipher_key, cipher_nonce, padded)
    mac = hmac.digest(mac_key, nonce + sealed, "sha256")
    with pytest.raises(Undecipherable):
        decrypt(base64.b64encode(b"\x02" + nonce + sealed + mac).decode(), KEY)


def test_no_other_key_reads_it() -> None:
    payload = encrypt("pay", KEY)
    with pytest.raises(Undecipherable):
        decrypt(payload, conversation_key(fresh_secret(), public_key(b"\x09" * 32)))


@given(st.one_of(st.text(), st.binary(min_size=80, max_size=200).map(lambda raw: base64.b64encode(raw).decode())))
def test_nothing_else_comes_out_of_hostile_payloads(payload: str) -> None:
    with pytest.raises(Undecipherable):
        decrypt(payload, KEY)


@pytest.mark.parametrize("payload", ["#" + "A" * 200, "é" * 200, "A" * 100_000_00, " " * 200, "=" * 132, "A?iv=" * 40])
def test_what_has_no_form_of_a_payload_is_refused(payload: str) -> None:
    with pytest.raises(Undecipherable):
        decrypt(payload, KEY)


def test_an_independent_implementation_reads_us_and_we_read_it() -> None:
    other: Any = pytest.importorskip("nostr_sdk")
    ours, theirs = fresh_secret(), fresh_secret()
    their_keys = other.Keys.parse(theirs.hex())
    key = conversation_key(ours, public_key(theirs))
    for text in ("a", "é⚡\x00\n", "x" * 500, "y" * 60_000):  # nostr-sdk writes a little less than it reads
        us = other.PublicKey.parse(public_key(ours))
        assert their_keys.nip44_decrypt(us, encrypt(text, key)) == text
        assert decrypt(their_keys.nip44_encrypt(us, text), key) == text
