"""What is said of one token: its facts, its conditions, its identity and its history, as words and rows."""

from __future__ import annotations

from collections.abc import Sequence

from l402desk.protocol.amount import Msat
from l402desk.ui.challenge.rows import clock_time, short
from l402desk.ui.widgets.countdown import time_left
from l402desk.ui.widgets.findings import FindingRow
from l402desk.ui.widgets.text import set_tool_tip, visible
from l402desk.ui.widgets.tree import FieldRow
from l402desk.vault.anatomy import Anatomy, Condition
from l402desk.vault.tokens import TokenState, TokenSummary, TokenUse

MOST_WORDS = 160
"""Characters of a condition that are drawn; the tool tip has more."""
_UNKNOWN = "not a condition this app knows"


def used_words(token: TokenSummary) -> str:
    """``3 times · 7 sats a use``."""
    times = f"{token.uses} time{'' if token.uses == 1 else 's'}"
    if not token.uses or token.price is None:
        return times
    each = Msat(token.price.value // token.uses)
    return f"{times} · {each.words()} a use"


def place_words(token: TokenSummary) -> str:
    """Where it is sent: ``GET https://api.example, /v1/…``."""
    method = f"{token.method} " if token.method else ""
    return f"{method}{token.origin}, {token.scope}"


def bought_words(token: TokenSummary) -> str:
    """``21 sats, 2026-11-24 12:03:11``; for one that cost nothing, where it came from."""
    price = f"{token.price.words()}, " if token.price is not None else ""
    return f"{price}{clock_time(token.bought_at)}"


def use_hindrance(token: TokenSummary, now: int) -> str:
    """Why the token is not sent by itself, as a sentence; empty where it is."""
    if not token.is_intact:
        return "This row was changed behind the app's back: the token is shown, and never sent."
    if token.state is TokenState.TRASHED:
        return "It is in the trash, and not sent."
    if token.expires_at is not None and token.expires_at <= now:
        return "It has expired, and is not sent any more."
    if token.state is TokenState.SPENT:
        return "You marked it as used up, so it is not sent."
    if token.state is TokenState.REFUSED and token.last_status != 402:
        return "The server refused it, so it is not sent by itself any more. Using it gives it another chance."
    return ""


def binding(anatomy: Anatomy) -> tuple[str, str]:
    """How serious it is, and in words, whether the token belongs to the payment that was made for it (law 5)."""
    match anatomy.is_bound:
        case True:
            return "good", "Bound to this payment: the token names the hash of its proof."
        case False:
            return "danger", "The token names the hash of another payment. Its server may refuse it."
    return "info", "Not verifiable: the token names no payment hash that can be read."


def condition_row(condition: Condition, now: int) -> FindingRow:
    """What a condition means, and below it, as its server wrote it."""
    over = condition.expires_at is not None and condition.expires_at <= now
    severity = "good"
    if over:
        severity = "danger"
    elif condition.is_third_party:
        severity = "warning"
    elif condition.words.startswith(_UNKNOWN):
        severity = "info"
    raw = " ".join(condition.raw.split())
    detail = "" if raw and raw in condition.words else visible(raw, MOST_WORDS)
    words = visible(condition.words, MOST_WORDS)
    if condition.expires_at is not None:
        left = condition.expires_at - now
        words = f"{words} ({'over' if left <= 0 else f'another {time_left(left)}'})"
    made = FindingRow(severity, words, detail=detail, name="tokenCaveat")
    if max(len(condition.words), len(raw)) > MOST_WORDS:
        set_tool_tip(made, f"{condition.words}\n{condition.raw}")
    return made


def identity_rows(token: TokenSummary, anatomy: Anatomy) -> tuple[FieldRow, ...]:
    """The credential taken apart; nothing in it is secret."""
    proof = FieldRow("Proof's hash", short(token.payment_hash), copy=token.payment_hash)
    rows = [
        FieldRow("Scheme", token.scheme),
        FieldRow("Format", anatomy.format, mono=False),
        FieldRow("Size", f"{anatomy.size} bytes", mono=False),
    ]
    if anatomy.encoding:
        rows.append(FieldRow("Encoding", anatomy.encoding, mono=False))
    if anatomy.location:
        rows.append(FieldRow("Location", anatomy.location))
    if anatomy.family:
        rows.append(FieldRow("Identifier", anatomy.family, _identifier(anatomy), copy=anatomy.identifier))
    elif anatomy.committed_hash:
        rows.append(FieldRow("Names hash", short(anatomy.committed_hash), copy=anatomy.committed_hash))
    rows += [FieldRow(name, value) for name, value in anatomy.fields]
    rows += [proof, FieldRow("Signature", "not checkable here", mono=False, hint="Only its server can check it.")]
    return tuple(rows)


def _identifier(anatomy: Anatomy) -> tuple[FieldRow, ...]:
    rows = []
    if anatomy.version is not None:
        rows.append(FieldRow("Version", str(anatomy.version)))
    if anatomy.committed_hash:
        rows.append(FieldRow("Payment hash", short(anatomy.committed_hash), copy=anatomy.committed_hash))
    if anatomy.token_id:
        rows.append(FieldRow("Token id", short(anatomy.token_id), copy=anatomy.token_id))
    rows.append(FieldRow("Raw", short(anatomy.identifier), copy=anatomy.identifier))
    return tuple(rows)


def history_rows(uses: Sequence[TokenUse]) -> tuple[FieldRow, ...]:
    """One line a use: when, and what was asked and answered."""
    return tuple(
        FieldRow(
            clock_time(use.at),
            f"{use.status} · {use.method} {use.path}".rstrip() if use.method or use.path else str(use.status),
            severity="good" if 200 <= use.status < 300 else "danger" if use.status in (401, 402) else "info",
        )
        for use in uses
    )
