from __future__ import annotations

import pytest

from l402desk.wallets.connection import Kind, read_connection
from l402desk.wallets.errors import BadConnection
from l402desk.wallets.reading.schemes import KIND_OF, READERS


def test_every_kind_of_wallet_has_a_scheme() -> None:
    modules = {reader.__module__.rpartition(".")[2] for reader in READERS.values()}
    assert modules == {str(kind) for kind in Kind}
    assert {scheme: str(kind) for scheme, kind in KIND_OF.items()} == {
        scheme: reader.__module__.rpartition(".")[2] for scheme, reader in READERS.items()
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("https://pay.example", "does not say which kind of wallet"),
        ("lnbits://pay.example", "how this wallet is reached"),
        ("phoenixd://pay.example", "how this wallet is reached"),
        ("ftp://pay.example", "no wallet connection"),
        ("hello", "no wallet connection"),
    ],
)
def test_what_begins_no_connection_is_told_in_words(text: str, words: str) -> None:
    with pytest.raises(BadConnection, match=words):
        read_connection(text)
