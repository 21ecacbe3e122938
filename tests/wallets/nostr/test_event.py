"""Events are what their ids and signatures say, or they are nothing."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.wallets.nostr.errors import BadEvent, Undecipherable
from l402desk.wallets.nostr.event import MOST_CHARACTERS, MOST_TAGS, Event, canonical, sign
from l402desk.wallets.nostr.keys import fresh_secret, public_key

SECRET = bytes.fromhex("b7e151628aed2a6abf7158809cf4f3c762e7160f38b4da56a784d9045190cfef")
ODD = 'a"b\\c\n\r\t\b\f/é⚡\u2028\x7f'
# Made by nostr-sdk 0.45.1.
MADE_BY_OTHERS: dict[str, Any] = {
    "id": "714edf35651c2b5c74861cfda95768d1b98947838e22b72529750af04d6a51e9",
    "pubkey": "dff1d77f2a671c5f36183726db2341be58feae1da2deced843240f7b502ba659",
    "created_at": 1_700_000_000,
    "kind": 23_195,
    "tags": [["p", "x"], ["e", "1\n", "2"]],
    "content": ODD,
    "sig": "0a2ce42c3c89b47d7ab9b189838faa8f495b9bed6953d138b17af3db721e6adf"
    "dea900601773017d651138e46e66fcb9f1028210effb9d28251b71ccd8b62dcf",
}
WITH_CONTROLS = {
    **MADE_BY_OTHERS,
    "id": "28ef6550d12c8e16d5aac02fea964e3aaf40a7783802b1a2ccf3436419155ebe",
    "kind": 1,
    "tags": [],
    "content": "\x01\x1f",
    "sig": "8ac11a59e5e7f786a217bd9be80b4825a19ed9ddcf02bd51d072e8079a257e98"
    "31fddaf5772ccfa9d5b72b2b218182c5287d73769db6e9a1440940cbaea80750",
}


def test_the_text_of_an_id_escapes_seven_characters_and_no_others() -> None:
    text = canonical("ab", 12, 1, (("p", ODD), ()), ODD + "\x01")
    odd = 'a\\"b\\\\c\\n\\r\\t\\b\\f/é⚡\u2028\x7f'
    assert text == f'[0,"ab",12,1,[["p","{odd}"],[]],"{odd}\x01"]'


@pytest.mark.parametrize("made", [MADE_BY_OTHERS, WITH_CONTROLS])
def test_what_others_signed_is_read(made: dict[str, Any]) -> None:
    event = Event.read(made)
    assert (event.id, event.content, event.kind) == (made["id"], made["content"], made["kind"])
    assert event.tags == tuple(map(tuple, made["tags"]))


def test_what_we_sign_is_an_event_and_has_the_id_that_nip_01_says() -> None:
    event = sign(SECRET, 23_194, [["p", "ab"], ("encryption", "nip44_v2")], ODD, 1_700_000_000)
    assert event.pubkey == public_key(SECRET)
    text = canonical(event.pubkey, 1_700_000_000, 23_194, event.tags, ODD)
    assert event.id == hashlib.sha256(text.encode()).hexdigest()
    assert Event.read(json.loads(event.to_json())) == event
    assert event.values("encryption") == ("nip44_v2",)
    assert event.values("p") == ("ab",)
    assert event.values("e") == ()


def test_control_characters_are_signed_as_nip_01_says_and_read_both_ways() -> None:
    event = sign(SECRET, 1, [["p", "\x00"]], "\x01", 5)
    assert Event.read(json.loads(event.to_json())) == event


@given(st.text(max_size=60), st.lists(st.lists(st.text(max_size=20), max_size=4), max_size=4))
def test_every_event_that_we_sign_is_read_again(content: str, tags: list[list[str]]) -> None:
    try:
        event = sign(SECRET, 1, tags, content, 0)
    except UnicodeEncodeError:
        return  # half a character cannot be hashed
    assert Event.read(json.loads(event.to_json())) == event


def test_no_secret_and_no_content_stands_in_the_repr() -> None:
    event = sign(SECRET, 1, [], "a preimage", 0)
    assert "preimage" not in repr(event)
    assert SECRET.hex() not in repr(event) + event.to_json()


def test_what_is_no_secret_key_signs_nothing() -> None:
    with pytest.raises(Undecipherable):
        sign(bytes(32), 1, [], "", 0)


@pytest.mark.parametrize(
    "changed",
    [
        {"id": "0" * 64}, {"id": MADE_BY_OTHERS["id"].upper()}, {"id": MADE_BY_OTHERS["id"][:-1]}, {"id": None},
        {"pubkey": "f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9"},
        {"pubkey": "f" * 64}, {"pubkey": 1},
        {"created_at": 1_700_000_001}, {"created_at": 1_700_000_000.0}, {"created_at": "1700000000"},
        {"created_at": True},
        {"created_at": -1}, {"created_at": 2**70}, {"created_at": float("nan")}, {"kind": 23_194}, {"kind": 65_536},
        {"kind": -1}, {"kind": True}, {"kind": "23195"}, {"tags": []}, {"tags": None}, {"tags": {}}, {"tags": "p"},
        {"tags": [["p", "x"], ["e", "1\n", 2]]}, {"tags": [["p", "x"], "e"]}, {"tags": [["p", ["x"]]]},
        {"tags": [["p"]] * (MOST_TAGS + 1)}, {"tags": [["p", "x" * MOST_CHARACTERS]]}, {"content": ODD + " "},
        {"content": None}, {"content": 1}, {"content": "\ud800"}, {"content": "x" * (MOST_CHARACTERS + 1)},
        {"sig": "0" * 128}, {"sig": MADE_BY_OTHERS["sig"][:-2]}, {"sig": MADE_BY_OTHERS["sig"].upper()}, {"sig": None},
        {"sig": MADE_BY_OTHERS["sig"][:64] + MADE_BY_OTHERS["sig"][:64]},
    ],
)  # fmt: skip
def test_a_changed_event_is_no_event(changed: dict[str, Any]) -> None:
    with pytest.raises(BadEvent):
        Event.read({**MADE_BY_OTHERS, **changed})


@pytest.mark.parametrize("name", sorted(MADE_BY_OTHERS))
def test_an_event_that_lacks_a_part_is_no_event(name: str) -> None:
    with pytest.raises(BadEvent):
        Event.read({key: value for key, value in MADE_BY_OTHERS.items() if key != name})


@pytest.mark.parametrize("value", [None, [], "", 1, {}, {1: 2}])
def test_what_is_no_object_is_no_event(value: object) -> None:
    with pytest.raises(BadEvent):
        Event.read(value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*MADE_BY_OTHERS, "x"]), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(MADE_BY_OTHERS)), JSON))
def test_nothing_but_bad_event_comes_out_of_hostile_json(changed: dict[str, Any]) -> None:
    try:
        Event.read({**MADE_BY_OTHERS, **changed})
    except BadEvent:
        return
    assert all(MADE_BY_OTHERS[name] == value for name, value in changed.items())


def test_an_independent_implementation_reads_us_and_we_read_it() -> None:
    other: Any = pytest.importorskip("nostr_sdk")
    secret = fresh_secret()
    ours = sign(secret, 23_194, [["p", public_key(SECRET)], ["expiration", "99"]], ODD, 1_700_000_000)
    read = other.Event.from_json(ours.to_json())
    assert read.verify()
    assert read.id().to_hex() == ours.id
    builder = other.EventBuilder(other.Kind(23_195), "\x00 and " + ODD).tags([other.Tag.parse(["e", ours.id])])
    theirs = builder.finalize(other.Keys.parse(SECRET.hex()))
    assert Event.read(json.loads(theirs.as_json())).values("e") == (ours.id,)
