"""The second start finds the first, tells it one thing, and is told what became of it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from l402desk.session import instance as module
from l402desk.session.instance import BURST, EVERY_S, MOST_CALLERS, Answer, Ending, Instance, first_or_ending
from l402desk.session.summons import MOST_BYTES, Summons, socket_name
from tests.fakes.clock import StillClock

URL = "https://api.example.com/data"
CALL = """
import sys
from pathlib import Path
from l402desk.session.instance import Instance
for url in sys.argv[2:]:
    print(Instance(Path(sys.argv[1])).claim_or_call(url, 5.0), flush=True)
"""


@pytest.fixture
def clock() -> StillClock:
    return StillClock(0.0)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("XDG_ACTIVATION_TOKEN", raising=False)
    return tmp_path


@pytest.fixture
def first(folder: Path, clock: StillClock, qtbot: QtBot) -> Iterator[Instance]:
    first = Instance(folder, clock)
    assert first.claim_or_call("") is None
    first.listen()
    yield first
    first.close()


@pytest.fixture
def heard(first: Instance) -> list[Summons]:
    summons: list[Summons] = []
    first.called.connect(summons.append)
    return summons


def second(qtbot: QtBot, folder: Path, *urls: str) -> list[str]:
    """What a second start, in a process of its own, heard for each address."""
    command = [sys.executable, "-c", CALL, str(folder), *urls]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        qtbot.waitUntil(lambda: process.poll() is not None, timeout=20_000)
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stderr.read() == ""
        return process.stdout.read().split()


def raw(folder: Path) -> socket.socket:
    caller = socket.socket(socket.AF_UNIX)
    caller.connect(socket_name(folder))
    caller.setblocking(False)
    return caller


def reply(qtbot: QtBot, caller: socket.socket) -> bytes:
    """What the first window answers before it hangs up."""
    said = b""

    def is_over() -> bool:
        nonlocal said
        try:
            part = caller.recv(100)
        except BlockingIOError:
            return False
        except ConnectionResetError:
            return True
        said += part
        return not part

    qtbot.waitUntil(is_over, timeout=10_000)
    caller.close()
    return said


def test_the_second_start_hands_its_address_over(
    first: Instance, heard: list[Summons], folder: Path, qtbot: QtBot
) -> None:
    assert second(qtbot, folder, URL) == ["Answer.TAKEN"]
    assert heard == [Summons(URL)]


def test_the_second_start_without_an_address_only_calls(
    first: Instance, heard: list[Summons], folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "token-of-the-start")
    assert second(qtbot, folder, "") == ["Answer.TAKEN"]
    assert heard == [Summons("", "token-of-the-start")]


def test_what_is_no_address_is_not_understood(
    first: Instance, heard: list[Summons], folder: Path, qtbot: QtBot
) -> None:
    assert second(qtbot, folder, "file:///etc/passwd") == ["Answer.NOT_UNDERSTOOD"]
    assert heard == []


def test_a_thousand_links_a_second_open_no_thousand_tabs(
    first: Instance, heard: list[Summons], clock: StillClock, folder: Path, qtbot: QtBot
) -> None:
    answers = second(qtbot, folder, *[f"{URL}/{number}" for number in range(100)])
    assert answers == ["Answer.TAKEN"] * BURST + ["Answer.BUSY"] * (100 - BURST)
    assert len(heard) == BURST
    clock.now += 2 * EVERY_S
    assert second(qtbot, folder, URL, URL, URL) == ["Answer.TAKEN", "Answer.TAKEN", "Answer.BUSY"]


@pytest.mark.skipif(os.name != "posix", reason="speaks to the socket")
def test_garbage_is_told_apart_from_a_call(first: Instance, heard: list[Summons], folder: Path, qtbot: QtBot) -> None:
    caller = raw(folder)
    caller.send(b"GET / HTTP/1.1\r\n\r\n")
    assert reply(qtbot, caller) == Answer.NOT_UNDERSTOOD.value
    assert heard == []


@pytest.mark.skipif(os.name != "posix", reason="speaks to the socket")
def test_who_never_ends_a_line_is_sent_away(first: Instance, heard: list[Summons], folder: Path, qtbot: QtBot) -> None:
    caller = raw(folder)
    sent = 0

    def is_sent_away() -> bool:
        nonlocal sent
        try:
            sent += caller.send(b"x" * 8_192)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return False

    qtbot.waitUntil(is_sent_away, timeout=10_000)
    caller.close()
    assert sent >= MOST_BYTES
    assert heard == []


@pytest.mark.skipif(os.name != "posix", reason="speaks to the socket")
def test_who_says_nothing_is_sent_away(
    first: Instance, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE_MS", 50)
    assert reply(qtbot, raw(folder)) == b""


@pytest.mark.skipif(os.name != "posix", reason="speaks to the socket")
def test_a_crowd_of_silent_callers_is_bounded_and_harmless(
    first: Instance, heard: list[Summons], folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE_MS", 300)
    crowd = [raw(folder) for _ in range(MOST_CALLERS + 5)]
    gone = [reply(qtbot, caller) for caller in crowd]
    assert gone == [b""] * len(crowd)
    assert second(qtbot, folder, URL) == ["Answer.TAKEN"]
    assert heard == [Summons(URL)]


@pytest.mark.skipif(os.name != "posix", reason="looks at the socket")
def test_only_this_user_may_call(first: Instance, folder: Path) -> None:
    assert Path(socket_name(folder)).stat().st_mode & 0o077 == 0


@pytest.mark.skipif(os.name != "posix", reason="leaves a socket behind")
def test_the_socket_of_a_window_that_died_is_taken_over(folder: Path, qtbot: QtBot) -> None:
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(socket_name(folder))
    stale.close()
    first = Instance(folder)
    assert first.claim_or_call(URL) is None
    first.listen()
    assert second(qtbot, folder, URL) == ["Answer.TAKEN"]
    first.close()


def test_after_the_first_has_closed_the_next_is_the_first(first: Instance, folder: Path) -> None:
    first.close()
    following = Instance(folder)
    assert following.claim_or_call(URL) is None
    following.close()


def test_a_window_that_does_not_answer_is_waited_for_and_then_told(folder: Path, qtbot: QtBot) -> None:
    silent = Instance(folder)
    assert silent.claim_or_call("") is None  # it never listens
    assert Instance(folder).claim_or_call(URL, patience_s=0.2) is Answer.NONE
    silent.close()


def test_a_start_that_waits_becomes_the_window_when_the_first_dies(folder: Path, qtbot: QtBot) -> None:
    dying = Instance(folder)
    assert dying.claim_or_call("") is None
    command = [sys.executable, "-c", CALL, str(folder), URL]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        qtbot.wait(300)  # it is waiting by now, or will find the folder free at once: both are right
        dying.close()
        said, _ = process.communicate(timeout=20)
    assert said == "None\n"


def test_without_the_lock_nobody_listens(folder: Path, qtbot: QtBot) -> None:
    instance = Instance(folder)
    instance.listen()
    assert not Path(socket_name(folder)).exists()
    instance.close()


def test_every_way_to_end_has_its_status_and_its_words(
    first: Instance, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {}
    for answer in Answer:
        monkeypatch.setattr(module, "_call", lambda _folder, _summons, answer=answer: answer)
        monkeypatch.setattr(module, "STARTING_S", 0.0)
        other = Instance(folder)
        monkeypatch.setattr(other, "claim_or_call", lambda _url, answer=answer: answer)
        told[answer] = first_or_ending(other, URL)
    assert told[Answer.TAKEN] == Ending(0)
    assert [ending.status for ending in told.values() if ending] == [0, 0, 2, 1]
    assert all(ending and ending.words for answer, ending in told.items() if answer is not Answer.TAKEN)


def test_a_folder_that_gives_no_locks_ends_the_start(folder: Path) -> None:
    (folder / "instance.lock").mkdir()
    ending = first_or_ending(Instance(folder), URL)
    assert ending is not None
    assert ending.status == 1
    assert "cannot be locked" in ending.words
