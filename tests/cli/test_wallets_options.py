"""The command line of the wallets: its help tells every kind there is, and is typed nowhere twice."""

from __future__ import annotations

import pytest

from l402desk.cli.wallets_options import read_options
from l402desk.wallets.catalogue import KINDS


def test_the_help_tells_every_kind_where_it_is_found_and_how_it_is_made_weak(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        read_options(["--help"])
    said = capsys.readouterr().out
    one_line = " ".join(said.split())
    for about in KINDS.values():
        assert f"  {about.form}\n" in said
        assert f"{about.title}. {' '.join(about.advice.split())}" in one_line
        for line in about.rights.splitlines():
            assert f"  {line}\n" in said  # in one piece, to be copied


def test_what_is_left_out_has_a_plain_meaning() -> None:
    default = read_options(["default", "Home"])
    assert (default.host, default.off, default.as_json) == ("", False, False)
    added = read_options(["add", "Home", "play:"])
    assert (added.watch, added.pin) == (False, "")
