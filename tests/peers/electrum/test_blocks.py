from __future__ import annotations

import pytest

from l402desk.protocol.bech32 import segwit_address
from tests.peers.electrum.blocks import (
    GENESIS,
    Transaction,
    coinbase,
    gift,
    header,
    merkle_branch,
    merkle_root,
    scripthash,
    sha256d,
    shown,
)

# The example of BIP 143 for P2WPKH: with witnesses, and the id that it has without them.
SIGNED = (
    "01000000000102fff7f7881a8099afa6940d42d1e7f6362bec38171ea3edf433541db4e4ad969f00000000494830450221008b9d1dc26ba6a9"
    "cb62127b02742fa9d754cd3bebf337f7a55d114c8e5cdd30be022040529b194ba3f9281a99f2b1c0a19c0489bc22ede944ccf4ecbab4cc618e"
    "f3ed01eeffffffef51e1b804cc89d182d279655c3aa89e815b1b309fe287d9b2b55d57b90ec68a0100000000ffffffff02202cb20600000000"
    "1976a9148280b37df378db99f66f85c95a783a76ac7a6d5988ac9093510d000000001976a9143bde42dbee7e4dbe6a21b2d50ce2f0167faa81"
    "5988ac000247304402203609e17b84f6a7d30c80bfa610b5b4542f32a8a0d5447a12fb1366d7f01cc44a0220573a954c4518331561406f90300"
    "e8f3358f51928d43c212a8caed02de67eebee0121025476c2e83188368da1ff3e292e7acafcdb3566bb0ad253f62fc70f07aeee635711000000"
)
PROGRAM = bytes(range(20))


def test_the_first_block_is_that_of_regtest() -> None:
    assert shown(sha256d(GENESIS)) == "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206"


def test_a_transaction_with_witnesses_is_named_without_them() -> None:
    read = Transaction.read(bytes.fromhex(SIGNED))
    assert read.txid == "e8151a2af31c368a35053ddd4bdb285a8595c769a3ad83e0fa02314a602d4609"
    assert len(read.inputs) == len(read.scripts) == 2
    assert read.inputs[0] == ("9f96ade4b41d5433f4eda31e1738ec2b36f6e7d1420d94a6af99801a88f7f7ff", 0)
    assert read.scripts[0].hex() == "76a9148280b37df378db99f66f85c95a783a76ac7a6d5988ac"


@pytest.mark.parametrize("cut", [1, 30, 200])
def test_half_a_transaction_is_none(cut: int) -> None:
    with pytest.raises((ValueError, IndexError)):
        Transaction.read(bytes.fromhex(SIGNED)[:-cut])


def test_a_gift_pays_the_address() -> None:
    given = gift(segwit_address("bcrt", 0, PROGRAM), 5_000)
    assert given.scripts == (b"\0\x14" + PROGRAM,)
    assert len(scripthash(given.scripts[0])) == 64
    assert gift(segwit_address("bcrt", 0, PROGRAM), 5_000).txid != given.txid


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8])
def test_a_branch_leads_from_every_transaction_to_the_root(count: int) -> None:
    txids = [coinbase(height).txid for height in range(count)]
    for at, txid in enumerate(txids):
        hash_, place = bytes.fromhex(txid)[::-1], at
        for step in merkle_branch(txids, at):
            other = bytes.fromhex(step)[::-1]
            hash_ = sha256d(other + hash_ if place & 1 else hash_ + other)
            place >>= 1
        assert hash_ == merkle_root(txids)


def test_a_header_follows_the_one_before_with_its_work_done() -> None:
    following = header(GENESIS, 1, 1_700_000_000, [coinbase(1).txid])
    assert len(following) == 80
    assert following[4:36] == sha256d(GENESIS)
    assert sha256d(following)[-1] < 0x80
