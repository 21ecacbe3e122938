from __future__ import annotations

import time
from pathlib import Path

import pytest

from l402desk.client.answer import Answer, Timings
from l402desk.client.spool import SpooledBody
from l402desk.engine.reading import MOST_BODY, judge
from l402desk.protocol.amount import Msat
from l402desk.protocol.inspection import Verdict
from l402desk.protocol.network import Network
from l402desk.services import Plan, Services, open_services
from l402desk.store.errors import Damaged
from tests.engine.shop import URL, Buyer, Scripted, Shop, a_desk, unanswered
from tests.fakes.challenges import mint_token
from tests.fakes.invoices import mint_invoice

pytestmark = pytest.mark.anyio


def answer(status: int = 402, *, header: str | None = None, body: SpooledBody | None = None, url: str = URL) -> Answer:
    challenge = f'L402 macaroon="{mint_token()}", invoice="{mint_invoice(timestamp=int(time.time()))}"'
    raw = challenge if header is None else header
    headers = (("WWW-Authenticate", raw),) if raw else ()
    return Answer(status, "", "HTTP/1.1", url, headers, body or SpooledBody(b"", None, 0), Timings())


def codes(inspection: object) -> set[str]:
    return {finding.code for finding in getattr(inspection, "findings", ())}


async def test_a_challenge_is_judged_by_what_is_signed(tmp_path: Path) -> None:
    async with a_desk(tmp_path, Shop()) as services:
        demand, (inspection,) = await judge(answer(), services)
        assert (demand.status, inspection.verdict, inspection.amount) == (402, Verdict.PAYABLE, Msat(21_000))


async def test_an_answer_without_a_challenge_is_none(tmp_path: Path) -> None:
    async with a_desk(tmp_path, Shop()) as services:
        assert (await judge(answer(200, header=""), services))[1] == ()
        _, (inspection,) = await judge(answer(402, header=""), services)
        assert inspection.verdict is Verdict.REFUSE


async def test_the_last_price_paid_is_compared(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        await Buyer(services).buy()
        shop.msat = 84_000
        view = await Buyer(services).send(use_token=False)
        assert "price-changed" in codes(view.inspections[0])
        elsewhere = await Buyer(services, url="https://shop.example/other").send()
        assert "price-changed" not in codes(elsewhere.inspections[0])


async def test_a_ledger_that_cannot_be_read_costs_no_answer(tmp_path: Path) -> None:
    async with a_desk(tmp_path, Shop()) as services:
        services._ledger = BrokenLedger()  # type: ignore[assignment]
        _, (inspection,) = await judge(answer(), services)
        assert inspection.verdict is Verdict.PAYABLE


class BrokenLedger:
    async def last_price(self, *_: object) -> None:
        raise Damaged("somewhere")


async def test_a_locked_ledger_is_not_asked(tmp_path: Path) -> None:
    async with a_desk(tmp_path, Shop(), locked=True) as services:
        assert (await judge(answer(), services))[1][0].verdict is Verdict.PAYABLE


async def test_the_network_of_the_wallets_is_compared_where_they_agree(tmp_path: Path) -> None:
    def wallet(name: str, network: Network | None) -> Scripted:
        return Scripted(pay=unanswered, name=name, network=network)

    async def verdict(*wallets: Scripted) -> Verdict:
        async with a_desk(tmp_path, Shop(), *wallets) as services:
            return (await judge(answer(), services))[1][0].verdict

    assert await verdict(wallet("a", Network.REGTEST), wallet("b", None)) is Verdict.PAYABLE
    assert await verdict(wallet("a", Network.MAINNET)) is Verdict.REFUSE
    assert await verdict(wallet("a", Network.MAINNET), wallet("b", Network.REGTEST)) is Verdict.PAYABLE


async def test_play_money_is_compared_with_its_own_sandbox_alone(tmp_path: Path) -> None:
    """With the sandbox running, a phone may still pay a real API; at the sandbox itself a real invoice is refused."""
    invoice = mint_invoice(prefix="lnbc", timestamp=int(time.time()))
    header = f'L402 macaroon="{mint_token()}", invoice="{invoice}"'
    async with open_services(Plan(tmp_path / "data", tmp_path / "cache", sandbox_port=0)) as services:
        assert services.sandbox is not None
        (elsewhere,) = (await judge(answer(header=header), services))[1]
        (at_home,) = (await judge(answer(header=header, url=f"{services.sandbox.url}/weather"), services))[1]
    assert "wrong-network" not in codes(elsewhere)
    assert elsewhere.verdict is Verdict.PAYABLE
    assert "wrong-network" in codes(at_home)


async def test_a_body_that_is_gone_from_the_disk_costs_no_challenge(tmp_path: Path) -> None:
    async with a_desk(tmp_path, Shop()) as services:
        gone = SpooledBody(None, tmp_path / "gone", 10)
        assert (await judge(answer(body=gone), services))[1][0].verdict is Verdict.PAYABLE


async def test_only_the_beginning_of_a_body_is_searched(tmp_path: Path) -> None:
    token, invoice = mint_token(), mint_invoice(timestamp=int(time.time()))
    document = f'{{"macaroon": "{token}", "invoice": "{invoice}"}}'.encode()

    async def found(body: bytes, services: Services) -> bool:
        spooled = SpooledBody(body, None, len(body))
        return bool((await judge(answer(header="", body=spooled), services))[0].challenges)

    async with a_desk(tmp_path, Shop()) as services:
        assert await found(document, services)
        assert not await found(b" " * MOST_BODY + document, services)
