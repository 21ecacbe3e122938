"""The node that the harness's shop and wallet share: invoices whose preimages lie in a folder both can read."""

from __future__ import annotations

import os
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path

from l402desk.protocol.proof import PaymentHash, Preimage
from tests.fakes.invoices import mint_invoice

FILE = "mint.txt"


@dataclass(slots=True)
class Mint:
    """Mints BOLT11 invoices. One line per invoice, ``hash preimage msat``, is in the folder's file before it is told.

    Any number of processes may mint into one folder and read it at once.
    """

    folder: Path
    prefix: str = "lnbcrt"
    _read_to: int = field(default=0, repr=False)
    _known: dict[PaymentHash, tuple[Preimage, int]] = field(default_factory=dict, repr=False)

    def new(
        self,
        msat: int = 21_000,
        *,
        description: str = "A request",
        expiry: int | None = None,
        timestamp: int | None = None,
    ) -> tuple[str, Preimage, PaymentHash]:
        """A new invoice, its preimage and its payment hash. ``timestamp`` is now unless given, in unix seconds."""
        preimage = Preimage(secrets.token_bytes(32))
        payment_hash = preimage.payment_hash()
        self._append(f"{payment_hash.hex} {preimage.hex} {msat}\n")
        made_at = int(time.time()) if timestamp is None else timestamp
        invoice = mint_invoice(
            msat, prefix=self.prefix, preimage=preimage.raw, description=description, timestamp=made_at, expiry=expiry
        )
        return invoice, preimage, payment_hash

    def preimage(self, payment_hash: PaymentHash) -> Preimage | None:
        """What opens the hash; None where nobody minted it here."""
        return found[0] if (found := self._find(payment_hash)) else None

    def msat(self, payment_hash: PaymentHash) -> int | None:
        """What the invoice of this hash asks for."""
        return found[1] if (found := self._find(payment_hash)) else None

    def _find(self, payment_hash: PaymentHash) -> tuple[Preimage, int] | None:
        if payment_hash not in self._known:
            self._catch_up()
        return self._known.get(payment_hash)

    def _append(self, line: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        file = os.open(self.folder / FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(file, line.encode())  # one write to a file opened for appending: lines never mix
        finally:
            os.close(file)

    def _catch_up(self) -> None:
        try:
            with (self.folder / FILE).open("rb") as lines:
                lines.seek(self._read_to)
                new = lines.read()
        except FileNotFoundError:
            return
        whole = new[: new.rfind(b"\n") + 1]
        self._read_to += len(whole)
        for line in whole.decode().splitlines():
            payment_hash, preimage, msat = line.split()
            self._known[PaymentHash.from_hex(payment_hash)] = (Preimage.from_hex(preimage), int(msat))
