"""``l402desk payments show``: all that is known of one payment, and both sides of the exchange on request."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from typing import TYPE_CHECKING

from l402desk.cli.opening import OK
from l402desk.cli.output import write_json, write_text
from l402desk.cli.page import Page
from l402desk.cli.payments_opening import find, run_job
from l402desk.cli.payments_words import exchange_text, payment_json, payment_page, secret_lines

if TYPE_CHECKING:
    from l402desk.services import Services


def show(options: argparse.Namespace) -> int:
    """One payment; the exit status. The vault is opened only for what is sealed."""
    return run_job(partial(_show, options), options, unlock=options.reveal or options.exchange)


async def _show(options: argparse.Namespace, services: Services) -> int:
    from l402desk.engine.exchange_text import exchange_of  # noqa: PLC0415 - not for --help
    from l402desk.engine.statement import line  # noqa: PLC0415 - not for --help
    from l402desk.engine.statement_file import record_of  # noqa: PLC0415 - not for --help

    purchase_id = await find(services, options.id)
    found = await line(services, purchase_id)
    exchange = await exchange_of(services, purchase_id, reveal=options.reveal) if options.exchange else None
    secrets = await services.ledger.secrets(purchase_id) if options.reveal else None
    if options.as_json:
        write_json(payment_json(found, record_of(found), exchange, secrets))
        return OK
    text = payment_page(Page.for_stream(sys.stdout), found).text()
    text += "" if exchange is None else exchange_text(exchange)
    write_text(text + ("" if secrets is None else secret_lines(secrets)))
    return OK
