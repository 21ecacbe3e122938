"""What the loop tells the GUI thread: one union of frozen values, carried by one queued signal."""

from __future__ import annotations

from dataclasses import dataclass

from l402desk.worker.call import Outcome


@dataclass(frozen=True, slots=True)
class Opened:
    """The services are ready."""


@dataclass(frozen=True, slots=True)
class OpenFailed:
    """The services could not be opened."""

    error: BaseException


@dataclass(frozen=True, slots=True)
class Progressed:
    """The job of call ``number`` reported ``value``."""

    number: int
    value: object


@dataclass(frozen=True, slots=True)
class Settled:
    """The job of call ``number`` ended."""

    number: int
    outcome: Outcome


Message = Opened | OpenFailed | Progressed | Settled
