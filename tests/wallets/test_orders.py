"""The law of payment, over a backend that says whatever the test wants."""

from __future__ import annotations

import asyncio

import pytest

from l402desk.protocol.amount import Msat
from l402desk.protocol.invoice import Invoice
from l402desk.protocol.network import Network
from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof, PaymentResult, Unknown
from l402desk.protocol.proof import PaymentHash, Preimage
from l402desk.wallets.connection import Connection, Kind
from l402desk.wallets.errors import NoAnswer, NotReached, WalletError
from l402desk.wallets.orders import Ordering, Orders, Refused
from tests.fakes.invoices import mint_invoice

pytestmark = pytest.mark.anyio
PREIMAGE = Preimage(bytes(range(32)))
INVOICE = mint_invoice(21_000, preimage=PREIMAGE.raw)
PAID, ON_ITS_WAY = Paid(PREIMAGE, Msat(7)), Unknown("on its way")
FORGED = Paid(Preimage(b"\x07" * 32))
DEAF, SILENT = NotReached("Nobody is there.", "Look."), NoAnswer("It said nothing.", "Wait.")
Told = PaymentResult | Refused | WalletError | None


class Backend:
    """Answers from two lists; the last of each for ever."""

    def __init__(self, order: Told, *found: Told, network: Network | WalletError | None = Network.REGTEST) -> None:
        self.ordered, self.looked_up, self.asked_network = 0, 0, 0
        self._order, self._found, self._network = order, list(found or (None,)), network

    async def order(self, invoice: Invoice, fee_limit: Msat) -> PaymentResult | Refused:
        assert (invoice.text, fee_limit) == (INVOICE, Msat(5))
        self.ordered += 1
        told = said(self._order)
        assert told is not None
        return told

    async def find(self, payment_hash: PaymentHash) -> PaymentResult | None:
        assert payment_hash == PREIMAGE.payment_hash()
        self.looked_up += 1
        found = said(self._found.pop(0) if len(self._found) > 1 else self._found[0])
        assert not isinstance(found, Refused)
        return found

    async def find_network(self) -> Network | None:
        self.asked_network += 1
        if isinstance(self._network, WalletError):
            raise self._network
        return self._network


def said(what: Told) -> PaymentResult | Refused | None:
    if isinstance(what, WalletError):
        raise what
    return what


async def pay(backend: Backend, *, pays: bool = True) -> PaymentResult:
    return await Orders(backend, pays=pays).pay(INVOICE, fee_limit=Msat(5))


@pytest.mark.parametrize(
    ("order", "found", "result"),
    [
        (PAID, None, PAID),
        (FORGED, None, PaidWithoutProof),
        (FORGED, PAID, PAID),
        (PaidWithoutProof("no preimage"), PAID, PAID),
        (PaidWithoutProof("no preimage"), ON_ITS_WAY, PaidWithoutProof),
        (PaidWithoutProof("no preimage"), SILENT, PaidWithoutProof),
        (PaidWithoutProof("no preimage"), Failed("no"), PaidWithoutProof),
        (Failed("no route"), PAID, Failed("no route")),
        (DEAF, None, Failed("Nobody is there. Nothing was sent to it.")),
        (SILENT, PAID, PAID),
        (SILENT, FORGED, PaidWithoutProof),
        (SILENT, ON_ITS_WAY, ON_ITS_WAY),
        (SILENT, None, Unknown("It said nothing.")),
        (SILENT, SILENT, Unknown("It said nothing.")),
        (SILENT, Failed("proven"), Failed("proven")),
        (ON_ITS_WAY, PAID, PAID),
        (ON_ITS_WAY, None, ON_ITS_WAY),
        (Refused("no funds"), None, Failed("no funds")),
        (Refused("no funds"), Failed("an earlier one failed"), Failed("no funds")),
        (Refused("no funds"), PAID, PAID),
        (Refused("no funds"), ON_ITS_WAY, ON_ITS_WAY),
        (Refused("no funds"), SILENT, Unknown("no funds It said nothing.")),
        (Refused("wrong key", certain=True), DEAF, Failed("wrong key")),
        (Refused("wrong key", certain=True), PAID, PAID),
    ],
)
async def test_what_an_answer_and_a_look_up_are_worth_together(order: Told, found: Told, result: object) -> None:
    told = await pay(Backend(order, found))
    assert told == result or (isinstance(result, type) and isinstance(told, result))


async def test_a_wallet_that_only_looks_is_asked_nothing() -> None:
    backend = Backend(PAID)
    assert isinstance(await pay(backend, pays=False), Failed)
    assert backend.ordered == backend.looked_up == backend.asked_network == 0


@pytest.mark.parametrize("text", ["", "lnbc", mint_invoice(None, preimage=PREIMAGE.raw)])
async def test_what_is_no_invoice_or_names_no_amount_is_not_given_to_anybody(text: str) -> None:
    backend = Backend(PAID)
    assert isinstance(await Orders(backend, pays=True).pay(text, fee_limit=Msat(5)), Failed)
    assert backend.ordered == 0


@pytest.mark.parametrize("network", [Network.MAINNET, NoAnswer("It said nothing.", "Wait."), DEAF])
async def test_nothing_is_ordered_on_another_network_or_on_one_that_cannot_be_told(network: object) -> None:
    backend = Backend(PAID, network=network)  # type: ignore[arg-type]
    assert isinstance(await pay(backend), Failed)
    assert backend.ordered == 0


async def test_a_wallet_that_names_no_network_pays_on_any() -> None:
    assert await pay(Backend(PAID, network=None)) == PAID


async def test_the_network_is_asked_for_once_and_known_from_then_on() -> None:
    backend = Backend(PAID, PAID)
    orders = Orders(backend, pays=True)
    await orders.pay(INVOICE, fee_limit=Msat(5))
    await orders.pay(INVOICE, fee_limit=Msat(5))
    assert backend.asked_network == 1
    assert await orders.learn_network() is Network.REGTEST


async def test_ordered_once_however_often_and_at_once_it_is_asked() -> None:
    backend = Backend(SILENT, None, ON_ITS_WAY, PAID)
    orders = Orders(backend, pays=True)
    results = await asyncio.gather(*(orders.pay(INVOICE, fee_limit=Msat(5)) for _ in range(3)))
    assert backend.ordered == 1
    assert not any(isinstance(result, Failed) for result in results)
    assert results[-1] == PAID


async def test_what_surely_failed_can_be_ordered_again() -> None:
    backend = Backend(Refused("no funds"))
    orders = Orders(backend, pays=True)
    for _ in range(2):
        assert await orders.pay(INVOICE, fee_limit=Msat(5)) == Failed("no funds")
    assert backend.ordered == 2


async def test_a_look_up_never_passes_a_forged_preimage_on() -> None:
    found = await Orders(Backend(PAID, FORGED), pays=True).look_up(PREIMAGE.payment_hash())
    assert isinstance(found, PaidWithoutProof)


async def test_a_look_up_says_why_it_failed_where_the_order_told() -> None:
    orders = Orders(Backend(Refused("no funds"), Failed("failed")), pays=True)
    await orders.pay(INVOICE, fee_limit=Msat(5))
    assert await orders.look_up(PREIMAGE.payment_hash()) == Failed("no funds")


class Adapter(Ordering):
    def __init__(self, backend: Backend) -> None:
        self.name = "Home"
        self._connection = Connection(Kind.LND, "https://node.example", "0c7b3f1e", shown="lndconnect://node.example")
        self._orders = Orders(backend, pays=True)


async def test_an_adapter_orders_looks_up_and_shows_its_place_alone() -> None:
    adapter = Adapter(Backend(ON_ITS_WAY, ON_ITS_WAY, PAID))
    assert adapter.network is None
    assert await adapter.pay(INVOICE, fee_limit=Msat(5)) == ON_ITS_WAY
    assert adapter.network is Network.REGTEST
    assert await adapter.look_up(PREIMAGE.payment_hash()) == PAID
    assert repr(adapter) == "Adapter('Home', 'lndconnect://node.example')"
