"""JSON bodies are searched for invoice and token, within bounds."""

from __future__ import annotations

import json

import pytest

from l402desk.protocol.challenge_body import MOST_BODY_BYTES, fields_in, read_json


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"payment required\n",
        b"<html>{}</html>",
        b"{",
        b'"text"',
        b"\xff\xfe{",
        b"[" * 200_000,
        b'{"a":' * 40_000,
        b'{"n":' + b"1" * 5_000 + b"}",
        b'{"a":"' + b"x" * MOST_BODY_BYTES + b'"}',
    ],
)
def test_what_is_no_small_json_document_is_none(body: bytes) -> None:
    assert read_json(body) is None


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert read_json(b'\xef\xbb\xbf {"a": 1}') == {"a": 1}


def test_the_fields_are_found_where_they_were_met() -> None:
    body = {"detail": {"invoice": "i", "macaroon": "m", "token": "t", "payment_hash": "h", "version": 0}}
    (found,) = fields_in(body)
    assert (found.invoice, found.credential_name, found.credential) == ("i", "macaroon", "m")
    assert (found.other_credential, found.payment_hash, found.version) == ("t", "h", "0")
    assert found.scheme == "L402"


def test_a_scheme_in_the_body_is_kept_as_sent_when_it_is_ours() -> None:
    assert [f.scheme for f in fields_in({"invoice": "i", "scheme": "lsat"})] == ["lsat"]
    assert [f.scheme for f in fields_in({"invoice": "i", "scheme": "exact"})] == ["L402"]


@pytest.mark.parametrize(
    "value", [None, [], {"invoice": 1}, {"invoice": ""}, {"x": {"invoice": "i"}}, {"version": True}]
)
def test_other_documents_have_no_fields(value: object) -> None:
    assert list(fields_in(value)) == []


def test_the_search_is_two_levels_deep() -> None:
    def nest(depth: int) -> object:
        return {"invoice": "i"} if depth == 0 else {"error": nest(depth - 1)}

    assert [len(list(fields_in(nest(depth)))) for depth in range(4)] == [1, 1, 1, 0]
    assert json.dumps(nest(3)).count("error") == 3
