"""Credentials opened: real, minted in every family and dressing, hostile; and copies with one caveat more."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
from typing import Any

import pymacaroons
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymacaroons.serializers import JsonSerializer

from l402desk.protocol.errors import MacaroonError
from l402desk.protocol.macaroon import (
    Macaroon,
    OpaqueToken,
    attenuate,
    committed_hash,
    committed_hashes,
    read_token,
)
from l402desk.protocol.proof import PaymentHash, Preimage
from tests.fakes.macaroons import (
    FEWSATS,
    FEWSATS_PREIMAGE,
    IDENTIFIERS,
    PAYMENT_HASH,
    ROOT_KEY,
    SATS4AI,
    V0,
    chain,
    complaint,
    mint,
    raw_of,
    standard,
    v1,
    v2,
)

COMMITTED = PaymentHash(PAYMENT_HASH)


def macaroon(text: str) -> Macaroon:
    found = read_token(text)
    assert isinstance(found, Macaroon)
    return found


def opaque(text: str) -> OpaqueToken:
    found = read_token(text)
    assert isinstance(found, OpaqueToken)
    return found


def test_the_real_fewsats_macaroon_is_read() -> None:
    found = macaroon(FEWSATS)
    assert (found.format, found.encoding, found.size) == ("v2", "standard base64, padded", 199)
    assert found.location == "fewsats.com"
    assert found.signature.hex() == "c004aaf8b6025c0039a1517691cdde39b84a84bd6629f728d5638029b426e44d"
    assert [caveat.text for caveat in found.caveats] == [
        "file_id=b54e2ff4-21a4-40aa-8302-8abe919e675e",
        "expires_at=2024-05-25T09:44:05Z",
    ]
    assert committed_hash(found) == Preimage.from_hex(FEWSATS_PREIMAGE).payment_hash()


def test_the_real_fewsats_macaroon_attenuated_is_the_known_one() -> None:
    copy = attenuate(FEWSATS, f"preimage={FEWSATS_PREIMAGE}")
    raw = base64.b64decode(copy, validate=True)
    assert hashlib.sha256(raw).hexdigest() == "edbb251e21956a3efc49d334501bb0882be93b5ec58101d7649dec6ab34dca78"
    found = macaroon(copy)
    assert found.signature.hex() == "6b2e3894b49e8aeae9146ad19cbe5cfd96541c26188d030fab8d4d153fa5dd84"
    assert found.encoding.startswith("standard base64")
    assert FEWSATS_PREIMAGE not in repr(found)


def test_the_captured_v1_macaroon_commits_to_no_payment() -> None:
    found = macaroon(SATS4AI)
    assert (found.format, found.location, found.identifier.family) == ("v1", "probe/0/0/0", "text")
    assert [caveat.text for caveat in found.caveats][1:] == ["kid = 1", "loc = probe/0/0/0"]
    assert committed_hash(found) is None


@pytest.mark.parametrize("write", [v1, v2])
@pytest.mark.parametrize("family", IDENTIFIERS)
def test_every_family_is_read_in_both_formats(family: str, write: Any) -> None:
    found = macaroon(standard(write(IDENTIFIERS[family], [b"services=weather:0"])))
    assert found.identifier.family == family
    assert committed_hash(found) == (None if family in {"text", "unknown"} else COMMITTED)
    assert found.signature == chain(IDENTIFIERS[family], [b"services=weather:0"])


RAW = v2(V0, [b"a=b", b"\xff?\xff\xfe\xff"])
assert len(RAW) % 3  # so that padding shows
assert "-" in base64.urlsafe_b64encode(RAW).decode()  # so that the alphabet shows


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (base64.b64encode(RAW).decode(), "standard base64, padded"),
        (base64.b64encode(RAW).decode().rstrip("="), "standard base64, unpadded"),
        (base64.urlsafe_b64encode(RAW).decode(), "url-safe base64, padded"),
        (base64.urlsafe_b64encode(RAW).decode().rstrip("="), "url-safe base64, unpadded"),
        (base64.b64encode(base64.urlsafe_b64encode(RAW).rstrip(b"=")).decode(), "double base64"),
        (base64.b64encode(base64.b64encode(RAW)).decode(), "double base64"),
        (RAW.hex(), "hex"),
        (RAW.hex().upper(), "hex"),
        (f"  {base64.b64encode(RAW).decode()}\n", "standard base64, padded"),
    ],
)
def test_every_dressing_is_taken_off_and_named(text: str, encoding: str) -> None:
    found = macaroon(text)
    assert (found.encoding, found.size, found.identifier.raw) == (encoding, len(RAW), V0)


def test_v2_json_is_a_macaroon_bare_and_in_base64() -> None:
    text = JsonSerializer().serialize(mint(V0, caveats=["kid = 1"]))
    bare, coded = macaroon(text), macaroon(standard(text.encode()))
    assert (bare.format, bare.encoding) == ("v2-json", "plain JSON")
    assert (coded.format, coded.identifier) == ("v2-json", bare.identifier)


def test_v1_json_is_a_macaroon_only_when_bare() -> None:
    text = JsonSerializer().serialize(mint(PAYMENT_HASH.hex().encode(), caveats=["kid = 1"], version=1))
    assert committed_hash(macaroon(text)) == COMMITTED
    found = opaque(standard(text.encode()))  # as lightningfaucet sends it, where the identifier is another thing
    assert (found.format, committed_hash(found)) == ("json", None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (standard(v2(V0) + b"\0"), "1 bytes follow the signature"),
        (standard(v2(V0) + v2(V0)), "bytes follow the signature"),
        (standard(v1(V0) + b"\n"), "1 bytes follow the signature"),
        (standard(v2(V0)[:-1]), "cut off"),
        (standard(v2(V0, [b"a"] * 1001)), "more than 1000 caveats"),
        (standard(b'{"i":"x","s":"y"}'), "no signature"),
        (f"{standard(v2(V0))},{standard(v2(V0))}", "joined by commas"),
        ("MDAxOWxvY2F0aW9uIHByb2JlTRUNCATEDFAKE=", "^$"),
        ("deposit_7f3a", "^$"),
    ],
)
def test_what_only_begins_like_a_macaroon_is_opaque_and_says_why(text: str, reason: str) -> None:
    found = opaque(text)
    assert re.search(reason, found.reason)
    assert committed_hash(found) is None


def test_a_hash_in_a_caveat_is_a_commitment_too() -> None:
    said = f"payment_hash = {PAYMENT_HASH.hex()}".encode()
    other = b"PaymentHash=" + b"ab" * 32
    assert committed_hash(macaroon(standard(v2(b"unknown\xff", [said])))) == COMMITTED
    assert committed_hashes(macaroon(standard(v2(V0, [said])))) == (COMMITTED,)
    assert committed_hashes(macaroon(standard(v2(V0, [said, other])))) == (
        COMMITTED,
        PaymentHash(b"\xab" * 32),
    )
    assert committed_hashes(macaroon(standard(v2(b"x", [b"payment_hash=short"])))) == ()


def test_a_third_partys_caveat_is_no_commitment() -> None:
    other = mint(b"order 7")
    other.add_third_party_caveat("https://auth.example", "k" * 32, f"payment_hash={PAYMENT_HASH.hex()}")
    found = macaroon(other.serialize())
    assert found.caveats[0].is_third_party
    assert found.caveats[0].location == "https://auth.example"
    assert committed_hash(found) is None


def test_a_preimage_and_the_signature_stay_out_of_every_repr() -> None:
    found = macaroon(standard(v2(V0, [b" Preimage = " + b"ab" * 32])))
    assert "ab" * 32 not in repr(found)
    assert found.signature.hex() not in repr(found)
    assert repr(found.signature) not in repr(found)
    assert found.caveats[0].text.endswith("ab")


def test_bytes_that_are_no_text_become_replacement_characters() -> None:
    found = macaroon(standard(v2(V0, [b"a=\xff"], b"\xfe")))
    assert (found.caveats[0].text, found.location) == ("a=\ufffd", "\ufffd")


@pytest.mark.parametrize("version", [1, 2])
def test_a_copy_is_what_pymacaroons_would_have_made_and_verifies(version: int) -> None:
    original = mint(b"words", caveats=["services=weather:0"], version=version)
    copy = attenuate(original.serialize(), "path=/größe")
    original.add_first_party_caveat("path=/größe")
    assert base64.b64decode(copy, validate=True) == raw_of(original)
    verifier = pymacaroons.Verifier()
    verifier.satisfy_exact("services=weather:0")
    verifier.satisfy_exact("path=/größe")
    assert verifier.verify(pymacaroons.Macaroon.deserialize(copy), ROOT_KEY)


@pytest.mark.parametrize("family", IDENTIFIERS)
@pytest.mark.parametrize("write", [v1, v2])  # V2 without location and V1 with a binary identifier among them
def test_a_copy_keeps_every_byte_before_the_new_caveat(family: str, write: Any) -> None:
    identifier = IDENTIFIERS[family]
    copy = attenuate(standard(write(identifier, [b"\xff", b"a=b"])), "ip=10.0.0.1")
    assert base64.b64decode(copy, validate=True) == write(identifier, [b"\xff", b"a=b", b"ip=10.0.0.1"])


def test_a_copy_of_a_doubly_dressed_macaroon_is_doubly_dressed() -> None:
    twice = base64.b64encode(base64.urlsafe_b64encode(RAW)).decode()
    found = macaroon(attenuate(twice, "ip=10.0.0.1"))
    assert found.encoding == "double base64"
    assert found.caveats[-1].raw == b"ip=10.0.0.1"


def test_a_copy_of_json_is_binary_v2() -> None:
    original = mint(V0, caveats=["kid = 1"])
    copy = attenuate(JsonSerializer().serialize(original), "ip=10.0.0.1")
    original.add_first_party_caveat("ip=10.0.0.1")
    assert base64.b64decode(copy, validate=True) == raw_of(original)


@pytest.mark.parametrize("text", ["deposit_7f3a", standard(b'{"hash":"x"}'), standard(v2(V0) + b"\0"), "", "a b"])
def test_what_is_no_macaroon_gets_no_caveat(text: str) -> None:
    with pytest.raises(MacaroonError):
        attenuate(text, "ip=10.0.0.1")


@pytest.mark.parametrize("caveat", ["", "a\nb", "a\0b", "\ud800", "a\u202eb", "x" * 4097])
def test_a_caveat_that_is_no_line_of_text_is_refused(caveat: str) -> None:
    with pytest.raises(MacaroonError, match="one line"):
        attenuate(FEWSATS, caveat)


def test_a_macaroon_that_is_full_gets_no_further_caveat() -> None:
    with pytest.raises(MacaroonError, match="faithfully"):
        attenuate(standard(v2(V0, [b"a"] * 1000)), "a=b")


def test_an_error_of_the_library_is_translated(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise pymacaroons.exceptions.MacaroonInitException("no")

    monkeypatch.setattr(pymacaroons.Macaroon, "add_first_party_caveat", fail)
    with pytest.raises(MacaroonError, match="could not be sealed"):
        attenuate(FEWSATS, "a=b")


def test_a_wrong_seal_of_the_library_is_not_handed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pymacaroons.Macaroon, "add_first_party_caveat", lambda self, _: self)
    with pytest.raises(MacaroonError, match="could not be sealed"):
        attenuate(FEWSATS, "a=b")


@pytest.mark.parametrize("text", ["", " ", "a b", "a\nb", "a\0b", "\x1b[0m", "tökén", "\ud800", "A" * 65_537])
def test_what_can_be_no_token_is_refused(text: str) -> None:
    with pytest.raises(MacaroonError) as refused:
        read_token(text)
    assert str(refused.value).isprintable()


def survives(text: str) -> None:
    """A value or MacaroonError from every function that takes foreign text, nothing hidden in a message."""

    def read() -> None:
        found = read_token(text)
        committed_hashes(found)
        repr(found)
        assert isinstance(found, Macaroon) or found.reason.isprintable()

    assert complaint(read).isprintable()
    assert complaint(lambda: macaroon(attenuate(text, "a=b"))).isprintable()


@given(st.text(st.characters(), max_size=200))
def test_any_text_survives(text: str) -> None:
    survives(text)


@given(st.binary(max_size=300), st.sampled_from([b"", b"\x02\x02", b"\x02\x01", b"0011identifier i\n", b"{"]))
def test_any_bytes_in_any_dressing_survive(raw: bytes, start: bytes) -> None:
    survives(standard(start + raw))
    survives((start + raw).hex())
    survives(base64.urlsafe_b64encode(base64.b64encode(start + raw)).decode())


@given(st.data())
def test_a_damaged_token_survives(data: st.DataObject) -> None:
    text = list(data.draw(st.sampled_from([FEWSATS, SATS4AI, standard(RAW), standard(b'{"i":"x","s64":"AA"}')])))
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(text) - 1))
        text[at : at + data.draw(st.integers(0, 2))] = data.draw(st.text("AQ_-+/=.x{", max_size=2))
    survives("".join(text))


@pytest.mark.parametrize(
    "text",
    [
        "A" * 65_536,
        "=" * 65_536,
        "{" * 65_536,
        "f" * 65_536,
        standard(b'{"a":' * 9_000),
        standard(b"[" * 40_000),
    ],
    ids=["base64", "padding", "braces", "hex", "objects", "brackets"],
)
def test_the_largest_nonsense_survives(text: str) -> None:
    survives(text)


def test_reading_loads_neither_pymacaroons_nor_a_loop() -> None:
    code = (
        "import sys; from l402desk.protocol.macaroon import read_token; import l402desk.protocol.caveats;"
        f"read_token({FEWSATS!r});"
        "print([m for m in ('pymacaroons', 'nacl', 'six', 'asyncio') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
