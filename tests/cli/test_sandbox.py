"""The command serves, can be used with nothing but curl, and ends when it is told to."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from l402desk.cli.sandbox import run
from l402desk.sandbox.endpoints import ENDPOINTS
from l402desk.sandbox.quirks import QUIRKS
from l402desk.wallets.beacon import places

COMMAND = [sys.executable, "-m", "l402desk", "sandbox", "--port", "0"]
FIRST_LINE = re.compile(r"The sandbox is at (http://127\.0\.0\.1:[0-9]+) ")


@contextmanager
def running(*more: str) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """The process, its URL, and all it says at its start."""
    with subprocess.Popen([*COMMAND, *more], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            said = ""
            while "Authorization:" not in said:  # the last line of the greeting
                line = process.stdout.readline()
                assert line, process.stderr.read() if process.stderr else ""
                said += line
            found = FIRST_LINE.match(said)
            assert found is not None, said
            yield process, found[1], said
        finally:
            process.kill()


def ended(process: subprocess.Popen[str], number: signal.Signals) -> tuple[int, str]:
    process.send_signal(number)
    _, errors = process.communicate(timeout=10)
    return process.returncode, errors


def test_the_journey_of_the_three_curl_lines() -> None:
    with running() as (process, url, _), httpx.Client(base_url=url, trust_env=False) as client:
        challenge = client.get("/weather?city=Lisbon")
        assert challenge.status_code == 402
        macaroon, invoice = re.findall(r'"([^"]+)"', challenge.headers["www-authenticate"])
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        paid = client.post("/wallet/pay", content=f'{{"invoice": "{invoice}"}}', headers=form).json()
        credential = {"Authorization": f"L402 {macaroon}:{paid['preimage']}"}
        answer = client.get("/weather?city=Lisbon", headers=credential)
        assert (answer.status_code, answer.json()["city"]) == (200, "Lisbon")
        assert ended(process, signal.SIGTERM) == (0, "")


def test_ctrl_c_ends_it_even_while_a_client_waits() -> None:
    with running("--quirk", "hangs") as (process, url, said):
        assert QUIRKS["hangs"] in said
        host, _, port = url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))) as client:
            client.sendall(b"GET /weather HTTP/1.1\r\nHost: x\r\n\r\n")
            assert ended(process, signal.SIGINT) == (0, "")


def test_play_money_finds_it_while_it_runs(home: Path) -> None:
    with running() as (process, url, _):
        assert places(home / "cache")[0] == url
        assert ended(process, signal.SIGTERM) == (0, "")
    assert list((home / "cache" / "sandboxes").iterdir()) == []


def test_the_greeting_lists_every_url_with_its_price() -> None:
    with running() as (process, url, said):
        rows = [line for line in said.splitlines() if line.startswith(("  GET", "  POST"))]
        assert len(rows) == len(ENDPOINTS)
        weather = next(row for row in rows if "/weather" in row)
        assert f"{url}/weather?city=Lisbon" in weather
        assert "21 sats  A weather report, valid for one hour" in weather
        assert len({row.index("http") for row in rows}) == 1
        assert said.count("  curl ") == 3
        ended(process, signal.SIGTERM)


def test_a_taken_port_says_so_and_exits_1(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert run(["--port", str(port)]) == 1
    said = capsys.readouterr()
    assert f"port {port} is not to be had" in said.err
    assert said.out == ""


def test_an_unknown_quirk_is_a_usage_error_that_lists_the_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--quirk", "explodes"]) == 2
    said = capsys.readouterr().err
    assert all(name in said for name in QUIRKS)


@pytest.mark.parametrize("arguments", [["--port", "99999"], ["--port", "x"], ["--nonsense"], ["extra"]])
def test_a_wrong_command_line_is_a_usage_error(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    assert "usage: l402desk sandbox" in capsys.readouterr().err


def test_help_documents_every_quirk(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    for name, sentence in QUIRKS.items():
        assert f"{name} {sentence}" in said
