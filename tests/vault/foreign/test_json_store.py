"""JSON stores: a URL to a pair, as Alby's helper keeps it, and lists of pairs."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.vault.foreign import json_store
from l402desk.vault.foreign.entries import Entry, ImportRefused, Problem
from l402desk.vault.foreign.json_store import entries_of, is_store
from l402desk.vault.scope import Reach
from tests.fakes.purchased import credential_of, hash_of, invoice_of, preimage_of

URL = "https://api.example/v1/data"
PAIR = {"token": credential_of(1), "preimage": preimage_of(1).hex}


def only(value: Any) -> Entry:
    assert is_store(value)
    (entry,) = entries_of(value)
    assert isinstance(entry, Entry)
    return entry


@pytest.mark.parametrize("pair", [PAIR, json.dumps(PAIR), {"macaroon": PAIR["token"], "preimage": PAIR["preimage"]}])
def test_a_url_and_a_pair_also_as_text_within_the_text(pair: object) -> None:
    entry = only({URL: pair})
    assert (entry.url, entry.reach, entry.scheme) == (URL, Reach.EXACT, "L402")
    assert (entry.credential, entry.preimage) == (PAIR["token"], PAIR["preimage"])


@pytest.mark.parametrize(
    ("place", "url", "reach"),
    [
        ({"url": URL}, URL, Reach.EXACT),
        ({"endpoint": URL}, URL, Reach.EXACT),
        ({"origin": "https://api.example"}, "https://api.example", Reach.HOST),
        ({"host": "api.example:8443"}, "https://api.example:8443", Reach.HOST),
        ({}, "", Reach.EXACT),
    ],
)
def test_a_list_of_pairs_that_name_their_place(place: dict[str, str], url: str, reach: Reach) -> None:
    entry = only([{**PAIR, **place}])
    assert (entry.url, entry.reach) == (url, reach)


def test_a_single_pair_and_what_else_may_stand_in_it() -> None:
    extras = {"url": URL, "scheme": "LSAT", "payment_hash": hash_of(1).hex, "invoice": invoice_of(1), "name": "Mine",
              "createdAt": "2024-04-25T11:44:08Z"}  # fmt: skip
    entry = only({**PAIR, **extras})
    assert (entry.scheme, entry.payment_hash, entry.invoice) == ("LSAT", hash_of(1), invoice_of(1))
    assert (entry.title, entry.at) == ("Mine", 1_714_045_448)


def test_a_whole_authorization_is_taken_apart() -> None:
    entry = only([{"url": URL, "authorization": f"LSAT {credential_of(1)}:{preimage_of(1).hex}"}])
    assert (entry.scheme, entry.credential, entry.preimage) == ("LSAT", credential_of(1), preimage_of(1).hex)


def test_one_bad_pair_is_a_problem_among_the_others() -> None:
    value = {
        URL: PAIR,
        "https://b.example": {"token": 7, "preimage": "x"},
        "https://c.example": "no pair",
        "https://d.example": {"authorization": "Bearer x"},
        "https://e.example": {**PAIR, "payment_hash": "short"},
    }
    first, *problems = entries_of(value)
    assert isinstance(first, Entry)
    assert [problem.where for problem in problems] == ["entry 2", "entry 3", "entry 4", "entry 5"]
    assert all(isinstance(problem, Problem) for problem in problems)


@pytest.mark.parametrize("value", [{}, [], 7, None, "text", {"a": 1}, [{"preimage": "x"}], {"token": "x"}])
def test_other_json_is_no_store(value: object) -> None:
    assert not is_store(value)


def test_a_store_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_store, "MOST_ENTRIES", 2)
    with pytest.raises(ImportRefused, match="more than 2"):
        list(entries_of([PAIR, PAIR, PAIR]))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just(json.dumps(PAIR)),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["token", "macaroon", "preimage", "url", "authorization", "payment_hash", "created_at", URL]
            ),
            inner,
            max_size=6,
        )
    ),
)


@given(JSON)
def test_no_json_raises_anything_else(value: object) -> None:
    is_store(value)
    with contextlib.suppress(ImportRefused):
        assert all(isinstance(entry, Entry | Problem) for entry in entries_of(value))
