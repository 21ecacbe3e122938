"""Results go to standard output, sentences to standard error, and a reader who leaves early sees no traceback."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest

from l402desk.cli import output
from l402desk.cli.page import Page


def run(code: str, stdout: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", f"from l402desk.cli.output import *\n{code}"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=stdout, stderr=subprocess.PIPE)


def test_json_ends_with_a_line_break_and_can_be_read_back(capsys: pytest.CaptureFixture[str]) -> None:
    output.write_json({"path": "/ü", "none": None})
    said = capsys.readouterr()
    assert json.loads(said.out) == {"path": "/ü", "none": None}
    assert said.out.endswith("}\n")
    assert said.err == ""


def test_a_page_goes_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    page = Page(unicode=True, colour=False)
    page.row("Amount", "21 sats")
    output.write_page(page)
    assert capsys.readouterr().out == "Amount        21 sats\n"


def test_a_complaint_is_one_line_named_after_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    output.complain("tokens list", "There is no\x1b[31m such\ntoken")
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "l402desk tokens list: There is no␛[31m such␊token.\n"


def test_what_the_terminal_cannot_write_becomes_a_question_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(raw, encoding="ascii"))
    output.write_text("ü\n")
    assert raw.getvalue() == b"?\n"


def test_closed_streams_are_no_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", None)
    monkeypatch.setattr("sys.stderr", None)
    output.write_text("nobody reads this")
    output.complain("send", "nobody reads that")


def test_a_reader_who_left_is_told_apart_and_leaves_no_traceback() -> None:
    code = """
import sys
sys.stdin.read()
try:
    write_text("x" * 1_000_000)
except OutputLost as lost:
    sys.exit(40 + lost.reader_left)
"""
    process = run(code, subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    _, errors = process.communicate(b"", timeout=20)
    assert (process.returncode, errors) == (41, b"")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /dev/full")
def test_a_full_disk_is_told() -> None:
    code = """
import sys
try:
    write_text("x")
except OutputLost as lost:
    sys.exit(str(lost))
"""
    with open("/dev/full", "wb") as full:
        process = run(code, full.fileno())
        _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (1, b"The result cannot be written: No space left on device.\n")
