"""What one journey has to show so far, and what a job brings along to change it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from l402desk.engine.view import JourneyView, Step

if TYPE_CHECKING:
    from l402desk.protocol.origin import Origin
    from l402desk.services import Services

Report = Callable[[object], None]


@dataclass(frozen=True, slots=True)
class Turn:
    """What one job brings along: the services, how to report home, and the user's word.

    ``despite_open``: pay although an earlier payment is open; ``over_budget``: pay although it breaks a cap;
    ``automatic``: nobody was asked, the budgets decide.
    """

    services: Services
    report: Report
    despite_open: bool = False
    over_budget: bool = False
    automatic: bool = False


class Picture:
    """The view that is being painted; only the loop touches it."""

    def __init__(self) -> None:
        self.view = JourneyView()
        self.bought_before: tuple[Origin, str, int] | None = None
        """Where the request goes, and how often that was bought before it was sent; None where nobody could tell."""

    def show(self, **changes: object) -> None:
        """Change fields of the view by name."""
        self.view = replace(self.view, **changes)  # type: ignore[arg-type]  # replace() checks the names

    def step(self, name: str, began: float) -> None:
        """Add a step to the timeline; ``began`` is in seconds of `time.monotonic`."""
        self.show(steps=(*self.view.steps, Step(name, (time.monotonic() - began) * 1_000)))
