"""Money from the terminal: paid once, by word alone, and found again after whatever ended the command."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from l402desk.cli import opening, send_errand
from l402desk.cli.send_errand import Errand
from l402desk.cli.send_options import read_options
from l402desk.cli.send_result import Outcome, Result
from l402desk.ledger.budgets import Caps
from l402desk.ledger.purchases import Delivery, PurchaseState
from l402desk.protocol.amount import Msat
from l402desk.protocol.payment import PaymentResult
from l402desk.protocol.proof import PaymentHash
from l402desk.services import Services
from tests.cli.site import Asked, Reply, Said, Shell, a_shell, a_site, bill
from tests.engine.shop import URL, Shop, a_desk, failing, until
from tests.harness.market import ROOT, Market, market
from tests.harness.mint import Mint

_numbers = count()
shell = pytest.fixture(a_shell)
PLACE, FEE = "21 sats to shop.example/v1/thing", "and at most 10 sats for routing"


@pytest.fixture(scope="module")
def fair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """A shop and a wallet for all tests of this file."""
    with market(tmp_path_factory.mktemp("market")) as market_:
        yield market_


@pytest.fixture
def honest(fair: Market) -> Iterator[Market]:
    """The wallet tells the truth again after each test."""
    yield fair
    lie(fair, "")


@pytest.fixture
def path() -> str:
    """A thing that nobody has bought yet; the manner of the shop goes before it."""
    return f"/good/{next(_numbers)}"


@pytest.fixture(autouse=True)
def passphrase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "passphrase").write_text("correct horse battery staple\n", encoding="utf-8")
    monkeypatch.setenv(opening.PASSPHRASE_FILE, str(tmp_path / "passphrase"))


def lie(fair: Market, name: str) -> None:
    request = urllib.request.Request(f"{fair.wallet_url}/lie", data=json.dumps({"lie": name}).encode())
    with urllib.request.urlopen(request, timeout=10):
        pass


def buying(fair: Market, path: str, *more: object) -> list[object]:
    return ["send", "GET", fair.url + path, "--pay", "--wallet", fair.connection, "--json", *more]


def on_the_desk(job: opening.Job) -> None:
    """Do something with the services of this home."""
    assert opening.run_with_services(job, "test") == 0


# Without a word nothing is paid.


def test_a_bill_is_explained_and_not_paid(fair: Market, path: str, shell: Shell) -> None:
    said = shell("send", "GET", fair.url + path)
    assert (said.status, said.out) == (3, "")
    assert "PAYABLE  21 sats" in said.err
    assert "Payment is required: 21 sats. Add --pay to pay it." in said.err
    assert fair.paid(path) == []


def test_a_bill_in_json_has_price_findings_and_body(fair: Market, path: str, shell: Shell) -> None:
    said = shell("send", "GET", fair.url + path, "--json")
    assert (said.status, said.err) == (3, "")
    assert (said.json["outcome"], said.json["status"], said.json["paid"]) == ("payment-required", 402, None)
    assert said.json["challenge"]["amount_msat"] == 21_000
    assert said.json["body"] == '{"error":"pay first"}'
    assert "l402" in said.json["headers"]["www-authenticate"].lower()
    assert any(finding["code"] == "hash-matches" for finding in said.json["findings"])


def test_budgets_and_armed_wallets_of_the_window_pay_nothing_here(fair: Market, path: str, shell: Shell) -> None:
    async def arm(services: Services) -> int:
        await services.wallet_book.add("home", fair.connection)
        await services.ledger.set_caps(Caps(*[Msat.of_sats(10_000)] * 3))
        await services.ledger.arm("home", True)
        return 0

    on_the_desk(arm)
    assert shell("send", "GET", fair.url + path).status == 3
    assert fair.paid(path) == []


# With it, once.


def test_what_is_paid_is_delivered_and_never_paid_again(fair: Market, path: str, shell: Shell) -> None:
    said = shell(*buying(fair, path))
    assert said.status == 0
    assert said.json["outcome"] == "answered"
    assert said.json["body"] == json.dumps({"thing": path}, separators=(",", ":"))
    assert said.json["token_used"]
    assert said.json["paid"]["payment_hash"] == fair.paid(path)[0]
    assert said.json["paid"]["amount_msat"] == 21_000
    assert said.json["purchase"]["state"] == "settled"
    for words in (buying(fair, path), ["send", "GET", fair.url + path, "--json"]):
        again = shell(*words)
        assert (again.status, again.json["paid"], again.json["token_used"]) == (0, None, True)
    assert len(fair.paid(path)) == 1


def test_no_secret_is_said(fair: Market, path: str, shell: Shell) -> None:
    plain = shell("send", "GET", fair.url + path, "--pay", "--wallet", fair.connection)
    assert plain.status == 0
    assert plain.err.startswith(f"Paying 21 sats to {fair.url.partition('//')[2]}{path} with “lnbits+http")
    (payment_hash,) = fair.paid(path)
    proof = Mint(fair.folder / "mint").preimage(PaymentHash.from_hex(payment_hash))
    assert proof is not None
    for secret in (fair.key, proof.hex):
        assert secret not in plain.err + plain.out


def test_the_default_wallet_of_the_book_pays(fair: Market, path: str, shell: Shell) -> None:
    async def add(services: Services) -> int:
        await services.wallet_book.add("home", fair.connection)
        return 0

    on_the_desk(add)
    said = shell("send", "GET", fair.url + path, "--pay", "--json")
    assert (said.status, said.json["paid"]["wallet"]) == (0, "home")


def test_without_a_token_is_without_a_token(fair: Market, path: str, shell: Shell) -> None:
    shell(*buying(fair, path))
    said = shell("send", "GET", fair.url + path, "--no-token", "--json")
    assert (said.status, said.json["token_used"]) == (3, False)


# What keeps it from paying.


def test_more_than_allowed_is_not_paid(fair: Market, path: str, shell: Shell) -> None:
    said = shell(*buying(fair, path, "--max-sats", 20))
    assert said.status == 3
    assert said.json["message"] == "You allowed 20 sats with --max-sats; this costs 21 sats. Nothing was paid."
    assert fair.paid(path) == []
    assert shell(*buying(fair, path, "--max-sats", 21)).status == 0


def test_a_budget_is_kept_whatever_is_allowed(fair: Market, path: str, shell: Shell) -> None:
    async def cap(services: Services) -> int:
        await services.ledger.set_caps(Caps(payment=Msat.of_sats(20)))
        return 0

    on_the_desk(cap)
    said = shell(*buying(fair, path, "--max-sats", 1_000))
    assert (said.status, said.json["outcome"]) == (3, "payment-required")
    assert "You set 20 sats per payment; this costs 21 sats" in said.json["message"]
    assert fair.paid(path) == []


def test_the_wallet_that_was_chosen_for_the_host_pays_there(fair: Market, path: str, shell: Shell) -> None:
    async def store(services: Services) -> int:
        for name in ("home", "special"):
            await services.wallet_book.add(name, fair.connection)
        await services.wallet_book.prefer(fair.url, "special")
        return 0

    on_the_desk(store)
    said = shell("send", "GET", fair.url + path, "--pay", "--json")
    assert (said.status, said.json["paid"]["wallet"]) == (0, "special")


@pytest.mark.parametrize("words", [["--wallet", "nobody"], []])
def test_without_a_wallet_nothing_is_paid(fair: Market, path: str, shell: Shell, words: list[str]) -> None:
    said = shell("send", "GET", fair.url + path, "--pay", *words)
    assert said.status == 3
    assert "l402desk wallets add NAME CONNECTION" in said.err
    assert fair.paid(path) == []


def test_without_a_vault_nothing_is_sent(
    fair: Market, path: str, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(opening.PASSPHRASE_FILE)
    said = shell(*buying(fair, path))
    assert (said.status, said.json["status"]) == (3, None)
    assert "Nothing was sent" in said.json["message"]
    assert fair.sales(path) == []


def test_a_locked_vault_keeps_no_free_request_from_being_sent(
    fair: Market, path: str, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell(*buying(fair, path))
    monkeypatch.delenv(opening.PASSPHRASE_FILE)
    said = shell("send", "GET", fair.url + path)
    assert said.status == 3
    assert "The vault is locked, so no token is sent along." in said.err


@pytest.mark.parametrize(
    ("status", "ending", "part"),
    [(402, 6, "not safe"), (401, 3, "answered 401 and not 402")],
)
def test_what_is_unsafe_or_no_402_is_not_paid(fair: Market, shell: Shell, status: int, ending: int, part: str) -> None:
    mint = Mint(fair.folder / "mint")
    with a_site(lambda _asked: bill(mint, status=status, wrong_hash=status == 402)) as site:
        said = shell("send", "GET", site.url, "--pay", "--wallet", fair.connection, "--json")
    assert said.status == ending
    assert part in said.json["message"]
    assert said.json["outcome"] == ("refused" if ending == 6 else "payment-required")


def test_what_is_unsafe_is_only_explained_where_nobody_wants_to_pay(fair: Market, shell: Shell) -> None:
    mint = Mint(fair.folder / "mint")
    with a_site(lambda _asked: bill(mint, wrong_hash=True)) as site:
        said = shell("send", "GET", site.url)
    assert said.status == 3
    assert "REFUSE" in said.err


def test_a_402_that_names_nothing_to_pay_is_refused(fair: Market, shell: Shell) -> None:
    with a_site(lambda _asked: Reply(402, b"pay me")) as site:
        assert shell("send", "GET", site.url, "--pay", "--wallet", fair.connection).status == 6
        assert shell("send", "GET", site.url).status == 3


def test_a_bill_of_another_origin_after_a_redirect_is_not_paid(fair: Market, path: str, shell: Shell) -> None:
    elsewhere = Reply(302, headers=(("Location", fair.url + path),))
    with a_site(lambda _asked: elsewhere) as site:
        said = shell("send", "GET", site.url, "--follow", "--pay", "--wallet", fair.connection, "--json")
    assert said.status == 3
    assert said.json["final_url"] == fair.url + path
    assert fair.url + path in said.json["message"]
    assert fair.paid(path) == []


def test_a_bill_after_a_redirect_at_home_is_paid(fair: Market, shell: Shell) -> None:
    mint = Mint(fair.folder / "mint")

    def answer(asked: Asked) -> Reply:
        if asked.path == "/old":
            return Reply(302, headers=(("Location", "/new"),))
        return Reply(body=b"bought") if "authorization" in asked.headers else bill(mint)

    with a_site(answer) as site:
        said = shell("send", "GET", f"{site.url}/old", "--follow", "--pay", "--wallet", fair.connection, "--json")
    assert (said.status, said.json["body"], said.json["final_url"]) == (0, "bought", f"{site.url}/new")


# A payment whose end nobody knows.


def test_the_same_command_again_looks_up_what_is_open(honest: Market, path: str, shell: Shell) -> None:
    lie(honest, "look-up-500")
    first = shell(*buying(honest, path, "--wait", 0))
    assert (first.status, first.json["outcome"], first.json["paid"]) == (4, "unresolved", None)
    assert first.json["status"] == 402
    assert "Run the same command again" in first.json["message"]
    assert len(honest.paid(path)) == 1
    second = shell(*buying(honest, path, "--wait", 0))
    assert second.status == 4
    assert second.json["purchase"]["id"] == first.json["purchase"]["id"]
    lie(honest, "")
    third = shell(*buying(honest, path, "--wait", 5))
    assert third.status == 0
    assert third.json["purchase"] == {**first.json["purchase"], "state": "settled", "delivery": "delivered"}
    assert third.json["paid"]["payment_hash"] == honest.paid(path)[0]
    assert len(honest.paid(path)) == 1


def test_without_the_word_to_pay_what_is_open_is_looked_up_too(honest: Market, path: str, shell: Shell) -> None:
    lie(honest, "look-up-500")
    assert shell(*buying(honest, path, "--wait", 0)).status == 4
    lie(honest, "")
    said = shell("send", "GET", honest.url + path, "--wallet", honest.connection)
    assert (said.status, json.loads(said.out)) == (0, {"thing": path})
    assert "An earlier payment for this is open" in said.err


def test_a_wallet_that_is_not_named_again_is_asked_for(honest: Market, path: str, shell: Shell) -> None:
    lie(honest, "look-up-500")
    assert shell(*buying(honest, path, "--wait", 0)).status == 4
    said = shell("send", "GET", honest.url + path, "--pay", "--wait", 0)
    assert said.status == 4
    assert "is not connected now: name it with --wallet" in said.err


def test_what_is_open_here_stops_no_other_purchase(honest: Market, path: str, shell: Shell) -> None:
    lie(honest, "look-up-500")
    assert shell(*buying(honest, path, "--wait", 0)).status == 4
    lie(honest, "")
    other = f"/good/{next(_numbers)}"
    assert shell(*buying(honest, other)).status == 0


def test_a_slow_wallet_is_waited_for(honest: Market, path: str, shell: Shell) -> None:
    lie(honest, "pending-then-paid")
    said = shell(*buying(honest, path, "--wait", 20))
    assert (said.status, said.json["purchase"]["state"]) == (0, "settled")


def test_paid_without_a_proof_is_open_and_not_paid_again(honest: Market, path: str, shell: Shell) -> None:
    lie(honest, "null-preimage")
    for _ in range(2):
        said = shell(*buying(honest, path, "--wait", 0.5))
        assert (said.status, said.json["purchase"]["state"]) == (4, "paid-without-proof")
        assert "l402desk payments resolve" in said.json["message"]
    assert len(honest.paid(path)) == 1


def test_a_payment_that_failed_is_told_and_may_be_tried_again(honest: Market, path: str, shell: Shell) -> None:
    lie(honest, "no-route")
    said = shell(*buying(honest, path))
    assert (said.status, said.json["outcome"], said.json["purchase"]["state"]) == (3, "payment-required", "failed")
    assert "no money left the wallet" in said.json["message"]
    lie(honest, "")
    assert shell(*buying(honest, path)).status == 0
    assert len(honest.paid(path)) == 1


# What was bought and not given.


@pytest.mark.parametrize(("manner", "status"), [("fail", 500), ("refuse", 401), ("forever", 402)])
def test_what_is_not_delivered_is_told_and_never_paid_twice(
    fair: Market, shell: Shell, manner: str, status: int
) -> None:
    path = f"/{manner}/{next(_numbers)}"
    first = shell(*buying(fair, path))
    assert (first.status, first.json["status"], first.json["outcome"]) == (0, status, "answered")
    assert first.json["paid"]["amount_msat"] == 21_000
    assert "is paid" in first.json["message"]
    for _ in range(2):
        shell(*buying(fair, path))
    assert len(fair.paid(path)) == 1


@pytest.mark.parametrize("manner", ["forever", "refuse"])
def test_a_token_that_was_never_honoured_stops_the_next_payment_unless_it_is_left_out(
    fair: Market, shell: Shell, manner: str
) -> None:
    path = f"/{manner}/{next(_numbers)}"
    shell(*buying(fair, path))
    said = shell(*buying(fair, path))
    assert said.status == (3 if manner == "forever" else 0)
    assert (said.json["token_used"], said.json["paid"]) == (True, None)
    assert "pay once more with --no-token" in said.json["message"]
    assert shell(*buying(fair, path, "--no-token")).status == 0
    assert len(fair.paid(path)) == 2


def test_a_connection_that_breaks_at_the_delivery_costs_nothing(fair: Market, shell: Shell) -> None:
    path = f"/once/{next(_numbers)}"
    first = shell(*buying(fair, path, "--no-token"))
    assert (first.status, first.json["outcome"]) == (5, "network")
    assert first.json["paid"]["amount_msat"] == 21_000
    assert "for free" in first.json["message"]
    again = shell(*buying(fair, path, "--no-token"))
    assert (again.status, again.json["body"]) == (0, json.dumps({"thing": path}, separators=(",", ":")))
    assert len(fair.paid(path)) == 1


# What ends the command, ends no payment.


def start(*words: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "l402desk", *map(str, words)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_until_paid(fair: Market, path: str) -> None:
    deadline = time.monotonic() + 20
    while not fair.paid(path):
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.skipif(os.name != "posix", reason="sends signals")
def test_ctrl_c_says_that_the_money_may_be_on_its_way(honest: Market, path: str, shell: Shell) -> None:
    lie(honest, "pending-forever")
    with start(*buying(honest, path)) as process:
        wait_until_paid(honest, path)
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=20)
    said = Said(process.returncode, out, errors)
    assert (said.status, said.err, said.json["outcome"]) == (4, "", "unresolved")
    assert said.json["message"].startswith("Interrupted. 21 sats to ")
    lie(honest, "")
    assert shell(*buying(honest, path)).status in (0, 4)
    assert len(honest.paid(path)) == 1


@pytest.mark.skipif(os.name != "posix", reason="kills")
@pytest.mark.parametrize("name", ["drop-after", "hang"])
def test_a_killed_payment_is_found_again(honest: Market, path: str, shell: Shell, name: str) -> None:
    lie(honest, name)
    with start(*buying(honest, path)) as process:
        wait_until_paid(honest, path)
        process.kill()
        process.communicate(timeout=20)
    lie(honest, "")
    said = shell(*buying(honest, path, "--wait", 10))
    assert (said.status, said.json["body"]) == (0, json.dumps({"thing": path}, separators=(",", ":")))
    assert len(honest.paid(path)) == 1


def test_two_commands_at_once_pay_once(fair: Market, path: str) -> None:
    processes = [start(*buying(fair, path, "--wait", 20)) for _ in range(3)]
    ended = [Said(process.returncode, *said) for process in processes for said in [process.communicate(timeout=60)]]
    assert len(fair.paid(path)) == 1
    assert {said.status for said in ended} <= {0, 4}, [said.out for said in ended]
    assert 0 in {said.status for said in ended}


# A disk that fails while money moves.


async def errand_at(services: Services, *more: str) -> tuple[Result, list[str]]:
    said: list[str] = []
    options = read_options(["GET", URL, "--pay", *more])
    return await Errand(options, None, said.append).run(services), said


def fail_once_paid(services: Services, shop: Shop, times: int) -> None:
    """The disk takes no more from the moment the wallet pays."""
    pay = shop.wallet.pay

    async def pay_and_fail(invoice: str, *, fee_limit: Msat) -> PaymentResult:
        told = await pay(invoice, fee_limit=fee_limit)
        failing(services).fail_next_write(times=times)
        return told

    shop.wallet.pay = pay_and_fail  # type: ignore[method-assign]


@pytest.mark.anyio
async def test_a_proof_that_the_disk_refused_is_written_once_there_is_room(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        fail_once_paid(services, shop, 2)
        result, said = await errand_at(services)
        assert (result.outcome, said) == (Outcome.ANSWERED, [f"Paying {PLACE} with “Fake wallet”, {FEE}."])
        assert result.purchase is not None
        assert (result.purchase.state, result.purchase.delivery) == (PurchaseState.SETTLED, Delivery.DELIVERED)


@pytest.mark.anyio
async def test_a_proof_that_is_nowhere_else_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(send_errand, "KEEP_AGAIN_S", (0.0, 0.0))
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        fail_once_paid(services, shop, 1_000)
        result, _said = await errand_at(services)
        failing(services).fail_next_write(times=0)
        ((payment_hash, proof),) = shop.preimages.items()
        assert result.outcome is Outcome.UNRESOLVED
        assert f"Proof of payment (preimage): {proof.hex}" in result.message
    async with a_desk(tmp_path, shop) as services:  # and the wallet still knows
        again, _said = await errand_at(services)
    assert (again.outcome, shop.wallet.paid) == (Outcome.ANSWERED, [payment_hash])


@pytest.mark.anyio
async def test_without_a_safe_record_nothing_is_paid(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        shop.slow = asyncio.Event()
        errand = asyncio.ensure_future(errand_at(services))
        await until(lambda: shop.seen)
        failing(services).fail_next_write(times=1_000)
        shop.slow.set()
        result, _said = await errand
        failing(services).fail_next_write(times=0)
        assert result.outcome is Outcome.PAYMENT_REQUIRED
        assert "the disk is full" in result.message
        assert shop.wallet.calls == []


@pytest.mark.anyio
async def test_what_another_command_bought_meanwhile_is_not_bought_again(tmp_path: Path) -> None:
    """Both got their bill before either had paid; the first was done before the second had written its own down."""
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        shop.slow = asyncio.Event()
        late = asyncio.ensure_future(errand_at(services))
        await until(lambda: shop.seen)
        slow, shop.slow = shop.slow, None
        first, _said = await errand_at(services)
        slow.set()
        second, said = await late
        assert (first.outcome, second.outcome, said) == (Outcome.ANSWERED, Outcome.ANSWERED, [])
        assert (len(shop.wallet.paid), second.is_paid_now) == (1, False)
        assert first.purchase is not None
        assert second.purchase is not None
        assert second.purchase.id == first.purchase.id


@pytest.mark.anyio
async def test_a_token_that_was_used_up_is_bought_anew(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        await errand_at(services)
        shop.paid_answers = [shop.bill()]
        again, _said = await errand_at(services)
        assert (again.outcome, len(shop.wallet.paid), again.is_paid_now) == (Outcome.ANSWERED, 2, True)


@pytest.mark.anyio
async def test_a_token_of_another_place_is_named_where_nobody_pays(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        await errand_at(services)
        (held,) = await services.vault.list()
        options = read_options(["GET", f"{URL}/more"])
        result = await Errand(options, None, lambda _words: None).run(services)
        assert f"l402desk tokens show {held.id}" in result.message
