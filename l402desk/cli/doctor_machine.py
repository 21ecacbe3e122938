"""What the doctor looks at outside the app's own file: versions, the screen, the folders, whom TLS trusts."""

from __future__ import annotations

import ctypes.util
import os
import platform
import re
import shutil
import sqlite3
import ssl
import stat
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from l402desk import __version__
from l402desk.cli.doctor_section import Json, Problem, Section
from l402desk.client.trust import os_trust
from l402desk.settings import Folders

QT = "PySide6-Essentials"
PACKAGES = (
    QT, "shiboken6", "httpx", "httpcore", "cryptography", "coincurve", "keyring", "msgspec", "pymacaroons", "bolt11",
    "bitstring", "qrcode", "platformdirs", "starlette", "uvicorn", "truststore",
)  # fmt: skip
OLDEST_QT, FORBIDDEN_QT = (6, 8), (6, 12)
LITTLE_SPACE = 100 * 1024 * 1024
SHARED = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "fuse.sshfs", "fuse.glusterfs"})
"""File systems that other computers write to as well: SQLite's locks are not to be trusted there."""


def versions() -> Section:
    """The app's, Python's, and those of what it is built on; nothing is imported for it."""
    section = Section("versions", "Versions")
    section.tell("L402 Desk", "app", __version__)
    section.tell("Python", "python", platform.python_version())
    section.tell("System", "system", platform.platform())
    section.tell("SQLite", "sqlite", sqlite3.sqlite_version)
    section.tell("OpenSSL", "openssl", ssl.OPENSSL_VERSION)
    found = {name: _version(name) for name in PACKAGES}
    section.data["packages"] = dict(found)
    section.rows.append(("Packages", ", ".join(f"{name} {version or '–'}" for name, version in found.items())))
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        section.problems.append(
            Problem(f"Python {platform.python_version()} is not supported.", "Use Python 3.11, 3.12 or 3.13.")
        )
    section.problems += _about_qt(found[QT])
    return section


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _about_qt(version: str | None) -> list[Problem]:
    if version is None:
        return [Problem("Qt is not installed, so no window opens.", "Install PySide6-Essentials, below 6.12.")]
    number = tuple(map(int, re.findall(r"\d+", version)[:2]))
    if number >= FORBIDDEN_QT or number < OLDEST_QT:
        why = "ends the process after a while" if number >= FORBIDDEN_QT else "is too old"
        return [Problem(f"PySide6 {version} {why}.", "Install PySide6-Essentials 6.8 or newer, below 6.12.")]
    return []


def screen(environ: Mapping[str, str]) -> Section:
    """The Qt platform that a window would use."""
    section = Section("screen", "Screen")
    name = _qt_platform(environ)
    section.tell("Qt platform", "qt_platform", name or None, name or "none: a window needs a screen")
    if name == "xcb" and ctypes.util.find_library("xcb-cursor") is None:
        section.problems.append(
            Problem("The library libxcb-cursor is missing, without which no window opens.", "Install libxcb-cursor0.")
        )
    return section


def _qt_platform(environ: Mapping[str, str]) -> str:
    chosen = environ.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if chosen:
        return chosen.split(";")[0]
    if sys.platform == "darwin":
        return "cocoa"
    if sys.platform == "win32":
        return "windows"
    if environ.get("WAYLAND_DISPLAY"):
        return "wayland"
    return "xcb" if environ.get("DISPLAY") else ""


def folders(found: Folders) -> Section:
    """Where state lives, and whether it is private, writable, local and not full. Nothing is made."""
    section = Section("folders", "Folders")
    for name in ("data", "config", "cache", "logs"):
        _folder(section, name, getattr(found, name))
    return section


def _folder(section: Section, name: str, folder: Path) -> None:
    there = next((place for place in (folder, *folder.parents) if place.exists()), Path("/"))
    exists, mode = there == folder, stat.S_IMODE(there.stat().st_mode)
    writable = there.is_dir() and os.access(there, os.W_OK | os.X_OK)
    private = not exists or os.name != "posix" or not mode & 0o077
    free = _free(there)
    shared = _file_system(there) in SHARED
    entry: Json = {
        "path": str(folder), "exists": exists, "mode": f"{mode:04o}" if exists else None, "writable": writable,
        "private": private, "free_bytes": free, "shared": shared,
    }  # fmt: skip
    section.data[name] = entry
    words = [str(folder), f"mode {mode:04o}" if exists else "not made yet"]
    words += [] if free is None else [f"{free / 1e9:,.1f} GB free"]
    section.rows.append((name.title(), ", ".join(words)))
    elsewhere = "or set L402DESK_HOME to a folder of yours on this computer."
    if not writable:
        section.problems.append(Problem(f"{there} cannot be written.", f"Make it yours and writable, {elsewhere}"))
    if not private:
        section.problems.append(Problem(f"Others can read {folder}.", f"Run: chmod go-rwx '{folder}', {elsewhere}"))
    if shared and name == "data":
        section.problems.append(
            Problem(f"{folder} is on a file system that other computers share.", f"Move it, {elsewhere}")
        )
    if free is not None and free < LITTLE_SPACE and name == "data":
        section.problems.append(Problem(f"There is little space left for {folder}.", "Free some: payments need it."))


def _free(place: Path) -> int | None:
    try:
        return shutil.disk_usage(place).free
    except OSError:
        return None


def _file_system(place: Path) -> str:
    """The kind of file system below a folder (proc(5), mountinfo); empty where nobody tells."""
    try:
        lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    best, kind = "", ""
    for line in lines:
        fields, _, about = line.partition(" - ")
        mount = fields.split(" ")[4].replace("\\040", " ")
        if place.resolve().is_relative_to(mount) and len(mount) >= len(best):
            best, kind = mount, about.split(" ")[0]
    return kind


def tls() -> Section:
    """Whose certificates are trusted."""
    section = Section("tls", "TLS")
    context = os_trust()
    if sys.platform in {"win32", "darwin"}:
        section.tell("Trust", "source", "system", "the operating system's own check")
        return section
    number = len(context.get_ca_certs())
    section.tell("Trust", "source", "bundle", f"{number} root certificates of the operating system")
    section.data["roots"] = number
    folder = ssl.get_default_verify_paths().openssl_capath
    if not number and not (folder and Path(folder).is_dir()):
        section.problems.append(
            Problem("No root certificates were found, so no https address can be reached.", "Install ca-certificates.")
        )
    return section
