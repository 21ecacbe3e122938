"""What a process costs is read from the kernel, not guessed."""

from __future__ import annotations

import sys
import time

from l402desk.session.process import age_ms, resources


def test_a_process_only_grows_older() -> None:
    before = age_ms()
    time.sleep(0.03)  # two ticks of the kernel's clock
    assert age_ms() > before > 0


def test_memory_and_modules_are_those_of_now() -> None:
    found = resources()
    assert found["modules"] == len(sys.modules)
    assert found["rss_mb"] >= 0
