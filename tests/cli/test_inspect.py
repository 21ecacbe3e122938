"""The command from outside: its exit status, its one line on standard error, and what it never imports."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from l402desk.cli.inspect import read_options, run
from tests.fakes.challenges import HASH, PROOF, mint_token
from tests.fakes.invoices import NOW, mint_invoice

ROOT = Path(__file__).resolve().parent.parent.parent
INVOICE = mint_invoice()
CHALLENGE = f'L402 version="0", macaroon="{mint_token()}", invoice="{INVOICE}"'
RESPONSE = f"HTTP/1.1 402 Payment Required\r\nWWW-Authenticate: {CHALLENGE}\r\n\r\npay first\n"
AT = ("--now", "2023-11-14T22:14:00Z")
COMMAND = "import sys; from l402desk.cli.inspect import run; sys.exit(run(sys.argv[1:]))"


def command(
    *arguments: str, given: str = "", code: str = COMMAND, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    settings = {**os.environ, "PYTHONIOENCODING": "utf-8", **(environment or {})}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        input=given.encode(),
        cwd=ROOT,
        env=settings,
        capture_output=True,
        timeout=60,
        check=False,
    )


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = run(arguments)
    out, err = capsys.readouterr()
    return status, out, err


def found(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    status, out, err = said(capsys, *arguments, "--json", *AT)
    assert err == ""
    assert status in (0, 1)
    return json.loads(out)


@pytest.mark.parametrize(
    ("source", "status"),
    [
        (CHALLENGE, 0),
        (f'L402 token="deposit_1", invoice="{INVOICE}"', 0),  # caution asks a person to look; it is no danger
        (INVOICE, 0),
        (mint_token(), 0),
        (f"L402 {mint_token()}:{PROOF.hex}", 0),
        (f'L402 macaroon="{mint_token()}", invoice="{mint_invoice(None)}"', 1),
        (f'L402 macaroon="{mint_token()}", invoice="lnbc1demo"', 1),
        (f"L402 {mint_token()}:{'11' * 32}", 1),
        (mint_invoice(payment_secret=None), 1),
        ("hello", 2),
        (INVOICE[:-1] + "q", 2),
        ("L402", 2),
        ("", 2),
    ],
)
def test_the_exit_status_tells_the_verdict(capsys: pytest.CaptureFixture[str], source: str, status: int) -> None:
    got, out, err = said(capsys, source, *AT)
    assert got == status
    assert (out == "", err == "") == (status == 2, status != 2)
    if status == 2:
        assert err.startswith("l402desk inspect: ")
        assert err.count("\n") == 1


def test_a_subprocess_reads_standard_input_and_ends_as_it_should() -> None:
    for arguments in (("-", *AT), AT):
        ended = command(*arguments, given=RESPONSE)
        assert ended.returncode == 0
        assert ended.stdout.decode().startswith("✓ PAYABLE  21 sats.")
        assert ended.stderr == b""
    assert command("-", *AT, given=RESPONSE.replace("402 Pay", "200 Pay")).returncode == 1
    unreadable = command("-", given="\x00\ufffd")
    assert unreadable.returncode == 2
    assert unreadable.stderr.count(b"\n") == 1
    assert b"Traceback" not in unreadable.stderr


def test_nothing_heavy_is_imported() -> None:
    heavy = ("PySide6", "shiboken6", "httpx", "keyring", "sqlite3", "asyncio", "ssl", "cryptography", "pymacaroons",
             "bolt11", "argparse", "urllib.parse", "l402desk.client", "l402desk.store")  # fmt: skip
    code = (
        "import sys; from l402desk.cli.inspect import run; status = run(sys.argv[1:]); "
        f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr); sys.exit(status)"
    )
    for arguments in ((CHALLENGE, *AT), (CHALLENGE, "--json", *AT), ("-", *AT)):
        ended = command(*arguments, given=RESPONSE, code=code)
        assert ended.returncode == 0
        assert ended.stderr.decode().strip() == "[]"


def test_a_plain_terminal_is_no_obstacle() -> None:
    ended = command(CHALLENGE.replace("version", "vërsion"), *AT, environment={"PYTHONIOENCODING": "ascii"})
    assert ended.returncode == 0
    assert ended.stdout.isascii()
    broken = command("“", environment={"PYTHONIOENCODING": "ascii"})
    assert (broken.returncode, broken.stderr.isascii()) == (2, True)


def test_a_reader_that_leaves_early_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = subprocess.run(
            [sys.executable, "-c", COMMAND, CHALLENGE, *AT],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=writing,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    finally:
        os.close(writing)
    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no full device")
def test_a_full_disk_is_told() -> None:
    with open("/dev/full", "wb") as full:
        ended = subprocess.run(
            [sys.executable, "-c", COMMAND, CHALLENGE, *AT], cwd=ROOT, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert ended.returncode == 2
    assert ended.stderr.startswith(b"l402desk inspect: The result cannot be written: ")
    assert ended.stderr.count(b"\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
def test_closed_streams_are_no_obstacle() -> None:
    line = f"exec '{sys.executable}' -c '{COMMAND}' \"$0\" >&- 2>&-"
    for source, status in ((INVOICE, 1), ("hello", 2)):
        ended = subprocess.run(["/bin/sh", "-c", line, source], cwd=ROOT, stdin=subprocess.DEVNULL, check=False)
        assert ended.returncode == status


def test_standard_input_that_breaks_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Broken:
        buffer: Any

        def __init__(self) -> None:
            self.buffer = self

        def isatty(self) -> bool:
            return False

        def read(self, _most: int) -> bytes:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(sys, "stdin", Broken())
    assert said(capsys, "-") == (2, "", "l402desk inspect: Standard input cannot be read: Input/output error.\n")


def test_a_file_is_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "response.txt"
    for content in (RESPONSE.encode(), b"\xef\xbb\xbf" + RESPONSE.encode(), RESPONSE.encode("utf-16")):
        file.write_bytes(content)
        assert said(capsys, str(file), *AT)[0] == 0


def test_a_file_that_cannot_be_read_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status, out, err = said(capsys, str(tmp_path / "none.txt"))
    assert (status, out) == (2, "")
    assert "there is no file of that name" in err
    assert err.count("\n") == 1
    status, _, err = said(capsys, str(tmp_path))
    assert status == 2
    assert "cannot be read" in err


@pytest.mark.parametrize("arguments", [["--what"], ["a", "b"], [CHALLENGE, "--now"], [CHALLENGE, "--now=soon"], ["-x"]])
def test_a_wrong_command_line_shows_the_usage(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    status, out, err = said(capsys, *arguments)
    assert (status, out) == (2, "")
    assert "usage: l402desk inspect" in err


def test_help_is_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = said(capsys, "--help")
    assert status == 0
    assert out.startswith("usage: l402desk inspect [TEXT|FILE|-] [--json] [--now ISO8601]")


@pytest.mark.parametrize("arguments", [(), ("-",)])
def test_it_never_waits_for_a_person_to_type(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: Sequence[str]
) -> None:
    class Keyboard:
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Keyboard())
    status, _, err = said(capsys, *arguments)
    assert status == 2
    assert "give a text or a file" in err


def test_options_are_read_in_any_order() -> None:
    options = read_options(["--json", "--now=2023-11-14T22:13:20Z", "--", "--odd"])
    assert (options.source, options.as_json, options.now) == ("--odd", True, NOW)
    assert read_options(["--now", "2023-11-14T23:13:20+01:00", "x"]).now == NOW
    assert read_options([]).source is None


def test_the_json_names_its_kind(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert found(capsys, CHALLENGE)["kind"] == "challenge"
    assert found(capsys, INVOICE)["kind"] == "invoice"
    assert found(capsys, mint_token())["kind"] == "macaroon"
    paid = found(capsys, f"Authorization: LSAT {mint_token()}:{PROOF.hex}")
    assert (paid["kind"], paid["challenges"][0]["scheme"]) == ("token", "LSAT")
    assert PROOF.hex not in json.dumps(paid)
    file = tmp_path / "r"
    file.write_text(RESPONSE)
    whole = found(capsys, str(file))
    assert whole["challenges"][0]["invoice"]["payment_hash"] == HASH.hex


def test_the_time_of_judgement_can_be_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = said(capsys, CHALLENGE, "--json", "--now", "2023-11-15T22:14:00Z")
    assert status == 1
    assert json.loads(out)["challenges"][0]["invoice"]["expired"] is True
    assert json.loads(out)["challenges"][0]["findings"][0]["message"] == (
        "The invoice expired 23 hours ago. Send again for a fresh one."
    )
