"""The file in which a mock wallet writes down what it paid, before it says so: it stays paid over a kill."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass, field
from pathlib import Path

from l402desk.protocol.proof import PaymentHash


@dataclass(frozen=True, slots=True)
class Debit:
    """Amounts in msat; ``at`` in seconds since 1970."""

    payment_hash: PaymentHash
    msat: int
    fee: int
    at: float = field(default_factory=time.time)


@dataclass(frozen=True, slots=True)
class Paid:
    """One JSON line per payment whose money left."""

    file: Path

    def add(self, debit: Debit) -> None:
        line = {"payment_hash": debit.payment_hash.hex, "msat": debit.msat, "fee": debit.fee, "at": debit.at}
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
        return [Debit(PaymentHash.from_hex(one["payment_hash"]), one["msat"], one["fee"], one["at"]) for one in lines]
