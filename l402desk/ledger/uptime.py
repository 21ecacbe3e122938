"""Time that nobody can set: which boot this is, and the seconds since it began, sleep included."""

from __future__ import annotations

import functools
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Uptime:
    """``boot`` names the boot; ``seconds`` since it began only ever grow."""

    boot: str
    seconds: int


UptimeClock = Callable[[], Uptime]


def uptime() -> Uptime:
    """Of this computer where it tells (Linux), else of this process: a wall clock set forward frees no budget."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    seconds = time.monotonic() if clock is None else time.clock_gettime(clock)
    return Uptime(_boot(), int(seconds))


@functools.cache
def _boot() -> str:
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return uuid.uuid4().hex
