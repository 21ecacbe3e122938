"""The offered header names and values can stand in a request."""

from __future__ import annotations

from l402desk.client.fields import TOKEN
from l402desk.ui.request.header_names import REQUEST_HEADERS, values_for


def test_every_offered_name_is_a_header_name_and_offered_once() -> None:
    assert all(TOKEN.fullmatch(name) for name in REQUEST_HEADERS)
    assert len({name.lower() for name in REQUEST_HEADERS}) == len(REQUEST_HEADERS)


def test_values_are_offered_whatever_the_case_of_the_name() -> None:
    assert "application/json" in values_for("ACCEPT")
    assert values_for(" content-type ")[0] == "application/json"


def test_nothing_is_offered_where_any_text_may_stand() -> None:
    assert values_for("X-Own") == ()
