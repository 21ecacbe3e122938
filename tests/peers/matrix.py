"""The matrix of peers and cases: a mark for tests, and what collects how they went into a table and a file.

``@case("LND", "stuck then settled")`` says that a test proves this cell. A cell that no test proves shows as ``–``.
"""

from __future__ import annotations

import json
import platform
import textwrap
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.peers.preparing import cache, took

WALLET_CASES = (
    "paid",
    "already paid",
    "no route",
    "insufficient",
    "expired",
    "stuck then settled",
    "killed mid-payment",
    "wrong credential",
    "backend down",
    "TLS changed",
)
SERVER_CASES = ("buy", "reuse", "expire", "refuse")
FILE = "matrix.json"
PASSED, FAILED, SKIPPED, MISSING = "pass", "FAIL", "skip", "–"
_versions: dict[str, str] = {}


def case(subject: str, name: str) -> pytest.MarkDecorator:
    """Mark a test, a class or a parameter as proof of a cell. Raises ValueError for a case that the matrix has not.

    An empty ``subject`` is the ``subject`` of the test's class, for cases that several peers inherit.
    """
    if name not in WALLET_CASES + SERVER_CASES:
        raise ValueError(f"the matrix has no case {name!r}")
    return pytest.mark.case(subject, name)


def versions(subject: str, told: str) -> None:
    """Write down which software a peer is: “lnd 0.21.2-beta”."""
    _versions[subject] = told


@dataclass(slots=True)
class Cell:
    """How the tests of one cell went; the worst counts, and a skip only where nothing else happened."""

    outcomes: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    @property
    def word(self) -> str:
        for worst in (FAILED, PASSED, SKIPPED):
            if worst in self.outcomes:
                return worst
        return MISSING

    def add(self, outcome: str, reason: str = "") -> None:
        self.outcomes.append(outcome)
        if reason and reason not in self.reasons:
            self.reasons.append(reason)


class Matrix:
    """Cells by subject and case."""

    def __init__(self) -> None:
        self.cells: dict[str, dict[str, Cell]] = {}

    def cell(self, subject: str, name: str) -> Cell:
        return self.cells.setdefault(subject, {}).setdefault(name, Cell())

    def table(self, versions: Mapping[str, str]) -> list[str]:
        """The lines to print: wallets, servers, versions, and the reason of every skip."""
        lines: list[str] = []
        notes: dict[str, int] = {}
        for title, cases in (("wallet", WALLET_CASES), ("server", SERVER_CASES)):
            subjects = [name for name, row in self.cells.items() if any(known in row for known in cases)]
            if subjects:
                lines += ["", *self._block(title, cases, subjects, notes)]
        lines += [""] if notes else []
        for reason, number in notes.items():
            lines += textwrap.wrap(f"[{number}] {reason}", 118, subsequent_indent="    ")
        lines += ["", *(f"{subject}: {told}" for subject, told in versions.items() if subject in self.cells)]
        return lines

    def _block(self, title: str, cases: Sequence[str], subjects: Sequence[str], notes: dict[str, int]) -> list[str]:
        rows = [[title, *cases]]
        for subject in subjects:
            row = [subject]
            for name in cases:
                cell = self.cells[subject].get(name, Cell())
                numbers = [notes.setdefault(reason, len(notes) + 1) for reason in cell.reasons]
                row.append(cell.word + "".join(f"[{number}]" for number in numbers))
            rows.append(row)
        widths = [max(len(row[column]) for row in rows) for column in range(len(cases) + 1)]
        return ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]

    def as_json(self, versions: Mapping[str, str]) -> dict[str, object]:
        return {
            "made_at": int(time.time()),
            "machine": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
            "versions": dict(versions),
            "seconds_to_prepare": took(),
            "cells": [
                {"subject": subject, "case": name, "outcome": cell.word, "reasons": cell.reasons}
                for subject, row in self.cells.items()
                for name, cell in row.items()
            ],
        }


class MatrixPlugin:
    """Listens to a test run of pytest."""

    def __init__(self, file: Path | None = None) -> None:
        self.matrix = Matrix()
        self._file = file

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        self._note(item, report)
        return report

    def _note(self, item: pytest.Item, report: pytest.TestReport) -> None:
        if not (report.when == "call" or report.failed or report.skipped):
            return
        outcome = FAILED if report.failed else SKIPPED if report.skipped else PASSED
        for subject, name in _cases_of(item):
            self.matrix.cell(subject, name).add(outcome, _reason(report) if report.skipped else "")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if not self.matrix.cells:
            return
        terminalreporter.section("real peers")
        for line in self.matrix.table(_versions):
            terminalreporter.write_line(line)
        file = self._file or cache() / FILE
        file.write_text(json.dumps(self.matrix.as_json(_versions), indent=1, ensure_ascii=False), encoding="utf-8")
        terminalreporter.write_line(f"as JSON: {file}")


def _cases_of(item: pytest.Item) -> Iterator[tuple[str, str]]:
    for mark in item.iter_markers("case"):
        subject, name = mark.args
        yield subject or item.cls.subject, name  # type: ignore[attr-defined]  # of a test in a class


def _reason(report: pytest.TestReport) -> str:
    told = report.longrepr
    return str(told[2]).removeprefix("Skipped: ") if isinstance(told, tuple) else str(told)
