"""The file in which a mock wallet writes down what it paid, before it says so: it stays paid over a kill."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from l402desk.protocol.proof import PaymentHash


@dataclass(frozen=True, slots=True)
class Debit:
    """Amounts in msat."""

    payment_hash: PaymentHash
    msat: int
    fee: int


@dataclass(frozen=True, slots=True)
class Paid:
    """One JSON line per payment whose money left."""

    file: Path

    def add(self, debit: Debit) -> None:
        line = {"payment_hash": debit.payment_hash.hex, "msat": debit.msat, "fee": debit.fee}
        file = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(file, (json.dumps(line) + "\n").encode())
            os.fsync(file)
        finally:
            os.close(file)

    def all(self) -> list[Debit]:
        if not self.file.exists():
            return []
        lines = [json.loads(line) for line in self.file.read_text().splitlines()]
        return [Debit(PaymentHash.from_hex(one["payment_hash"]), one["msat"], one["fee"]) for one in lines]
