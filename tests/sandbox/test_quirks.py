"""Every quirk in the registry does what its name says, on a real socket."""

from __future__ import annotations

import pytest

from l402desk.sandbox.quirks import QUIRKS, UnknownQuirk, read_quirks, wallet_quirk
from tests.sandbox.quirk_checks import CHECKS
from tests.sandbox.served import raw_bytes, serving


@pytest.mark.anyio
@pytest.mark.parametrize("quirk", QUIRKS)
async def test_a_quirk_does_what_its_name_says(quirk: str) -> None:
    async with serving(quirk) as (sandbox, client):
        await CHECKS[quirk](sandbox, client)
        assert (await client.get("/free")).status_code == 200  # what is free behaves


def test_no_check_is_left_over() -> None:
    assert CHECKS.keys() == QUIRKS.keys()


@pytest.mark.anyio
async def test_quirks_add_up_on_the_wire() -> None:
    async with serving("amountless", "huge-header", "slow-headers") as (sandbox, _):
        seen, _ = await raw_bytes(sandbox, "/weather", patience_s=0.4)
        assert 1 <= len(seen) <= 4


def test_every_quirk_is_one_sentence() -> None:
    for name, sentence in QUIRKS.items():
        assert name == name.lower().replace(" ", "-")
        assert sentence[0].isupper()
        assert sentence.endswith(".")


def test_an_unknown_name_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(UnknownQuirk, match=r"no quirk “explodes”.*gzip-bomb"):
        read_quirks(["amountless", "explodes"])


def test_the_wallet_has_one_quirk_at_a_time() -> None:
    with pytest.raises(UnknownQuirk, match="one way"):
        read_quirks(["wallet-fails", "wallet-wrong-preimage"])
    assert wallet_quirk(read_quirks(["amountless", "wallet-fails"])) == "fails"
    assert wallet_quirk(read_quirks(["amountless"])) is None
