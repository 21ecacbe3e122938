"""A body arrives whole or not at all in a file, byte for byte in a pipe, and harmless on a terminal."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import stat
import sys
from pathlib import Path

import pytest

from l402desk.cli import send_body
from l402desk.cli.send_body import NotWritten, charset_of, check_file, text_of, write_file, write_out
from l402desk.client.answer import Answer, Timings
from l402desk.client.spool import SpooledBody


def answer(body: bytes | Path, content_type: str = "") -> Answer:
    spooled = (
        SpooledBody(body, None, len(body)) if isinstance(body, bytes) else SpooledBody(None, body, body.stat().st_size)
    )
    headers = (("Content-Type", content_type),) if content_type else ()
    return Answer(200, "OK", "HTTP/1.1", "https://a.example/", headers, spooled, Timings())


class Terminal(io.TextIOWrapper):
    """Standard output on a terminal."""

    def __init__(self) -> None:
        self.raw_bytes = io.BytesIO()
        super().__init__(self.raw_bytes, encoding="utf-8", newline="")

    def isatty(self) -> bool:
        return True


def shown(answer: Answer) -> tuple[bytes, str]:
    """What a terminal got, and why it got nothing."""
    terminal = Terminal()
    with contextlib.redirect_stdout(terminal):
        why = write_out(answer)
    return terminal.raw_bytes.getvalue(), why


def test_a_file_is_written_whole_and_for_this_user_alone(tmp_path: Path) -> None:
    file = tmp_path / "out.bin"
    file.write_bytes(b"what was there before, and is longer")
    write_file(answer(b"\0\1\2"), file)
    assert file.read_bytes() == b"\0\1\2"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["out.bin"]


def test_a_spooled_body_is_copied(tmp_path: Path) -> None:
    spooled = tmp_path / "spooled"
    spooled.write_bytes(bytes(range(256)) * 4_000)
    write_file(answer(spooled), tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == spooled.read_bytes()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    file = tmp_path / "out"
    file.write_bytes(b"before")

    def fail(_handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(NotWritten, match=os.strerror(number)):
        write_file(answer(b"after"), file)
    assert file.read_bytes() == b"before"
    assert os.listdir(tmp_path) == ["out"]


def test_a_link_stays_a_link_to_what_is_written(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_file(answer(b"x"), check_file(tmp_path / "link"))
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"x"


@pytest.mark.skipif(os.name != "posix", reason="needs /dev/null")
def test_a_device_is_written_into_and_not_replaced() -> None:
    write_file(answer(b"x"), check_file(Path("/dev/null")))
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_what_cannot_be_a_file_is_told_before_anything_is_sent(tmp_path: Path) -> None:
    with pytest.raises(NotWritten, match="is a folder"):
        check_file(tmp_path)
    with pytest.raises(NotWritten, match="There is no folder"):
        check_file(tmp_path / "no" / "file")
    with pytest.raises(NotWritten):
        check_file(tmp_path / "a\0b")
    assert check_file(tmp_path / "new") == (tmp_path / "new").resolve()


def test_a_pipe_gets_every_byte(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    body = bytes(range(256)) * 3_000
    assert write_out(answer(body)) == ""
    assert capfdbinary.readouterr().out == body


def test_a_terminal_gets_text_that_cannot_steer_it() -> None:
    body = "a\tb\r\nred \x1b[31m bell \x07 del \x7f csi \x9b31m ü".encode()
    text, why = shown(answer(body, "text/plain; charset=utf-8"))
    assert text.decode() == "a\tb\nred ␛[31m bell ␇ del ␡ csi \ufffd31m ü\n"
    assert why == ""


def test_text_that_ends_its_line_gets_no_other() -> None:
    assert shown(answer(b"one\n")) == (b"one\n", "")


@pytest.mark.parametrize("body", [b"\x89PNG\r\n\x1a\n\0\0", b"\xff\xfe\xfd" * 10])
def test_a_terminal_is_not_shown_other_bytes(body: bytes) -> None:
    text, why = shown(answer(body))
    assert text == b""
    assert "name a file with -o" in why


def test_a_character_that_is_cut_where_the_look_ends_is_still_text() -> None:
    body = b"a" + "ü".encode() * send_body.LOOKED_AT
    text, why = shown(answer(body))
    assert text == body + b"\n", "not all of it came"
    assert why == ""


def test_nothing_is_written_for_an_empty_body_or_without_an_output(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(answer(b"")) == (b"", "")
    monkeypatch.setattr(sys, "stdout", None)
    assert write_out(answer(b"x")) == ""


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("ü".encode(), "", "ü"),
        ("ü".encode("latin-1"), "text/plain; charset=ISO-8859-1", "ü"),
        ("ü".encode("utf-16"), 'text/plain; CHARSET="utf-16"', "ü"),
        (b"\xff", "text/plain", None),
        (b"a\0b", "text/plain", None),
        (b"", "", ""),
        (b"eJx", "text/plain; charset=zlib", "eJx"),
        (b"x", "text/plain; charset=unheard-of", "x"),
        (b"x", "text/plain; charset=a\0b", "x"),
    ],
)
def test_text_is_what_the_charset_makes_of_it(body: bytes, content_type: str, text: str | None) -> None:
    assert text_of(answer(body, content_type)) == text


def test_a_codec_that_is_no_charset_is_not_used() -> None:
    assert charset_of(answer(b"", "text/plain; charset=bz2")) == "utf-8"
    assert charset_of(answer(b"", "text/plain; charset=utf-16; x=y")) == "utf-16"
