"""``l402desk payments resolve``: the wallet is asked about an open payment once, or the user says how it ended."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from typing import TYPE_CHECKING

from l402desk.cli.opening import FAILED, OK, USAGE, CommandFailed
from l402desk.cli.output import write_json, write_text
from l402desk.cli.page import Page
from l402desk.cli.payments_opening import find, run_job
from l402desk.cli.payments_words import payment_page

if TYPE_CHECKING:
    from l402desk.ledger.purchases import Purchase
    from l402desk.services import Services

_MOST_PROOF = 16_384


def resolve(options: argparse.Namespace) -> int:
    """0 settled or ended, 1 still open."""
    return run_job(partial(_resolve, options), options, unlock=True)


async def _resolve(options: argparse.Namespace, services: Services) -> int:
    from l402desk.engine.statement import line  # noqa: PLC0415 - not for --help
    from l402desk.engine.statement_file import record_of  # noqa: PLC0415 - not for --help

    purchase_id = await find(services, options.id)
    purchase = await _act(options, services, purchase_id)
    found = await line(services, purchase_id)
    if options.as_json:
        write_json(record_of(found) | {"open": purchase.is_open, "reason": purchase.reason})
    else:
        write_text(payment_page(Page.for_stream(sys.stdout), found).text())
    return OK if str(purchase.state) in ("settled", "failed") else FAILED


async def _act(options: argparse.Namespace, services: Services, purchase_id: str) -> Purchase:
    from l402desk.engine import by_hand, reconciling  # noqa: PLC0415 - not for --help
    from l402desk.protocol.proof_text import find_proof  # noqa: PLC0415 - not for --help

    if options.proof is not None:
        text = _standard_input() if options.proof == "-" else options.proof
        purchase = await services.ledger.get(purchase_id)
        return await by_hand.prove(services, purchase_id, find_proof(text, purchase.payment_hash))
    if options.not_paid:
        return await by_hand.end_unpaid(services, purchase_id)
    return await reconciling.resolve(services, purchase_id)


def _standard_input() -> str:
    if sys.stdin is None or sys.stdin.isatty():
        raise CommandFailed("There is no proof on standard input: pipe it in, so that it stands in no history", USAGE)
    try:
        return sys.stdin.read(_MOST_PROOF)
    except (OSError, UnicodeDecodeError) as error:
        raise CommandFailed("Standard input cannot be read", USAGE) from error
