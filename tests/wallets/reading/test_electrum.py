from __future__ import annotations

import base64
from pathlib import Path

import pytest

from l402desk.wallets.connection import Connection, Kind, read_connection
from l402desk.wallets.errors import BadConnection
from l402desk.wallets.pinning import Pin
from tests.fakes.certificates import certificate_file

PASSWORD = "tIyhXoLQz0-_b4q1pw=="


def a(url: str, user: str = "user", password: str = PASSWORD, *, watch: bool = False) -> Connection:
    return Connection(Kind.ELECTRUM, url, password, watch, user=user)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (f"electrum+http://user:{PASSWORD}@127.0.0.1:7777", a("http://127.0.0.1:7777")),
        (f"  Electrum+HTTP://user:{PASSWORD}@127.0.0.1:7777/ \n", a("http://127.0.0.1:7777")),
        (f"electrum+http://user:{PASSWORD}@[::1]:7777", a("http://[::1]:7777")),
        (f"electrum+http://user:{PASSWORD}@localhost:7777?watch=1", a("http://localhost:7777", watch=True)),
        (f"electrum+http://user:{PASSWORD}@{'a' * 56}.onion", a(f"http://{'a' * 56}.onion")),
        (f"electrum+https://user:{PASSWORD}@pay.example/rpc/", a("https://pay.example/rpc")),
        ("electrum+http://me:p%40ss%2Fw%3A%25%20%C3%BC@127.0.0.1:1", a("http://127.0.0.1:1", "me", "p@ss/w:% ü")),
        ("electrum+http://me:p@ss:word@127.0.0.1:1", a("http://127.0.0.1:1", "me", "p@ss:word")),
    ],
)
def test_an_electrum_connection_is_read(text: str, read: Connection) -> None:
    assert read_connection(text) == read
    assert read_connection(text).text == text.strip()


def test_the_certificate_of_a_proxy_is_pinned(tmp_path: Path) -> None:
    pin = Pin.read(certificate_file(tmp_path).read_bytes())
    cert = base64.urlsafe_b64encode(pin.der).decode()
    connection = read_connection(f"electrum+https://user:{PASSWORD}@127.0.0.1:7778?cert={cert}")
    assert connection.pin == pin
    assert str(connection) == "electrum+https://127.0.0.1:7778?cert=…"
    with pytest.raises(BadConnection, match="Without TLS"):
        read_connection(f"electrum+http://user:{PASSWORD}@127.0.0.1:7778?cert={cert}")


def test_neither_user_nor_password_is_shown() -> None:
    connection = read_connection(f"electrum+http://zebra:{PASSWORD}@127.0.0.1:7777?watch=1")
    assert str(connection) == "electrum+http://127.0.0.1:7777?watch=1"
    assert PASSWORD not in repr(connection) + str(connection)


@pytest.mark.parametrize(
    "text",
    [
        "electrum+http:",
        "electrum+http://",
        "electrum+http://127.0.0.1:7777",
        "electrum+http://user@127.0.0.1:7777",
        "electrum+http://user:@127.0.0.1:7777",
        "electrum+http://:pass@127.0.0.1:7777",
        "electrum+http://us%3Aer:pass@127.0.0.1:7777",
        "electrum+http://user:p%0d%0aass@127.0.0.1:7777",
        "electrum+http://user:p%ffass@127.0.0.1:7777",
        f"electrum+http://user:{'a' * 600}@127.0.0.1:7777",
        "electrum+http://user:pass@192.168.0.5:7777",
        "electrum+http://user:pass@pay.example:7777",
        "electrum+http://user:pass@127.0.0.1:0",
        "electrum+http://user:pass@127.0.0.1:7777#x",
        "electrum+http://user:pass@127.0.0.1:7777?wallet=a",
        "electrum+http://user:pass@127.0.0.1:7777?watch=2",
        "electrum+https://user:pass@127.0.0.1:7777?cert=AAAA",
        "electrum+http://user:pa/ss@127.0.0.1:7777",
    ],
)
def test_what_cannot_be_used_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(BadConnection) as refused:
        read_connection(text)
    assert "pass" not in refused.value.sentence.replace("password", "")


def test_electrum_alone_does_not_say_how_it_is_reached() -> None:
    with pytest.raises(BadConnection, match="how this wallet is reached"):
        read_connection("electrum://user:pass@127.0.0.1:7777")
