"""What a list of tokens is asked for: where to look, for what, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Shelf(StrEnum):
    """A part of the vault that is looked at by itself."""

    ALL = "all"
    """Everything but the trash."""
    USABLE = "usable"
    EXPIRED = "expired"
    OWED = "owed"
    """Paid for, and not delivered yet."""
    TRASH = "trash"


class OrderBy(StrEnum):
    """What a list is sorted by; ``RESULT`` is the last answer, like ones together."""

    SERVICE = "service"
    HOST = "host"
    SCOPE = "scope"
    PRICE = "price"
    BOUGHT = "bought"
    EXPIRY = "expiry"
    USES = "uses"
    RESULT = "result"


@dataclass(frozen=True, slots=True)
class Order:
    """How a list is sorted. Rows that are alike in this come in the order they were kept, or the reverse of it."""

    by: OrderBy = OrderBy.BOUGHT
    descending: bool = True


NEWEST_FIRST = Order()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is asked for: the text to look for in titles, hosts, paths and notes, where, and in which order."""

    search: str = ""
    shelf: Shelf = Shelf.ALL
    order: Order = NEWEST_FIRST
