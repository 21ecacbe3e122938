"""``l402desk wallets`` from the outside: what it prints, what it keeps to itself, and its exit status."""

from __future__ import annotations

import asyncio
import functools
import io
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from l402desk.__main__ import main
from l402desk.cli import wallets as module
from l402desk.cli.opening import PASSPHRASE_FILE
from l402desk.store import passphrase
from l402desk.wallets.catalogue import KINDS
from tests.fakes.certificates import certificate_file, server_context
from tests.harness.lnbits import Lnbits
from tests.harness.lnd import Lnd
from tests.harness.mint import Mint

Run = Callable[..., "Said"]
NOBODY_THERE = "lnbits+http://127.0.0.1:1?key=5ec2e7"


class Said:
    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    file = tmp_path / "passphrase"
    file.write_text("correct horse battery staple\n", encoding="utf-8")
    monkeypatch.setenv(PASSPHRASE_FILE, str(file))
    # Slow by design, and the same for every command of one test.
    monkeypatch.setattr(passphrase, "_derive", functools.cache(passphrase._derive))

    def run(*arguments: str, stdin: str | None = None) -> Said:
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        status = main(["wallets", *arguments])
        said = capsys.readouterr()
        return Said(status, said.out, said.err)

    return run


@pytest.fixture
def lnbits(tmp_path: Path) -> Iterator[Lnbits]:
    server = Lnbits(Mint(tmp_path), tmp_path / "paid", balance=2_100_000)
    with _served(server.serving()):
        yield server


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Lnd]:
    """With a certificate that nobody knows."""
    server = Lnd(Mint(tmp_path), tmp_path / "paid", balance=2_100_000)
    with _served(server.serving(tls=server_context(certificate_file(tmp_path)))):
        yield server


@contextmanager
def _served(serving: AbstractAsyncContextManager[object]) -> Iterator[None]:
    """A mock server on a loop of its own: each command runs its own and ends it."""
    loop, up, end = asyncio.new_event_loop(), threading.Event(), asyncio.Event()

    async def serve() -> None:
        async with serving:
            up.set()
            await end.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert up.wait(5)
    yield
    loop.call_soon_threadsafe(end.set)
    thread.join(5)
    loop.close()


def connection(lnbits: Lnbits, key: str = "") -> str:
    return f"lnbits+{lnbits.url}?key={key or lnbits.key}"


def test_a_wallet_is_added_by_standard_input_tested_and_listed(run: Run, lnbits: Lnbits) -> None:
    added = run("add", "Home", "-", stdin=f"{connection(lnbits)}\n")
    assert added.status == 0
    assert "“Home” is stored and pays where no wallet is named" in added.out
    assert "It holds 2\u202f100 sats" in added.out
    tested = run("test", "Home")
    assert tested.status == 0
    for words in ("It may pay", "“Harness”", "without a key"):
        assert words in " ".join(tested.out.split())
    listed = run("list")
    assert listed.status == 0
    assert "Home  lnbits  pays, default  " + connection(lnbits).replace(lnbits.key, "…") in listed.out
    for said in (added, tested, listed):
        assert lnbits.key not in said.out + said.err


def test_the_same_in_json(run: Run, lnbits: Lnbits) -> None:
    added = run("add", "Home", connection(lnbits), "--json").json
    assert (added["name"], added["default"], added["test"]["ok"]) == ("Home", True, True)
    tested = run("test", "Home", "--json").json
    assert (tested["may_pay"], tested["pays"], tested["balance_msat"]) == (True, True, 2_100_000)
    assert tested["error"] is None
    (listed,) = run("list", "--json").json
    assert (listed["kind"], listed["watch_only"], listed["armed"], listed["intact"]) == ("lnbits", False, False, True)
    assert "connection" not in listed
    assert lnbits.key not in json.dumps(listed)


def test_secrets_are_shown_only_when_asked_for(run: Run, lnbits: Lnbits) -> None:
    run("add", "Home", connection(lnbits))
    assert connection(lnbits) in run("list", "--reveal").out
    assert run("list", "--reveal", "--json").json[0]["connection"] == connection(lnbits)


def test_a_key_that_cannot_pay_looks_only(run: Run, lnbits: Lnbits) -> None:
    added = run("add", "Home", connection(lnbits, lnbits.inkey))
    assert "It may look payments up, and does not pay." in added.out
    assert "looks only" in run("list").out
    tested = run("test", "Home", "--json")
    assert (tested.status, tested.json["may_pay"], tested.json["pays"]) == (0, False, False)
    refused = run("default", "Home")
    assert (refused.status, "only looks" in refused.err) == (2, True)


def test_a_wallet_that_does_not_answer_is_stored_and_fails_its_test(run: Run) -> None:
    added = run("add", "Home", NOBODY_THERE)
    assert added.status == 0
    assert "could not be tried: 127.0.0.1:1 cannot be reached" in added.err
    tested = run("test", "Home")
    assert (tested.status, tested.out) == (1, "")
    assert "nothing listens there" in tested.err
    as_json = run("test", "Home", "--json")
    assert as_json.status == 1
    assert (as_json.json["ok"], as_json.json["may_pay"]) == (False, None)
    assert "nothing listens there" in as_json.json["error"]["sentence"]


def test_default_arm_rename_and_remove(run: Run) -> None:
    run("add", "Home", NOBODY_THERE)
    run("add", "Other", NOBODY_THERE)
    assert run("default", "Other").out == "“Other” pays where no wallet is named.\n"
    armed = run("arm", "Other", "--json")
    assert (armed.json["armed"], armed.json["default"]) == (True, True)
    assert "before all three budgets are set" in armed.err
    assert "by itself" in run("list").out
    assert run("rename", "Other", "Another").status == 0
    assert run("disarm", "Another", "--json").json["armed"] is False
    assert run("remove", "Another", "--json").json == {"name": "Another", "removed": True}
    assert [wallet["name"] for wallet in run("list", "--json").json] == ["Home"]
    run("remove", "Home")
    assert run("list", "--json").json == []
    empty = run("list")
    assert (empty.status, empty.out) == (0, "")
    assert "wallets add NAME CONNECTION" in empty.err


def test_a_host_gets_a_wallet_of_its_own(run: Run) -> None:
    run("add", "Home", NOBODY_THERE)
    run("add", "Other", NOBODY_THERE)
    said = run("default", "Other", "--host", "api.example.com/v1")
    assert said.out == "“Other” pays at https://api.example.com where no wallet is named.\n"
    assert "default at 1 host" in run("list").out
    assert run("show", "Other", "--json").json["hosts"] == ["https://api.example.com"]
    assert run("default", "Home", "--host", "api.example.com", "--off").status == 0  # it was not its own
    assert run("show", "Other", "--json").json["hosts"] == ["https://api.example.com"]
    assert run("default", "Other", "--host", "https://api.example.com", "--off", "--json").json["hosts"] == []
    assert run("default", "Home", "--json").json["default"] is True
    for wrong in (["default", "Home", "--host", "not a host"], ["default", "Home", "--off"]):
        refused = run(*wrong)
        assert (refused.status, refused.out) == (2, "")


def test_a_wallet_is_disconnected_shown_and_connected_again(run: Run) -> None:
    run("add", "Home", NOBODY_THERE)
    assert "asked nothing" in run("disconnect", "Home").out
    shown = run("show", "Home")
    assert "pays, disconnected, default" in shown.out
    assert "5ec2e7" not in shown.out
    assert NOBODY_THERE in run("show", "Home", "--reveal").out
    assert run("connect", "Home", "--json").json["connected"] is True


def test_it_is_stored_to_look_alone_where_that_is_wanted(run: Run, lnbits: Lnbits) -> None:
    added = run("add", "Home", connection(lnbits), "--watch", "--json").json
    assert (added["watch_only"], added["test"]["may_pay"], added["test"]["pays"]) == (True, True, False)


def test_the_certificate_of_ones_own_node_is_pinned_by_its_fingerprint(run: Run, node: Lnd) -> None:
    text = f"lndconnect://{node.url.removeprefix('https://')}?macaroon={node.macaroon}"
    first = run("add", "Home", text)
    fingerprint = first.err.partition("It shows SHA-256 ")[2].partition(": compared")[0]
    assert len(fingerprint) == 95
    run("remove", "Home")
    other = run("add", "Home", text, "--pin", "AB" * 32)
    assert (other.status, "not the one of --pin" in other.err) == (1, True)
    assert run("list", "--json").json == []
    pinned = run("add", "Home", text, "--pin", fingerprint.lower())
    assert "It holds 2\u202f100 sats on regtest" in pinned.out, pinned.err
    assert run("test", "Home").status == 0
    assert node.macaroon not in first.err + other.err + pinned.err


def test_a_pin_that_is_not_needed_is_refused(run: Run, lnbits: Lnbits) -> None:
    assert run("add", "Home", connection(lnbits), "--pin", "AB" * 32).status == 2
    assert run("list", "--json").json == []


@pytest.mark.parametrize("command", ["show", "test", "default", "arm", "disarm", "remove", "connect", "disconnect"])
def test_a_name_that_is_not_there_is_not_found(run: Run, command: str) -> None:
    said = run(command, "Nobody")
    assert (said.status, said.out) == (1, "")
    assert said.err == (
        f"l402desk wallets {command}: There is no stored wallet “Nobody”. See “l402desk wallets list” for those"
        " there are.\n"
    )


def test_two_of_one_name_are_refused(run: Run) -> None:
    run("add", "Home", NOBODY_THERE)
    again = run("add", "home", NOBODY_THERE)
    assert (again.status, "already a wallet" in again.err) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["add", "Home", "https://pay.example"], "does not say which kind"),
        (["add", "Home", "lnbits+http://pay.example?key=5ec2e7"], "Without TLS"),
        (["add", "Home", "lndconnect://node.example:10009?macaroon=5ec2e7"], "speaks gRPC"),
        (["add", "phone", NOBODY_THERE], "already means something else"),
        (["add", "Home"], "required"),
        (["add", "Home", "-"], "No wallet connection was given"),
        (["frobnicate"], "invalid choice"),
        ([], "required"),
        (["list", "--frobnicate"], "unrecognized"),
    ],
)
def test_wrong_usage_is_told_without_the_secret(run: Run, arguments: list[str], words: str, home: Path) -> None:
    said = run(*arguments, stdin="")
    assert (said.status, said.out) == (2, "")
    assert words in said.err
    assert "5ec2e7" not in said.err


def test_help_shows_the_forms_and_opens_nothing(run: Run, home: Path) -> None:
    said = run("--help")
    assert said.status == 0
    for about in KINDS.values():
        assert about.form in said.out
    assert not home.exists()


def test_a_person_types_the_connection_unseen(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(module, "can_ask", lambda: True)
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", lambda _prompt: NOBODY_THERE)
    assert run("add", "Home", "-").status == 0

    def leave(_prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr("getpass.getpass", leave)
    assert run("add", "Other", "-").status == 2


def test_play_money_finds_a_sandbox_of_another_process(run: Run) -> None:
    command = [sys.executable, "-m", "l402desk", "sandbox", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sandbox:
        try:
            assert sandbox.stdout is not None
            assert "costs only play money" in sandbox.stdout.readline()
            added = run("add", "Play", "play:")
            assert (added.status, "100\u202f000 sats" in added.out) == (0, True), added.err
            assert run("test", "Play", "--json").json["may_pay"] is True
        finally:
            sandbox.terminate()
            sandbox.wait(10)
