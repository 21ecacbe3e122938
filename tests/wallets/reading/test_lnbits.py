from __future__ import annotations

import pytest

from l402desk.wallets.connection import Connection, Kind, read_connection
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
    "text",
    [
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
        "lnbits+https://pay.example?key=a&cert=AAAA",
        f"lnbits+https://pay.example?key={'a' * 3000}",
        "lnbits+http://pay.example?key=a",
        "lnbits+http://127.0.0.1.evil.example?key=a",
    ],
)
def test_what_cannot_be_used_is_refused(text: str) -> None:
    with pytest.raises(BadConnection):
        read_connection(text)
