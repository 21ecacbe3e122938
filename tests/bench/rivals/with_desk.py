"""Driver: this app's own engine, ledger and vault on a disk, and its LND adapter, as ``l402desk send --pay`` uses them.

Unlike the others it writes each step of a purchase to the disk before it takes it; that is in its times.
"""

from __future__ import annotations

import asyncio
import base64
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from l402desk.client.request import RequestDraft
from l402desk.engine.journey import Journey
from l402desk.protocol.exchange import Phase
from l402desk.services import Plan, Services, open_services
from l402desk.wallets.connection import read_connection
from l402desk.wallets.pinning import Pin
from tests.bench.rivals.driving import node


def connection() -> str:
    told = node()
    macaroon = base64.urlsafe_b64encode(bytes.fromhex(told["macaroon"])).decode().rstrip("=")
    cert = Pin.read(Path(told["cert"]).read_bytes()).as_parameter()
    return f"lndconnect://{told['url'].removeprefix('https://')}?cert={cert}&macaroon={macaroon}"


async def buy(services: Services, url: str, *, use_token: bool) -> int:
    journey = Journey(RequestDraft(method="GET", url=url))
    view = await journey.send(services, unheard, use_token=use_token)
    if view.phase is Phase.CHALLENGED and view.can_pay and not use_token:
        await journey.open_payment(services, unheard)
        view = await journey.pay_with(services, unheard, wallet="Node")
    assert view.answer is not None
    return view.answer.status


def unheard(_view: object) -> None:
    """The bench looks at the end alone."""


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Services]:
    passphrase = folder / "passphrase"
    passphrase.write_text("a bench's own\n")
    async with open_services(Plan(folder / "data", folder / "cache", passphrase_file=passphrase)) as services:
        await services.unlock()
        await services.wallet_book.add("Node", connection())
        services.wallets.connect(services.catalogue.open("Node", read_connection(connection())))
        yield services


async def carried_out(services: Services, url: str, reuses: int) -> dict[str, object]:
    statuses: list[int] = []
    times: list[float] = []
    try:
        for turn in range(1 + reuses):
            began = time.perf_counter()
            statuses.append(await buy(services, url, use_token=turn > 0))
            times.append((time.perf_counter() - began) * 1_000)
    except Exception as error:  # noqa: BLE001 - whatever happens belongs into the table
        return {"statuses": statuses, "times_ms": times, "error": f"{type(error).__name__}: {error}"[:200]}
    return {"statuses": statuses, "times_ms": times}


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with opened(Path(folder)) as services:
            print(json.dumps({"ready": True}), flush=True)
            while line := await asyncio.to_thread(sys.stdin.readline):
                order = json.loads(line)
                print(json.dumps(await carried_out(services, order["url"], order["reuses"])), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
