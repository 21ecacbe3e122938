"""The two binary formats: read like other libraries write them, and refused where they are not whole."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.errors import MacaroonError
from l402desk.protocol.macaroon_formats import MOST_CAVEATS, Parts, looks_like, read_v1, read_v2
from tests.fakes.macaroons import V0, chain, complaint, mint, packet, raw_of, v1, v2

CAVEATS = ("services=weather:0", "weather_valid_until=1795262400", "größer=ü")
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def agrees(parts: Parts, other: Any) -> None:
    """The second opinion: pymacaroons sees the same macaroon."""
    assert parts.location == other.location.encode()
    assert parts.identifier == other.identifier_bytes
    assert parts.signature.hex() == other.signature
    mine = [(c.raw, c.location, c.verification_id) for c in parts.conditions]
    assert mine == [(c.caveat_id_bytes, (c.location or "").encode(), c.verification_key_id) for c in other.caveats]


@pytest.mark.parametrize("location", ["lsat", "", "https://größe.example/"])
@pytest.mark.parametrize("caveats", [(), CAVEATS])
def test_v2_of_another_library_is_read_exactly(location: str, caveats: tuple[str, ...]) -> None:
    other = mint(V0, location=location, caveats=caveats)
    agrees(read_v2(raw_of(other)), other)


@pytest.mark.parametrize("location", ["lsat", ""])
@pytest.mark.parametrize("caveats", [(), CAVEATS])
def test_v1_of_another_library_is_read_exactly(location: str, caveats: tuple[str, ...]) -> None:
    other = mint(b"id-644188", location=location, caveats=caveats, version=1)
    agrees(read_v1(raw_of(other)), other)


@pytest.mark.parametrize("version", [1, 2])
def test_third_party_caveats_are_read_exactly(version: int) -> None:
    other = mint(b"order 7", caveats=["kid = 1"], version=version)
    other.add_third_party_caveat("https://auth.example", "k" * 32, "the caller is bob")
    other.add_first_party_caveat("path=/x")
    parts = read_v1(raw_of(other)) if version == 1 else read_v2(raw_of(other))
    agrees(parts, other)
    assert [c.verification_id is not None for c in parts.conditions] == [False, True, False]


@given(st.binary(min_size=1, max_size=300), st.lists(texts, max_size=6), texts)
def test_any_v2_agrees_with_the_second_opinion(identifier: bytes, caveats: list[str], location: str) -> None:
    other = mint(identifier, location=location, caveats=caveats)
    agrees(read_v2(raw_of(other)), other)


# ASCII only: pymacaroons 0.13 counts characters instead of bytes in the V1 fields it keeps as text.
ascii_texts = st.text(st.characters(codec="ascii"), max_size=60)


@given(ascii_texts.filter(bool), st.lists(texts, max_size=6), ascii_texts)
def test_any_v1_agrees_with_the_second_opinion(identifier: str, caveats: list[str], location: str) -> None:
    other = mint(identifier.encode(), location=location, caveats=caveats, version=1)
    agrees(read_v1(raw_of(other)), other)


def test_v2_without_location_and_v1_with_a_binary_identifier_are_read() -> None:
    assert read_v2(v2(V0, [b"a=\xff\xfe"])).conditions[0].raw == b"a=\xff\xfe"
    parts = read_v1(v1(V0, [b"a=\n\xff"]))
    assert (parts.identifier, parts.conditions[0].raw) == (V0, b"a=\n\xff")
    assert parts.signature == chain(V0, [b"a=\n\xff"])


@pytest.mark.parametrize("read", [read_v1, read_v2])
@pytest.mark.parametrize("extra", [b"\0", b"\n", b"x" * 40])
def test_bytes_behind_the_signature_are_refused(read: Any, extra: bytes) -> None:
    raw = v1(V0, [b"a=b"]) if read is read_v1 else v2(V0, [b"a=b"], b"here")
    read(raw)
    with pytest.raises(MacaroonError, match=f"{len(extra)} bytes follow the signature"):
        read(raw + extra)
    with pytest.raises(MacaroonError, match="bytes follow the signature"):
        read(raw + raw)  # pymacaroons takes two for one


@pytest.mark.parametrize("read", [read_v1, read_v2])
def test_a_macaroon_cut_anywhere_is_refused(read: Any) -> None:
    raw = v1(V0, [b"a=b"]) if read is read_v1 else v2(V0, [b"a=b"], b"here")
    for end in range(1, len(raw)):
        with pytest.raises(MacaroonError):
            read(raw[:end])


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"\x02\x02\x01i\x01\x01l\0\0\x06\x20" + bytes(32), "out of order"),
        (b"\x02\x01\x01l\0\0\x06\x20" + bytes(32), "no identifier"),
        (b"\x02\x02\x01i\x04\x01v\0\0\x06\x20" + bytes(32), "no identifier where one belongs"),
        (b"\x02\x02\x01i\x03\x01v\0\0\x06\x20" + bytes(32), "unknown kind 3"),
        (b"\x02\x02\x01i\0\x01\x01l\0\0\x06\x20" + bytes(32), "no text"),
        (b"\x02\x02\x01i\0\x01\x01l\x02\x01c\0\0\x06\x20" + bytes(32), "no third party"),
        (b"\x02\x02\x01i\0\0\x06\x1f" + bytes(31), "signature of 32 bytes"),
        (b"\x02\x02\x01i\0\0\x05\x20" + bytes(32), "signature of 32 bytes"),
        (b"\x02\x02\xff\xff\xff\xff\xff\x01i", "absurd length"),
        (b"\x02\x02\xff\xff\xff\xff\x7fi", "cut off"),
    ],
)
def test_a_broken_v2_is_refused_in_words(raw: bytes, message: str) -> None:
    with pytest.raises(MacaroonError, match=message):
        read_v2(raw)


SIGNATURE = packet("signature", bytes(32))
IDENTIFIER = packet("identifier", b"i")


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (packet("location", b"l") + SIGNATURE, "no identifier"),
        (IDENTIFIER + IDENTIFIER + SIGNATURE, "not where it belongs"),
        (IDENTIFIER + packet("vid", b"v") + SIGNATURE, "not where it belongs"),
        (IDENTIFIER + packet("cid", b"c") + packet("cl", b"l") + SIGNATURE, "not where it belongs"),
        (IDENTIFIER + packet("other", b"c") + SIGNATURE, "not where it belongs"),
        (IDENTIFIER + packet("signature", bytes(31)), "does not have 32 bytes"),
        (b"0000identifier i\n", "does not end where it says"),
        (b"0011identifier ix", "does not end where it says"),
        (b"ffffidentifier i\n", "cut off"),
        (b"+011identifier i\n", "not readable"),
        (b"0_11identifier i\n", "not readable"),
        (b"", "cut off"),
    ],
)
def test_a_broken_v1_is_refused_in_words(raw: bytes, message: str) -> None:
    with pytest.raises(MacaroonError, match=message):
        read_v1(raw)


@pytest.mark.parametrize("read", [read_v1, read_v2])
def test_a_thousand_caveats_are_read_and_one_more_is_not(read: Any) -> None:
    write = v1 if read is read_v1 else v2
    assert len(read(write(V0, [b"a=b"] * MOST_CAVEATS)).conditions) == MOST_CAVEATS
    with pytest.raises(MacaroonError):
        read(write(V0, [b"a=b"] * (MOST_CAVEATS + 1)))


def test_the_format_is_told_by_the_first_bytes() -> None:
    assert looks_like(v2(V0)) == looks_like(v2(V0, location=b"l")) == "v2"
    assert looks_like(v1(V0)) == looks_like(IDENTIFIER) == "v1"
    assert looks_like(b"") is None
    assert looks_like(b"\x02\x07") is None
    assert looks_like(b"0011whatever ") is None


@given(st.binary(max_size=200))
def test_any_bytes_are_parts_or_a_macaroon_error(raw: bytes) -> None:
    for read in (read_v1, read_v2):
        for start in (b"", b"\x02\x02\x01i\0", IDENTIFIER):
            assert complaint(partial(read, start + raw)).isprintable()


@given(st.data())
def test_a_damaged_macaroon_is_parts_or_a_macaroon_error(data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from([v1(V0, [b"a=b", b"c<1"]), v2(V0, [b"a=b", b"c<1"], b"here")])))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    for read in (read_v1, read_v2):
        assert complaint(partial(read, bytes(raw))).isprintable()
