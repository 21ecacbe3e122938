from __future__ import annotations

import base64
import ssl
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.wallets.connection import Connection, Kind, read_connection
from l402desk.wallets.errors import BadConnection
from l402desk.wallets.reading import phoenixd
from tests.fakes.certificates import certificate_file

PASSWORD = "0c7b3f1e5a9d8c7b"
ONION = f"{'a' * 56}.onion"


@pytest.mark.parametrize(
    ("text", "url", "password", "watch_only"),
    [
        (f"phoenixd+https://:{PASSWORD}@Pay.Example:9740", "https://pay.example:9740", PASSWORD, False),
        (f"PHOENIXD+HTTPS://:{PASSWORD}@pay.example", "https://pay.example", PASSWORD, False),
        (f"phoenixd+https://:{PASSWORD}@pay.example/phoenix/", "https://pay.example/phoenix", PASSWORD, False),
        (f"phoenixd+http://:{PASSWORD}@127.0.0.1", "http://127.0.0.1:9740", PASSWORD, False),
        (f"phoenixd+http://:{PASSWORD}@127.0.0.1:80", "http://127.0.0.1", PASSWORD, False),
        (f"phoenixd+http://:{PASSWORD}@[::1]:9740", "http://[::1]:9740", PASSWORD, False),
        (f"phoenixd+http://:{PASSWORD}@{ONION}", f"http://{ONION}:9740", PASSWORD, False),
        (f"phoenixd+https://:{PASSWORD}@pay.example?watch=1", "https://pay.example", PASSWORD, True),
        ("phoenixd+https://:a%40b%3Ac%2Fd%25%20e@pay.example", "https://pay.example", "a@b:c/d% e", False),
        ("phoenixd+https://:w%C3%B6rd@pay.example", "https://pay.example", "wörd", False),
    ],
)
def test_a_connection_is_read(text: str, url: str, password: str, watch_only: bool) -> None:
    read = read_connection(text)
    assert read == Connection(Kind.PHOENIXD, url, password, watch_only)
    assert read.text == text


def test_what_is_shown_has_no_password(tmp_path: Path) -> None:
    der = ssl.PEM_cert_to_DER_cert(certificate_file(tmp_path).read_text().partition("-----BEGIN PRIVATE")[0])
    pinned = base64.urlsafe_b64encode(der).decode()
    read = read_connection(f"phoenixd+https://:{PASSWORD}@pay.example:9740?cert={pinned}&watch=1")
    assert str(read) == "phoenixd+https://:…@pay.example:9740?cert=…&watch=1"
    assert PASSWORD not in repr(read) + str(read)
    assert read.pin is not None
    assert read.pin.der == der


@pytest.mark.parametrize(
    "text",
    [
        "phoenixd+https://pay.example",
        "phoenixd+https://:@pay.example",
        f"phoenixd+https://{PASSWORD}@pay.example",
        f"phoenixd+https://user:{PASSWORD}@pay.example",
        f"phoenixd+https://:{PASSWORD}@",
        f"phoenixd+http://:{PASSWORD}@pay.example:9740",
        f"phoenixd+http://:{PASSWORD}@10.0.0.1:9740",
        f"phoenixd+https://:{PASSWORD}@pay.example:99999",
        f"phoenixd+https://:{PASSWORD}@pay.example:0",
        f"phoenixd+https://:{PASSWORD}@pay.example?key=a",
        f"phoenixd+https://:{PASSWORD}@pay.example#part",
        f"phoenixd+https://:{PASSWORD}%0d%0aX-Other:%20b@pay.example",
        f"phoenixd+https://:{'a' * 600}@pay.example",
        f"phoenixd+https:{PASSWORD}",
        f"phoenixd://:{PASSWORD}@pay.example",
    ],
)
def test_what_is_no_such_connection_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(BadConnection) as told:
        read_connection(text)
    assert PASSWORD not in str(told.value)


@given(st.text(max_size=80), st.sampled_from(["", "//", "//:a@", "//:a@pay.example?"]))
def test_whatever_follows_the_scheme_it_is_read_or_refused(rest: str, start: str) -> None:
    for scheme in phoenixd.SCHEMES:
        with suppress(BadConnection):
            assert phoenixd.read(scheme, start + rest, "").key
