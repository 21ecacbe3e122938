"""What the doctor found about one thing: lines for people, values for programs, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong and what to do, each in whole sentences, without a secret."""

    what: str
    remedy: str = ""

    @property
    def words(self) -> str:
        return f"{self.what} {self.remedy}".strip()


@dataclass(slots=True)
class Section:
    """``key`` names it in the JSON. A problem makes the app unwell; a hint is only worth knowing."""

    key: str
    title: str
    rows: list[tuple[str, str]] = field(default_factory=list)
    data: Json = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    hints: list[Problem] = field(default_factory=list)

    def tell(self, label: str, key: str, value: object, words: str | None = None) -> None:
        """One line, and the same as a value."""
        self.rows.append((label, str(value) if words is None else words))
        self.data[key] = value
