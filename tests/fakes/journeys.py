"""Views of journeys and summaries of tokens for tests of widgets: what an engine and a vault would have told them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from l402desk.client.answer import Answer, Timings
from l402desk.client.spool import SpooledBody
from l402desk.engine.view import JourneyView
from l402desk.protocol.amount import Msat
from l402desk.protocol.challenge import Demand, read_demand
from l402desk.protocol.exchange import Phase
from l402desk.protocol.inspection import Circumstances, Verdict, inspect_demand
from l402desk.protocol.origin import Origin
from l402desk.protocol.proof import PaymentHash
from l402desk.vault.scope import Reach, Scope
from l402desk.vault.tokens import TokenState, TokenSummary
from tests.fakes.challenges import mint_token
from tests.fakes.invoices import NOW, PREIMAGE, mint_invoice

URL = "https://api.example.com/weather?city=Lisbon"
TABLE_BOMB = "<table><tr><td>" * 18 + "<img src=file:///etc/passwd>"
BIDI = "pay \u202e21 sats\u202c to \u2067evil\u2069\u200b.example"
LONGEST = "A very long description. " * 25 + "The 639th byte"
HOSTILE = (TABLE_BOMB, BIDI, LONGEST, "<b>Safe to pay</b>", "a\n" * 100, "W" * 639)


def demand_of(
    *,
    msat: int | None = 21_000,
    description: str | None = "Weather for one hour",
    caveats: Iterable[bytes] = (b"services=weather:0", b"weather_capabilities=forecast"),
    timestamp: int = NOW,
    expiry: int | None = None,
    wrong_hash: bool = False,
) -> Demand:
    """An answer's demand with one challenge; with ``wrong_hash`` the token belongs to another payment (law 5)."""
    invoice = mint_invoice(msat, description=description, timestamp=timestamp, expiry=expiry)
    digest = hashlib.sha256(b"another" if wrong_hash else PREIMAGE).digest()
    token = mint_token(PaymentHash(digest), *caveats)
    return read_demand(402, [("WWW-Authenticate", f'L402 macaroon="{token}", invoice="{invoice}"')])


def answer_of(demand: Demand | None, url: str = URL, body: bytes = b"Payment required\n") -> Answer:
    raw = demand.challenges[0].raw if demand and demand.challenges else ""
    return Answer(
        status=402,
        reason="Payment Required",
        http_version="HTTP/1.1",
        url=url,
        headers=(("Content-Type", "text/plain"), ("WWW-Authenticate", raw)),
        body=SpooledBody(data=body, path=None, size=len(body)),
        timings=Timings(total_ms=41.0),
    )


def challenged(demand: Demand | None = None, *, now: int = NOW + 60, url: str = URL) -> JourneyView:
    """A journey that met this challenge and waits for the user's word."""
    demand = demand or demand_of()
    inspections = inspect_demand(demand, Circumstances(now=now, origin=Origin.of(url), status=402))
    best = inspections[0]
    payable = best.verdict is not Verdict.REFUSE and best.amount is not None
    return JourneyView(
        phase=Phase.CHALLENGED,
        answer=answer_of(demand, url),
        demand=demand,
        inspections=inspections,
        can_pay=payable,
    )


def in_phase(phase: Phase, view: JourneyView | None = None, **changes: object) -> JourneyView:
    """The journey further on: ``chosen`` is the best challenge, a proof is taken where the engine would take one."""
    view = view or challenged()
    proves = phase in (Phase.OFFERED, Phase.PAYING, Phase.UNKNOWN, Phase.NO_PROOF)
    further = replace(view, phase=phase, chosen=view.inspections[0], can_pay=False, can_prove=proves)
    return replace(further, **changes)  # type: ignore[arg-type]


def summary(number: int = 1, **changes: object) -> TokenSummary:
    """A token's summary; each number is another one."""
    made = TokenSummary(
        id=f"token-{number}",
        title=f"service {number}",
        origin=Origin.of(f"https://host{number}.example/"),
        scope=Scope.of(Reach.EXACT, f"/v1/data{number}"),
        method=None,
        scheme="L402",
        price=Msat(21_000),
        bought_at=NOW,
        expires_at=NOW + 3_600,
        uses=3,
        last_used_at=NOW + 10,
        last_status=200,
        state=TokenState.USABLE,
        payment_hash=hashlib.sha256(b"%d" % number).hexdigest(),
        purchase_id=None,
        caveats=("services=weather:0",),
        sealed_by="the key in GNOME Keyring",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


INTERACTIVE = (QAbstractButton, QLineEdit, QComboBox, QPlainTextEdit, QAbstractItemView)


def interactive(root: QWidget) -> list[QWidget]:
    """Every control below ``root`` that a person operates, without the parts Qt builds into its own controls."""
    return [
        widget
        for widget in root.findChildren(QWidget)
        if isinstance(widget, INTERACTIVE) and not _is_part(widget) and widget.focusPolicy().value
    ]


def _is_part(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, INTERACTIVE):
            return True
        parent = parent.parentWidget()
    return widget.objectName().startswith("qt_")
