"""The JSON formats: read like pymacaroons writes them, and refused with anything that does not belong."""

from __future__ import annotations

import base64
import json
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymacaroons.serializers import JsonSerializer

from l402desk.protocol.errors import MacaroonError
from l402desk.protocol.macaroon_formats import MOST_CAVEATS, Parts, read_v1, read_v2
from l402desk.protocol.macaroon_json import looks_like_v1, looks_like_v2, read_v1_json, read_v2_json
from l402desk.protocol.token_json import JsonObject, read_object
from tests.fakes.macaroons import V0, complaint, mint, raw_of


def parsed(content: Any) -> JsonObject:
    found = read_object((content if isinstance(content, str) else json.dumps(content)).encode())
    assert found is not None
    return found


def contents(parts: Parts) -> tuple[object, ...]:
    return parts.location, parts.identifier, parts.conditions, parts.signature


@pytest.mark.parametrize("identifier", [V0, b"words"])
@pytest.mark.parametrize("location", ["lsat", ""])
def test_v2_json_holds_the_same_as_v2(identifier: bytes, location: str) -> None:
    other = mint(identifier, location=location, caveats=["kid = 1", "a=ü"])
    other.add_third_party_caveat("https://auth.example", "k" * 32, "the caller is bob")
    found = parsed(JsonSerializer().serialize(other))
    assert looks_like_v2(found)
    assert not looks_like_v1(found)
    parts = read_v2_json(found)
    assert parts.format == "v2-json"
    assert contents(parts) == contents(read_v2(raw_of(other)))


def test_v1_json_holds_the_same_as_v1() -> None:
    other = mint(b"words", caveats=["kid = 1", "a=ü"], version=1)
    other.add_third_party_caveat("https://auth.example", "k" * 32, "the caller is bob")
    found = parsed(JsonSerializer().serialize(other))
    assert looks_like_v1(found)
    assert not looks_like_v2(found)
    parts = read_v1_json(found)
    assert parts.format == "v1-json"
    assert contents(parts) == contents(read_v1(raw_of(other)))


S64 = base64.urlsafe_b64encode(bytes(32)).decode().rstrip("=")


@pytest.mark.parametrize(
    "content",
    [
        {"v": 3, "i": "x", "s64": S64},
        {"v": 2, "i": "x", "s64": S64, "other": 1},
        {"v": 2, "i": "x", "i64": "eA", "s64": S64},
        {"v": 2, "i": 7, "s64": S64},
        {"v": 2, "s64": S64},
        {"v": 2, "i": "x", "s64": "AAAA"},
        {"v": 2, "i": "x", "s64": "A"},
        {"v": 2, "i": "x", "s64": "!"},
        {"v": 2, "i": "\ud800", "s64": S64},
        {"v": 2, "i": "x", "s64": S64, "c": {}},
        {"v": 2, "i": "x", "s64": S64, "c": "x"},
        {"v": 2, "i": "x", "s64": S64, "c": ["x"]},
        {"v": 2, "i": "x", "s64": S64, "c": [{"l": "x"}]},
        {"v": 2, "i": "x", "s64": S64, "c": [{"i": "x", "l": "x"}]},
        {"v": 2, "i": "x", "s64": S64, "c": [{"i": "x", "cid": "x"}]},
        {"v": 2, "i": "x", "s64": S64, "c": [{"i": "x"}] * (MOST_CAVEATS + 1)},
        '{"v":2,"i":"x","i":"y","s64":"' + S64 + '"}',
    ],
)
def test_a_broken_v2_json_is_refused(content: Any) -> None:
    with pytest.raises(MacaroonError):
        read_v2_json(parsed(content))


@pytest.mark.parametrize(
    "content",
    [
        {"identifier": "x", "signature": "00", "caveats": []},
        {"identifier": None, "signature": "00" * 32, "caveats": []},
        {"identifier": "x", "signature": 7, "caveats": []},
        {"identifier": "x", "signature": "00" * 32, "caveats": ["a=b"]},
        {"identifier": "x", "signature": "00" * 32, "caveats": [{"vid": "AA"}]},
        {"identifier": "x", "signature": "00" * 32, "caveats": [{"cid": "x", "vid": "!"}]},
        {"identifier": "x", "signature": "00" * 32, "caveats": [], "payment_hash": "x"},
    ],
)
def test_a_broken_v1_json_is_refused(content: Any) -> None:
    with pytest.raises(MacaroonError):
        read_v1_json(parsed(content))


values = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just(S64) | st.just([{"i": "x"}])


@given(st.dictionaries(st.sampled_from(["v", "l", "i", "i64", "s", "s64", "c", "x"]), values))
def test_any_object_is_parts_or_a_macaroon_error(content: dict[str, Any]) -> None:
    for read in (read_v1_json, read_v2_json):
        assert complaint(partial(read, parsed(content))).isprintable()
