"""Payments for the terminal: as JSON, as lines, as a page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from l402desk.cli.page import Page
from l402desk.cli.table import SHORT_ID, cut, table
from l402desk.protocol.instants import instant_words
from l402desk.protocol.text import visible

if TYPE_CHECKING:
    from l402desk.engine.exchange_text import Exchange
    from l402desk.engine.statement import Line
    from l402desk.ledger.purchases import PurchaseSecrets
    from l402desk.ledger.sums import Spent

Json = dict[str, Any]


def payments_table(lines: Iterable[Line]) -> str:
    """A line each: id, time, price, state, request, uses."""
    rows = [
        (
            line.purchase.id[:SHORT_ID],
            instant_words(line.purchase.created_at).removesuffix(" UTC"),
            line.purchase.amount.words(),
            standing(line),
            cut(f"{line.purchase.method} {line.purchase.origin.authority}{line.purchase.path}"),
            "" if line.token is None else f"{line.token.uses} {'use' if line.token.uses == 1 else 'uses'}",
        )
        for line in lines
    ]
    return table(rows)


def standing(line: Line) -> str:
    """``settled, delivered`` and the like: the ledger's own words, as ``--state`` takes them."""
    delivery = "" if line.purchase.delivery is None else f", {line.purchase.delivery}"
    return f"{line.purchase.state}{delivery}"


def spent_json(spent: Spent) -> Json:
    """A sum; amounts in msat."""
    return {
        "payments": spent.bought,
        "paid_msat": spent.paid.value,
        "fees_msat": spent.fees.value,
        "total_msat": spent.total.value,
        "open": spent.waiting,
        "in_flight_msat": spent.in_flight.value,
    }


def spent_words(spent: Spent) -> str:
    """``21 sats in 3 payments, 2 sats in flight``."""
    payments = f"{spent.bought} {'payment' if spent.bought == 1 else 'payments'}"
    flight = f", {spent.in_flight.words()} in flight" if spent.waiting else ""
    return f"{spent.total.words()} in {payments}{flight}"


def payment_json(line: Line, record: Json, exchange: Exchange | None, secrets: PurchaseSecrets | None) -> Json:
    """The record of the statement, and what else is known; ``preimage`` and ``authorization`` where asked for."""
    purchase = line.purchase
    made = record | {
        "scheme": purchase.scheme,
        "invoice": purchase.invoice,
        "fee_limit_msat": purchase.fee_limit.value,
        "reason": purchase.reason,
        "look_ups": purchase.look_ups,
        "open": purchase.is_open,
    }
    if exchange is not None:
        made["exchange"] = {"request": exchange.request, "asked": exchange.asked, "answer": exchange.answer}
    if secrets is not None:
        token = secrets.token()
        made["preimage"] = None if secrets.preimage is None else secrets.preimage.hex
        made["authorization"] = None if token is None else token.authorization()
        made["url"] = secrets.url
    return made


def payment_page(page: Page, line: Line) -> Page:
    """All that is known of one payment, without a secret."""
    purchase = line.purchase
    page.row("Payment", purchase.amount.words())
    page.row("Id", purchase.id)
    page.row("State", f"{standing(line)}: {purchase.state.words}")
    if purchase.reason:
        page.note(visible(purchase.reason, 500))
    page.row("Request", visible(f"{purchase.method} {purchase.origin}{purchase.path}", 500))
    page.row("Begun", instant_words(purchase.created_at))
    if purchase.settled_at is not None:
        page.row("Settled", instant_words(purchase.settled_at))
    elif purchase.is_open:
        page.row("Invoice ends", instant_words(purchase.expires_at))
    page.row("Fee", "not known" if purchase.fee is None else purchase.fee.words())
    if purchase.rate is not None:
        page.row("Worth then", purchase.rate.words(line.cost or purchase.amount))
    page.row("Paid by", visible(purchase.rail or "nobody yet", 100) + (", by itself" if purchase.automatic else ""))
    if purchase.last_status is not None:
        page.row("Last answer", str(purchase.last_status))
    if purchase.look_ups:
        page.row("Looked up", f"{purchase.look_ups} {'time' if purchase.look_ups == 1 else 'times'}")
    page.row("Payment hash", purchase.payment_hash.hex)
    if line.token is not None:
        each = "" if line.each is None else f", {line.each.words()} each"
        page.row(
            "Token", f"{line.token.id}, used {line.token.uses} {'time' if line.token.uses == 1 else 'times'}{each}"
        )
    return page


def exchange_text(exchange: Exchange) -> str:
    """Both sides, one after the other; what is invisible is made visible line by line."""
    parts = (("Request", exchange.request), ("402", exchange.asked), ("Delivered", exchange.answer))
    return "".join(f"\n── {title}\n{_lines(text)}\n" for title, text in parts if text)


def secret_lines(secrets: PurchaseSecrets) -> str:
    """The secrets, each whole in its line, to be copied."""
    token = secrets.token()
    if secrets.preimage is None or token is None:
        return f"\nCredential (not paid): {secrets.credential}\n"
    return f"\nProof of payment (preimage): {secrets.preimage.hex}\nAuthorization: {token.authorization()}\n"


def _lines(text: str) -> str:
    return "\n".join(visible(line, 20_000) for line in text.split("\n"))
