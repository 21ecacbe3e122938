from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.wallets.connection import LATER, Connection, Kind, read_connection
from l402desk.wallets.errors import BadConnection

KEY = "0c7b3f1e5a"


@pytest.mark.parametrize(
    ("text", "url", "key", "watch_only"),
    [
        (f"lnbits+https://pay.example?key={KEY}", "https://pay.example", KEY, False),
        (f"  LNbits+HTTPS://Pay.Example:443/?key={KEY}\n", "https://pay.example", KEY, False),
        (f"lnbits+https://pay.example:5000/ln/bits/?key={KEY}&watch=0", "https://pay.example:5000/ln/bits", KEY, False),
        (f"lnbits+https://pay.example?watch=1&key={KEY}", "https://pay.example", KEY, True),
        ("lnbits+https://pay.example", "https://pay.example", None, True),
        ("lnbits+https://pay.example?watch=1", "https://pay.example", None, True),
        (f"lnbits+http://127.0.0.1:5000?key={KEY}", "http://127.0.0.1:5000", KEY, False),
        (f"lnbits+http://[::1]:5000?key={KEY}", "http://[::1]:5000", KEY, False),
        (f"lnbits+http://{'a' * 56}.onion?key={KEY}", f"http://{'a' * 56}.onion", KEY, False),
        ("lnbits+https://pay.example?key=a%26b==", "https://pay.example", "a&b==", False),
    ],
)
def test_an_lnbits_connection_is_read(text: str, url: str, key: str | None, watch_only: bool) -> None:
    assert read_connection(text) == Connection(Kind.LNBITS, url, key, watch_only)
    assert read_connection(text).text == text.strip()


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("play:", ""),
        ("play:8403", "http://127.0.0.1:8403"),
        ("play:http://127.0.0.1:8403", "http://127.0.0.1:8403"),
        ("play:http://localhost:1/", "http://localhost:1"),
        ("PLAY:http://[::1]:8402", "http://[::1]:8402"),
    ],
)
def test_play_money_is_read(text: str, url: str) -> None:
    assert read_connection(text) == Connection(Kind.PLAY, url)


@pytest.mark.parametrize("scheme", LATER)
def test_what_comes_later_is_recognised_by_name(scheme: str) -> None:
    with pytest.raises(BadConnection, match=f"{LATER[scheme]}, which comes with a later version"):
        read_connection(f"{scheme}://host.example:8080?macaroon={KEY}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "lnbits",
        "lnbits:",
        "lnbits://pay.example?key=a",
        "lnbits+https:",
        "lnbits+https://",
        "lnbits+https:pay.example?key=a",
        "lnbits+https://?key=a",
        "lnbits+https://[::1?key=a",
        "lnbits+https://pay.example:99999?key=a",
        "lnbits+https://pay.example:0?key=a",
        "lnbits+https://user:pass@pay.example?key=a",
        "lnbits+https://pay.example?key=a#fragment",
        "lnbits+https://pay.example/../x?key=a",
        "lnbits+https://pay.example/%0d%0a\\x?key=a",
        "lnbits+https://pay.example?key=",
        "lnbits+https://pay.example?key",
        "lnbits+https://pay.example?key=a&key=b",
        "lnbits+https://pay.example?key=a&wacth=1",
        "lnbits+https://pay.example?key=a&watch=yes",
        "lnbits+https://pay.example?key=a%0d%0aX-Other:%20b",
        "lnbits+https://pay.example?key=%ff",
        "lnbits+https://pay.example?key=a%20b",
        "lnbits+https://pay.exämple?key=a",
        "lnbits+https://pay.example ?key=a",
        "lnbits+https://pay.example?key=a\nb",
        f"lnbits+https://pay.example?key={'a' * 600}",
        f"lnbits+https://pay.example?key={'a' * 9000}",
        "lnbits+http://pay.example?key=a",
        "lnbits+http://127.0.0.1.evil.example?key=a",
        "https://pay.example/wallet?usr=a",
        "lnbc1junk",
        "play:0",
        "play:70000",
        "play:http://10.0.0.1:8402",
        "play:https://127.0.0.1:8402",
        "play:http://127.0.0.1:8402/path",
        "play:http://u:p@127.0.0.1:8402",
        "play://127.0.0.1:8402",
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(BadConnection) as refused:
        read_connection(text)
    assert refused.value.sentence.endswith(".")
    assert refused.value.remedy.endswith(".")


@given(st.text() | st.text(st.sampled_from("lnbits+https:/?&=#@[]%.0play ")).map("lnbits+https://".__add__))
def test_whatever_is_pasted_is_read_or_refused(text: str) -> None:
    try:
        read = read_connection(text)
    except BadConnection:
        return
    assert (read.url == "" and read.kind is Kind.PLAY) or read.url.startswith(("http://", "https://"))


def test_neither_repr_nor_str_nor_a_refusal_shows_a_secret() -> None:
    secret = "5ec2e75ec2e7"
    read = read_connection(f"lnbits+https://pay.example?key={secret}&watch=1")
    assert str(read) == "lnbits+https://pay.example?key=…&watch=1"
    assert secret not in repr(read) + str(read)
    for text in (f"lnbits+https://pay.example?{secret}=1", f"lnbits+http://pay.example?key={secret}", secret):
        with pytest.raises(BadConnection) as refused:
            read_connection(text)
        assert secret not in str(refused.value)
