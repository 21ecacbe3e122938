"""A command line with subcommands: what each takes, in any order, and how it ends where it makes no sense."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import pytest

from l402desk.cli.subcommands import Subcommands, run_read


def read(argv: Sequence[str]) -> argparse.Namespace:
    made = Subcommands("shop", "What is on the shelves.", "  exit status: 0 done\n")
    listed = made.add("list", "the goods of this shop, the JSON included")
    listed.add_argument("search", nargs="?", default="")
    listed.add_argument("--sold", action="store_true")
    made.add("rename", "give it another name", "name", "new")
    out = made.add("export", "write them to a file", "file")
    out.add_argument("ids", nargs="*")
    return made.read(argv, late={"list": "search", "export": "ids"})


def test_every_subcommand_takes_json_and_what_it_needs() -> None:
    assert vars(read(["rename", "a", "b"])) == {"command": "rename", "name": "a", "new": "b", "as_json": False}
    assert read(["rename", "--json", "a", "b"]).as_json


def test_words_may_stand_behind_options() -> None:
    assert read(["list", "--sold", "word", "--json"]).search == "word"
    assert read(["export", "out", "--json", "a", "b"]).ids == ["a", "b"]
    assert read(["export", "out", "a", "--json", "b"]).ids == ["a", "b"]


@pytest.mark.parametrize(
    "words",
    [["list", "a", "--json", "b"], ["list", "a", "b"], ["list", "--nonsense"], ["rename", "a", "b", "c"],
     ["export", "out", "--json", "a", "-x"]],
)  # fmt: skip
def test_a_word_too_many_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        read(words)
    assert ended.value.code == 2
    assert "unrecognized arguments" in capsys.readouterr().err


def test_the_help_says_what_each_is_for_as_it_was_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_read(["--help"], read, lambda _: 7) == 0
    said = capsys.readouterr().out
    assert said.startswith("usage: l402desk shop")
    assert "  exit status: 0 done\n" in said
    assert run_read(["list", "--help"], read, lambda _: 7) == 0
    assert "The goods of this shop, the JSON included." in capsys.readouterr().out


def test_what_was_read_is_done_and_nothing_where_it_was_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    done: list[str] = []

    def do(options: argparse.Namespace) -> int:
        done.append(options.command)
        return 7

    assert run_read(["list"], read, do) == 7
    assert run_read(["rob"], read, do) == 2
    assert done == ["list"]
    assert "rob" in capsys.readouterr().err
