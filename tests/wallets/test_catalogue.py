from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from l402desk.wallets.beacon import announced
from l402desk.wallets.catalogue import KINDS, Catalogue
from l402desk.wallets.connection import Kind, read_connection
from l402desk.wallets.reading.schemes import READERS
from tests.fakes.raw_server import RawServer, response

KEY = "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
NWC = f"nostr+walletconnect://{KEY}?relay=wss://relay.example&secret={'02' * 32}"


def nobody() -> ssl.SSLContext:
    raise AssertionError("opening a wallet asks nobody anything")


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(nobody, tmp_path)


def test_every_kind_is_described_and_its_form_can_be_read() -> None:
    assert set(KINDS) == set(Kind)
    for about in KINDS.values():
        assert about.form.partition(":")[0] in READERS
        assert about.advice.endswith(".")


@pytest.mark.parametrize(
    ("text", "adapter"),
    [
        ("lnbits+https://pay.example?key=a", "LnbitsWallet"),
        ("play:", "PlayElsewhere"),
        ("lndconnect://node.example:8080?macaroon=AgED", "LndWallet"),
        ("clnrest+https://node.example:3010?rune=a", "ClnWallet"),
        ("phoenixd+https://:a@node.example:9740", "PhoenixdWallet"),
        ("electrum+http://u:p@127.0.0.1:7777", "ElectrumWallet"),
        (NWC, "NwcWallet"),
    ],
)
def test_each_kind_opens_its_adapter_under_the_name_given(catalogue: Catalogue, text: str, adapter: str) -> None:
    wallet = catalogue.open("Home", read_connection(text))
    assert type(wallet).__name__ == adapter
    assert wallet.name == "Home"


@pytest.mark.anyio
async def test_play_money_is_looked_for_where_sandboxes_say_they_are(catalogue: Catalogue, tmp_path: Path) -> None:
    async with RawServer([response(b'{"balance_msat": 7000}')]) as server:
        async with announced(tmp_path, server.url):
            found = await catalogue.open("Play", read_connection("play:")).examine()
        named = await catalogue.open("Play", read_connection(f"play:{server.port}")).examine()
        assert str(server.port) in found.calls_itself
    assert found == named
