"""Icons and style sheets from ``resources``, drawn in the colours of the theme that is on the screen."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal, Protocol

from PySide6.QtCore import QByteArray, QDir, QObject, QSize, Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication, QIcon, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

import l402desk
from l402desk.ui.colours import Colours, colours_now

Tint = Literal["normal", "dim", "accent", "on_accent", "good", "caution", "danger", "link", "disabled"]

ICON_SIZES = (16, 20, 24)  # logical pixels at which the app shows icons
_PLACEHOLDER = re.compile(r"@([a-z_]+)")


class TakesIcon(Protocol):
    """A button, an action: whatever shows an icon and remembers which."""

    def setIcon(self, icon: QIcon) -> None: ...
    def setProperty(self, name: str, value: object) -> bool: ...


def resource_root() -> Path:
    """The resources inside the installed package, or beside it in a checkout."""
    package = Path(l402desk.__file__).parent
    installed = package / "resources"
    return installed if installed.is_dir() else package.parent / "resources"


def announce_resources() -> None:
    """Let style sheets say ``url(l402desk:qss/light/check.svg)``."""
    QDir.setSearchPaths("l402desk", [str(resource_root())])


def icon_names() -> tuple[str, ...]:
    """Every icon there is, sorted."""
    return tuple(sorted(file.stem for file in (resource_root() / "icons").glob("*.svg")))


def icon(name: str, tint: Tint = "normal", *, checked: Tint | None = None) -> QIcon:
    """The icon in the current theme; grey when disabled, and ``checked`` where it is on.

    The pixels are those of this theme: a widget that must follow a change takes ``set_icon``, a model asks
    again. Raises FileNotFoundError for a name that does not exist.
    """
    made = QIcon()
    faces = [(QIcon.Mode.Normal, QIcon.State.Off, tint), (QIcon.Mode.Disabled, QIcon.State.Off, "disabled")]
    if checked is not None:
        faces += [(QIcon.Mode.Normal, QIcon.State.On, checked), (QIcon.Mode.Active, QIcon.State.On, checked)]
    for mode, state, face_tint in faces:
        for size in ICON_SIZES:
            for ratio in _ratios():
                made.addPixmap(pixmap(name, size, face_tint, ratio=ratio), mode, state)
    return made


def set_icon(target: TakesIcon, name: str, tint: Tint = "normal", *, checked: Tint | None = None) -> None:
    """Give a button or an action an icon that is tinted anew when the theme changes."""
    target.setProperty("iconName", name)
    target.setProperty("iconTint", tint)
    target.setProperty("iconChecked", checked or "")
    target.setIcon(icon(name, tint, checked=checked))


def tint_again(target: QObject) -> None:
    """Draw the icon that ``set_icon`` gave to ``target`` in the colours of now, if there is one."""
    name = target.property("iconName")
    if name:
        checked = target.property("iconChecked") or None
        target.setIcon(icon(name, target.property("iconTint"), checked=checked))  # type: ignore[attr-defined]  # whatever took `set_icon` has it


def pixmap(name: str, size: int, tint: str = "normal", *, ratio: float = 1.0) -> QPixmap:
    """The icon as ``size`` × ``size`` logical pixels, rendered at exactly ``size * ratio`` device pixels."""
    role = "text" if tint == "normal" else tint
    colour = colours_now()[role]
    return _rendered(name, colour, round(size * ratio), ratio)


def app_icon() -> QIcon:
    """The icon of the window and the task bar, in its own colours."""
    made = QIcon()
    for pixels in (16, 24, 32, 48, 64, 128, 256):
        made.addPixmap(_rendered("l402desk", "", pixels, 1.0))
    return made


def tinted_svg(name: str, colour: str) -> bytes:
    """The drawing with its one colour filled in. Raises FileNotFoundError."""
    drawing = (resource_root() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    return drawing.replace("currentColor", colour).encode()


def stylesheet(colours: Colours, points: float = 10.0) -> str:
    """The style sheet of the app with every ``@name`` filled in; ``points`` is the size of the system's font.

    Raises KeyError for a placeholder that no colour and no size answers to.
    """
    template = (resource_root() / "qss" / "desk.qss").read_text(encoding="utf-8")
    values = colours.by_name() | _sizes(points)
    return _PLACEHOLDER.sub(lambda found: values[found[1]], template)


def _sizes(points: float) -> dict[str, str]:
    scale = {"rail": 0.85, "small": 0.92, "heading": 1.1, "unit": 1.2, "title": 1.4, "price": 3.4}
    sizes = {f"size_{name}": f"{points * factor:.1f}pt" for name, factor in scale.items()}
    family = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
    return sizes | {"mono": f'"{family}", monospace'}


def _ratios() -> tuple[float, ...]:
    """1 and 2 always, so that a screen plugged in later is served well; any other ratio in use exactly."""
    return tuple(sorted({1.0, 2.0} | {screen.devicePixelRatio() for screen in QGuiApplication.screens()}))


def _rendered(name: str, colour: str, pixels: int, ratio: float) -> QPixmap:
    key = f"l402desk/{name}/{colour}/{pixels}/{ratio}"
    found = QPixmap()
    if QPixmapCache.find(key, found):
        return found
    drawing = QSvgRenderer(QByteArray(tinted_svg(name, colour)))
    made = QPixmap(QSize(pixels, pixels))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    drawing.render(painter)
    painter.end()
    made.setDevicePixelRatio(ratio)
    QPixmapCache.insert(key, made)
    return made
