"""The table of dialects holds the twenty measured forms."""

from __future__ import annotations

import re

from l402desk.sandbox.dialects import DIALECTS


def test_there_are_twenty_with_names_of_their_own_that_fit_into_a_url() -> None:
    names = [dialect.name for dialect in DIALECTS]
    assert len(names) == len(set(names)) == 20
    assert all(re.fullmatch(r"[a-z0-9-]+", name) for name in names)
    assert DIALECTS[0].path == "/dialect/macaroon-invoice"


def test_nineteen_ask_with_402_and_one_with_401() -> None:
    assert sorted(dialect.status for dialect in DIALECTS) == [401] + [402] * 19


def test_each_form_is_a_different_one() -> None:
    assert len({(d.headers, d.token, d.status) for d in DIALECTS}) == 20


def test_each_form_carries_a_token_and_an_invoice() -> None:
    for dialect in DIALECTS:
        text = " ".join(dialect.headers)
        assert "{token}" in text, dialect.name
        assert "{invoice}" in text, dialect.name
