"""A page of the window: what the rail needs to know about it, and how to build it when it is first shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtWidgets import QWidget


class Page(Protocol):
    """``name`` is a unique word (``requests``), ``title`` stands under the icon, ``icon`` names a drawing."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def icon(self) -> str: ...
    def build(self) -> QWidget: ...


@dataclass(frozen=True, slots=True)
class LazyPage:
    """A page from its parts; ``make`` is called once, when the page is first shown."""

    name: str
    title: str
    icon: str
    make: Callable[[], QWidget]

    def build(self) -> QWidget:
        return self.make()
