from __future__ import annotations

import pytest

from l402desk.wallets.connection import Connection, Kind, read_connection
from l402desk.wallets.errors import BadConnection


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


@pytest.mark.parametrize(
    "text",
    [
        "play:0",
        "play:70000",
        "play:http://10.0.0.1:8402",
        "play:https://127.0.0.1:8402",
        "play:http://127.0.0.1:8402/path",
        "play:http://u:p@127.0.0.1:8402",
        "play://127.0.0.1:8402",
    ],
)
def test_play_money_is_nowhere_but_here(text: str) -> None:
    with pytest.raises(BadConnection, match="on this computer alone"):
        read_connection(text)
