"""Driver: PyPI's pyl402, with a wallet that asks the paying node. Runs in an environment of its own."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from pyl402.client import L402Client
from pyl402.token_store import MemoryTokenStore
from pyl402.wallet import PaymentResult, Wallet

from tests.bench.rivals.driving import Ask, drive, node
from tests.bench.rivals.lnd import Node

PAYER = Node(**node())


class NodeWallet(Wallet):  # type: ignore[misc]
    def pay_invoice(self, invoice: str) -> PaymentResult:
        return PaymentResult(PAYER.pay(invoice), True)


def new_client(url: str) -> Ask:
    client = L402Client(NodeWallet(), MemoryTokenStore())
    return lambda: int(client.get(url).status_code)


if __name__ == "__main__":
    drive(new_client)
