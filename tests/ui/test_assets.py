"""Icons and the style sheet: complete, tinted, sharp."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QAction, QColor, QIcon, QImage, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from l402desk.ui import assets
from l402desk.ui.colours import DARK, LIGHT, Colours
from l402desk.ui.style import Appearance, Choice

NAMES = [name for name in assets.icon_names() if name != "l402desk"]
ASKED_FOR = """
send compass key receipt wallet gear bolt copy paste check-circle info warning danger clock lock unlock link phone eye
eye-off expand close plus minus trash search history chevron-right chevron-down refresh download stop question globe
more undo edit file sun-moon
"""


def opaque_colours(picture: QPixmap) -> set[str]:
    image = picture.toImage().convertToFormat(QImage.Format.Format_ARGB32)
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {pixel.name() for pixel in pixels if pixel.alpha() == 255}


def test_every_icon_of_the_design_is_drawn() -> None:
    assert set(ASKED_FOR.split()) <= set(NAMES)
    assert "l402desk" in assets.icon_names()


@pytest.mark.parametrize("name", NAMES)
def test_an_icon_keeps_to_the_grid_and_to_one_colour(name: str) -> None:
    drawing = (assets.resource_root() / "icons" / f"{name}.svg").read_text("utf-8")
    assert 'viewBox="0 0 24 24"' in drawing
    assert 'stroke-width="1.5"' in drawing
    assert set(re.findall(r'(?:fill|stroke)="([^"]+)"', drawing)) <= {"none", "currentColor"}
    assert QSvgRenderer(assets.tinted_svg(name, "#123456")).isValid()


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_every_icon_takes_the_colour_of_the_theme(dressed: Appearance, choice: Choice) -> None:
    dressed.choose(choice)
    for name in NAMES:
        assert dressed.colours.text in opaque_colours(assets.pixmap(name, 24, ratio=4)), name
        assert dressed.colours.danger in opaque_colours(assets.pixmap(name, 24, "danger", ratio=4)), name


def test_an_icon_has_exactly_the_pixels_of_the_screen(dressed: Appearance) -> None:
    for ratio in (1.0, 1.25, 1.5, 2.0, 3.0):
        picture = assets.pixmap("bolt", 16, ratio=ratio)
        assert picture.width() == round(16 * ratio)
        assert picture.devicePixelRatio() == ratio


def test_a_disabled_icon_is_grey_and_a_checked_one_may_differ(dressed: Appearance) -> None:
    made = assets.icon("gear", "dim", checked="accent")
    shades = dressed.colours
    assert shades.disabled in opaque_colours(made.pixmap(24, QIcon.Mode.Disabled))
    on = made.pixmap(24, QIcon.Mode.Normal, QIcon.State.On)
    assert shades.accent in opaque_colours(on)
    assert shades.accent not in opaque_colours(made.pixmap(24))


def test_buttons_and_actions_are_tinted_anew_when_the_theme_changes(qtbot: QtBot, dressed: Appearance) -> None:
    button, action = QPushButton(), QAction()
    qtbot.addWidget(button)
    action.setParent(button)
    assets.set_icon(button, "dot", "good")
    assets.set_icon(action, "dot", "danger")
    dressed.choose("dark")
    assert DARK.good in opaque_colours(button.icon().pixmap(24))
    assert DARK.danger in opaque_colours(action.icon().pixmap(24))
    dressed.choose("light")
    assert LIGHT.good in opaque_colours(button.icon().pixmap(24))


def test_an_icon_that_does_not_exist_is_an_error(dressed: Appearance) -> None:
    with pytest.raises(FileNotFoundError):
        assets.icon("no-such-icon")


def test_the_icon_of_the_app_is_dark_amber_and_sharp_at_every_size(dressed: Appearance) -> None:
    made = assets.app_icon()
    for pixels in (16, 32, 64, 256):
        assert made.pixmap(pixels, pixels).width() == pixels
    assert "#f7a11b" in opaque_colours(made.pixmap(256))


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_every_placeholder_of_the_style_sheet_is_filled_in(dressed: Appearance, colours: Colours) -> None:
    sheet = assets.stylesheet(colours, 10.0)
    assert "@" not in sheet
    assert colours.accent in sheet
    assert "34.0pt" in sheet
    used = re.findall(r"#[0-9a-fA-F]+\b", sheet)
    assert all(QColor.isValidColorName(colour) and len(colour) == 7 for colour in used)


def test_an_unknown_placeholder_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, dressed: Appearance
) -> None:
    (tmp_path / "qss").mkdir()
    (tmp_path / "qss" / "desk.qss").write_text("QLabel { color: @nobody; }", encoding="utf-8")
    monkeypatch.setattr(assets, "resource_root", lambda: tmp_path)
    with pytest.raises(KeyError, match="nobody"):
        assets.stylesheet(LIGHT)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_every_picture_of_the_style_sheet_is_there(dressed: Appearance, colours: Colours) -> None:
    named = re.findall(r"url\(l402desk:([^)]+)\)", assets.stylesheet(colours))
    assert named
    for path in named:
        assert QSvgRenderer(str(assets.resource_root() / path)).isValid(), path


def test_the_pictures_of_the_style_sheet_have_the_colours_of_the_palette() -> None:
    sys.path.insert(0, str(Path(__file__).parent))
    try:
        from gallery import glyphs  # type: ignore[import-not-found]
    finally:
        sys.path.pop(0)
    for path, drawn in glyphs().items():
        there = (assets.resource_root() / "qss" / path).read_bytes()
        assert there == drawn, f"{path}: run `python tests/ui/gallery.py --glyphs`"


def test_the_resources_of_an_installed_package_come_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package = tmp_path / "l402desk"
    package.mkdir()
    monkeypatch.setattr("l402desk.__file__", str(package / "__init__.py"))
    assert assets.resource_root() == tmp_path / "resources"
    (package / "resources").mkdir()
    assert assets.resource_root() == package / "resources"
