"""Modules are imported one a turn, in order, and the end is told once."""

from __future__ import annotations

import sys

from pytestqt.qtbot import QtBot

from l402desk.ui.warming import Warming


def test_modules_are_imported_in_order_and_the_end_is_told(qtbot: QtBot) -> None:
    for name in ("colorsys", "this"):
        sys.modules.pop(name, None)
    warming = Warming(["colorsys", "colorsys"])
    with qtbot.waitSignal(warming.done, timeout=5_000):
        warming.begin()
        assert "colorsys" not in sys.modules  # not within the call: the caller is drawing
    assert "colorsys" in sys.modules


def test_nothing_to_import_is_done_at_once(qtbot: QtBot) -> None:
    warming = Warming(())
    with qtbot.waitSignal(warming.done, timeout=5_000):
        warming.begin()
