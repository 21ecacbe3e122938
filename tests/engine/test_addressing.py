"""Where a bought token goes: to who asked for the money, or to another address of the same origin, and no further."""

from __future__ import annotations

import pytest

from l402desk.client.body import JsonBody, NoBody
from l402desk.client.errors import SendError
from l402desk.client.request import Field, RequestDraft
from l402desk.engine.addressing import as_asked, redirected
from l402desk.protocol.errors import OriginError

BODY = JsonBody('{"item": 1}')
ASKED = RequestDraft("POST", "https://shop.example/checkout?x=1", headers=(Field("X-Who", "me"),), body=BODY)


def test_the_request_that_was_answered_is_repeated_with_its_body() -> None:
    draft = RequestDraft("POST", "https://shop.example/a", (Field("q", "1"),), body=BODY)
    assert as_asked(draft, "POST", "https://shop.example/b?q=1") == RequestDraft(
        "POST", "https://shop.example/b?q=1", body=BODY
    )


def test_after_a_303_the_body_stays_behind() -> None:
    assert as_asked(ASKED, "GET", "https://shop.example/b").body == NoBody()


@pytest.mark.parametrize(
    ("typed", "goes_to"),
    [
        ("/claim", "https://shop.example/claim"),
        ("claim?order=7", "https://shop.example/claim?order=7"),
        ("https://SHOP.example:443/claim", "https://shop.example/claim"),
        ("", "https://shop.example/checkout?x=1"),
    ],
)
def test_an_address_of_the_same_origin_is_taken_whole_or_in_part(typed: str, goes_to: str) -> None:
    draft = redirected(ASKED, typed, "POST")
    assert draft.full_url() == RequestDraft(url=goes_to).full_url()
    assert (draft.body, draft.headers) == (BODY, ASKED.headers)


def test_another_method_leaves_the_body_behind() -> None:
    draft = redirected(ASKED, "/claim", " get ")
    assert (draft.method, draft.body) == ("GET", NoBody())


@pytest.mark.parametrize(
    "typed",
    [
        "https://evil.example/claim",
        "//evil.example/claim",
        "https://shop.example:444/claim",
        "http://shop.example/claim",
        "https://shop.example@evil.example/claim",
        "https://sub.shop.example/claim",
        "\\\\evil.example/claim",
    ],
)
def test_a_token_goes_to_no_other_origin(typed: str) -> None:
    try:
        assert redirected(ASKED, typed, "").origin == ASKED.origin
    except (SendError, OriginError):
        return
    assert typed.startswith("\\")  # read as a path of the same host


@pytest.mark.parametrize("typed", ["javascript:alert(1)", "file:///etc/passwd", "http://[::1"])
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises((SendError, OriginError)):
        redirected(ASKED, typed, "")


@pytest.mark.parametrize("method", ["CONNECT", "G T", "GET\r\nX: 1"])
def test_what_is_no_method_is_refused(method: str) -> None:
    with pytest.raises(SendError):
        redirected(ASKED, "/claim", method)
