"""A condition is good where it was understood, a note where it was not, a danger where it has ended."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from l402desk.protocol.caveats import explain
from l402desk.ui.challenge.caveat_row import MOST, caveat_row
from tests.fakes.invoices import NOW


@pytest.mark.parametrize(
    ("caveat", "now", "severity"),
    [
        ("services=weather:0", None, "good"),
        ("made_up ~ 3", None, "info"),
        (f"weather_valid_until={NOW}", NOW - 1, "good"),
        (f"weather_valid_until={NOW}", NOW, "danger"),
        (f"weather_valid_until={NOW}", None, "good"),
    ],
)
def test_the_icon_follows_what_is_known(qtbot: QtBot, caveat: str, now: int | None, severity: str) -> None:
    row = caveat_row(explain(caveat), name="tokenCaveat", now=now)
    qtbot.addWidget(row)
    assert row.severity == severity


def test_a_long_condition_is_cut_and_whole_in_the_tool_tip(qtbot: QtBot) -> None:
    row = caveat_row(explain("x" * 250), name="tokenCaveat")
    qtbot.addWidget(row)
    assert len(row.text) < MOST + 30
    assert row.toolTip().replace("\u200b", "").count("x") > MOST
