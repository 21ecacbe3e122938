"""The statement as a file: CSV (RFC 4180) or JSON, without a secret in it, written whole or not at all."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from l402desk.engine.statement import Line, every_line
from l402desk.ledger.history import TIME, Order, PurchaseFilter
from l402desk.protocol.amount import MSAT_PER_SAT, Msat
from l402desk.protocol.instants import LATEST
from l402desk.store.whole_file import WholeFile

if TYPE_CHECKING:
    from l402desk.services import Services

Cell = str | int | bool | None
Record = dict[str, Cell]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class FileKind(StrEnum):
    """How the statement is written."""

    CSV = "csv"
    JSON = "json"


class NotWritten(OSError):  # noqa: N818 - named for what happened
    """The file was not written, and nothing of it is left. ``str()`` is a sentence for people."""


FIELDS = (
    "time", "settled", "origin", "host", "method", "path", "title", "state", "delivery", "last_status",
    "amount_msat", "amount_sats", "fee_msat", "fee_sats", "currency", "fiat", "payment_hash", "wallet", "automatic",
    "token", "uses", "msat_per_use", "sats_per_use", "purchase",
)  # fmt: skip


def record_of(line: Line) -> Record:
    """One line as plain values: amounts in msat (whole numbers) and in sats (decimals as text), times in UTC.

    No preimage, credential or query is in it; what a wallet said is left out, for it may say anything.
    """
    purchase = line.purchase
    each = line.each
    worth = None if purchase.rate is None else purchase.rate.of(line.cost or purchase.amount)
    return {
        "time": _utc(purchase.created_at),
        "settled": _utc(purchase.settled_at),
        "origin": str(purchase.origin),
        "host": purchase.origin.authority,
        "method": purchase.method,
        "path": purchase.path,
        "title": purchase.title,
        "state": str(purchase.state),
        "delivery": None if purchase.delivery is None else str(purchase.delivery),
        "last_status": purchase.last_status,
        "amount_msat": purchase.amount.value,
        "amount_sats": _sats(purchase.amount),
        "fee_msat": None if purchase.fee is None else purchase.fee.value,
        "fee_sats": None if purchase.fee is None else _sats(purchase.fee),
        "currency": None if purchase.rate is None else purchase.rate.currency,
        "fiat": None if worth is None else f"{worth:.8f}",
        "payment_hash": purchase.payment_hash.hex,
        "wallet": purchase.rail,
        "automatic": purchase.automatic,
        "token": None if line.token is None else line.token.id,
        "uses": None if line.token is None else line.token.uses,
        "msat_per_use": None if each is None else each.value,
        "sats_per_use": None if each is None else _sats(each),
        "purchase": purchase.id,
    }


def csv_rows(records: Iterable[Record], *, heading: bool = False) -> str:
    """The records as lines that end with CRLF; ``heading`` puts the names of the fields before them."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    if heading:
        writer.writerow(FIELDS)
    for record in records:
        writer.writerow([_cell(record[name]) for name in FIELDS])
    return out.getvalue()


def json_rows(records: Iterable[Record], *, first: bool = False) -> str:
    """The records as members of an array, one a line; all but the ``first`` follow a comma."""
    shown = [json.dumps(record, ensure_ascii=True) for record in records]
    joined = ",\n  ".join(shown)
    return (("  " if first else ",\n  ") + joined) if shown else ""


async def export(
    services: Services,
    target: Path,
    kind: FileKind,
    wanted: PurchaseFilter,
    order: Order = TIME,
    *,
    descending: bool = True,
    replace: bool = False,
) -> int:
    """Write the wanted lines into a file for this user alone; how many there were.

    A file that is there already is taken away only with ``replace``: the user's word. Raises NotWritten, StoreError.
    """
    made = WholeFile(target)
    count = 0
    try:
        out = await asyncio.to_thread(made.begin)
        async for some in every_line(services, wanted, order, descending=descending):
            await asyncio.to_thread(_write, out, kind, some, count)
            count += len(some)
        await asyncio.to_thread(_end, out, kind, count)
        await asyncio.to_thread(made.sync)
        await asyncio.to_thread(made.put_in_place, replace=replace)
    except FileExistsError as error:
        raise NotWritten(
            f"There is a file {target.name} already; it was left as it is. Choose another name."
        ) from error
    except OSError as error:
        raise NotWritten(f"{target.name} was not written: {error.strerror or error}.") from error
    finally:
        made.discard()
    return count


def _write(out: BinaryIO, kind: FileKind, some: Iterable[Line], before: int) -> None:
    records = [record_of(line) for line in some]
    if kind is FileKind.CSV:
        text = csv_rows(records, heading=not before)
    else:
        text = ("" if before else "[\n") + json_rows(records, first=not before)
    out.write(text.encode())


def _end(out: BinaryIO, kind: FileKind, count: int) -> None:
    if kind is FileKind.CSV:
        out.write(b"" if count else csv_rows((), heading=True).encode())
    else:
        out.write(b"\n]\n" if count else b"[]\n")


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    # A spreadsheet runs what looks like a formula (OWASP, CSV injection).
    return f"'{text}" if text.startswith(_FORMULA) else text


def _sats(amount: Msat) -> str:
    return f"{(Decimal(amount.value) / MSAT_PER_SAT).normalize():f}"


def _utc(unix: int | None) -> str | None:
    if unix is None:
        return None
    return datetime.fromtimestamp(min(max(unix, 0), LATEST), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
