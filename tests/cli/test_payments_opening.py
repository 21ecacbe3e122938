"""A payment is found by its beginning, and what cannot be done is one line."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from l402desk.cli.opening import CommandFailed
from l402desk.cli.payments_opening import find, run_job
from l402desk.ledger.errors import NotSettled
from l402desk.services import Services
from tests.fakes.bought import Bought, put
from tests.fakes.desk import in_the_vault
from tests.ui.payments.lines import a_purchase

OPTIONS = argparse.Namespace(command="show")


@pytest.fixture
def filled(unlocked: Path) -> None:
    in_the_vault(lambda services: put(services.database, Bought(1), Bought(2)))


def test_a_beginning_finds_its_payment(filled: None) -> None:
    assert in_the_vault(lambda services: find(services, " purchase-1 ")) == "purchase-1"
    digits = Bought(2).payment_hash.hex()
    assert in_the_vault(lambda services: find(services, digits[:8])) == "purchase-2"


@pytest.mark.parametrize(("text", "words"), [("purch", "More than one"), ("nobody", "no payment"), ("", "no payment")])
def test_none_and_more_than_one_are_told(filled: None, text: str, words: str) -> None:
    with pytest.raises(CommandFailed, match=words) as failed:
        in_the_vault(lambda services: find(services, text))
    assert failed.value.status == 1


def test_what_the_ledger_refuses_is_one_line(unlocked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async def refuse(_services: Services) -> int:
        raise NotSettled(a_purchase())

    assert run_job(refuse, OPTIONS, unlock=False) == 1
    said = capsys.readouterr().err
    assert said.startswith("l402desk payments show: This purchase is")
    assert said.count("\n") == 1
