"""Work is done once for the same inputs, half done work is done again, and nothing that was started stays behind."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from tests.peers.preparing import NotHere, do, stamped
from tests.peers.running import DidNotStart, free_port, free_ports, listening, started

SERVER = "import http.server, sys; http.server.test(http.server.SimpleHTTPRequestHandler, port=int(sys.argv[1]))"


@pytest.fixture(autouse=True)
def cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("L402DESK_PEERS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_work_is_done_once_for_the_same_content(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    done = []
    for content in ("one", "one", "two"):
        lock.write_text(content)
        with stamped("thing", lock, "words") as made:
            if not made.is_done:
                (made.folder / "made").write_text(content)
            done.append(made.is_done)
            assert (made.folder / "made").read_text() == content
    assert done == [False, True, False]


def test_what_failed_half_way_is_done_again() -> None:
    with pytest.raises(NotHere, match="no route to the registry"), stamped("thing") as made:
        (made.folder / "half").write_text("")
        raise NotHere("no route to the registry")
    with stamped("thing") as made:
        assert (made.is_done, list(made.folder.iterdir())) == (False, [])


def test_a_command_that_fails_says_what_it_said() -> None:
    with pytest.raises(NotHere, match=r"the thing: .* ended with status 3: it cannot be"):
        do([sys.executable, "-c", "import sys; sys.exit(print('it cannot be') or 3)"], "the thing")
    with pytest.raises(NotHere, match="there is no no-such-program"):
        do(["no-such-program"], "the thing")


def test_a_peer_runs_while_the_context_lasts_with_all_that_it_started(tmp_path: Path) -> None:
    port = free_port()
    script = f'sleep 60 & echo "$!" > {tmp_path}/child; exec "{sys.executable}" -c "$1" {port}'
    argv = ["/bin/sh", "-c", script, "sh", SERVER]
    with started(argv, ready=listening(port), log=tmp_path / "log", cwd=tmp_path) as peer:
        child = int((tmp_path / "child").read_text())
        assert peer.is_alive
        os.kill(child, 0)
    assert not peer.is_alive
    for _ in range(100):  # its last parent takes note of the end a little later
        if _is_gone(child):
            break
        time.sleep(0.02)
    assert _is_gone(child)


def _is_gone(pid: int) -> bool:
    try:
        return "State:\tZ" in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True


@pytest.mark.anyio
async def test_it_is_ready_when_its_log_says_so(tmp_path: Path) -> None:
    script = "import time; print('Ready to serve', flush=True); time.sleep(60)"
    async with started([sys.executable, "-c", script], ready=r"Ready to \w+", log=tmp_path / "log") as peer:
        assert peer.said() == "Ready to serve\n"


def test_one_that_ends_or_stays_silent_did_not_start(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", "print('bad option'); raise SystemExit(2)"]
    with pytest.raises(DidNotStart, match=r"status 2:\s+bad option"), started(argv, ready="ok", log=tmp_path / "log"):
        pass
    silent = [sys.executable, "-c", "import time; time.sleep(60)"]
    with pytest.raises(DidNotStart, match="not ready"), started(silent, ready="ok", log=tmp_path / "2", within_s=0.2):
        pass
    with pytest.raises(NotHere), started(["no-such-peer"], log=tmp_path / "3"):
        pass


def test_free_ports_are_different() -> None:
    assert len(set(free_ports(20))) == 20
