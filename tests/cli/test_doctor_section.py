"""A section says the same to people and to programs."""

from __future__ import annotations

from l402desk.cli.doctor_section import Problem, Section


def test_a_line_is_told_in_words_and_as_a_value() -> None:
    section = Section("screen", "Screen")
    section.tell("Qt platform", "qt_platform", None, "none")
    section.tell("Open", "open", 3)
    assert section.rows == [("Qt platform", "none"), ("Open", "3")]
    assert section.data == {"qt_platform": None, "open": 3}


def test_a_problem_without_a_remedy_is_one_sentence() -> None:
    assert Problem("It is broken.").words == "It is broken."
    assert Problem("It is broken.", "Mend it.").words == "It is broken. Mend it."
