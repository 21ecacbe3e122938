"""Whether the process that holds a purchase is still there."""

from __future__ import annotations

import subprocess
import sys

import pytest

from l402desk.ledger.owner import is_gone, this_process

CODE = "import sys; from l402desk.ledger.owner import this_process; print(this_process(), flush=True); sys.stdin.read()"


def test_this_process_is_there() -> None:
    assert this_process() == this_process()
    assert not is_gone(this_process())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells when a process began")
def test_another_process_is_there_until_it_ends() -> None:
    other = subprocess.Popen([sys.executable, "-c", CODE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    owner = other.stdout.readline().strip()
    assert owner != this_process()
    assert not is_gone(owner)
    other.communicate("")
    assert is_gone(owner)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells when a process began")
def test_another_process_with_the_same_number_and_another_boot_are_not_it() -> None:
    boot, pid, began = this_process().split(":")
    assert is_gone(f"{boot}:{pid}:{int(began) + 1}")
    assert is_gone(f"another boot:{pid}:{began}")


@pytest.mark.parametrize("strange", ["", ":", "a:b:c", "boot:12:notanumber", "x" * 100])
def test_nobody_can_tell_of_what_cannot_be_read(strange: str) -> None:
    assert not is_gone(strange)
