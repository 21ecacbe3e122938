"""What goes into a sealed export comes out of it, and nothing a stranger wrote there does harm."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.vault.bundle_contents import Contents, pack, unpack
from l402desk.vault.carried import Carried
from l402desk.vault.foreign.entries import ImportRefused
from l402desk.vault.scope import Reach
from l402desk.vault.tokens import RESTRICTED, TokenState
from tests.fakes.purchased import NOW, new_token
from tests.vault.test_awaiting import pending

CONTENTS = Contents(
    NOW,
    (
        Carried(new_token(1, title="Mine „ü“", method="GET", bought_at=NOW), "A note.", 3, NOW, 200),
        Carried(replace(new_token(2, reach=Reach.HOST), state=TokenState.REFUSED, source=RESTRICTED), is_trashed=True),
        Carried(new_token(3, "http://127.0.0.1:8402/x", reach=Reach.PREFIX, price=None)),
    ),
    (pending(4), pending(5, "https://b.example", Reach.EXACT)),
)


def test_everything_comes_out_as_it_went_in() -> None:
    assert unpack(pack(CONTENTS)) == CONTENTS
    assert unpack(pack(Contents(NOW))) == Contents(NOW)


def test_the_purchase_stays_at_home() -> None:
    """Its number means nothing on another desk, and here it would bring the refusal of a deleted purchase with it."""
    inside = unpack(pack(Contents(NOW, (Carried(new_token(1, purchase_id="p1")),))))
    assert inside.tokens[0].token == new_token(1)


@pytest.mark.parametrize(
    "change",
    [
        {"origin": "http://api.example"},
        {"origin": "nonsense"},
        {"path": "no slash"},
        {"path": "/a?b"},
        {"reach": "everywhere"},
        {"state": "trashed"},
        {"state": "golden"},
        {"credential": "two words"},
        {"preimage": "00" * 32},
        {"preimage": 7},
        {"uses": -1},
        {"uses": 2**63},
        {"uses": True},
        {"price_msat": -1},
        {"bought_at": 1.5},
        {"title": "\ud800"},
        {"title": None},
        {"scheme": "Bearer"},
    ],
)
def test_a_token_that_cannot_be_is_refused(change: dict[str, object]) -> None:
    value = json.loads(pack(CONTENTS))
    value["tokens"][0].update(change)
    with pytest.raises(ImportRefused, match="cannot be read"):
        unpack(json.dumps(value).encode())


@pytest.mark.parametrize(
    "plain", [b"", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"made_at": 1e400}', b'{"made_at": 1}']
)
def test_what_is_no_such_document_is_refused(plain: bytes) -> None:
    with pytest.raises(ImportRefused, match="cannot be read"):
        unpack(plain)


LEAF = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.lists(st.integers(), max_size=2)
)


@given(st.sampled_from(["tokens", "pending"]), st.data(), LEAF)
def test_no_member_raises_anything_else(part: str, data: st.DataObject, value: Any) -> None:
    inside = json.loads(pack(CONTENTS))
    name = data.draw(st.sampled_from(sorted(inside[part][0])))
    inside[part][0][name] = value
    with contextlib.suppress(ImportRefused):
        assert isinstance(unpack(json.dumps(inside).encode()), Contents)
