"""The colours of both themes as one table, and the arithmetic of contrast over them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

from PySide6.QtGui import QGuiApplication, QPalette

Scheme = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Colours:
    """One theme: each role is an opaque sRGB colour, ``#rrggbb``. Values: the table of DESIGN, section 6.

    Three are a shade off that table, so that they are legible (4.5 : 1) in a selected row too: good and
    caution in the light theme, danger in the dark one.
    """

    scheme: Scheme
    window: str
    card: str
    control: str
    line: str
    text: str
    dim: str
    accent: str
    on_accent: str
    good: str
    caution: str
    danger: str
    link: str
    selection: str

    @property
    def hover(self) -> str:
        return mix(self.control, self.text, 0.06)

    @property
    def pressed(self) -> str:
        return mix(self.control, self.text, 0.12)

    @property
    def edge(self) -> str:
        """The border of something one can type into or press: a little stronger than a separating line."""
        return mix(self.line, self.text, 0.12)

    @property
    def disabled(self) -> str:
        return mix(self.card, self.dim, 0.6)

    @property
    def marked(self) -> str:
        """Behind selected text in a field, where the pale selection of a row would not be seen."""
        return mix(self.control, self.link, 0.35)

    @property
    def on_link(self) -> str:
        return self.card if self.scheme == "light" else self.window

    def soft(self, role: str) -> str:
        """A breath of a role's colour over the card: the ground of a notice."""
        return mix(self.card, self[role], 0.10)

    def __getitem__(self, role: str) -> str:
        """The colour of a role by its name. Raises AttributeError for a role that does not exist."""
        return str(getattr(self, role))

    def by_name(self) -> dict[str, str]:
        """Every name that a style sheet may use, derived shades included."""
        named = {field.name: self[field.name] for field in fields(self)}
        for shade in ("hover", "pressed", "edge", "disabled", "marked", "on_link"):
            named[shade] = self[shade]
        for role in ("accent", "good", "caution", "danger", "link"):
            named[f"{role}_soft"] = self.soft(role)
            named[f"{role}_edge"] = mix(self.card, self[role], 0.35)
        named["row_hover"] = mix(self.card, self.text, 0.03)
        named["scroll"] = mix(self.card, self.dim, 0.45)
        named["accent_hover"] = mix(self.accent, self.on_accent, 0.08)
        named["accent_pressed"] = mix(self.accent, self.on_accent, 0.18)
        return named


LIGHT = Colours(
    scheme="light",
    window="#f4f5f7",
    card="#ffffff",
    control="#ffffff",
    line="#dfe2e8",
    text="#1b1f27",
    dim="#5b6474",
    accent="#f59e0b",
    on_accent="#1f1500",
    good="#147b3a",
    caution="#ae4f08",
    danger="#c02735",
    link="#2459d3",
    selection="#eef1f7",
)

DARK = Colours(
    scheme="dark",
    window="#16181d",
    card="#1c1f26",
    control="#242832",
    line="#2e333e",
    text="#e6e8ec",
    dim="#9aa3b2",
    accent="#f7a11b",
    on_accent="#1a1205",
    good="#3fb27f",
    caution="#e0a93b",
    danger="#eb7b83",
    link="#7aa7ff",
    selection="#2a3040",
)


def colours_now() -> Colours:
    """The theme on the screen, read from the application's palette, which every widget is given."""
    window = QGuiApplication.palette().color(QPalette.ColorRole.Window)
    return DARK if window.lightness() < 128 else LIGHT


def mix(under: str, over: str, share: float) -> str:
    """``under`` with ``share`` (0 to 1) of ``over`` painted on it."""
    pairs = zip(_channels(under), _channels(over), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it; text needs 4.5."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)
