"""One condition of a token as a line: what it means, and whether that was understood."""

from __future__ import annotations

from l402desk.protocol.caveats import Meaning
from l402desk.ui.widgets.findings import FindingRow
from l402desk.ui.widgets.text import set_tool_tip, visible

MOST = 160
"""Characters of a condition that are drawn; the tool tip has more."""
_UNKNOWN = "not a condition this app knows"


def caveat_row(meaning: Meaning, *, name: str, now: float | None = None) -> FindingRow:
    """``now`` is in unix seconds: a condition that has ended by then is a danger. One not understood is no promise."""
    over = now is not None and meaning.expires_at is not None and meaning.expires_at <= now
    severity = "danger" if over else "info" if meaning.meaning.startswith(_UNKNOWN) else "good"
    made = FindingRow(severity, visible(meaning.meaning, MOST), name=name)
    if len(meaning.meaning) > MOST:
        set_tool_tip(made, meaning.meaning)
    return made
