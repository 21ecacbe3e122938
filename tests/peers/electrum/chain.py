"""A Bitcoin chain in memory behind Electrum's protocol 1.4, for nodes of one computer: ``python -m …chain --port N``.

It keeps what is broadcast and proves what is mined, which is all that Electrum's Lightning asks of its server on
regtest. Beyond the protocol it answers ``regtest.mine COUNT`` and ``regtest.fund ADDRESS SATS``.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from tests.peers.electrum.blocks import (
    GENESIS,
    Transaction,
    coinbase,
    gift,
    header,
    merkle_branch,
    scripthash,
    sha256d,
    shown,
)

FEE = 0.00001
"""BTC for a kilobyte, asked and offered."""
DUST_OF_TIME_S = 7200
LONGEST_LINE = 4 * 1024 * 1024
UNCONFIRMED = 0


class Chain:
    """The chain and who waits for news of it. ``blocks`` are the transaction ids of each height."""

    def __init__(self) -> None:
        self.headers = [GENESIS]
        self.blocks: list[list[str]] = [[]]
        self.waiting: list[str] = []
        self.transactions: dict[str, Transaction] = {}
        self.heights: dict[str, int] = {}
        self.touching: dict[str, list[str]] = defaultdict(list)
        self._began_at = int(time.time()) - DUST_OF_TIME_S

    def accept(self, transaction: Transaction) -> set[str]:
        """Into the memory pool; the scripts that it touches."""
        if transaction.txid in self.transactions:
            return set()
        self.transactions[transaction.txid] = transaction
        self.waiting.append(transaction.txid)
        self.heights[transaction.txid] = UNCONFIRMED
        touched = {scripthash(script) for script in self._scripts(transaction)}
        for script in touched:
            self.touching[script].append(transaction.txid)
        return touched

    def _scripts(self, transaction: Transaction) -> list[bytes]:
        found = list(transaction.scripts)
        for txid, at in transaction.inputs:
            if txid in self.transactions:
                found.append(self.transactions[txid].scripts[at])
        return found

    def mine(self, count: int) -> set[str]:
        """So many blocks, the first of them with all that waited; the scripts that it touches."""
        mined, touched = self.waiting, set()
        for _ in range(count):
            height = len(self.headers)
            first = coinbase(height)
            self.transactions[first.txid] = first
            txids = [first.txid, *self.waiting]
            self.headers.append(header(self.headers[-1], height, self._began_at, txids))
            self.blocks.append(txids)
            self.heights |= dict.fromkeys(txids, height)
            self.waiting = []
        for txid in mined:
            touched |= {scripthash(script) for script in self._scripts(self.transactions[txid])}
        return touched

    def tip(self) -> dict[str, object]:
        return {"hex": self.headers[-1].hex(), "height": len(self.headers) - 1}

    def history(self, script: str) -> list[dict[str, object]]:
        told = [(self.heights[txid], txid) for txid in self.touching[script]]
        told.sort(key=_mined_first)
        return [{"tx_hash": txid, "height": height} | ({} if height else {"fee": 0}) for height, txid in told]

    def status(self, script: str) -> str | None:
        told = "".join(f"{item['tx_hash']}:{item['height']}:" for item in self.history(script))
        return hashlib.sha256(told.encode()).hexdigest() if told else None


def _mined_first(told: tuple[int, str]) -> tuple[bool, int]:
    return (told[0] == UNCONFIRMED, told[0])


class Client:
    """One connection, and what it wants to hear of."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self.writer = writer
        self.scripts: set[str] = set()
        self.wants_headers = False

    def say(self, message: dict[str, object]) -> None:
        self.writer.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")


class Server:
    """Electrum's protocol over lines of JSON."""

    def __init__(self) -> None:
        self.chain = Chain()
        self.clients: set[Client] = set()
        chain = self.chain
        self._answers: dict[str, Callable[..., object]] = {
            "server.version": lambda *_: ["chain", "1.4"],
            "server.banner": lambda: "",
            "server.donation_address": lambda: "",
            "server.ping": lambda: None,
            "server.peers.subscribe": lambda: [],
            "server.features": self._features,
            "blockchain.block.header": lambda height, _=0: chain.headers[height].hex(),
            "blockchain.block.headers": self._headers,
            "blockchain.scripthash.get_history": chain.history,
            "blockchain.transaction.get": lambda txid, _=False: chain.transactions[txid].raw.hex(),
            "blockchain.transaction.broadcast": lambda raw: self._broadcast(Transaction.read(bytes.fromhex(raw))),
            "blockchain.transaction.get_merkle": self._merkle,
            "blockchain.transaction.id_from_pos": self._id_from_pos,
            "blockchain.estimatefee": lambda *_: FEE,
            "blockchain.relayfee": lambda: FEE,
            "mempool.get_fee_histogram": lambda: [],
            "regtest.mine": self._mine,
            "regtest.fund": lambda address, sats: self._broadcast(gift(address, sats)),
        }

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = Client(writer)
        self.clients.add(client)
        try:
            while line := await reader.readline():
                told = json.loads(line)
                for question in told if isinstance(told, list) else [told]:
                    client.say(self._answered(client, question))
                await writer.drain()
        except (OSError, ValueError, asyncio.CancelledError):
            pass  # the node is gone, or all is over
        finally:
            self.clients.discard(client)
            writer.close()

    def _answered(self, client: Client, question: dict[str, Any]) -> dict[str, object]:
        method, params = question["method"], question.get("params", [])
        try:
            result = self._subscribed(client, method, params)
            return {"id": question.get("id"), "result": result}
        except (LookupError, ValueError, TypeError) as error:
            return {"id": question.get("id"), "error": {"code": 1, "message": repr(error)}}

    def _subscribed(self, client: Client, method: str, params: list[Any]) -> object:
        match method:
            case "blockchain.headers.subscribe":
                client.wants_headers = True
                return self.chain.tip()
            case "blockchain.scripthash.subscribe":
                client.scripts.add(params[0])
                return self.chain.status(params[0])
            case "blockchain.scripthash.unsubscribe":
                client.scripts.discard(params[0])
                return True
        return self._answers[method](*params)

    def _tell(self, touched: set[str]) -> None:
        for client in self.clients:
            for script in touched & client.scripts:
                params = [script, self.chain.status(script)]
                client.say({"method": "blockchain.scripthash.subscribe", "params": params})

    def _broadcast(self, transaction: Transaction) -> str:
        self._tell(self.chain.accept(transaction))
        return transaction.txid

    def _mine(self, count: int) -> int:
        touched = self.chain.mine(count)
        for client in self.clients:
            if client.wants_headers:
                client.say({"method": "blockchain.headers.subscribe", "params": [self.chain.tip()]})
        self._tell(touched)
        return len(self.chain.headers) - 1

    def _features(self) -> dict[str, object]:
        return {
            "genesis_hash": shown(sha256d(GENESIS)),
            "hash_function": "sha256",
            "hosts": {},
            "protocol_min": "1.4",
            "protocol_max": "1.4",
            "pruning": None,
            "server_version": "chain",
        }

    def _headers(self, start: int, count: int, _: int = 0) -> dict[str, object]:
        found = self.chain.headers[start : start + min(count, 2016)]
        return {"hex": b"".join(found).hex(), "count": len(found), "max": 2016}

    def _merkle(self, txid: str, height: int) -> dict[str, object]:
        txids = self.chain.blocks[height]
        at = txids.index(txid)
        return {"block_height": height, "pos": at, "merkle": merkle_branch(txids, at)}

    def _id_from_pos(self, height: int, at: int, merkle: bool = False) -> object:
        txids = self.chain.blocks[height]
        return {"tx_hash": txids[at], "merkle": merkle_branch(txids, at)} if merkle else txids[at]


async def _serve(port: int) -> None:
    server = await asyncio.start_server(Server().connected, "127.0.0.1", port, limit=LONGEST_LINE)
    async with server:
        await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.peers.electrum.chain", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    try:
        asyncio.run(_serve(parser.parse_args().port))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
