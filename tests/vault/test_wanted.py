"""What a list is asked for is a value: alike wishes are the same wish."""

from __future__ import annotations

import subprocess
import sys

from l402desk.vault.wanted import NEWEST_FIRST, Order, OrderBy, Shelf, Wanted


def test_unless_something_else_is_wanted_it_is_everything_newest_first() -> None:
    assert Wanted() == Wanted("", Shelf.ALL, Order(OrderBy.BOUGHT, descending=True))
    assert Wanted().order == NEWEST_FIRST
    assert Wanted("a") != Wanted("b")


def test_a_window_may_know_its_wishes_before_it_knows_a_database() -> None:
    code = "import sys, l402desk.vault.wanted; sys.exit('sqlite3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
