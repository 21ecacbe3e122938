"""Driver: PyPI's l402-requests, with a wallet that asks the paying node. Runs in an environment of its own."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from l402_requests import L402Client
from l402_requests.wallets import WalletBase

from tests.bench.rivals.driving import Ask, drive, node
from tests.bench.rivals.lnd import Node

PAYER = Node(**node())


class Wallet(WalletBase):  # type: ignore[misc]
    async def pay_invoice(self, bolt11: str) -> str:
        return PAYER.pay(bolt11)

    def pay_invoice_sync(self, bolt11: str) -> str:
        return PAYER.pay(bolt11)


def new_client(url: str) -> Ask:
    client = L402Client(wallet=Wallet())
    return lambda: int(client.get(url).status_code)


if __name__ == "__main__":
    drive(new_client)
