"""How a payment stands at the node that paid, and with the app that asked it to."""

from __future__ import annotations

from l402desk.wallets.lnd import LndWallet
from tests.peers.killing import until
from tests.peers.lightning.node import Held, Node
from tests.peers.lightning.topology import Lightning, wait_until_routable
from tests.wallets.contract import hash_of, proves


def paid_by(node: Node, invoice: str) -> list[str]:
    """How each payment of this invoice stands at the node that paid."""
    return [p["status"] for p in node.payments() if p["payment_hash"] == hash_of(invoice).hex]


async def found_paid(wallet: LndWallet, held: Held) -> None:
    """Wait until the wallet finds the payment made, with its proof."""

    async def is_paid() -> bool:
        return proves(await wallet.look_up(hash_of(held.invoice)), held.invoice)

    await until(is_paid)


def back(network: Lightning) -> None:
    """Alice runs again, and can pay."""
    network.alice.start_again()
    wait_until_routable(network)
