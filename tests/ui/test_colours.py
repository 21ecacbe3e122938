"""The palettes: as designed, and legible by the numbers."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from l402desk.ui.colours import DARK, LIGHT, Colours, colours_now, contrast, mix
from l402desk.ui.style import palette

THEMES = [LIGHT, DARK]
TEXTS = ["text", "dim", "good", "caution", "danger", "link"]


def name(value: object) -> str:
    return value.scheme if isinstance(value, Colours) else str(value)


def test_contrast_is_the_ratio_of_the_guideline() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#ffffff", "#777777") == contrast("#777777", "#ffffff")


@pytest.mark.parametrize("colours", THEMES, ids=name)
@pytest.mark.parametrize("ground", ["window", "card", "control", "selection", "hover"])
@pytest.mark.parametrize("role", TEXTS)
def test_every_text_colour_is_legible_on_every_surface(colours: Colours, ground: str, role: str) -> None:
    assert contrast(colours[role], colours[ground]) >= 4.5


@pytest.mark.parametrize("colours", THEMES, ids=name)
@pytest.mark.parametrize("ground", ["selection", "marked", "hover", "pressed"])
def test_text_is_legible_where_something_is_selected_or_touched(colours: Colours, ground: str) -> None:
    assert contrast(colours.text, colours[ground]) >= 4.5


@pytest.mark.parametrize("colours", THEMES, ids=name)
def test_the_primary_button_is_legible_in_all_its_states(colours: Colours) -> None:
    values = colours.by_name()
    for ground in ("accent", "accent_hover", "accent_pressed"):
        assert contrast(colours.on_accent, values[ground]) >= 4.5


@pytest.mark.parametrize("colours", THEMES, ids=name)
def test_a_notice_is_legible_on_its_breath_of_colour(colours: Colours) -> None:
    for role in ("good", "caution", "danger", "link", "accent"):
        assert contrast(colours.text, colours.soft(role)) >= 7, role
        if role != "accent":
            assert contrast(colours[role], colours.soft(role)) >= 3, role


@pytest.mark.parametrize("colours", THEMES, ids=name)
def test_the_focus_ring_stands_out_from_every_surface(colours: Colours) -> None:
    for ground in ("window", "card", "control", "selection"):
        assert contrast(colours.link, colours[ground]) >= 3, ground


@pytest.mark.parametrize("colours", THEMES, ids=name)
def test_a_mark_in_a_ticked_box_stands_out(colours: Colours) -> None:
    assert contrast(colours.on_link, colours.link) >= 4.5


def test_mixing_goes_from_one_colour_to_the_other() -> None:
    assert mix("#000000", "#ffffff", 0) == "#000000"
    assert mix("#000000", "#ffffff", 1) == "#ffffff"
    assert mix("#204060", "#406080", 0.5) == "#305070"


@pytest.mark.parametrize("colours", THEMES, ids=name)
def test_the_theme_on_the_screen_is_read_from_the_palette(qapp: QApplication, colours: Colours) -> None:
    before = qapp.palette()
    try:
        qapp.setPalette(palette(colours))
        assert colours_now() is colours
    finally:
        qapp.setPalette(before)
