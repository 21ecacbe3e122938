"""What a process costs is read from the kernel, not guessed."""

from __future__ import annotations

import io
import subprocess
import sys
import time

import pytest

from l402desk.session.process import age_ms, has_no_screen, resources, say


def test_a_process_only_grows_older() -> None:
    before = age_ms()
    time.sleep(0.03)  # two ticks of the kernel's clock
    assert age_ms() > before > 0


def test_memory_and_modules_are_those_of_now() -> None:
    found = resources()
    assert found["modules"] == len(sys.modules)
    assert found["rss_mb"] >= 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a screen")
@pytest.mark.parametrize("name", ["DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"])
def test_a_screen_is_named_by_the_environment(name: str) -> None:
    assert has_no_screen({})
    assert has_no_screen({name: ""})
    assert not has_no_screen({name: "x"})


def test_a_line_is_said_where_somebody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    say("hello", stream)
    say("", stream)
    assert stream.getvalue() == "hello\n"
    monkeypatch.setattr("sys.stdout", None)
    say("nobody listens")


def test_leaving_ends_at_once_with_everything_said() -> None:
    code = "import atexit; from l402desk.session.process import leave, say\n"
    code += "atexit.register(print, 'too late')\nprint('said', end='')\nleave(7)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (7, "said")
