"""``payments resolve``: the wallet is asked once, a proof settles, and nothing ends while somebody could still pay."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path

import pytest

from l402desk.cli.payments import run
from l402desk.ledger.purchases import Purchase, PurchaseState
from l402desk.protocol.payment import Failed, Paid
from l402desk.services import Services
from l402desk.wallets.connected import ConnectedWallets
from tests.engine.shop import NAME, Scripted, finding, unanswered
from tests.fakes.desk import in_the_vault
from tests.fakes.purchased import claim, hash_of, new_intent, preimage_of

State = PurchaseState


@pytest.fixture
def purchase_id(unlocked: Path) -> str:
    async def begin(services: Services) -> str:
        purchase = await services.ledger.offer(new_intent(1))
        await claim(services.ledger, purchase.id, NAME)
        return (await services.ledger.unknown(purchase.id, "no answer")).id

    return in_the_vault(begin)


@pytest.fixture
def wallet(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """A wallet that every command finds connected."""
    made = Scripted(pay=unanswered)
    monkeypatch.setattr(ConnectedWallets, "find", lambda _wallets, name: made if name == NAME else None)
    return made


def now(purchase_id: str) -> Purchase:
    return in_the_vault(lambda services: services.ledger.get(purchase_id))


def test_nobody_to_ask_leaves_it_open(purchase_id: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["resolve", purchase_id, "--json"]) == 1
    record = json.loads(capsys.readouterr().out)
    assert (record["state"], record["open"]) == ("unknown", True)


def test_the_wallet_is_asked_once_and_its_proof_is_kept(
    purchase_id: str, wallet: Scripted, capsys: pytest.CaptureFixture[str]
) -> None:
    wallet._look_up = finding(None, Paid(preimage_of(1)))
    assert run(["resolve", purchase_id]) == 1
    assert run(["resolve", purchase_id, "--json"]) == 0
    out = capsys.readouterr().out
    assert preimage_of(1).hex not in out
    assert wallet.looked_up == 2
    assert now(purchase_id).state is State.SETTLED
    assert in_the_vault(lambda services: services.vault.count()) == 1


def test_a_proven_failure_ends_it(purchase_id: str, wallet: Scripted, capsys: pytest.CaptureFixture[str]) -> None:
    wallet._look_up = finding(Failed("no route"))
    assert run(["resolve", purchase_id]) == 0
    assert "failed" in capsys.readouterr().out


@pytest.mark.parametrize(
    "text",
    [
        preimage_of(1).hex,
        preimage_of(1).hex.upper(),
        base64.b64encode(preimage_of(1).raw).decode(),
        f'{{"preimage": "{preimage_of(1).hex}"}}',
    ],
)
def test_a_proof_is_taken_in_hex_base64_or_whatever_a_wallet_wraps_it_in(purchase_id: str, text: str) -> None:
    assert run(["resolve", purchase_id, "--proof", text]) == 0
    assert now(purchase_id).state is State.SETTLED


def test_a_proof_comes_by_standard_input(purchase_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{preimage_of(1).hex}\n"))
    assert run(["resolve", hash_of(1).hex, "--proof", "-"]) == 0
    assert now(purchase_id).state is State.SETTLED


def test_a_person_at_a_terminal_is_not_waited_for(
    purchase_id: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stdin = io.StringIO()
    monkeypatch.setattr(stdin, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", stdin)
    assert run(["resolve", purchase_id, "--proof", "-"]) == 2
    assert "pipe it in" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "words"),
    [(preimage_of(2).hex, "another payment"), (hash_of(1).hex, "payment hash"), ("hello", "preimage")],
)
def test_what_is_no_proof_of_it_leaves_it_open(
    purchase_id: str, text: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["resolve", purchase_id, "--proof", text]) == 1
    told = capsys.readouterr()
    assert words in told.err
    assert told.err.count("\n") == 1
    assert now(purchase_id).state is State.UNKNOWN


def test_it_is_not_ended_while_somebody_could_still_pay(
    purchase_id: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    early = now(purchase_id).expires_at + 119
    monkeypatch.setattr(Services, "now", lambda _services: early)
    assert run(["resolve", purchase_id, "--not-paid"]) == 1
    assert "can still be paid" in capsys.readouterr().err
    monkeypatch.setattr(Services, "now", lambda _services: early + 1)
    assert run(["resolve", purchase_id, "--not-paid"]) == 0
    assert now(purchase_id).state is State.FAILED
