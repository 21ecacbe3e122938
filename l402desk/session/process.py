"""This process: whether it has a screen, what it says where it was started, how it ends, what it costs (proc(5))."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn, TextIO

_STAT = Path("/proc/self/stat")


def has_no_screen(environ: Mapping[str, str]) -> bool:
    """Qt would abort the process with a page of its own words instead of saying so."""
    screens = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")
    return sys.platform.startswith("linux") and not any(environ.get(name) for name in screens)


def say(line: str, stream: TextIO | None = None) -> None:
    """A line for whoever started the app in a terminal; without one (a desktop icon) nobody reads it."""
    with contextlib.suppress(OSError, AttributeError):
        (stream or sys.stdout).write(f"{line}\n" if line else "")
        (stream or sys.stdout).flush()


def leave(status: int) -> NoReturn:
    """A job blocks past the deadline: what is committed is committed, and a running thread must not be destroyed."""
    logging.shutdown()
    sys.stdout.flush()
    os._exit(status)


def _stat_fields() -> list[str]:
    """The kernel's line about this process, from its third field on (proc(5))."""
    return _STAT.read_text(encoding="ascii").rpartition(")")[2].split() if _STAT.exists() else []


def age_ms() -> float:
    """Milliseconds since this process was started; where the kernel does not tell, those it has computed for."""
    fields = _stat_fields()
    if not fields:
        return round(time.process_time() * 1_000, 1)
    began = int(fields[19]) / os.sysconf("SC_CLK_TCK")
    return round((time.clock_gettime(time.CLOCK_BOOTTIME) - began) * 1_000, 1)


def resources() -> dict[str, float]:
    """Resident memory in megabytes (0 where the kernel does not tell), and how many modules are loaded."""
    fields = _stat_fields()
    resident = int(fields[21]) * os.sysconf("SC_PAGE_SIZE") / 1e6 if fields else 0.0
    return {"rss_mb": round(resident, 1), "modules": len(sys.modules)}
