"""How fast invoices are read, beside the `bolt11` library in the same run, and how long the worst ones take.

Run it as ``.venv/bin/python tests/bench/bench_protocol.py``. It exits with 1 below 10,000 invoices of about
300 characters a second, or where a hostile text takes more than 50 ms.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # run as a script, from any folder

import bolt11

from l402desk.protocol.errors import InvoiceError
from l402desk.protocol.invoice import LONGEST, read_invoice
from tests.fakes.invoices import (
    NODE,
    Field,
    bech32_text,
    data_field,
    fallback_field,
    hop,
    mint_invoice,
    write_invoice,
)

TARGET_PER_SECOND, MOST_MS = 10_000, 50.0
ROUTE = data_field("r", hop(NODE, 0x0102030405060708, 1, 20, 3) * 2)


def ordinary() -> dict[str, str]:
    return {
        "ordinary": mint_invoice(21_000, prefix="lnbc", description="One hour of weather, for Zürich", expiry=600),
        "with the payee named": mint_invoice(21_000, prefix="lnbc", more=[data_field("n", bytes.fromhex(NODE))]),
        "with a route and a fallback": mint_invoice(
            21_000, prefix="lnbc", more=[ROUTE, fallback_field(0, bytes(range(20)))]
        ),
        "with twelve routes": mint_invoice(21_000, prefix="lnbc", more=[ROUTE] * 12),
    }


def stuffed(field: Field) -> str:
    """As many of one field as the longest invoice holds."""
    bare = len(mint_invoice(features=()))
    size = len(mint_invoice(features=(), more=[field])) - bare
    return mint_invoice(features=(), more=[field] * ((LONGEST - bare) // size))


def hostile() -> dict[str, str]:
    bits = "1" * 5 * 1_023
    return {
        "a flood of features": stuffed(("9", bits)),
        "a flood of empty fields": stuffed(("v", "")),
        "a flood of empty route hints": stuffed(("r", "")),
        "a flood of descriptions": stuffed(("d", "")),
        "a flood of old fallbacks": stuffed(fallback_field(17, bytes(20))),
        "a flood of short fallbacks": stuffed(fallback_field(16, bytes(2))),
        "a flood of route hints": stuffed(ROUTE),
        "an endless number": stuffed(("x", bits)),
        "an endless amount": write_invoice("lnbc" + "9" * 6_800, []),
        "no separator": "lnbc" + "q" * (LONGEST - 4),
        "only separators": "lnbc" + "1" * (LONGEST - 4),
        "a wrong checksum": "lnbc1" + "q" * (LONGEST - 5),
        "zeros behind a sound checksum": bech32_text("lnbc", [0] * (LONGEST - 11)),
        "a megabyte": "lightning:lnbc1" + "q" * 1_000_000,
        "a megabyte of blanks": " " * 1_000_000,
        "a named payee who did not sign": mint_invoice(key=b"\x07" * 32, more=[data_field("n", bytes.fromhex(NODE))]),
        "not one letter of it ASCII": "é" * LONGEST,
    }


def per_second(read: Callable[[str], object], text: str, seconds: float = 0.5) -> float:
    """The best of five runs: other programs only ever make a run slower."""
    read(text)
    best = 0.0
    for _ in range(5):
        count, start = 0, perf_counter()
        while perf_counter() - start < seconds / 5:
            for _ in range(10):
                read(text)
            count += 10
        best = max(best, count / (perf_counter() - start))
    return best


def worst_ms(text: str) -> float:
    """The best of three, as above."""
    times = []
    for _ in range(3):
        start = perf_counter()
        with suppress(InvoiceError):
            repr(read_invoice(text))
        times.append((perf_counter() - start) * 1_000)
    return min(times)


def main() -> int:
    good = True
    print(f"{'invoice':32}{'letters':>8}{'ours/s':>10}{'bolt11/s':>10}{'times':>7}")
    for name, text in ordinary().items():
        ours, theirs = per_second(read_invoice, text), per_second(bolt11.decode, text)
        print(f"{name:32}{len(text):8}{ours:10.0f}{theirs:10.0f}{ours / theirs:7.0f}")
        good &= ours >= TARGET_PER_SECOND or len(text) > 320
    print(f"\n{'hostile text':32}{'letters':>8}{'ms':>10}")
    for name, text in hostile().items():
        took = worst_ms(text)
        print(f"{name:32}{len(text):8}{took:10.2f}")
        good &= took <= MOST_MS
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
