from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from l402desk.ledger.errors import AlreadyClaimed, HashSpent, NoSuchPurchase, NotSettled, OpenPurchase, StepRefused
from l402desk.ledger.ledger import Ledger
from l402desk.ledger.purchases import OPEN, STEPS, Delivery, Purchase, PurchaseState
from l402desk.ledger.rows import SCHEMA
from l402desk.protocol.amount import Msat
from l402desk.protocol.errors import ProofError
from l402desk.protocol.origin import Origin
from l402desk.store.database import Database
from tests.fakes.purchased import (
    NOW,
    URL,
    Clock,
    challenge_of,
    claim,
    credential_of,
    hash_of,
    new_intent,
    new_seal,
    preimage_of,
)

ROOT = Path(__file__).resolve().parents[2]
State = PurchaseState
pytestmark = pytest.mark.anyio


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(database: Database, clock: Clock) -> Ledger:
    return Ledger(database, new_seal(), clock)


async def bring(ledger: Ledger, state: PurchaseState, number: int = 1, url: str = URL) -> Purchase:
    """A purchase in this state, brought there by the ledger's own steps."""
    purchase = await ledger.offer(new_intent(number, url), despite=True)
    if state is State.OFFERED:
        return purchase
    purchase = await ledger.reserve(purchase.id, "Fake wallet")
    if state is State.INTENT:
        return purchase
    purchase = await ledger.submit(purchase.id)
    match state:
        case State.SETTLED:
            return await ledger.settle(purchase.id, preimage_of(number), Msat(3))
        case State.FAILED:
            return await ledger.fail(purchase.id, "no route")
        case State.UNKNOWN:
            return await ledger.unknown(purchase.id, "no answer")
        case State.PAID_WITHOUT_PROOF:
            return await ledger.without_proof(purchase.id, "no preimage")
    return purchase


# The intent comes first.


async def test_an_intent_says_exactly_what_is_about_to_be_paid(ledger: Ledger) -> None:
    purchase = await ledger.offer(new_intent(1, URL + "?page=2", method="post", request=b"the draft"))
    assert purchase == await ledger.get(purchase.id) == await ledger.by_hash(hash_of(1))
    assert (purchase.method, str(purchase.origin), purchase.path) == ("POST", "https://api.example", "/v1/data")
    assert (purchase.amount, purchase.fee_limit, purchase.fee) == (Msat(21_000), Msat(1_000), None)
    assert (purchase.state, purchase.rail, purchase.delivery) == (State.OFFERED, None, None)
    assert (purchase.wallet, purchase.title, purchase.created_at) == ("Fake wallet", "Demo", NOW)
    secrets = await ledger.secrets(purchase.id)
    assert (secrets.url, secrets.request) == (URL + "?page=2", b"the draft")
    assert (secrets.credential, secrets.preimage) == (credential_of(1), None)


async def test_the_same_untouched_invoice_gives_the_same_purchase_with_the_newest_token(
    ledger: Ledger, clock: Clock
) -> None:
    first = await ledger.offer(new_intent(1))
    clock.now += 5
    newer = replace(new_intent(1), challenge=replace(challenge_of(1), credential="a-newer-token"), fee_limit=Msat(7))
    again = await ledger.offer(newer)
    assert again == replace(first, fee_limit=Msat(7), updated_at=NOW + 5)
    assert (await ledger.secrets(first.id)).credential == "a-newer-token"
    assert len(await ledger.history()) == 1


@pytest.mark.parametrize("state", [state for state in State if state is not State.OFFERED])
async def test_an_invoice_that_was_handed_out_before_is_never_paid_again(ledger: Ledger, state: State) -> None:
    before = await bring(ledger, state)
    for despite in (False, True):
        with pytest.raises(HashSpent) as caught:
            await ledger.offer(new_intent(1), despite=despite)
        assert caught.value.purchase == before
    assert await ledger.get(before.id) == before


async def test_an_invoice_that_another_host_sends_along_is_not_taken_for_its_own(ledger: Ledger) -> None:
    await ledger.offer(new_intent(1))
    with pytest.raises(HashSpent, match=r"api\.example"):
        await ledger.offer(new_intent(1, "https://proxy.example/v1/data"))


async def test_the_same_hash_under_another_invoice_is_refused(ledger: Ledger) -> None:
    await ledger.offer(new_intent(1, msat=21_000))
    with pytest.raises(HashSpent):
        await ledger.offer(new_intent(1, msat=21_000_000))


# One open purchase at a time.


@pytest.mark.parametrize("state", State)
async def test_an_unresolved_purchase_blocks_another_for_the_same_request(ledger: Ledger, state: State) -> None:
    before = await bring(ledger, state, 1)
    if state in OPEN:
        with pytest.raises(OpenPurchase) as caught:
            await ledger.offer(new_intent(2))
        assert caught.value.purchase == before
    assert (await ledger.offer(new_intent(2), despite=True)).state is State.OFFERED


@pytest.mark.parametrize("url", [URL + "/other", "https://api.example:444/v1/data", "http://localhost/v1/data"])
async def test_an_unresolved_purchase_does_not_block_other_things(ledger: Ledger, url: str) -> None:
    await bring(ledger, State.UNKNOWN, 1)
    await ledger.offer(new_intent(2, url))


async def test_an_unresolved_purchase_blocks_its_place_whatever_the_method(ledger: Ledger) -> None:
    await bring(ledger, State.UNKNOWN, 1)
    with pytest.raises(OpenPurchase):
        await ledger.offer(new_intent(2, URL, method="POST"))


async def test_two_intents_for_one_request_do_not_both_reach_a_wallet(ledger: Ledger) -> None:
    first, second = [await ledger.offer(new_intent(number)) for number in (1, 2)]
    await claim(ledger, first.id, "Fake wallet")
    with pytest.raises(OpenPurchase):
        await claim(ledger, second.id, "Fake wallet")
    assert (await ledger.get(second.id)).state is State.OFFERED
    assert (await claim(ledger, second.id, "Fake wallet", despite=True)).rail == "Fake wallet"


# One rail, once.


@pytest.mark.parametrize("state", [state for state in State if state is not State.OFFERED])
async def test_a_hash_is_given_out_once_whatever_became_of_it(ledger: Ledger, state: State) -> None:
    purchase = await bring(ledger, state)
    for rail in ("Fake wallet", "Another wallet", "phone"):
        with pytest.raises(AlreadyClaimed):
            await claim(ledger, purchase.id, rail)
    assert await ledger.get(purchase.id) == purchase


async def test_a_purchase_that_was_given_up_before_any_claim_is_not_handed_out_later(ledger: Ledger) -> None:
    purchase = await ledger.offer(new_intent(1))
    await ledger.fail(purchase.id, "it expired before anyone paid")
    with pytest.raises(AlreadyClaimed):
        await claim(ledger, purchase.id, "Fake wallet")


async def test_of_many_claims_at_once_from_two_databases_exactly_one_wins(database: Database, ledger: Ledger) -> None:
    other = await Database.open(database.path, (SCHEMA,))
    ledgers = (ledger, Ledger(other, new_seal(), Clock()))
    purchase = await ledger.offer(new_intent(1))
    claims = [claim(ledgers[n % 2], purchase.id, f"wallet {n}") for n in range(20)]
    outcomes = await asyncio.gather(*claims, return_exceptions=True)
    winners = [outcome for outcome in outcomes if isinstance(outcome, Purchase)]
    assert len(winners) == 1
    assert sum(isinstance(outcome, AlreadyClaimed) for outcome in outcomes) == 19
    assert (await ledger.get(purchase.id)).rail == winners[0].rail
    await other.close()


# Only a proof settles.


@pytest.mark.parametrize("state", State)
async def test_a_proof_settles_from_every_state_and_twice_is_once(ledger: Ledger, state: State, clock: Clock) -> None:
    purchase = await bring(ledger, state)
    clock.now += 60
    settled = await ledger.settle(purchase.id, preimage_of(1), Msat(3))
    assert (settled.state, settled.delivery, settled.fee) == (State.SETTLED, Delivery.UNDELIVERED, Msat(3))
    assert settled.rail == ("phone" if state is State.OFFERED else "Fake wallet")
    assert settled.settled_at == (NOW if state is State.SETTLED else NOW + 60)
    clock.now += 60
    assert await ledger.settle(purchase.id, preimage_of(1)) == settled
    assert await ledger.preimage(purchase.id) == preimage_of(1)


async def test_a_fee_that_is_told_later_is_added(ledger: Ledger) -> None:
    purchase = await ledger.offer(new_intent(1))
    assert (await ledger.settle(purchase.id, preimage_of(1))).fee is None
    assert (await ledger.settle(purchase.id, preimage_of(1), Msat(9))).fee == Msat(9)
    assert (await ledger.settle(purchase.id, preimage_of(1), Msat(10))).fee == Msat(9)


@pytest.mark.parametrize("state", State)
async def test_another_payments_preimage_settles_nothing(ledger: Ledger, state: State) -> None:
    purchase = await bring(ledger, state)
    with pytest.raises(ProofError):
        await ledger.settle(purchase.id, preimage_of(2))
    assert await ledger.get(purchase.id) == purchase


async def test_there_is_no_preimage_before_there_is_a_proof(ledger: Ledger) -> None:
    purchase = await bring(ledger, State.UNKNOWN)
    assert await ledger.preimage(purchase.id) is None
    assert (await ledger.secrets(purchase.id)).token() is None


async def test_a_settled_purchase_gives_its_token_again_after_a_crash(ledger: Ledger) -> None:
    purchase = await bring(ledger, State.SETTLED)
    token = (await ledger.secrets(purchase.id)).token()
    assert token is not None
    assert token.authorization() == f"L402 {credential_of(1)}:{preimage_of(1).hex}"


# Every step.


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", [State.FAILED, State.UNKNOWN, State.PAID_WITHOUT_PROOF])
async def test_only_the_steps_in_the_table_are_taken(ledger: Ledger, before: State, after: State) -> None:
    purchase = await bring(ledger, before)
    step = {
        State.FAILED: ledger.fail,
        State.UNKNOWN: ledger.unknown,
        State.PAID_WITHOUT_PROOF: ledger.without_proof,
    }[after]
    if after in STEPS[before]:
        assert (await step(purchase.id, "why")).state is after
        assert (await ledger.get(purchase.id)).reason == "why"
    else:
        with pytest.raises(StepRefused) as caught:
            await step(purchase.id, "why")
        assert caught.value.purchase == purchase == await ledger.get(purchase.id)


steps = st.sampled_from(["open", "claim", "settle", "wrong proof", "fail", "unknown", "without proof", "deliver"])


@settings(max_examples=60)
@given(st.lists(st.tuples(steps, st.integers(1, 3)), max_size=25))
async def test_no_order_of_events_hands_a_hash_out_twice_or_unsettles_a_purchase(
    tmp_path_factory: pytest.TempPathFactory, events: list[tuple[str, int]]
) -> None:
    database = await Database.open(tmp_path_factory.mktemp("l") / "app" / "desk.sqlite", (SCHEMA,))
    ledger = Ledger(database, new_seal(), Clock())
    handed_out: list[int] = []
    settled: set[int] = set()
    for event, number in events:
        known = await ledger.by_hash(hash_of(number))
        try:
            if event == "open":
                await ledger.offer(new_intent(number))
            elif known is not None:
                if event == "claim":
                    others = [p for p in await ledger.open_purchases() if p.id != known.id]
                    await claim(ledger, known.id, "Fake wallet")
                    assert not others
                    handed_out.append(number)
                else:
                    await _tell(ledger, event, known, number)
                    settled |= {number} if event == "settle" else set()
        except (HashSpent, OpenPurchase, AlreadyClaimed, StepRefused, NotSettled, ProofError):
            after = await ledger.by_hash(hash_of(number))
            assert after == known  # what is refused changes nothing
    assert len(handed_out) == len(set(handed_out))
    assert {n for n in range(1, 4) if await _is_settled(ledger, n)} == settled
    await database.close()


async def _tell(ledger: Ledger, event: str, known: Purchase, number: int) -> None:
    match event:
        case "settle":
            await ledger.settle(known.id, preimage_of(number))
        case "wrong proof":
            await ledger.settle(known.id, preimage_of(number + 10))
        case "fail":
            await ledger.fail(known.id, "no route")
        case "unknown":
            await ledger.unknown(known.id, "no answer")
        case "without proof":
            await ledger.without_proof(known.id, "no preimage")
        case "deliver":
            await ledger.mark_delivery(known.id, Delivery.DELIVERED, 200)


async def _is_settled(ledger: Ledger, number: int) -> bool:
    purchase = await ledger.by_hash(hash_of(number))
    return purchase is not None and purchase.state is State.SETTLED


async def test_deliveries_are_written_down_and_never_taken_back(ledger: Ledger) -> None:
    purchase = await bring(ledger, State.SETTLED)
    assert (await ledger.mark_delivery(purchase.id, Delivery.REFUSED, 402)).last_status == 402
    assert (await ledger.mark_delivery(purchase.id, Delivery.UNDELIVERED)).last_status == 402
    assert (await ledger.mark_delivery(purchase.id, Delivery.DELIVERED, 200)).delivery is Delivery.DELIVERED
    after = await ledger.mark_delivery(purchase.id, Delivery.REFUSED, 402)
    assert (after.delivery, after.last_status) == (Delivery.DELIVERED, 402)


@pytest.mark.parametrize("state", [state for state in State if state is not State.SETTLED])
async def test_nothing_is_delivered_before_it_is_settled(ledger: Ledger, state: State) -> None:
    purchase = await bring(ledger, state)
    with pytest.raises(NotSettled):
        await ledger.mark_delivery(purchase.id, Delivery.DELIVERED, 200)


# Questions.


async def test_start_up_is_told_what_is_open_and_what_was_not_delivered(ledger: Ledger) -> None:
    made = {state: await bring(ledger, state, number) for number, state in enumerate(State)}
    assert {p.id for p in await ledger.open_purchases()} == {made[state].id for state in OPEN}
    assert await ledger.undelivered() == [made[State.SETTLED]]
    await ledger.mark_delivery(made[State.SETTLED].id, Delivery.DELIVERED, 200)
    assert await ledger.undelivered() == []


async def test_the_last_price_is_what_was_really_paid_for_the_same_request(ledger: Ledger, clock: Clock) -> None:
    place = (Origin.of(URL), "/v1/data", "get")
    assert await ledger.last_price(*place) is None
    for number, msat in ((1, 1_000), (2, 5_000)):
        clock.now += 1
        purchase = await ledger.offer(new_intent(number, msat=msat))
        await ledger.settle(purchase.id, preimage_of(number))
    await ledger.offer(new_intent(3, msat=9_000))
    assert await ledger.last_price(*place) == Msat(5_000)
    assert await ledger.last_price(Origin.of("https://other.example"), "/v1/data", "GET") is None


async def test_the_history_is_newest_first_and_paged(ledger: Ledger) -> None:
    ids = [(await ledger.offer(new_intent(number))).id for number in range(5)]
    assert [p.id for p in await ledger.history()] == ids[::-1]
    assert [p.id for p in await ledger.history(limit=2, offset=1)] == [ids[3], ids[2]]


async def test_what_is_not_there_is_said(ledger: Ledger) -> None:
    assert await ledger.by_hash(hash_of(1)) is None
    for call in (ledger.get, ledger.preimage, ledger.secrets):
        with pytest.raises(NoSuchPurchase):
            await call("nowhere")
    with pytest.raises(NoSuchPurchase):
        await claim(ledger, "nowhere", "Fake wallet")


async def test_no_file_holds_a_secret_in_clear(ledger: Ledger, database: Database) -> None:
    purchase = await ledger.offer(new_intent(1, URL + "?key=canary-key", request=b"canary-body"))
    await ledger.settle(purchase.id, preimage_of(1))
    raw = await asyncio.to_thread(lambda: b"".join(path.read_bytes() for path in database.path.parent.iterdir()))
    for secret in (b"canary", credential_of(1).encode(), preimage_of(1).raw, preimage_of(1).hex.encode()):
        assert secret not in raw


# Other processes, and the end of this one.

PROCESS = """
import asyncio, os, signal, sys
from pathlib import Path
from l402desk.ledger.errors import Refused
from l402desk.ledger.ledger import Ledger
from l402desk.ledger.rows import SCHEMA
from l402desk.store.database import Database
from tests.fakes.purchased import Clock, claim, new_intent, new_seal, preimage_of

async def main():
    database = await Database.open(Path(sys.argv[1]), (SCHEMA,))
    ledger = Ledger(database, new_seal(), Clock())
    purchase = await ledger.offer(new_intent(1))
    {then}
asyncio.run(main())
"""
DIE = "os.kill(os.getpid(), signal.SIGKILL)"
RACE = """
    print("ready", flush=True)
    sys.stdin.readline()
    try:
        await claim(ledger, purchase.id, sys.argv[2])
        print("won")
    except Refused as error:
        print(type(error).__name__)
    await database.close()"""


def start(file: Path, then: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROCESS.replace("{then}", then), str(file), *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(
    ("steps_taken", "state"),
    [
        ("", State.OFFERED),
        ('await claim(ledger, purchase.id, "Fake wallet"); ', State.SUBMITTED),
        ("await ledger.settle(purchase.id, preimage_of(1)); ", State.SETTLED),
    ],
)
async def test_a_step_that_returned_survives_kill_9(
    ledger: Ledger, database: Database, steps_taken: str, state: State
) -> None:
    app = await asyncio.to_thread(start, database.path, steps_taken + DIE)
    _, trouble = await asyncio.to_thread(app.communicate)
    assert app.returncode == -signal.SIGKILL, trouble
    (purchase,) = await ledger.history()
    assert (purchase.state, purchase.payment_hash) == (state, hash_of(1))
    assert (await ledger.secrets(purchase.id)).credential == credential_of(1)


async def test_of_several_processes_exactly_one_may_pay(ledger: Ledger, database: Database) -> None:
    apps = [await asyncio.to_thread(start, database.path, RACE, f"wallet {n}") for n in range(3)]
    for app in apps:
        assert app.stdout is not None
        assert await asyncio.to_thread(app.stdout.readline) == "ready\n"
    said = await asyncio.gather(*(asyncio.to_thread(app.communicate, "go\n", 60) for app in apps))
    assert sorted(out.strip() for out, _ in said) == ["AlreadyClaimed", "AlreadyClaimed", "won"], said
    winner = [out.strip() for out, _ in said].index("won")
    (purchase,) = await ledger.history()
    assert purchase.rail == f"wallet {winner}"
