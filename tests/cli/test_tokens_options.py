"""The command line names what there is."""

from __future__ import annotations

import pytest

from l402desk.cli.tokens_options import FORMATS, KINDS, read_options
from l402desk.vault.foreign.entries import Kind


def test_every_kind_of_store_can_be_named() -> None:
    assert set(KINDS) == {kind.value for kind in Kind}


def test_what_is_not_said_has_its_default() -> None:
    out = read_options(["export", "file"])
    assert (out.format, out.ids, out.passphrase_file, out.as_json) == ("sealed", [], None, False)
    into = read_options(["import", "path", "--from", "lnget", "--json"])
    assert (into.kind, into.origin, into.key_file, into.as_json) == ("lnget", None, None, True)
    gone = read_options(["forget", "abc"])
    assert (gone.for_ever, gone.yes) == (False, False)


def test_the_kinds_and_formats_stand_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    for command, names in (("import", KINDS), ("export", FORMATS)):
        with pytest.raises(SystemExit):
            read_options([command, "--help"])
        said = " ".join(capsys.readouterr().out.split())
        assert all(name in said for name in names)


def test_words_may_stand_behind_options() -> None:
    assert read_options(["export", "out", "--format", "lnget", "abc", "def"]).ids == ["abc", "def"]
    assert read_options(["export", "out", "abc", "--json", "def"]).ids == ["abc", "def"]
    assert read_options(["list", "--json", "word"]).search == "word"
    assert read_options(["list", "--trashed", "word", "--json"]).search == "word"


@pytest.mark.parametrize("arguments", [["list", "a", "--json", "b"], ["show", "a", "b"], ["export", "x", "--nonsense"]])
def test_a_word_too_many_is_a_usage_error(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        read_options(arguments)
    assert ended.value.code == 2
    assert "unrecognized" in capsys.readouterr().err
