"""A state machine over the ledger and the vault: two processes, one file, hostile wallets and shops, clocks, crashes.

Its rules are what an engine, a user, a wallet, a clock and a power switch may do, in any order and with any arguments;
after each the laws must hold. `World` says what is true; the product's own file is compared with it.
"""

from __future__ import annotations

import functools
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition
from hypothesis.stateful import rule as hypothesis_rule

from l402desk.ledger.errors import (
    AlreadyClaimed,
    HashSpent,
    NotAutomatic,
    NotSettled,
    OpenPurchase,
    OverBudget,
    Refused,
    StepRefused,
)
from l402desk.ledger.ledger import Ledger
from l402desk.ledger.purchases import DELIVERIES, PHONE, Delivery, Intent, Purchase
from l402desk.protocol.amount import Msat
from l402desk.protocol.errors import ProofError
from l402desk.protocol.token import Token
from l402desk.services import SCHEMAS
from l402desk.vault.tokens import NewToken
from l402desk.vault.vault import Vault
from tests.fakes.purchased import new_intent, new_seal, preimage_of
from tests.money.inline import Died, InlineDatabase, Moment, now
from tests.money.world import STEPS, Bought, World

T = TypeVar("T")
ORIGINS = ("https://one.example", "https://two.example")
PATHS = ("/a", "/b")
METHODS = ("GET", "POST")
WALLETS = ("Alice", "Bob", "Play wallet")
AMOUNTS = (1_000, 21_000, 100_000, 2_500_000)
FEES = (None, 0, 500, 1_000, 5_000_000)
CAPS = (None, 0, 30_000, 150_000, 5_000_000)
JUMPS = (-10 * 86_400, -3_600, -1, 1, 3_599, 12 * 3_600, 86_399, 86_401, 40 * 86_400)
POOL = 240
_intents: list[Intent] = []

outcomes: Counter[str] = Counter()
"""What came of the steps: a machine that never gets anywhere proves nothing."""

number = st.integers(0, 10_000)
steps: Counter[str] = Counter()
"""What was done in this process, over all examples, and how often."""


def rule(**arguments: st.SearchStrategy[Any]) -> Callable[[Callable[..., None]], Any]:
    """A rule whose steps are counted under its name."""

    def counted(function: Callable[..., None]) -> Any:
        @functools.wraps(function)
        def step(*values: Any, **named: Any) -> None:
            steps[function.__name__] += 1
            function(*values, **named)

        return hypothesis_rule(**arguments)(step)  # type: ignore[call-overload]  # it takes them by keyword

    return counted


def intents() -> list[Intent]:
    """Invoices with real signatures, made once: minting is slow, and what is bought with them is not looked at."""
    if not _intents:
        _intents.extend(new_intent(at, msat=AMOUNTS[at % len(AMOUNTS)], wallet="") for at in range(POOL))
    return _intents


class MoneyMachine(RuleBasedStateMachine):
    """See the module."""

    template: Path | None = None

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="money-"))
        shutil.copyfile(self._empty_database(), self.folder / "desk.sqlite3")
        self.world = World()
        self.seal = new_seal()
        self.next = 0
        self.bursts = 0
        self.order: list[Bought] = []
        self.databases: list[InlineDatabase] = []
        self.ledgers: list[Ledger] = []
        self.vaults: list[Vault] = []
        for _ in range(2):
            self._start()

    @classmethod
    def _empty_database(cls) -> Path:
        if cls.template is None or not cls.template.exists():
            import asyncio

            from l402desk.store.database import Database

            folder = Path(tempfile.mkdtemp(prefix="money-template-"))

            async def make() -> None:
                database = await Database.open(folder / "app" / "desk.sqlite3", SCHEMAS)
                await database.close()

            asyncio.run(make())
            cls.template = folder / "app" / "desk.sqlite3"
        return cls.template

    def _has_purchases(self) -> bool:
        return bool(self.order)

    def _may_burst(self) -> bool:
        return self.bursts < 2 and self.next < POOL

    def _start(self, at: int | None = None) -> None:
        database = InlineDatabase(self.folder / "desk.sqlite3")
        ledger = Ledger(database, self.seal, self.world.time.clock, self.world.time.uptime)
        vault = Vault(database, self.seal, self.world.time.clock)
        if at is None:
            self.databases.append(database)
            self.ledgers.append(ledger)
            self.vaults.append(vault)
        else:
            self.databases[at], self.ledgers[at], self.vaults[at] = database, ledger, vault

    def teardown(self) -> None:
        try:
            self.everything_is_as_it_must_be()
        finally:
            for database in self.databases:
                database.drop()
            shutil.rmtree(self.folder)

    # How a process does something, and may die doing it.

    def _do(self, at: int, job: Callable[[], Coroutine[Any, Any, T]]) -> tuple[bool, T | None]:
        """Did it reach the disk, and what was said? A process that dies is started again."""
        try:
            return True, now(job())
        except Died as died:
            outcomes["died, committed" if died.committed else "died, nothing done"] += 1
            self.databases[at % 2].drop()
            self._start(at % 2)
            return died.committed, None

    def _one(self, pick: int) -> Bought | None:
        """Mostly one of the newest: what happens to old ones only goes unnoticed too often."""
        among = self.order if pick % 5 == 0 else self.order[-6:]
        return among[pick // 5 % len(among)] if among else None

    def _check(self, one: Bought) -> Purchase:
        """The file says of this purchase what is true, to either process."""
        found = now(self.ledgers[one.number % 2].get(one.id))
        assert found.state == one.state, f"{found.state} instead of {one.state}"
        assert found.rail == one.rail
        assert found.payment_hash == one.intent.payment_hash
        assert found.is_open == one.is_open
        assert found.counted.value == one.counted
        assert one.dispatched <= 1, "the invoice was given to a wallet twice"
        return found

    def _budgets_hold(self, origin: str) -> None:
        """What the ledger says is spent is what was spent, to the msat."""
        from l402desk.protocol.origin import Origin

        stands = now(self.ledgers[0].allowance(Origin.of(origin)))
        assert stands.caps == self.world.caps
        assert stands.spent_day.value == self.world.spent()
        assert stands.spent_host.value == self.world.spent(host=origin)

    # A shop asks for money, as often as it likes.

    @rule(at=number, where=number, word=number)
    def a_402(self, at: int, where: int, word: int) -> None:
        """A new invoice is shown; once in five times the user insists on it."""
        self.show(at, where, despite=word % 5 == 0)

    def show(self, at: int, where: int, *, despite: bool) -> None:
        if self.next == POOL:
            return
        origin, path = ORIGINS[where % 2], PATHS[where // 2 % 2]
        intent = replace(intents()[self.next], url=f"{origin}{path}", method=METHODS[where // 4 % 2])
        one = Bought("", self.next, intent, (origin, path), despite=despite)
        self.next += 1
        self._offer(at, one, despite)

    @precondition(_has_purchases)
    @rule(at=number, pick=number, trick=st.integers(0, 3), despite=st.booleans())
    def an_old_invoice_again(self, at: int, pick: int, trick: int, despite: bool) -> None:
        """The same invoice comes back, from its own place or from somebody else's."""
        known = self._one(pick)
        if known is None:
            return
        intent = known.intent
        if trick == 1:
            intent = replace(intent, url=f"{ORIGINS[known.place[0] == ORIGINS[0]]}/a")
        untouched = known.state == "offered" and known.rail is None and trick != 1
        before = len(self.order)
        try:
            committed, told = self._do(at, lambda: self.ledgers[at % 2].offer(intent, despite=despite))
        except HashSpent:
            outcomes["HashSpent"] += 1
            assert not untouched
            return
        except OpenPurchase:
            assert untouched
            assert not despite
            assert self.world.blocked(known)
            return
        if not committed:
            return
        assert untouched
        assert despite or not self.world.blocked(known)
        known.despite = despite
        if told is not None:
            assert told.id == known.id
        assert len(self.order) == before

    def _offer(self, at: int, one: Bought, despite: bool) -> None:
        blocked = self.world.blocked(one)
        try:
            committed, told = self._do(at, lambda: self.ledgers[at % 2].offer(one.intent, despite=despite))
        except OpenPurchase:
            assert blocked
            assert not despite
            return
        if not committed:
            return
        assert despite or not blocked, "a second purchase of the same thing was offered while one is open"
        found = told or now(self.ledgers[0].by_hash(one.intent.payment_hash))
        assert found is not None
        one.id = found.id
        self.world.bought[one.id] = one
        self.order.append(one)
        self._check(one)

    # The user, or the app by itself, chooses a wallet.

    @precondition(_has_purchases)
    @rule(at=number, pick=number, wallet=number, how=st.integers(0, 15))
    def a_wallet_is_chosen(self, at: int, pick: int, wallet: int, how: int) -> None:
        one = self._one(pick)
        if one is not None:
            self._reserve(at, one, WALLETS[wallet % 3], despite=bool(how & 1), over=bool(how & 2), automatic=how >= 8)

    def _reserve(
        self, at: int, one: Bought, rail: str, *, despite: bool = False, over: bool = False, automatic: bool = False
    ) -> bool:
        is_play = rail == "Play wallet"
        fits, blocked = self.world.fits(one), self.world.blocked(one)
        may = self.world.caps.is_complete and (is_play or rail in self.world.armed)
        free = one.state == "offered" and one.rail is None
        try:
            committed, _ = self._do(
                at,
                lambda: self.ledgers[at % 2].reserve(
                    one.id, rail, despite=despite, over_budget=over, automatic=automatic, is_play=is_play
                ),
            )
        except Refused as refused:
            self._refused_rightly(
                refused, free=free, blocked=blocked and not (despite or one.despite), may=may or not automatic,
                fits=fits or (over and not automatic),
            )  # fmt: skip
            return False
        if not committed:
            return False
        assert free, "an invoice was given to a second wallet"
        assert despite or one.despite or not blocked, "two purchases of the same thing were begun"
        assert not automatic or may, "something was paid that nobody consented to"
        assert fits or (over and not automatic), "more was spent than the caps allow"
        outcomes["begun by itself" if automatic else "begun over budget" if not fits else "begun"] += 1
        one.state, one.rail = "intent", rail
        one.despite = one.despite or despite
        one.consented = True
        one.reserved = (int(self.world.time.clock()), self.world.time.boot, self.world.time.up)
        self._check(one)
        self._budgets_hold(one.place[0])
        return True

    def _refused_rightly(self, refused: Refused, *, free: bool, blocked: bool, may: bool, fits: bool) -> None:
        outcomes[type(refused).__name__] += 1
        match refused:
            case AlreadyClaimed():
                assert not free
            case OpenPurchase():
                assert blocked
            case NotAutomatic():
                assert not may
            case OverBudget():
                assert not fits
            case _:
                raise refused

    # The invoice goes to the wallet; what the wallet says may be a lie.

    @precondition(_has_purchases)
    @rule(at=number, pick=number)
    def it_is_submitted(self, at: int, pick: int) -> None:
        one = self._one(pick)
        if one is not None:
            self._submit(at, one)

    def _submit(self, at: int, one: Bought) -> None:
        try:
            committed, told = self._do(at, lambda: self.ledgers[at % 2].submit(one.id))
        except StepRefused:
            assert "submitted" not in STEPS[one.state]
            return
        if not committed:
            return
        assert "submitted" in STEPS[one.state]
        assert one.consented
        one.state = "submitted"
        if told is not None:  # only a process that was told so sends the invoice on
            one.dispatched += 1
            outcomes["given to a wallet"] += 1
        self._check(one)

    @precondition(_has_purchases)
    @rule(at=number, pick=number, fee=number, wrong=st.booleans())
    def a_proof_arrives(self, at: int, pick: int, fee: int, wrong: bool) -> None:
        """From the wallet, from a look-up or from a person; or it is the proof of another payment."""
        one = self._one(pick)
        if one is not None:
            self._prove(at, one, fee, wrong)

    def _prove(self, at: int, one: Bought, fee: int, wrong: bool) -> None:
        preimage = preimage_of(one.number + POOL if wrong else one.number)
        msat = FEES[fee % len(FEES)]
        try:
            committed, _ = self._do(
                at, lambda: self.ledgers[at % 2].settle(one.id, preimage, None if msat is None else Msat(msat))
            )
        except ProofError:
            assert wrong
            return
        if not committed:
            return
        assert not wrong, "a purchase was settled by a preimage that proves nothing"
        self._settled(one, msat)
        self._check(one)
        self._budgets_hold(one.place[0])

    def _settled(self, one: Bought, fee: int | None) -> None:
        if one.state == "settled":
            one.fee = fee if one.fee is None else one.fee
            return
        outcomes[f"settled, was {one.state}"] += 1
        one.state, one.fee, one.rail, one.proof = "settled", fee, one.rail or PHONE, preimage_of(one.number).hex
        if one.reserved is None:
            one.reserved = (int(self.world.time.clock()), self.world.time.boot, self.world.time.up)

    @precondition(_has_purchases)
    @rule(at=number, pick=number, word=st.sampled_from(("fail", "unknown", "without_proof")))
    def the_wallet_says(self, at: int, pick: int, word: str) -> None:
        one = self._one(pick)
        if one is not None:
            self._say(at, one, word)

    def _say(self, at: int, one: Bought, word: str) -> None:
        state = {"fail": "failed", "unknown": "unknown", "without_proof": "paid-without-proof"}[word]
        step = getattr(self.ledgers[at % 2], word)
        try:
            committed, _ = self._do(at, lambda: step(one.id, "so it says"))
        except StepRefused:
            assert state not in STEPS[one.state]
            return
        if not committed:
            return
        assert state in STEPS[one.state], f"{one.state} became {state}"
        one.state = state
        self._check(one)

    @precondition(_has_purchases)
    @rule(at=number, pick=number, found=st.booleans())
    def it_is_looked_up(self, at: int, pick: int, found: bool) -> None:
        one = self._one(pick)
        if one is not None:
            self._do(at, lambda: self.ledgers[at % 2].looked_up(one.id, found=found))
            self._check(one)

    # What was bought is kept, and used.

    @precondition(_has_purchases)
    @rule(at=number, pick=number)
    def the_token_is_kept(self, at: int, pick: int) -> None:
        one = self._one(pick)
        if one is not None:
            self._keep(at, one)

    def _keep(self, at: int, one: Bought) -> None:
        secrets = now(self.ledgers[at % 2].secrets(one.id))
        assert (secrets.preimage is not None) == (one.state == "settled")
        token = secrets.token()
        if token is None:
            return
        committed, _ = self._do(at, lambda: self.vaults[at % 2].keep(self._new_token(one, token)))
        outcomes["token kept"] += committed
        one.has_token = one.has_token or committed

    def _new_token(self, one: Bought, token: Token) -> NewToken:
        return NewToken(token, one.intent.origin, one.intent.path, price=one.intent.amount, purchase_id=one.id)

    @precondition(_has_purchases)
    @rule(at=number, pick=number, delivery=st.sampled_from(Delivery), status=st.sampled_from((200, 402, 500)))
    def the_shop_answers(self, at: int, pick: int, delivery: Delivery, status: int) -> None:
        one = self._one(pick)
        if one is not None:
            self._deliver(at, one, delivery, status)

    def _deliver(self, at: int, one: Bought, delivery: Delivery, status: int) -> None:
        before = now(self.ledgers[at % 2].get(one.id)).delivery
        try:
            committed, _ = self._do(at, lambda: self.ledgers[at % 2].mark_delivery(one.id, delivery, status))
        except NotSettled:
            assert one.state != "settled"
            return
        if not committed:
            return
        assert before is not None
        after = self._check(one).delivery
        assert after == before or after in DELIVERIES[before]

    @precondition(_has_purchases)
    @rule(at=number, pick=number, how=number)
    def it_goes_on(self, at: int, pick: int, how: int) -> None:
        """The next step that an engine would take, whatever the wallet then says."""
        one = self._one(pick)
        if one is not None:
            self._go_on(at, one, how)

    @precondition(_has_purchases)
    @rule(at=number, how=number)
    def the_newest_goes_on(self, at: int, how: int) -> None:
        self._go_on(at, self.order[-1], how)

    @rule(at=number, where=number, hows=st.lists(number, min_size=1, max_size=6))
    def a_402_is_met_by_an_engine(self, at: int, where: int, hows: list[int]) -> None:
        """A purchase as it goes as a rule: from the challenge on, as far as it comes."""
        before = len(self.order)
        self.show(at, where, despite=False)
        for how in hows if len(self.order) > before else ():
            self._go_on(at, self.order[-1], how)

    def _go_on(self, at: int, one: Bought, how: int) -> None:
        match one.state:
            case "offered":
                self._reserve(at, one, WALLETS[how % 3], automatic=how % 2 == 0, over=how % 7 == 0)
            case "intent":
                self._submit(at, one)
            case "submitted" | "unknown" if how % 4 != 0:
                self._say(at, one, ("unknown", "fail", "without_proof")[how % 3])
            case "settled" if how % 2 == 0:
                self._keep(at, one)
            case "settled":
                self._deliver(at, one, Delivery.DELIVERED, 200)
            case _:
                self._prove(at, one, how, wrong=False)

    # Budgets, clocks, crashes.

    @rule(at=number, cap=number)
    def every_cap_is_set(self, at: int, cap: int) -> None:
        """So that the app may pay by itself."""
        before = self.world.caps
        for which in range(3):
            self.world.set_cap(which, CAPS[1 + cap // (which + 1) % (len(CAPS) - 1)])
        wanted = self.world.caps
        committed, _ = self._do(at, lambda: self.ledgers[at % 2].set_caps(wanted))
        if not committed:
            self.world.caps = before
        self._budgets_hold(ORIGINS[cap % 2])

    @rule(at=number, which=number, cap=number)
    def a_cap_is_set(self, at: int, which: int, cap: int) -> None:
        before = self.world.caps
        self.world.set_cap(which, CAPS[cap % len(CAPS)])
        wanted = self.world.caps
        committed, _ = self._do(at, lambda: self.ledgers[at % 2].set_caps(wanted))
        if not committed:
            self.world.caps = before
        self._budgets_hold(ORIGINS[which % 2])

    @rule(at=number, wallet=number, armed=st.booleans())
    def a_wallet_is_armed(self, at: int, wallet: int, armed: bool) -> None:
        name = WALLETS[wallet % 2]
        committed, _ = self._do(at, lambda: self.ledgers[at % 2].arm(name, armed))
        if committed:
            (self.world.armed.add if armed else self.world.armed.discard)(name)
        assert now(self.ledgers[0].armed()) == self.world.armed

    @rule(how=number, jump=number)
    def time_goes_by(self, how: int, jump: int) -> None:
        """It passes, or somebody sets the clock, or the computer is started again."""
        seconds = JUMPS[jump % len(JUMPS)]
        if how % 4 == 0:
            self.world.time.pass_(abs(seconds))
        elif how % 4 == 1:
            self.world.time.pass_(60)
        elif how % 4 == 2:
            self.world.time.jump(seconds)
        else:
            self.world.time.reboot()
        self._budgets_hold(ORIGINS[how % 2])

    @rule(at=number, moment=st.sampled_from(Moment))
    def a_process_will_die(self, at: int, moment: Moment) -> None:
        """At its next write: before it, within it, or when it is on the disk and nobody has heard of it."""
        self.databases[at % 2].fuse = moment

    @precondition(_may_burst)
    @rule(at=number, wallet=number)
    def a_burst_of_402s(self, at: int, wallet: int) -> None:
        """Twelve at once, each at a place of its own, all to be paid by the app itself, by two processes in turn."""
        self.bursts += 1
        fresh: list[Bought] = []
        for index in range(min(12, POOL - self.next)):
            intent = replace(intents()[self.next], url=f"{ORIGINS[index % 2]}/burst/{self.next}")
            one = Bought("", self.next, intent, (ORIGINS[index % 2], intent.path))
            self.next += 1
            self._offer(at + index, one, despite=False)
            fresh.append(one)
        for index, one in enumerate(one for one in fresh if one.id):
            self._reserve(at + index, one, WALLETS[wallet % 3], automatic=True)

    # The laws, over everything.

    def everything_is_as_it_must_be(self) -> None:
        for one in self.order:
            self._check(one)
            proof = now(self.ledgers[0].preimage(one.id))
            assert (proof.hex if proof else None) == one.proof
        for ledger in self.ledgers:
            assert {p.id for p in now(ledger.open_purchases())} == {o.id for o in self.order if o.is_open}
        kept = now(self.vaults[1].list(limit=POOL))
        assert {token.purchase_id for token in kept} == {one.id for one in self.order if one.has_token}
        for token in kept:
            assert token.is_intact
            secret = now(self.vaults[1].reveal(token.id))
            owner = self.world.bought[str(token.purchase_id)]
            assert owner.state == "settled"
            assert secret.preimage.proves(owner.intent.payment_hash), "a token was kept without a proof"
        check = now(self.databases[0].read(lambda c: c.execute("PRAGMA integrity_check").fetchone()[0]))
        assert check == "ok"
