"""Two spellings of one origin are equal, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.errors import OriginError
from l402desk.protocol.origin import Origin, path_of


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://API.Example.com/x", "https://api.example.com"),
        ("https://api.example.com:443/", "https://api.example.com"),
        ("http://127.0.0.1:8402/weather?q=1", "http://127.0.0.1:8402"),
        ("https://bücher.example./", "https://xn--bcher-kva.example"),
        ("http://[::1]:81/", "http://[::1]:81"),
        ("https://user:secret@example.com/", "https://example.com"),
    ],
)
def test_an_origin_has_one_form(url: str, shown: str) -> None:
    assert str(Origin.of(url)) == shown


@pytest.mark.parametrize(
    "url",
    ["", "example.com", "ftp://example.com", "file:///etc/passwd", "https://", "https://a b/", "http://h:99999/",
     "javascript:x", "http://[::1", "https://x:port/", "https://..", "https://a..", "https://a..b/"],
)  # fmt: skip
def test_what_names_no_origin_is_refused(url: str) -> None:
    with pytest.raises(OriginError):
        Origin.of(url)


def test_another_port_scheme_or_subdomain_is_another_origin() -> None:
    home = Origin.of("https://example.com/")
    for stranger in (
        "http://example.com/",
        "https://example.com:444/",
        "https://a.example.com/",
        "https://example.co/",
    ):
        assert Origin.of(stranger) != home


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://example.com", True),
        ("http://example.com", False),
        ("http://localhost:1", True),
        ("http://127.1.2.3", True),
        ("http://[::1]", True),
        ("http://[::1%25a.example.com]", False),
        ("http://[::1%a.example.com]", False),
        ("http://127.0.0.1@example.com", False),
        ("http://127.0.0.1\\@example.com", False),
        ("http://127.1", False),
        ("http://0x7f000001", False),
        ("http://0.0.0.0", False),
        ("http://abc.onion", True),
        ("http://localhost.example.com", False),
        ("http://192.168.1.2", False),
    ],
)
def test_a_credential_travels_over_tls_to_this_machine_or_to_a_hidden_service(url: str, may: bool) -> None:
    assert Origin.of(url).is_private_enough is may


@given(st.text(max_size=80))
def test_any_text_gives_an_origin_or_an_origin_error(text: str) -> None:
    for url in (text, "https://" + text):
        try:
            origin = Origin.of(url)
        except OriginError:
            continue
        assert Origin.of(str(origin)) == origin


def test_a_path_is_never_empty() -> None:
    assert path_of("https://example.com") == "/"
    assert path_of("https://example.com/a/b?c#d") == "/a/b"
