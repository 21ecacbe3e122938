"""The columns of a table of values: what each says of one, what it is sorted by, and which a narrow table keeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import Qt

Shown = TypeVar("Shown")
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Column(Generic[Shown, Key]):
    """A heading, the cell's words at a moment (unix seconds), its first width in logical pixels, its key, its side."""

    heading: str
    cell: Callable[[Shown, int], str]
    width: int
    order: Key
    is_figure: bool = False

    @property
    def side(self) -> Qt.AlignmentFlag | None:
        """Figures stand on the right, below each other; all else where the view puts it."""
        return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter if self.is_figure else None


Columns = Sequence[Column[Any, Any]]


def kept(columns: Columns, most_telling_first: Sequence[int], width: int) -> frozenset[int]:
    """The columns that have room in ``width`` logical pixels, the most telling ones first; always one at least."""
    shown: set[int] = set()
    for column in most_telling_first:
        width -= columns[column].width
        if width < 0 and shown:
            break
        shown.add(column)
    return frozenset(shown)


def heading(columns: Columns, section: int, orientation: Qt.Orientation, role: int, sorted_by: object = None) -> object:
    """A model's ``headerData``. Above ``sorted_by`` the heading stands on the left, figure or not.

    The arrow of the sorted column stands on the right too, and would lie on the heading.
    """
    if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(columns):
        return None
    column = columns[section]
    if role == Qt.ItemDataRole.DisplayRole:
        return column.heading
    return column.side if role == Qt.ItemDataRole.TextAlignmentRole and column.order != sorted_by else None
