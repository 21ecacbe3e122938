"""One more caveat behind the bytes of the original, in each format; and JSON written as binary."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymacaroons.serializers import JsonSerializer

from l402desk.protocol.errors import MacaroonError
from l402desk.protocol.macaroon_formats import read_v1, read_v2
from l402desk.protocol.macaroon_json import read_v1_json, read_v2_json
from l402desk.protocol.macaroon_writing import with_caveat
from l402desk.protocol.token_json import read_object
from tests.fakes.macaroons import V0, chain, mint, raw_of, v1, v2

OLD = [b"services=weather:0", b"\xff\xfe", b"x" * 200]
NEW = b"path=/x"


@pytest.mark.parametrize("location", [b"", b"lsat"])
def test_v2_grows_by_exactly_one_caveat(location: bytes) -> None:
    raw = v2(V0, OLD, location)
    assert with_caveat(raw, read_v2(raw), NEW, chain(V0, [*OLD, NEW])) == v2(V0, [*OLD, NEW], location)


def test_v1_grows_by_exactly_one_caveat() -> None:
    raw = v1(V0, OLD)
    assert with_caveat(raw, read_v1(raw), NEW, chain(V0, [*OLD, NEW])) == v1(V0, [*OLD, NEW])


@given(st.binary(min_size=1, max_size=400))
def test_a_caveat_of_any_length_fits(caveat: bytes) -> None:
    raw = v2(V0)
    assert with_caveat(raw, read_v2(raw), caveat, chain(V0, [caveat])) == v2(V0, [caveat])


@pytest.mark.parametrize("version", [1, 2])
def test_json_is_written_in_the_binary_form_of_its_version(version: int) -> None:
    other = mint(b"words", caveats=["kid = 1"], version=version)
    other.add_third_party_caveat("https://auth.example", "k" * 32, "the caller is bob")
    text = JsonSerializer().serialize(other).encode()
    found = read_object(text)
    assert found is not None
    parts = read_v1_json(found) if version == 1 else read_v2_json(found)
    other.add_first_party_caveat("path=/x")
    written = with_caveat(text, parts, NEW, bytes.fromhex(other.signature))
    assert written == raw_of(other)


def test_v1_refuses_a_packet_that_its_four_digits_cannot_count() -> None:
    raw = v1(V0)
    with pytest.raises(MacaroonError, match="does not fit"):
        with_caveat(raw, read_v1(raw), b"x" * 65_600, bytes(32))
