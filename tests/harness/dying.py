"""Runs a function in a forked process, and has strace kill it, or fail its system calls, at a chosen moment.

The modules are imported before the fork: a process that starts in milliseconds can be killed at every single write.
Nothing else is shared with it. `strace` must be installed, and be allowed to trace (`can_trace`).
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

Main = Callable[[], int]
PR_SET_PTRACER, ANY = 0x59616D61, -1  # prctl(2): let any process trace this one, where Yama would not

WRITING = (
    "write", "pwrite64", "writev", "pwritev", "fsync", "fdatasync", "ftruncate", "truncate", "unlink", "unlinkat",
    "rename", "renameat", "renameat2", "link", "linkat", "symlink", "mkdir", "mkdirat", "rmdir", "chmod", "fchmod",
    "fchmodat", "copy_file_range", "sendfile", "fallocate",
)  # fmt: skip
"""Every call that changes what is on a disk. Their order between two kills is what a crash can leave."""


@dataclass(frozen=True, slots=True)
class Point:
    """A moment in a process's life: before its ``number``th call of this name about this file, counted from one.

    ``file`` is relative to the folder that is looked at; empty for calls about any file. strace counts for each thread
    by itself, so only the file tells what a second thread does from what the first one has done already.
    """

    call: str
    number: int
    file: str = ""

    def __str__(self) -> str:
        return f"{self.call} {self.number}" + (f" of {self.file}" if self.file else "")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended, and what it said. ``status`` is negative for a signal."""

    status: int
    out: str
    err: str

    @property
    def was_killed(self) -> bool:
        return self.status == -signal.SIGKILL


@functools.cache
def can_trace() -> str:
    """Why processes cannot be traced here; empty if they can."""
    if not sys.platform.startswith("linux"):
        return "strace is a Linux program"
    if shutil.which("strace") is None:
        return "strace is not installed here"
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        if run(_nothing, {}, trace=("-e", "trace=write", "-o", os.devnull)).status == 0:
            return ""
    return "strace may not trace processes here"


def _nothing() -> int:
    return 0


def run(
    main: Main,
    environ: Mapping[str, str],
    *,
    trace: tuple[str, ...] = (),
    kill_after: float | None = None,
    patience: float = 120.0,
    heard: bytes = b"",
) -> Ended:
    """Run ``main`` in a process of its own under strace with these options, if any; kill it after so many seconds.

    ``heard`` is what it finds on its standard input.
    """
    with tempfile.TemporaryFile() as into, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        into.write(heard)
        into.seek(0)
        process = start(main, environ, out.fileno(), err.fileno(), into=into.fileno(), traced=bool(trace))
        tracer = _attach(process.pid, trace) if trace else None
        try:
            process.go()
            status = process.wait(patience if kill_after is None else kill_after)
        finally:
            if tracer is not None:
                tracer.wait(patience)
                assert tracer.stderr is not None
                tracer.stderr.close()
        return Ended(status, _text(out), _text(err))


def kill_at(main: Main, environ: Mapping[str, str], point: Point, folder: Path) -> Ended:
    """Run it until this point and no further; it ends by itself where it never comes to the point."""
    kill = f"inject={point.call}:signal=KILL:when={point.number}"
    only = _about((str(folder / point.file),) if point.file else ())
    return run(main, environ, trace=("-f", "-e", f"trace={point.call}", "-e", kill, "-o", os.devnull, *only))


def fail_at(
    main: Main, environ: Mapping[str, str], point: Point, error: str, *, for_good: bool, only: tuple[str, ...] = ()
) -> Ended:
    """Run it with this call failing at this point, and from then on if the fault is there to stay.

    With ``only`` nothing but calls about these files counts and fails.
    """
    when = f"{point.number}+" if for_good else str(point.number)
    fault = f"inject={point.call}:error={error}:when={when}"
    trace = ("-f", "-e", f"trace={point.call}", "-e", fault, "-o", os.devnull, *_about(only))
    return run(main, environ, trace=trace)


def count_calls(
    main: Main, environ: Mapping[str, str], calls: tuple[str, ...] = WRITING, *, only: tuple[str, ...] = ()
) -> tuple[Ended, Counter[str]]:
    """Run it to its end and count its calls by name, those about these files if there are any.

    Counted are those of the thread that makes most of them: strace counts for each thread by itself.
    """
    with tempfile.NamedTemporaryFile("r") as log:
        trace = ("-f", "-e", f"trace=?{',?'.join(calls)}", "-o", log.name, *_about(only))
        ended = run(main, environ, trace=trace)
        made = Counter(re.findall(r"^(\d+)\s+(\w+)\(", log.read(), flags=re.MULTILINE))
    most: Counter[str] = Counter()
    for (_, call), count in made.items():
        most[call] = max(most[call], count)
    return ended, most


def points_of(
    main: Main, environ: Mapping[str, str], folder: Path, files: tuple[str, ...]
) -> tuple[Ended, list[Point]]:
    """Run it to its end; every moment before one of its writes: those about ``files`` one by one, and all others."""
    with tempfile.NamedTemporaryFile("r") as log:
        ended = run(main, environ, trace=("-f", "-y", "-e", f"trace=?{',?'.join(WRITING)}", "-o", log.name))
        lines = log.read().splitlines()
    counts: Counter[tuple[str, str, str]] = Counter()
    points: set[Point] = set()
    for line in lines:
        found = re.match(r"(\d+)\s+(\w+)\((.*)", line)
        if found is None:
            continue
        thread, call, arguments = found.groups()
        about = [name for name in files if re.search(rf'["<]{re.escape(str(folder / name))}[">]', arguments)]
        for file in {"", *about[:1]}:
            counts[thread, call, file] += 1
        file = about[0] if about else ""
        points.add(Point(call, counts[thread, call, file], file))
    return ended, sorted(points, key=lambda point: (point.call, point.file, point.number))


@dataclass(frozen=True, slots=True)
class Process:
    """A forked process that waits for `go`."""

    pid: int
    _gate: int

    def go(self) -> None:
        os.write(self._gate, b"g")
        os.close(self._gate)

    def wait(self, seconds: float) -> int:
        """Its status, as `Ended.status`; it is killed when the time is over."""
        deadline = time.monotonic() + seconds
        pause = 0.001
        while True:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            left = deadline - time.monotonic()
            if left <= 0:
                os.kill(self.pid, signal.SIGKILL)
                return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
            time.sleep(min(pause, left))
            pause = min(pause * 1.5, 0.01)


def start(
    main: Main, environ: Mapping[str, str], out: int, err: int, *, into: int | None = None, traced: bool = False
) -> Process:
    """Fork; the child waits at its gate, then runs ``main`` and ends with its status."""
    behind, gate = os.pipe()
    pid = os.fork()
    if pid:
        os.close(behind)
        return Process(pid, gate)
    status = 70
    try:
        os.close(gate)
        os.dup2(os.open(os.devnull, os.O_RDONLY) if into is None else into, 0)
        os.dup2(out, 1)
        os.dup2(err, 2)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - for as long as the process lives
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
        sys.dont_write_bytecode = True  # those writes are Python's, not the program's
        os.environ.update(environ)
        if traced:
            ctypes.CDLL(None).prctl(PR_SET_PTRACER, ANY, 0, 0, 0)
        os.read(behind, 1)
        status = main()
        sys.stdout.flush()
    except BaseException:  # noqa: BLE001 - the child must never return into its parent's code
        import traceback

        traceback.print_exc()
    finally:
        os._exit(status)


def _about(files: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for file in files for word in ("-P", file))


def _attach(pid: int, options: tuple[str, ...]) -> subprocess.Popen[bytes]:
    tracer = subprocess.Popen(["strace", "-p", str(pid), *options], stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    assert tracer.stderr is not None
    said = tracer.stderr.readline()
    if b"attached" not in said:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise OSError(f"strace does not attach: {said.decode(errors='replace').strip()}")
    return tracer


def _text(file: object) -> str:
    file.seek(0)  # type: ignore[attr-defined]
    return str(file.read().decode("utf-8", "replace"))  # type: ignore[attr-defined]
