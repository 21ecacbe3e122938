"""A pasted connection is recognised and tried before anything is kept, and none of its secret is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from l402desk.services import Services
from l402desk.session.wallet_trial import free_name, in_one_piece, recognise, try_text
from tests.engine.shop import Shop, a_desk
from tests.fakes.baked import ADMIN
from tests.fakes.certificates import certificate_file, server_context
from tests.harness.lnbits import Lnbits
from tests.harness.lnd import Lnd
from tests.harness.mint import Mint

pytestmark = pytest.mark.anyio
SECRET = "5ec2e75ec2e75ec2e75ec2e75ec2e75e"
HERE = f"lnbits+https://node.example?key={SECRET}"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Services]:
    async with a_desk(tmp_path, Shop()) as services:
        yield services


@pytest.fixture
async def lnbits(tmp_path: Path) -> AsyncIterator[Lnbits]:
    async with Lnbits(Mint(tmp_path), tmp_path / "ledger", balance=21_000).serving() as server:
        yield server


async def test_a_whole_connection_is_recognised_with_its_place_and_a_free_name(desk: Services) -> None:
    found = await recognise(desk, text=HERE)
    assert (found.kind, found.problem, found.name) == ("lnbits", None, "LNbits")
    assert "node.example" in found.place
    assert SECRET not in found.place + repr(found)
    await desk.wallet_book.add("lnbits", HERE)
    assert (await recognise(desk, text=HERE)).name == "LNbits 2"
    assert (await recognise(desk, text=f"{HERE}&watch=1")).watch_only


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("lnbits+https://", "lnbits"),
        ("lndconnect://node", "lnd"),
        ("NOSTR+WALLETCONNECT://ab", "nwc"),
        ("clnrest+https://x", "cln"),
        ("phoenixd+https://x", "phoenixd"),
        ("electrum+http://x", "electrum"),
        ("play:x", "play"),
        ("lnb", ""),
        ("https://node.example", ""),
    ],
)
async def test_half_of_one_says_already_which_kind_it_will_be(desk: Services, typed: str, kind: str) -> None:
    found = await recognise(desk, text=typed)
    assert found.kind == kind
    assert found.problem is not None


async def test_a_wallet_is_tried_and_its_own_name_suggested(desk: Services, lnbits: Lnbits) -> None:
    tried = await try_text(desk, text=f"lnbits+{lnbits.url}?key={lnbits.key}")
    assert tried.examination is not None
    assert (tried.name, tried.trouble) == ("Harness", None)
    assert lnbits.key not in repr(tried)
    assert await desk.wallet_book.list() == ()


async def test_one_that_is_not_there_says_so(desk: Services) -> None:
    tried = await try_text(desk, text=f"lnbits+http://127.0.0.1:1?key={SECRET}")
    assert tried.examination is None
    assert tried.trouble is not None
    assert tried.distrusted is None


async def test_a_self_signed_node_is_compared_pinned_and_believed(desk: Services, tmp_path: Path) -> None:
    tls = server_context(certificate_file(tmp_path))
    async with Lnd(Mint(tmp_path), tmp_path / "ledger", macaroon=ADMIN).serving(tls=tls) as node:
        tried = await try_text(desk, text=f"lndconnect://{node.url.removeprefix('https://')}?macaroon={node.macaroon}")
        assert tried.distrusted is not None
        assert tried.distrusted.reason == "unknown-authority"
        assert tried.distrusted.names == ("127.0.0.1",)
        assert node.macaroon not in repr(tried)
        again = await try_text(desk, text=tried.distrusted.pinned_text)
        assert again.examination is not None
        assert (await recognise(desk, text=again.text)).pinned == tried.distrusted.fingerprint


async def test_another_certificate_than_the_pinned_one_is_refused_for_good(desk: Services, tmp_path: Path) -> None:
    first = server_context(certificate_file(tmp_path))
    second = server_context(certificate_file(tmp_path, to_days=2))
    node = Lnd(Mint(tmp_path), tmp_path / "ledger", macaroon=ADMIN)
    async with node.serving(tls=first):
        port = int(node.url.rpartition(":")[2])
        text = f"lndconnect://{node.url.removeprefix('https://')}?macaroon={node.macaroon}"
        distrusted = (await try_text(desk, text=text)).distrusted
        assert distrusted is not None
    async with node.serving(port=port, tls=second):
        tried = await try_text(desk, text=distrusted.pinned_text)
        assert tried.distrusted is not None
        assert (tried.distrusted.reason, tried.distrusted.pinned_text) == ("pin-mismatch", "")
        assert tried.distrusted.fingerprint != distrusted.fingerprint


def test_what_a_terminal_broke_is_put_together() -> None:
    assert in_one_piece(" lnbits+https://h?\n key=a\u00a0b\t") == "lnbits+https://h?key=ab"


async def test_a_name_is_free_or_gets_a_number_and_stays_short_enough(desk: Services) -> None:
    await desk.wallet_book.add("x" * 40, HERE)
    assert await free_name(desk, "x" * 40) == f"{'x' * 36} 2"
    assert await free_name(desk, "Fake wallet") == "Fake wallet 2"
    await desk.lock()
    assert await free_name(desk, "Other") == "Other"
