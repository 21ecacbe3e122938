"""This app beside other clients of L402: one server, one wallet, one run; and in which dialects each can buy.

Run: ``python tests/bench/bench_rivals.py [ROUNDS] [--no-dialects] [--write FILE]``. Starts a chain, lnd nodes, aperture
and the sandbox, both with the second node's invoices; every client pays from the first node. The race is at aperture: a
purchase is 402, payment and 200, a reuse is one request with the token that was bought; ratios are to three httpx
requests of the same round. The dialects are the sandbox's. Whoever speaks aperture's own way alone is in the race only.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from l402desk.sandbox.dialects import DIALECTS, Dialect
from tests.bench.rivals.drivers import Client, Told, drivers
from tests.bench.rivals.lnd import Node
from tests.bench.rivals.nodes import Nodes, two_nodes

ROUNDS = 15


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of one client: a purchase and a reuse in each round."""

    purchases: tuple[float, ...]
    reuses: tuple[float, ...]


class Market:
    """The server in its process, and the node whose invoices it sells."""

    def __init__(self, url: str, payee: Node) -> None:
        self.url = url
        self.payee = payee

    def record(self) -> dict[str, Any]:
        """The invoices made and the requests answered since it was asked for last."""
        with urllib.request.urlopen(f"{self.url}/record") as answer:
            told: dict[str, Any] = json.loads(answer.read())
            return told


@contextmanager
def open_market(payee: Node) -> Iterator[Market]:
    argv = [sys.executable, "-m", "tests.bench.rivals.market", "--node", json.dumps(asdict(payee))]
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Market(process.stdout.readline().strip(), payee)
        finally:
            process.kill()


def race(clients: Sequence[Client], nodes: Nodes, rounds: int) -> dict[str, Times]:
    """All clients in turn, round for round, so that whatever else the machine does meets them alike."""
    purchases: dict[str, list[float]] = {client.name: [] for client in clients}
    reuses: dict[str, list[float]] = {client.name: [] for client in clients}
    for number in range(rounds + 1):
        for client in clients:
            before = nodes.payee.paid()
            told = client.order(nodes.paywall, reuses=1)
            paid = nodes.payee.paid() - before
            if told.statuses[:1] != (200,):
                raise SystemExit(f"{client.name} did not buy: {told}")
            if number:  # the first round warms up
                purchases[client.name].append(told.times_ms[0])
            if number and told.statuses[1:] == (200,) and paid == 1:
                reuses[client.name].extend(told.times_ms[1:])
    return {client.name: Times(tuple(purchases[client.name]), tuple(reuses[client.name])) for client in clients}


def race_table(clients: Sequence[Client], times: dict[str, Times]) -> list[str]:
    base = times[clients[0].name]
    rows = [
        "| client | purchase, median ms | to raw | spread 10–90 % | reuse, median ms | to raw |",
        "|---|---|---|---|---|---|",
    ]
    for client in clients:
        mine = times[client.name]
        low, high = spread(mine.purchases)
        can_reuse = len(mine.reuses) == len(base.reuses)
        used = f"{statistics.median(mine.reuses):.1f}" if can_reuse else "pays again, or is refused"
        to_raw = f"{ratio(mine.reuses, base.reuses):.2f}" if can_reuse else "–"
        rows.append(
            f"| {client.name} ({client.about}) | {statistics.median(mine.purchases):.0f} "
            f"| {ratio(mine.purchases, base.purchases):.2f} | {low:.0f}–{high:.0f} | {used} | {to_raw} |"
        )
    return rows


def ratio(mine: Sequence[float], base: Sequence[float]) -> float:
    """The median of the ratios of each round."""
    return statistics.median(a / b for a, b in zip(mine, base, strict=True))


def spread(values: Sequence[float]) -> tuple[float, float]:
    tenths = statistics.quantiles(values, n=10, method="inclusive")
    return tenths[0], tenths[-1]


def dialect_table(clients: Sequence[Client], market: Market) -> list[str]:
    rows = ["| dialect | " + " | ".join(client.name for client in clients) + " |", "|---" * (len(clients) + 1) + "|"]
    market.record()
    for dialect in DIALECTS:
        cells = [cell(dialect, client.order(f"{market.url}{dialect.path}", reuses=1), market) for client in clients]
        rows.append(f"| {dialect.title} | " + " | ".join(cells) + " |")
    return rows


def cell(dialect: Dialect, told: Told, market: Market) -> str:
    """What became of a purchase and a reuse, as the node and the server tell it."""
    record = market.record()
    paid = sum(market.payee.is_paid(made) for made in record["made"])
    got = bool(told.statuses) and told.statuses[0] == 200
    if paid == 0:
        return "no" if not got else "free"
    if not got:
        return "**LOST**" if paid == 1 else f"**LOST {paid}×**"
    again = told.statuses[1:] == (200,)
    if paid > 1:
        return f"ok, **paid {paid}×**"
    return f"ok{scheme_sent(dialect, record)}" if again else "ok, reuse fails"


def scheme_sent(dialect: Dialect, record: dict[str, Any]) -> str:
    """The scheme of the credential, where it is another than the first that the server sent."""
    sent = [scheme for answer in record["answers"] if answer["status"] == 200 for scheme in answer["schemes"]]
    first = dialect.headers[0].partition(" ")[0]
    return f" [{sent[0]}]" if sent and first in ("L402", "LSAT") and sent[0] != first else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", nargs="?", type=int, default=ROUNDS)
    parser.add_argument("--no-dialects", action="store_true")
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    with two_nodes() as nodes, open_market(nodes.payee) as market:
        page = measured(nodes, market, options.rounds, with_dialects=not options.no_dialects)
    print("\n".join(page))
    if options.write is not None:
        options.write.write_text("\n".join(page) + "\n", encoding="utf-8")


def measured(nodes: Nodes, market: Market, rounds: int, *, with_dialects: bool) -> list[str]:
    clients = [*drivers(json.dumps(asdict(nodes.payer))), *nodes.clients()]
    try:
        page = race_table(clients, race(clients, nodes, rounds))
        if with_dialects:
            page += ["", *dialect_table([client for client in clients if client.speaks_dialects], market)]
        return page
    finally:
        for client in clients:
            client.close()


if __name__ == "__main__":
    main()
