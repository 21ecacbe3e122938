"""An address is read once, the same for policy and wire."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from l402desk.client.urls import UrlError, encode_component, read_url, resolve
from l402desk.protocol.origin import Origin


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("example.com", "https://example.com/"),
        ("example.com:8080/x", "https://example.com:8080/x"),
        ("//example.com/x", "https://example.com/x"),
        (" https://example.com/x \n", "https://example.com/x"),
        ("localhost:8080/a", "http://localhost:8080/a"),
        ("127.0.0.1:80", "http://127.0.0.1/"),
        ("[::1]:3000/a", "http://[::1]:3000/a"),
        ("http://[0:0:0:0:0:0:0:1]/", "http://[::1]/"),
        ("HTTPS://Example.COM.:443/A?b=C#d", "https://example.com/A?b=C"),
        ("http://example.com:/", "http://example.com/"),
        ("https://straße.de/ü?q=ä b", "https://xn--strae-oqa.de/%C3%BC?q=%C3%A4%20b"),
        ("https://example.com?b=2&a=1&b=%41+", "https://example.com/?b=2&a=1&b=%41+"),
        ("https://example.com/%zz%41", "https://example.com/%25zz%41"),
        ("https://example.com/a/../b/./c/..", "https://example.com/b/"),
        ("https://example.com/../../a", "https://example.com/a"),
        ("https://example.com//a//b", "https://example.com//a//b"),
        ("https://example.com/a\\b", "https://example.com/a%5Cb"),
        ("example.com?next=http://other.example/", "https://example.com/?next=http://other.example/"),
        ("https://a_b.example/", "https://a_b.example/"),
    ],
)
def test_a_typed_address_becomes_canonical(typed: str, read: str) -> None:
    assert str(read_url(typed)) == read


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "/path",
        "https://",
        "https:///path",
        "ftp://example.com/",
        "javascript:alert(1)",
        "mailto:a@example.com",
        "l402://example.com/",
        "http://user@example.com/",
        "http://user:pass@example.com/",
        "user:pass@example.com/",
        "http://example.com\\@evil.example/",
        "http://example.com%2eevil.example/",
        "http://exa mple.com/",
        "http://a..b/",
        "http://-a.example/",
        "http://" + "a" * 64 + ".example/",
        "http://" + "a." * 127 + "example/",
        "http://*.example/",
        "http://example.com:99999/",
        "http://example.com:0/",
        "http://example.com:x/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://127.1/",
        "http://0177.0.0.1/",
        "http://1.2.3.4.5/",
        "http://[::1/",
        "http://[fe80::1%25eth0]/",
        "http://[zz]/",
        "https://example.com/\r\nX: y",
        "https://example.com/\x00",
        "https://example.com/\x85",
        "https://example.com/\ud800",
        "https://example.com/" + "a" * 40_000,
        "https://xn--\u200b.example/",
    ],
)
def test_an_address_that_programs_read_differently_is_refused_in_words(typed: str) -> None:
    with pytest.raises(UrlError) as refused:
        read_url(typed)
    sentence = str(refused.value)
    assert len(sentence) > 15
    assert sentence.isprintable()


BASE = read_url("https://a.example/dir/page?q=1")


@pytest.mark.parametrize(
    ("location", "read"),
    [
        ("https://b.example/x", "https://b.example/x"),
        ("HTTP://B.example:80", "http://b.example/"),
        ("//b.example/x?y", "https://b.example/x?y"),
        ("/x", "https://a.example/x"),
        ("x", "https://a.example/dir/x"),
        ("../x", "https://a.example/x"),
        ("?z=2", "https://a.example/dir/page?z=2"),
        ("#top", "https://a.example/dir/page?q=1"),
        ("", "https://a.example/dir/page?q=1"),
        ("/ü", "https://a.example/%C3%BC"),
        ("./a:b", "https://a.example/dir/a:b"),
    ],
)
def test_a_location_is_resolved_as_the_standard_says(location: str, read: str) -> None:
    assert str(resolve(BASE, location)) == read


@pytest.mark.parametrize(
    "location",
    [
        "\\b.example",
        "/\\b.example",
        "///b.example",
        "////b.example",
        "https:b.example",
        "https:/b.example",
        "https:///b.example",
        "//user@b.example/",
        "https://a.example@b.example/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/plain,x",
        "ws://b.example/",
        "a:b",
        "https://b.example:99999/",
        "https://2130706433/",
        "https://b\x00.example/",
    ],
)
def test_an_unclear_location_is_refused(location: str) -> None:
    with pytest.raises(UrlError):
        resolve(BASE, location)


@given(st.text(max_size=60))
@example("http://a@b")
@example("https://[::")
def test_reading_any_text_gives_an_ascii_address_or_one_declared_error(text: str) -> None:
    try:
        url = read_url(text)
    except UrlError:
        return
    written = str(url)
    assert written.isascii()
    assert written.isprintable()
    assert " " not in written
    assert read_url(written) == url, "what is canonical stays so"
    assert Origin.of(written) == url.origin


@given(st.text("abcxyz019./:@?#\\%[]-_ \u00e4\u3002", max_size=30))
def test_the_library_that_sends_reads_the_same_host_and_port(text: str) -> None:
    try:
        url = read_url(f"http://{text}")
    except UrlError:
        return
    theirs = httpx.URL(str(url))
    assert theirs.raw_host.decode() == url.origin.host
    assert (theirs.port or 80) == url.origin.port
    assert urlsplit(str(url)).hostname == url.origin.host


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_an_encoded_component_holds_no_character_with_a_meaning(text: str) -> None:
    assert not set(encode_component(text)) & set("&=?#+ /\r\n")
