"""The network itself: everybody has money, a routed payment arrives in time, and nothing is left when it ends."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from l402desk.client.trust import os_trust
from l402desk.protocol.amount import Msat
from l402desk.protocol.invoice import read_invoice
from l402desk.protocol.payment import Paid
from l402desk.wallets.connection import read_connection
from l402desk.wallets.lnd import LndWallet
from tests.peers.lightning.site import site
from tests.peers.lightning.topology import CAPACITY, PUSHED, Lightning

pytestmark = pytest.mark.peers


def test_alice_pays_carol_over_bob(network: Lightning) -> None:
    assert [len(node.channels()) for node in network.nodes] == [1, 2, 1]
    assert 0 < network.alice.spendable() <= (CAPACITY - PUSHED) * 1_000
    invoice = network.carol.invoice(5_000)
    network.lncli_at(network.alice, "payinvoice", "--force", "--fee_limit=10", invoice)
    assert read_invoice(invoice).payment_hash.hex in network.carol.settled()
    assert network.took["channels"] < 120


def test_a_held_payment_can_be_sent_back(network: Lightning) -> None:
    held = network.bob.hold_invoice(7_000)
    assert held.state == "OPEN"
    held.cancel()
    assert held.state == "CANCELED"


def test_a_site_of_its_own_sells_for_real_and_leaves_no_process(tmp_path: Path) -> None:
    """What the comparison of clients starts; every process has the folder in its command line."""
    with site(tmp_path) as here:
        assert here.sats > 0
        wallet = LndWallet("LND", read_connection(here.connection), os_trust)
        paid = asyncio.run(wallet.pay(here.network.bob.invoice(21_000), fee_limit=Msat(0)))
        assert isinstance(paid, Paid)
        assert here.paid() == 1
        assert len(processes_in(tmp_path)) == 6
    assert processes_in(tmp_path) == []


def processes_in(folder: Path) -> list[int]:
    """Those that were started with this folder somewhere in their command line."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes() if entry.name.isdigit() else b""
        except OSError:
            continue  # it ended meanwhile
        if str(folder).encode() in words and int(entry.name) != os.getpid():
            found.append(int(entry.name))
    return found
