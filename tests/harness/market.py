"""A shop and a wallet, each in a process of its own, and what their books say about one purchase."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Sale:
    """One line of the shop's record."""

    what: str
    path: str
    hash: str
    status: int


@dataclass(slots=True)
class Book:
    """A file of JSON lines that another process appends to; reading goes on where it ended."""

    file: Path
    lines: list[dict[str, object]] = field(default_factory=list)
    _read_to: int = 0

    def catch_up(self) -> list[dict[str, object]]:
        if self.file.exists():
            with self.file.open("rb") as source:
                source.seek(self._read_to)
                new = source.read()
            whole = new[: new.rfind(b"\n") + 1]
            self._read_to += len(whole)
            self.lines += [json.loads(line) for line in whole.splitlines()]
        return self.lines


@dataclass(slots=True)
class Market:
    """``url`` is the shop's, without a slash at its end; ``connection`` the wallet's, as the app takes it."""

    url: str
    wallet_url: str
    key: str
    folder: Path
    _sales: Book
    _debits: Book

    @property
    def connection(self) -> str:
        return f"lnbits+{self.wallet_url}?key={self.key}"

    def sales(self, path: str) -> list[Sale]:
        """What the shop was asked, and said, at this path."""
        lines = (Sale(**line) for line in self._sales.catch_up())  # type: ignore[arg-type]  # its own lines
        return [sale for sale in lines if sale.path == path]

    def paid(self, path: str) -> list[str]:
        """The payment hash of everything that money left the wallet for at this path; one twice if it left twice."""
        hashes = {sale.hash for sale in self.sales(path)}
        return [str(line["payment_hash"]) for line in self._debits.catch_up() if line["payment_hash"] in hashes]


@contextmanager
def market(folder: Path, *, lie: str = "", delay: float = 0.0, msat: int = 21_000) -> Iterator[Market]:
    """Run a shop and a wallet that can pay its invoices while the context lasts. The wallet tells ``lie``."""
    mint, record, ledger = folder / "mint", folder / "shop.jsonl", folder / "wallet.jsonl"
    folder.mkdir(parents=True, exist_ok=True)
    wallet = ["tests.harness.lnbits", "--mint", str(mint), "--ledger", str(ledger), "--delay", str(delay)]
    with (
        running(["tests.harness.shop", "--mint", str(mint), "--record", str(record), "--msat", str(msat)]) as shop,
        running([*wallet, "--lie", lie] if lie else wallet) as purse,
    ):
        told = json.loads(purse)
        yield Market(shop.strip(), told["url"], told["key"], folder, Book(record), Book(ledger))


@contextmanager
def running(module: Sequence[str]) -> Iterator[str]:
    """A module as a process until the context ends; its first line of output."""
    process = subprocess.Popen([sys.executable, "-m", *module], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"{module[0]} ended at once")
        yield line
    finally:
        process.kill()
        process.wait()
        with contextlib.suppress(OSError):
            assert process.stdout is not None
            process.stdout.close()
