"""Brings peers onto this machine: environments of Python and Node, programs of Go, packages of the system. Once each.

Everything is fixed by a lock file with hashes in this repository, and ends up in a cache (`cache`) that outlives runs.
Nothing is taken from anywhere but the package registries, through their own clients as they are set up here.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
LONGEST_S = 1_200
"""A build that takes longer has hung."""
DONE = ".done"
_took: dict[str, float] = {}


class NotHere(Exception):  # noqa: N818 - what is the case
    """A peer cannot be prepared or started on this machine; the sentence says why. Its tests are skipped with it."""


def must_run() -> bool:
    """A peer that is not here is then a failure."""
    return os.environ.get("L402DESK_TESTS_MUST_RUN") == "1"


def cache() -> Path:
    """Where prepared peers stay: ``$L402DESK_PEERS_CACHE``, else a folder of this user's cache."""
    named = os.environ.get("L402DESK_PEERS_CACHE")
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = Path(named).absolute() if named else base / "l402desk-peers"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@dataclass(frozen=True, slots=True)
class Stamped:
    """``folder`` is empty unless ``is_done``; what is made in it stays if the context ends without an exception."""

    folder: Path
    is_done: bool


@contextmanager
def stamped(name: str, *inputs: Path | str) -> Iterator[Stamped]:
    """Work that is done once for these inputs: files and folders by their content, strings as they are.

    Another process that wants the same waits until it is done.
    """
    folder = cache() / f"{name}-{fingerprint(*inputs)}"
    with _alone(name):
        done = folder / DONE
        if done.exists():
            _took[name] = float(json.loads(done.read_text())["seconds"])
            yield Stamped(folder, is_done=True)
            return
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        began = time.monotonic()
        try:
            yield Stamped(folder, is_done=False)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        _took[name] = time.monotonic() - began
        done.write_text(json.dumps({"seconds": round(_took[name], 1)}))


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """One process at a time."""
    import fcntl  # not on every system; there is no need for it until something is prepared

    with (cache() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def took() -> dict[str, float]:
    """Seconds that each thing took when it was made, this time or an earlier one, by its name."""
    return dict(_took)


def fingerprint(*inputs: Path | str) -> str:
    """Of the contents, and of the kind of machine: what was built for another one does not run here."""
    sum_ = hashlib.sha256(f"{sys.platform} {platform.machine()}".encode())
    for part in inputs:
        files = [part] if isinstance(part, str) or part.is_file() else sorted(f for f in part.rglob("*") if f.is_file())
        for item in files:
            sum_.update(b"\0")
            if isinstance(item, str):
                sum_.update(item.encode())
            else:
                where = item.relative_to(part) if isinstance(part, Path) and item != part else Path(item.name)
                sum_.update(str(where).encode() + b"\0" + item.read_bytes())
    return sum_.hexdigest()[:16]


def do(
    argv: Sequence[str | Path],
    what: str,
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    within_s: float = LONGEST_S,
) -> str:
    """Run a command to its end; its standard output. Raises NotHere with the end of what it said."""
    try:
        done = subprocess.run(
            list(argv),
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=within_s,
            check=False,
        )
    except FileNotFoundError as error:
        raise NotHere(f"{what}: there is no {argv[0]} on this machine") from error
    except subprocess.TimeoutExpired as error:
        raise NotHere(f"{what}: {argv[0]} did not end within {within_s:.0f} s") from error
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()[-6:]
        raise NotHere(f"{what}: {Path(argv[0]).name} ended with status {done.returncode}: {' | '.join(said)}")
    return done.stdout


def find_python(oldest: tuple[int, int] = (3, 11), newest: tuple[int, int] = (3, 13)) -> Path:
    """A Python of these versions that really runs; this one if it will do. Raises NotHere."""
    if oldest <= sys.version_info[:2] <= newest:
        return Path(sys.executable)
    for minor in range(newest[1], oldest[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found is not None:
            with contextlib.suppress(NotHere):  # a shim of a version that is not there
                do([found, "-c", "import venv, ensurepip"], "python", within_s=20)
                return Path(found)
    raise NotHere(f"it needs Python 3.{oldest[1]} to 3.{newest[1]}, which this machine has not")


def python_env(name: str, lock: Path, python: Path | None = None) -> Path:
    """A virtual environment with what the lock file says, by hash; its folder. Raises NotHere."""
    base = python or Path(sys.executable)
    version = do([str(base), "-c", "import sys; print(sys.version)"], name, within_s=20)
    with stamped(f"python-{name}", lock, version) as made:
        venv = made.folder / "venv"
        if not made.is_done:
            do([str(base), "-m", "venv", str(venv)], f"the environment of {name}", within_s=120)
            pip = [f"{venv}/bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            do([*pip, "--require-hashes", "--no-deps", "-r", str(lock)], f"the packages of {name}")
    return venv


def node_env(name: str, *, node: tuple[int, int] = (20, 0)) -> Path:
    """``npm ci`` of ``tests/peers/node/NAME``; a folder with its scripts beside ``node_modules``. Raises NotHere.

    No script of any package runs. Packages of our own may lie in folders there, and be depended on as ``file:``.
    """
    source = HERE / "node" / name
    version = do(["node", "--version"], name, within_s=20).strip()
    if tuple(int(part) for part in version.lstrip("v").split(".")[:2]) < node:
        raise NotHere(f"{name} needs Node {node[0]}.{node[1]} or newer; this is {version}")
    scripts = [file for file in source.iterdir() if file.suffix in (".mjs", ".cjs", ".js", ".ts")]
    rest = sorted(part for part in source.iterdir() if part not in scripts)
    with stamped(f"node-{name}", *rest, version.split(".")[0]) as made:
        if not made.is_done:
            for part in rest:
                copy = shutil.copytree if part.is_dir() else shutil.copy2
                copy(part, made.folder / part.name)
            npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
            do(npm, f"the packages of {name}", cwd=made.folder)
        for script in scripts:
            shutil.copy2(script, made.folder / script.name)
    return made.folder


def go_tool(
    graph: str, packages: Mapping[str, str], tags: str = "", env: Mapping[str, str] | None = None
) -> dict[str, Path]:
    """Build commands of the modules that ``tests/peers/go/GRAPH/go.mod`` requires; each binary's path by its name.

    ``packages`` has the import path of each. Raises NotHere.
    """
    source = HERE / "go" / graph
    version = do(["go", "version"], graph, within_s=60)
    wanted = json.dumps([sorted(packages.items()), tags])
    with stamped(f"go-{graph}", source, wanted, version) as made:
        if not made.is_done:
            for binary, package in packages.items():
                argv = [
                    "go",
                    "build",
                    "-mod=readonly",
                    "-trimpath",
                    "-ldflags=-s -w",
                    *([f"-tags={tags}"] if tags else []),
                ]
                do([*argv, "-o", str(made.folder / binary), package], f"building {binary}", cwd=source, env=env)
    return {binary: made.folder / binary for binary in packages}


def apt(*packages: str) -> None:
    """See that these packages of Debian or Ubuntu are installed; installs them where it may. Raises NotHere."""
    if shutil.which("dpkg-query") is None:
        raise NotHere(f"it needs {', '.join(packages)} of Debian, and this is another system")
    missing = [package for package in packages if not _is_installed(package)]
    if not missing:
        return
    if os.geteuid() != 0:
        raise NotHere(f"it needs the packages {' '.join(missing)}: apt-get install {' '.join(missing)}")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    with _alone("apt"):
        do(["apt-get", "update", "-qq"], "the list of packages", env=quiet)
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
        do([*install, *missing], f"installing {' '.join(missing)}", env=quiet)


def _is_installed(package: str) -> bool:
    argv = ["dpkg-query", "-W", "-f=${Status}", package]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    return done.stdout.strip() == "install ok installed"
