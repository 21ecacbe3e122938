"""A folder for one run of the app: made for this user only, and gone with the run, or a week after a crash."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from l402desk.store.errors import ReadOnly

LEFT_BEHIND_S = 7 * 24 * 3600


def make_run_folder(parent: Path) -> Path:
    """A new folder inside; those that a crash left behind a week ago are removed. Raises ReadOnly."""
    try:
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for old in parent.iterdir():
            if time.time() - old.lstat().st_mtime > LEFT_BEHIND_S:
                shutil.rmtree(old, ignore_errors=True)
        return Path(tempfile.mkdtemp(prefix="run-", dir=parent))
    except OSError as error:
        raise ReadOnly(str(parent)) from error
