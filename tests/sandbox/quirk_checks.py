"""What each quirk looks like from outside: one check per name, used by the test of the registry."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import bolt11
import httpx
import pytest

from l402desk.protocol.amount import ZERO
from l402desk.protocol.macaroon import committed_hash, read_token
from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof, PaymentResult, Unknown
from l402desk.protocol.proof import PaymentHash
from l402desk.sandbox.server import Sandbox
from tests.sandbox.buyer import bill_of
from tests.sandbox.served import paid_header, raw_bytes

Check = Callable[[Sandbox, httpx.AsyncClient], Awaitable[None]]
CHECKS: dict[str, Check] = {}


def shows(quirk: str) -> Callable[[Check], Check]:
    def register(check: Check) -> Check:
        CHECKS[quirk] = check
        return check

    return register


async def invoice_from(client: httpx.AsyncClient) -> str:
    return bill_of(await client.get("/weather")).invoice


@shows("wrong-hash")
async def _(sandbox: Sandbox, client: httpx.AsyncClient) -> None:
    bill = bill_of(await client.get("/weather"))
    committed = committed_hash(read_token(bill.token))
    assert committed is not None
    assert committed.hex != bolt11.decode(bill.invoice).payment_hash
    header = await paid_header(sandbox, client)
    assert (await client.get("/weather", headers=header)).status_code == 401


@shows("bad-signature")
async def _(_: Sandbox, client: httpx.AsyncClient) -> None:
    with pytest.raises(bolt11.Bolt11Exception):
        bolt11.decode(await invoice_from(client))


@shows("amountless")
async def _(_: Sandbox, client: httpx.AsyncClient) -> None:
    assert bolt11.decode(await invoice_from(client)).amount_msat is None


@shows("expired")
async def _(_: Sandbox, client: httpx.AsyncClient) -> None:
    assert bolt11.decode(await invoice_from(client)).has_expired()


@shows("mainnet-invoice")
async def _(_: Sandbox, client: httpx.AsyncClient) -> None:
    invoice = await invoice_from(client)
    assert invoice.startswith("lnbc210n1")
    assert bolt11.decode(invoice).is_mainnet()


@shows("402-forever")
async def _(sandbox: Sandbox, client: httpx.AsyncClient) -> None:
    header = await paid_header(sandbox, client)
    for _ in range(3):
        answer = await client.get("/weather", headers=header)
        assert (answer.status_code, answer.json()["error"]) == (402, "payment-required")


@shows("refuses-token")
async def _(sandbox: Sandbox, client: httpx.AsyncClient) -> None:
    answer = await client.get("/weather", headers=await paid_header(sandbox, client))
    assert (answer.status_code, answer.json()["error"]) == (401, "token-refused")


@shows("price-doubles")
async def _(_: Sandbox, client: httpx.AsyncClient) -> None:
    prices = [bolt11.decode(await invoice_from(client)).amount_msat for _ in range(3)]
    assert prices == [21_000, 42_000, 84_000]


@shows("slow-headers")
async def _(sandbox: Sandbox, _: httpx.AsyncClient) -> None:
    seen, ended = await raw_bytes(sandbox, "/weather", patience_s=0.7)
    assert 1 <= len(seen) <= 5
    assert b"HTTP/1.1 402".startswith(seen)
    assert not ended


@shows("slow-body")
async def _(sandbox: Sandbox, __: httpx.AsyncClient) -> None:
    seen, ended = await raw_bytes(sandbox, "/weather", patience_s=0.7)
    head, _, body = seen.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 402")
    assert 1 <= len(body) <= 5
    assert not ended


@shows("gzip-bomb")
async def _(_: Sandbox, client: httpx.AsyncClient) -> None:
    async with client.stream("GET", "/weather") as answer:
        body = b"".join([piece async for piece in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == "gzip, gzip, gzip"
    assert len(body) < 300
    assert answer.status_code == 402


@shows("huge-header")
async def _(sandbox: Sandbox, client: httpx.AsyncClient) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        await client.get("/weather")
    seen, _ = await raw_bytes(sandbox, "/weather", patience_s=0.5)
    assert len(seen.partition(b"\r\n\r\n")[0]) > 256 * 1024


@shows("redirect-elsewhere")
async def _(sandbox: Sandbox, client: httpx.AsyncClient) -> None:
    answer = await client.get("/weather", headers=await paid_header(sandbox, client))
    assert answer.status_code == 302
    assert answer.headers["location"] == f"http://localhost:{sandbox.origin.port}/elsewhere"


@shows("hangs")
async def _(sandbox: Sandbox, _: httpx.AsyncClient) -> None:
    assert await raw_bytes(sandbox, "/weather", patience_s=0.4) == (b"", False)


@shows("challenge-on-200")
async def _(sandbox: Sandbox, client: httpx.AsyncClient) -> None:
    answer = await client.get("/weather?city=Oslo")
    assert (answer.status_code, answer.json()["city"]) == (200, "Oslo")
    assert bill_of(answer).invoice.startswith("lnbcrt")
    paid = await client.get("/weather", headers=await paid_header(sandbox, client))
    assert "www-authenticate" not in paid.headers


@shows("bidi-description")
async def _(_: Sandbox, client: httpx.AsyncClient) -> None:
    assert "\u202e" in str(bolt11.decode(await invoice_from(client)).description)


@shows("table-bomb-description")
async def _(_: Sandbox, client: httpx.AsyncClient) -> None:
    description = str(bolt11.decode(await invoice_from(client)).description)
    assert description.startswith("<table><tr><td>" * 18)


async def paid(sandbox: Sandbox, client: httpx.AsyncClient) -> tuple[PaymentResult, PaymentHash]:
    invoice = await invoice_from(client)
    payment_hash = PaymentHash.from_hex(bolt11.decode(invoice).payment_hash)
    return await sandbox.wallet.pay(invoice, fee_limit=ZERO), payment_hash


@shows("wallet-fails")
async def _(sandbox: Sandbox, client: httpx.AsyncClient) -> None:
    result, _ = await paid(sandbox, client)
    assert isinstance(result, Failed)


@shows("wallet-pending-then-paid")
async def _(sandbox: Sandbox, client: httpx.AsyncClient) -> None:
    result, payment_hash = await paid(sandbox, client)
    assert isinstance(result, Unknown)
    later = [await sandbox.wallet.look_up(payment_hash) for _ in range(3)][-1]
    assert isinstance(later, Paid)
    assert later.preimage.proves(payment_hash)


@shows("wallet-pending-forever")
async def _(sandbox: Sandbox, client: httpx.AsyncClient) -> None:
    result, payment_hash = await paid(sandbox, client)
    assert isinstance(result, Unknown)
    assert all([isinstance(await sandbox.wallet.look_up(payment_hash), Unknown) for _ in range(9)])


@shows("wallet-paid-without-preimage")
async def _(sandbox: Sandbox, client: httpx.AsyncClient) -> None:
    result, _ = await paid(sandbox, client)
    assert isinstance(result, PaidWithoutProof)


@shows("wallet-wrong-preimage")
async def _(sandbox: Sandbox, client: httpx.AsyncClient) -> None:
    result, payment_hash = await paid(sandbox, client)
    assert isinstance(result, Paid)
    assert not result.preimage.proves(payment_hash)
