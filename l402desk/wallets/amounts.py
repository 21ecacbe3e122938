"""Amounts as wallets write them in JSON: every one may be a lie, or no number at all."""

from __future__ import annotations

from l402desk.protocol.amount import MOST, Msat


def read_msat(value: object) -> Msat | None:
    """A whole number of msat; None for anything else, more than all the bitcoin there are included."""
    return Msat(value) if type(value) is int and 0 <= value <= MOST else None
