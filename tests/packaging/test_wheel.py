"""The wheel holds everything: the package, its command, and every resource the window asks for."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_every_resource_is_in_the_wheel(wheel: Path) -> None:
    resources = {f"l402desk/{file.relative_to(ROOT)}" for file in (ROOT / "resources").rglob("*") if file.is_file()}
    assert resources
    assert resources <= set(zipfile.ZipFile(wheel).namelist())


def test_the_command_is_declared(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    entry = next(name for name in archive.namelist() if name.endswith("entry_points.txt"))
    assert "l402desk = l402desk.__main__:main" in archive.read(entry).decode()


def test_the_app_runs_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    """Unpacked far from the checkout, the first frame with its icons and style sheet is painted."""
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    code = (
        "import l402desk, sys\n"
        f"assert l402desk.__file__.startswith({str(tmp_path)!r}), l402desk.__file__\n"
        "from l402desk.__main__ import main\n"
        "sys.exit(main(['--measure-start']))\n"
    )
    env = {
        "PYTHONPATH": str(tmp_path / "site"),
        "QT_QPA_PLATFORM": "offscreen",
        "L402DESK_HOME": str(tmp_path / "home"),
        "PATH": "/usr/bin:/bin",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "first_paint_ms" in done.stdout
