"""The app's own engine against a real server: services of real parts with a home of their own, and real sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from l402desk.services import Plan, Services, open_services
from l402desk.wallets.wallet import Wallet
from tests.crash.homes import new_home
from tests.fakes.keyrings import FakeKeyring


@asynccontextmanager
async def desk(folder: Path, *wallets: Wallet) -> AsyncIterator[Services]:
    """The app's services, unlocked, with these wallets connected; what they keep is in ``folder``, which is there."""
    home = new_home(folder / "desk")
    plan = Plan(home.folder / "data", home.folder / "cache", keyring=FakeKeyring())
    async with open_services(plan) as services:
        await services.unlock()
        for wallet in wallets:
            services.wallets.connect(wallet)
        yield services
