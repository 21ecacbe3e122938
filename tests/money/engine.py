"""A state machine over the whole engine: real journeys through real services, between a shop and wallets that lie.

Waiting takes no time here (`TravelLoop`), the process dies at any write, and after every step is compared what left
the wallets with what the ledger, the vault and the budgets say about it.
"""

from __future__ import annotations

import asyncio
import functools
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import httpx
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition
from hypothesis.stateful import rule as hypothesis_rule

from l402desk.client.client import HttpClient
from l402desk.client.limits import Limits
from l402desk.client.request import RequestDraft
from l402desk.engine.journey import Journey
from l402desk.engine.recovery import recover
from l402desk.ledger.budgets import DAY_S, Caps
from l402desk.ledger.ledger import Ledger
from l402desk.ledger.uptime import Uptime
from l402desk.protocol.amount import Msat
from l402desk.protocol.exchange import Phase
from l402desk.protocol.proof import PaymentHash
from l402desk.services import Plan, Services
from l402desk.vault.vault import Vault
from l402desk.wallets.connected import ConnectedWallets
from tests.engine.shop import Shop
from tests.fakes.purchased import NOW, new_seal
from tests.money.inline import Died, InlineDatabase, Moment
from tests.money.liar import Answer, Liar, Mood
from tests.money.machine import MoneyMachine
from tests.money.travel import TravelLoop

HOSTS = ("https://one.example", "https://two.example")
WALLETS = ("Alice", "Bob")
CAPS = (None, 0, 40_000, 120_000, 10_000_000)
WAITS = (0.5, 65.0, 4_000.0, 90_000.0)
number = st.integers(0, 10_000)
steps: Counter[str] = Counter()
outcomes: Counter[str] = Counter()


def rule(**arguments: st.SearchStrategy[Any]) -> Callable[[Callable[..., None]], Any]:
    """A rule whose steps are counted, and after which the laws are looked at."""

    def counted(function: Callable[..., None]) -> Any:
        @functools.wraps(function)
        def step(self: EngineMachine, **named: Any) -> None:
            steps[function.__name__] += 1
            function(self, **named)
            self.the_laws_hold()

        return hypothesis_rule(**arguments)(step)  # type: ignore[call-overload]  # it takes them by keyword

    return counted


class EngineMachine(RuleBasedStateMachine):
    """See the module."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = TravelLoop()
        self.began = self.loop.time()
        self.set_ahead = 0
        self.boot = 0
        self.folder = Path(tempfile.mkdtemp(prefix="engine-"))
        shutil.copyfile(MoneyMachine._empty_database(), self.folder / "desk.sqlite3")
        self.shop = Shop()
        self.shop.paid_answers = []
        self.wallets = [Liar(name, self.shop.preimages, self._asked, self._since_boot) for name in WALLETS]
        self.seal = new_seal()
        self.given: Counter[PaymentHash] = Counter()
        self.consented: set[PaymentHash] = set()
        self.insisted: set[PaymentHash] = set()
        self.proven: set[PaymentHash] = set()
        self.settled: set[str] = set()
        self.caps = Caps()
        self.armed: set[str] = set()
        self.by_itself = False
        self.wrong: list[str] = []
        self.services: Services
        self._start()

    # The process.

    def _clock(self) -> float:
        return NOW + self.loop.time() - self.began + self.set_ahead

    def _since_boot(self) -> int:
        return int(self.loop.time() - self.began)

    def _start(self) -> None:
        self.database = InlineDatabase(self.folder / "desk.sqlite3")
        self.journeys: list[Journey] = []
        client = HttpClient(Limits(), self.folder / "bodies", transport=httpx.MockTransport(self.shop))
        connected = ConnectedWallets()
        for wallet in self.wallets:
            connected.connect(wallet)
        plan = Plan(self.folder, self.folder, keyring=None)
        services = Services(plan, client=client, database=self.database, wallets=connected, clock=self._clock)
        services._vault = Vault(self.database, self.seal, services.now)
        services._ledger = Ledger(self.database, self.seal, services.now, lambda: Uptime("boot", self._since_boot()))
        self.services = services
        outcomes["started"] += 1

    def _do(self, job: Coroutine[Any, Any, Any], wait: float = 100_000.0) -> None:
        """Let the process do something; it may die of it."""
        try:
            self.loop.run_until_complete(asyncio.wait_for(job, wait))
        except TimeoutError:
            outcomes["gave up waiting"] += 1
        except Died:
            self._die()
        except BaseExceptionGroup as group:
            if group.split(Died)[1] is not None:
                raise
            self._die()
        if self.database.is_dead:
            self._die()
        if self.wrong:
            raise AssertionError(self.wrong[0])

    def _die(self) -> None:
        """Nothing of it writes or asks any more; then it is started again and takes up what it left."""
        outcomes["died"] += 1
        self.database.kill()
        self.loop.run_until_complete(_end_all())
        self.database.drop()
        self._start()
        self.loop.run_until_complete(recover(self.services))

    def teardown(self) -> None:
        try:
            self.database.fuse = None
            self._die()
            self.the_laws_hold()
        finally:
            self.loop.run_until_complete(_end_all())
            self.database.drop()
            self.loop.close()
            shutil.rmtree(self.folder)

    def _asked(self, name: str, payment_hash: PaymentHash, amount: Msat, fee_limit: Msat) -> None:
        """A wallet was given an invoice: may it have been? What is wrong is told when the step is over."""
        if self.database.is_dead:
            self.wrong.append("a process that is gone paid")
        self.given[payment_hash] += 1
        outcomes["given to a wallet"] += 1
        if self.given[payment_hash] > 1:
            self.wrong.append("an invoice was given to a wallet twice")
        if self.by_itself and (not self.caps.is_complete or name not in self.armed):
            self.wrong.append("it paid by itself, and nobody had allowed it")
        if not self.by_itself and payment_hash not in self.consented:
            self.wrong.append("something was paid that nobody consented to")
        costs = amount.value + fee_limit.value
        if payment_hash not in self.insisted:
            gone = sum(one.amount + one.fee for one in self._gone())
            if self.caps.day is not None and gone + costs > self.caps.day.value:
                self.wrong.append(f"{gone + costs} msat in a day, and the cap is {self.caps.day.value}")
            if self.caps.payment is not None and costs > self.caps.payment.value:
                self.wrong.append("it cost more than one payment may")

    def _gone(self) -> list[Any]:
        """What really left in the last twenty-four hours, and was not denied."""
        since = self._since_boot() - DAY_S
        return [
            one for wallet in self.wallets for one in wallet.spent if one.left and not one.denied and one.at > since
        ]

    # The user.

    def _has_journeys(self) -> bool:
        return bool(self.journeys)

    def _pick(self, pick: int) -> Journey:
        return self.journeys[-1 - pick % min(len(self.journeys), 3)]

    @rule(where=number, use_token=st.booleans())
    def a_request_is_sent(self, where: int, use_token: bool) -> None:
        journey = Journey(RequestDraft("GET", _place(where)))
        self.journeys.append(journey)
        self._do(journey.send(self.services, _unheard, use_token=use_token))

    @rule(where=number, wallet=number, wait=number)
    def something_else_is_bought(self, where: int, wallet: int, wait: int) -> None:
        self._buy(where, wallet, wait, over=False)

    @rule(where=number, wallet=number, wait=number, over=st.booleans())
    def something_is_bought(self, where: int, wallet: int, wait: int, over: bool) -> None:
        self._buy(where, wallet, wait, over=over)

    def _buy(self, where: int, wallet: int, wait: int, *, over: bool) -> None:
        self._send(where)
        self._open(self.journeys[-1] if self.journeys else None, despite=False)
        self._pay(self.journeys[-1] if self.journeys else None, wallet, wait, over)

    def _send(self, where: int) -> None:
        journey = Journey(RequestDraft("GET", _place(where)))
        self.journeys.append(journey)
        self._do(journey.send(self.services, _unheard))

    @precondition(_has_journeys)
    @rule(pick=number, despite=st.booleans())
    def the_payment_is_opened(self, pick: int, despite: bool) -> None:
        self._open(self._pick(pick), despite=despite)

    def _open(self, journey: Journey | None, *, despite: bool) -> None:
        if journey is not None and journey.latest.phase is Phase.CHALLENGED:
            self._do(journey.open_payment(self.services, _unheard, despite_open=despite))

    @precondition(_has_journeys)
    @rule(pick=number, wallet=number, wait=number, over=st.booleans())
    def a_wallet_is_chosen(self, pick: int, wallet: int, wait: int, over: bool) -> None:
        self._pay(self._pick(pick), wallet, wait, over)

    def _pay(self, journey: Journey | None, wallet: int, wait: int, over: bool) -> None:
        if journey is None:
            return
        chosen = journey.latest.chosen
        if journey.latest.phase is Phase.OFFERED and chosen is not None and chosen.payment_hash is not None:
            self.consented.add(chosen.payment_hash)
            if over:
                self.insisted.add(chosen.payment_hash)
        name, seconds = WALLETS[wallet % 2], WAITS[wait % len(WAITS)]
        self._do(journey.pay_with(self.services, _unheard, wallet=name, over_budget=over), seconds)
        outcomes[f"ended: {journey.latest.phase}"] += 1

    @rule(where=number, wait=number)
    def it_may_pay_by_itself(self, where: int, wait: int) -> None:
        self._send(where)
        if not self.journeys:
            return
        self.by_itself = True
        self._do(self.journeys[-1].pay_automatically(self.services, _unheard), WAITS[wait % len(WAITS)])
        self.by_itself = False

    @rule(first=number, count=st.integers(2, 8), wait=number)
    def many_are_met_at_once(self, first: int, count: int, wait: int) -> None:
        """By requests side by side, all of which may be paid without a question."""
        journeys = [Journey(RequestDraft("GET", _place(first + at))) for at in range(count)]
        self.journeys += journeys
        self.by_itself = True
        self._do(self._all_by_themselves(journeys), WAITS[wait % len(WAITS)])
        self.by_itself = False

    async def _all_by_themselves(self, journeys: list[Journey]) -> None:
        async with asyncio.TaskGroup() as group:
            for journey in journeys:
                group.create_task(self._by_itself(journey))

    async def _by_itself(self, journey: Journey) -> None:
        await journey.send(self.services, _unheard)
        await journey.pay_automatically(self.services, _unheard)

    @precondition(_has_journeys)
    @rule(pick=number, right=st.booleans())
    def a_proof_is_pasted(self, pick: int, right: bool) -> None:
        journey = self._pick(pick)
        chosen = journey.latest.chosen
        if chosen is None or chosen.payment_hash is None:
            return
        preimage = self.shop.preimages[chosen.payment_hash]
        if right:
            self.proven.add(chosen.payment_hash)
        self._do(journey.prove(self.services, _unheard, text=preimage.hex if right else "07" * 32))

    @precondition(_has_journeys)
    @rule(pick=number, what=st.sampled_from(("close_payment", "deliver_again", "keep_again")))
    def something_else_is_pressed(self, pick: int, what: str) -> None:
        self._do(getattr(self._pick(pick), what)(self.services, _unheard))

    # Everybody else.

    @rule(wallet=number, mood=st.sampled_from(Mood), answer=st.sampled_from(Answer))
    def a_wallet_turns(self, wallet: int, mood: Mood, answer: Answer) -> None:
        self.wallets[wallet % 2].mood, self.wallets[wallet % 2].answer = mood, answer

    @rule(how=st.sampled_from((402, 401, 500, 200, 0)), times=st.integers(0, 3), same=st.booleans())
    def the_shop_turns(self, how: int, times: int, same: bool) -> None:
        """How it answers those who have paid, and whether its invoices are all the same one."""
        self.shop.same_challenge = same
        answer = httpx.ConnectError("gone") if how == 0 else httpx.Response(how, json={"said": how})
        self.shop.paid_answers = [answer] * times if how != 402 else [self.shop.bill() for _ in range(times)]

    @rule(seconds=st.sampled_from((61, 3_600, 90_000)), jump=st.sampled_from((0, 0, -90_000, 90_000)))
    def time_goes_by(self, seconds: int, jump: int) -> None:
        self.set_ahead += jump
        self._do(asyncio.sleep(seconds))

    @rule()
    def what_is_open_is_looked_up(self) -> None:
        self._do(recover(self.services))

    @rule(cap=number, arm=st.booleans(), wallet=number)
    def the_budgets_are_set(self, cap: int, arm: bool, wallet: int) -> None:
        chosen = [CAPS[(cap // (at + 1) + (at and cap)) % len(CAPS)] for at in range(3)]
        self.caps = Caps(*[None if msat is None else Msat(msat) for msat in chosen])
        name = WALLETS[wallet % 2]
        (self.armed.add if arm else self.armed.discard)(name)
        fuse, self.database.fuse = self.database.fuse, None
        self._do(self.services.ledger.set_caps(self.caps))
        self._do(self.services.ledger.arm(name, arm))
        self.database.fuse = fuse

    @rule(moment=st.sampled_from(Moment))
    def the_process_will_die(self, moment: Moment) -> None:
        self.database.fuse = moment

    # The laws.

    def the_laws_hold(self) -> None:
        ledger, vault = self.services.ledger, self.services.vault
        purchases = self.loop.run_until_complete(ledger.history(limit=1_000))
        by_hash = {purchase.payment_hash: purchase for purchase in purchases}
        for payment_hash in self.given:
            assert by_hash[payment_hash].state != "offered", "something was paid that was not written down before"
        settled = {purchase.id for purchase in purchases if purchase.state == "settled"}
        assert self.settled <= settled, "a settled purchase is no longer settled"
        self.settled = settled
        for purchase in purchases:
            if purchase.state == "settled":
                paid = {one.payment_hash for wallet in self.wallets for one in wallet.spent if one.left}
                assert purchase.payment_hash in paid | self.proven, "settled, and nobody had paid"
        for token in self.loop.run_until_complete(vault.list(limit=1_000)):
            purchase = next(p for p in purchases if p.id == token.purchase_id)
            assert purchase.state == "settled", "a token of what was not paid"
            outcomes["tokens seen"] += 1


def _place(where: int) -> str:
    """One of many, and often the same one: what is held or open there already matters."""
    return f"{HOSTS[where % 2]}/thing/{0 if where % 3 == 0 else where % 40}"


async def _end_all() -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _unheard(_: object) -> None:
    """Nobody looks at the views."""
