"""A draft can be half finished; read as a request it is right, or says what is wrong."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.client.body import JsonBody, NoBody, TextBody
from l402desk.client.errors import DraftError
from l402desk.client.request import Field, RequestDraft
from l402desk.protocol.origin import Origin


def test_a_blank_draft_can_be_kept_but_not_sent() -> None:
    draft = RequestDraft()
    assert (draft.method, draft.body) == ("GET", NoBody())
    with pytest.raises(DraftError) as refused:
        draft.check()
    assert refused.value.part == "url"


def test_known_methods_are_put_in_capitals_and_own_ones_sent_as_typed() -> None:
    assert RequestDraft(" get ").method == "GET"
    assert RequestDraft("Purge").method == "Purge"


@pytest.mark.parametrize("method", ["", "GE T", "GET\r\nX", "GÊT", "GET\x00", "A/B", "CONNECT", "connect", "GET\n"])
def test_a_method_that_is_no_word_is_refused(method: str) -> None:
    with pytest.raises(DraftError) as refused:
        RequestDraft(method, "https://example.com").check()
    assert refused.value.part == "method"


def test_parameters_follow_the_address_own_query_untouched() -> None:
    draft = RequestDraft(
        url="example.com/x?z=%41&a=+#frag",
        params=(Field("b", "ä &"), Field("b", ""), Field("no", "1", enabled=False), Field("", "")),
    )
    assert draft.full_url() == "https://example.com/x?z=%41&a=+&b=%C3%A4%20%26&b="
    assert draft.origin == Origin("https", "example.com", 443)
    assert RequestDraft(url="example.com?", params=(Field("a", "1"),)).full_url() == "https://example.com/?a=1"


def test_a_parameter_without_a_name_is_refused() -> None:
    with pytest.raises(DraftError) as refused:
        RequestDraft(url="example.com", params=(Field("", "x"),)).full_url()
    assert refused.value.part == "params"


def test_the_body_brings_its_media_type_unless_one_is_typed() -> None:
    body = JsonBody("{}")
    assert RequestDraft("POST", body=body).wire_headers() == (("Content-Type", "application/json"),)
    typed = (Field("content-type", "application/ld+json"),)
    assert RequestDraft("POST", headers=typed, body=body).wire_headers() == (("content-type", "application/ld+json"),)


def test_a_media_type_cannot_smuggle_a_header() -> None:
    with pytest.raises(DraftError):
        RequestDraft("POST", "example.com", body=TextBody("", "text/plain\r\nX: y")).check()


FIELDS = st.lists(st.builds(Field, st.text(max_size=8), st.text(max_size=8), st.booleans()), max_size=3)


@given(st.text(max_size=8), st.text(max_size=20), FIELDS, FIELDS, st.text(max_size=10))
def test_any_draft_is_right_or_refused_in_words(
    method: str, tail: str, params: list[Field], headers: list[Field], text: str
) -> None:
    draft = RequestDraft(method, f"https://example.com/{tail}", tuple(params), tuple(headers), TextBody(text))
    try:
        draft.check()
    except DraftError as error:
        refused = error.sentence
    else:
        refused = ""
    assert refused.isprintable()
    if refused:
        return
    line = f"{draft.method} {draft.address().target} HTTP/1.1"
    assert line.isascii()
    assert line.count(" ") == 2
    assert len("\n".join(f"{name}: {value}" for name, value in draft.wire_headers()).splitlines()) == len(
        draft.wire_headers()
    )


def test_what_a_window_needs_at_first_paint_does_not_import_httpx() -> None:
    code = (
        "import sys, l402desk.client.request, l402desk.client.answer, l402desk.client.redirects;"
        "sys.exit(any(name in sys.modules for name in ('httpx', 'httpcore', 'anyio', 'truststore', 'PySide6')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
