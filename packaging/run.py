#!/usr/bin/env python3
"""Set everything up and run: `run.py [ARGS]` starts L402 Desk (with its sandbox), `run.py test [ARGS]` the tests.

Standard library only. Makes `.venv` beside the package from the hash-locked requirements and starts again in
milliseconds while nothing changed. What the machine lacks is named in one sentence, with the one line that mends it.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = Path(os.environ.get("L402DESK_VENV", ROOT / ".venv"))
LOCKS = {"run": "requirements.lock", "test": "requirements-test.lock"}
LOCKED = ("--require-hashes", "--only-binary", ":all:", "-r")
OLDEST, NEWEST = (3, 11), (3, 13)

# What Qt's own libraries need from the system; the second list is for a real window (X11) only.
# soname -> (Debian and Ubuntu, Fedora)
OFFSCREEN = {
    "libGL.so.1": ("libgl1", "mesa-libGL"),
    "libEGL.so.1": ("libegl1", "mesa-libEGL"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2"),
}
WINDOW = {
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms"),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb"),
    "libxcb-render-util.so.0": ("libxcb-render-util0", "xcb-util-renderutil"),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb"),
    "libxcb-xinerama.so.0": ("libxcb-xinerama0", "libxcb"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11"),
    "libX11-xcb.so.1": ("libx11-xcb1", "libX11-xcb"),
}


def main(argv: list[str]) -> int:
    kind = "test" if argv[:1] == ["test"] else "run"
    trouble = unsuitable_python() or missing_pieces(libraries_for(kind, argv))
    if trouble:
        print(trouble, file=sys.stderr)
        return 1
    problem = make_environment(kind)
    if problem:
        print(problem, file=sys.stderr)
        return 1
    python = str(venv_python())
    if kind == "test":
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        # Everything runs on all cores; a chosen part is small enough for one.
        return hand_over([python, "-m", "pytest", *(argv[1:] or ["-n", "auto"])], folder=ROOT)
    return hand_over([python, "-m", "l402desk", *(argv or ["--sandbox"])], folder=None)


def unsuitable_python() -> str | None:
    """One sentence if this interpreter will not do, with the line that mends it."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return None
    have = ".".join(map(str, sys.version_info[:3]))
    other = next((p for minor in (13, 12, 11) if (p := shutil.which(f"python3.{minor}"))), None)
    again = f"{Path(other).name if other else 'python3.12'} packaging/run.py"
    install = (
        "" if other else f" after installing it: {install_line(['python3.12', 'python3.12-venv'], ['python3.12'])}"
    )
    return f"L402 Desk needs Python 3.11, 3.12 or 3.13; this is {have}. Run: {again}{install}"


def libraries_for(kind: str, argv: list[str]) -> dict[str, tuple[str, str]]:
    """The system libraries that this start needs: none in the terminal, Qt's own for tests, X11's too for a window."""
    windowless = ("inspect", "sandbox", "send", "tokens", "payments", "wallets", "doctor", "--help", "-h", "--version")
    if not sys.platform.startswith("linux") or (kind == "run" and argv and argv[0] in windowless):
        return {}
    on_x11 = os.environ.get("QT_QPA_PLATFORM", "xcb").split(":")[0] in ("xcb", "")
    return {**OFFSCREEN, **WINDOW} if kind == "run" and on_x11 else OFFSCREEN


def missing_pieces(libraries: dict[str, tuple[str, str]]) -> str | None:
    """One sentence naming what the system lacks and the one package-manager line that brings it, or None."""
    debian: list[str] = []
    fedora: list[str] = []
    if not uv() and not has_ensurepip():
        debian.append("python3-venv")
        fedora.append("python3-pip")
    lacking = [packages for soname, packages in libraries.items() if not loads(soname)]
    debian += [apt for apt, _ in lacking]
    fedora += [dnf for _, dnf in lacking]
    if not debian:
        return None
    line = install_line(debian, fedora)
    if install_now(line):
        return missing_pieces(libraries)
    return f"This machine lacks {', '.join(dict.fromkeys(debian))}. Run: {line}"


def has_ensurepip() -> bool:
    try:
        import ensurepip  # noqa: PLC0415 - Debian ships Python without it
    except ImportError:
        return False
    return bool(ensurepip.version())


def loads(soname: str) -> bool:
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def install_line(debian: list[str], fedora: list[str]) -> str:
    sudo = "" if is_root() else "sudo "
    if shutil.which("dnf") and not shutil.which("apt-get"):
        return f"{sudo}dnf install -y {' '.join(dict.fromkeys(fedora))}"
    packages = " ".join(dict.fromkeys(debian))
    return f"{sudo}apt-get update && {sudo}apt-get install -y --no-install-recommends {packages}"


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


_offered: list[str] = []


def install_now(line: str) -> bool:
    """Run the line as root, or after the user said yes; never twice, and never without either."""
    if line in _offered or not (shutil.which("apt-get") or shutil.which("dnf")):
        return False
    _offered.append(line)
    if not is_root():
        if not sys.stdin.isatty():
            return False
        if input(f"This machine lacks system libraries. Run this now?\n  {line}\n[y/N] ").strip().lower() != "y":
            return False
    print(f"Installing what is missing: {line}", file=sys.stderr)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # Fixed words and package names of the tables above; the shell is needed for the "&&" that the user is shown.
    done = subprocess.run(line, shell=True, env=environment, stdout=sys.stderr, check=False)
    return done.returncode == 0


def make_environment(kind: str) -> str | None:
    """Bring `.venv` up to date with the lock file; return one sentence if that failed."""
    lock = ROOT / "packaging" / LOCKS[kind]
    stamp = VENV / "l402desk-stamp"
    wanted = fingerprint(lock)
    held = stamp.read_text(encoding="utf-8").split() if stamp.exists() and venv_python().exists() else []
    if wanted in held:
        return None
    print("Setting up L402 Desk (once; about 100 MB) …", file=sys.stderr)
    failed = install(lock, fresh=not held)
    if failed:
        return f"Setting up failed: {failed} Check the network connection and run the command again."
    checkout = site_packages() / "l402desk-checkout.pth"
    checkout.write_text(f"{ROOT}\n", encoding="utf-8")
    # The test lock holds everything of the run lock: whoever has the tests can also start the app.
    fulfilled = [wanted] if kind == "run" else [wanted, fingerprint(ROOT / "packaging" / LOCKS["run"])]
    stamp.write_text("\n".join(fulfilled) + "\n", encoding="utf-8")
    return None


def fingerprint(lock: Path) -> str:
    seed = f"{sys.version_info[:2]} {sys.platform} {ROOT}".encode() + lock.read_bytes()
    return hashlib.sha256(seed).hexdigest()


def install(lock: Path, *, fresh: bool) -> str:
    """Make the environment and install the lock; return what failed, or an empty string."""
    tool = uv()
    if fresh and VENV.exists():
        shutil.rmtree(VENV)
    if tool:
        steps = [
            [tool, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(VENV)],
            [
                tool,
                "pip",
                "install",
                "--quiet",
                "--python",
                str(venv_python()),
                "--compile-bytecode",
                *LOCKED,
                str(lock),
            ],
        ]
    else:
        steps = [
            [sys.executable, "-m", "venv", str(VENV)],
            [str(venv_python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *LOCKED, str(lock)],
        ]
    for step in steps:
        if subprocess.run(step, stdout=sys.stderr, check=False).returncode != 0:
            return f"“{' '.join(map(str, step[:4]))} …” ended with an error."
    return ""


def uv() -> str | None:
    return shutil.which("uv")


def venv_python() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def site_packages() -> Path:
    scheme = sysconfig.get_path("purelib", "venv", vars={"base": str(VENV), "platbase": str(VENV)})
    return Path(scheme)


def hand_over(command: list[str], *, folder: Path | None) -> int:
    """Become the command, so that signals and the exit status are its own."""
    if folder is not None:
        os.chdir(folder)
    if os.name == "nt":
        return subprocess.run(command, check=False).returncode
    sys.stdout.flush()
    os.execv(command[0], command)
    raise AssertionError("execv does not return")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
