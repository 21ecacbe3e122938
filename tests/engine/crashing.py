"""A process that is killed in the middle of a purchase: ``python -m tests.engine.crashing FOLDER WHERE``."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from l402desk.protocol.payment import PaymentResult
from l402desk.vault.tokens import NewToken, TokenSummary
from l402desk.vault.vault import Vault
from tests.engine.shop import Buyer, Scripted, Shop, a_desk
from tests.fakes.keyrings import FakeKeyring


class FileKeyring(FakeKeyring):
    """A keyring that outlives its process, as a real one does."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    async def read(self, item: str) -> str | None:
        file = self._folder / item
        return file.read_text() if file.exists() else None

    async def write(self, item: str, value: str) -> None:
        (self._folder / item).write_text(value)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def die_instead_of_paying(_: str) -> PaymentResult:
    die()
    raise AssertionError


async def die_instead_of_keeping(self: Vault, new: NewToken) -> TokenSummary:
    die()
    raise AssertionError


async def purchase(folder: Path, where: str) -> None:
    shop = Shop()
    wallets = (Scripted(pay=die_instead_of_paying),) if where == "paying" else ()
    if where == "keeping":
        Vault.keep = die_instead_of_keeping  # type: ignore[method-assign]
    async with a_desk(folder, shop, *wallets, keyring=FileKeyring(folder)) as services:
        buyer = Buyer(services)
        await buyer.offer()
        (folder / "proof").write_text(shop.preimages[buyer.payment_hash].hex)
        (folder / "credential").write_text(shop.bills[0][0])
        await buyer.pay()


if __name__ == "__main__":
    asyncio.run(purchase(Path(sys.argv[1]), sys.argv[2]))
