"""Which process holds a purchase: what a dead one left is taken up at once, what a living one does is left alone."""

from __future__ import annotations

import functools
import os
import uuid
from pathlib import Path

from l402desk.ledger.uptime import uptime

_RUN = uuid.uuid4().hex


@functools.cache
def this_process() -> str:
    """A name for this process that no other one, of any boot, has."""
    began = _began(os.getpid())
    return f"{uptime().boot}:{os.getpid()}:{began or _RUN}"


def is_gone(owner: str) -> bool:
    """Has the process that wrote this ended? False where nobody can tell: then its age must do."""
    if owner == this_process():
        return False
    boot, _, rest = owner.partition(":")
    pid, _, began = rest.partition(":")
    if not pid.isdecimal() or not began.isdecimal():
        return False
    return boot != uptime().boot or _began(int(pid)) != began


def _began(pid: int) -> str:
    """The kernel's start time of a process (proc(5), field 22); empty where there is none, or no such kernel."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()
    return "" if not fields or fields[0] in "ZX" else fields[19]
