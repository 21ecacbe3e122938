"""What this process costs: its age, its memory, its modules (proc(5))."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

_STAT = Path("/proc/self/stat")


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
