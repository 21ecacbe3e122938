"""Reading an answer's headers."""

from __future__ import annotations

from l402desk.client.answer import Answer, Timings
from l402desk.client.spool import EMPTY_BODY


def answer(*headers: tuple[str, str]) -> Answer:
    return Answer(402, "", "HTTP/1.1", "https://example.com/", headers, EMPTY_BODY, Timings())


def test_all_values_of_a_header_are_found_in_any_case_and_in_order() -> None:
    found = answer(("WWW-Authenticate", "LSAT x"), ("A", "b"), ("www-authenticate", "L402 x"))
    assert found.header_values("Www-Authenticate") == ("LSAT x", "L402 x")
    assert found.header_values("absent") == ()


def test_the_media_type_stands_alone_and_in_lower_case() -> None:
    assert answer(("content-type", "Application/JSON ; charset=utf-8")).content_type == "application/json"
    assert answer().content_type == ""
