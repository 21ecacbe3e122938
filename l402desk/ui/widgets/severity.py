"""How serious something is, as an icon, a colour and a word: each says it alone."""

from __future__ import annotations

from dataclasses import dataclass

from l402desk.ui.assets import Tint


@dataclass(frozen=True, slots=True)
class Look:
    """The icon, its tint, and the word that stands for both."""

    icon: str
    tint: Tint
    word: str


_LOOKS = {
    "good": Look("check-circle", "good", "Good"),
    "info": Look("info", "link", "Note"),
    "warning": Look("warning", "caution", "Caution"),
    "danger": Look("danger", "danger", "Danger"),
}


def look_of(severity: str) -> Look:
    """The look of ``good``, ``info``, ``warning`` or ``danger``. Raises KeyError for any other word."""
    return _LOOKS[severity]
