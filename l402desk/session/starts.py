"""Requests to start from: what the embedded sandbox offers, ready to send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from l402desk.protocol.amount import Msat
from l402desk.session.io import Io

if TYPE_CHECKING:
    from l402desk.client.request import RequestDraft
    from l402desk.sandbox.endpoints import Endpoint
    from l402desk.services import Services


GROUPS = ("Sandbox", "Sandbox: free", "Sandbox: dialects")


@dataclass(frozen=True, slots=True)
class Start:
    """One request of a group. ``price`` is what its server announces; what is paid is read from the invoice alone."""

    group: str
    name: str
    price: Msat | None
    draft: RequestDraft


class StartsSession(QObject):
    """`changed` follows when the list is known."""

    changed = Signal()

    def __init__(self, io: Io, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._io = io
        self.starts: tuple[Start, ...] = ()

    @Slot()
    def refresh(self) -> None:
        call = self._io.submit(_starts)
        call.succeeded.connect(self._show)

    @Slot(object)
    def _show(self, starts: object) -> None:
        assert isinstance(starts, tuple)
        self.starts = starts
        self.changed.emit()


async def _starts(services: Services) -> tuple[Start, ...]:
    from l402desk.client.body import JsonBody, NoBody  # noqa: PLC0415 - not before the first frame
    from l402desk.client.request import RequestDraft  # noqa: PLC0415 - not before the first frame

    sandbox = services.sandbox
    if sandbox is None:
        return ()
    return tuple(
        Start(
            group=_group(endpoint.path, endpoint.price),
            name=endpoint.path,
            price=endpoint.price,
            draft=RequestDraft(
                method=endpoint.method,
                url=f"{sandbox.url}{endpoint.example}",
                body=JsonBody(endpoint.example_body) if endpoint.example_body is not None else NoBody(),
            ),
        )
        for endpoint in sorted(sandbox.endpoints, key=_order)
    )


def _group(path: str, price: Msat | None) -> str:
    if path.startswith("/dialect/"):
        return "Sandbox: dialects"
    return "Sandbox" if price is not None else "Sandbox: free"


def _order(endpoint: Endpoint) -> int:
    """What costs something first: that is what a newcomer is here for."""
    return GROUPS.index(_group(endpoint.path, endpoint.price))
