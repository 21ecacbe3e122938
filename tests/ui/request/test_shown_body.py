"""What is shown of a body: laid out, raw, hexadecimal or a picture, and a note on what is not shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage

from l402desk.client.spool import SpooledBody
from l402desk.ui.request.body_text import FORMATTED_BYTES, HEX_BYTES, SHOWN_BYTES, BodyKind
from l402desk.ui.request.shown_body import shown_body
from tests.ui.request.samples import HOSTILE, body_of


def png(width: int, height: int) -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(0)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub asks for bytes, Qt for a text
    return bytes(data.data())


@pytest.mark.parametrize("name", HOSTILE)
def test_no_hostile_body_raises(name: str) -> None:
    for content_type in ("application/json", "text/html", ""):
        shown = shown_body(body_of(HOSTILE[name]), content_type)
        assert len(shown.raw) <= SHOWN_BYTES


def test_json_is_laid_out_and_kept_raw_beside_it() -> None:
    shown = shown_body(body_of(b'{"b":1.0E+2,"b":2}'), "application/json")
    assert shown.pretty == '{\n  "b": 1.0E+2,\n  "b": 2\n}'
    assert shown.raw == '{"b":1.0E+2,"b":2}'
    assert shown.note == ""


def test_what_is_called_json_and_is_none_is_shown_raw_with_a_word_about_it() -> None:
    shown = shown_body(body_of(b"{oops"), "application/json")
    assert (shown.pretty, shown.raw) == (None, "{oops")
    assert "shown as it was sent" in shown.note


def test_a_large_body_is_cut_and_says_so() -> None:
    shown = shown_body(body_of(b"x" * (SHOWN_BYTES + 1)), "text/plain")
    assert len(shown.raw) == SHOWN_BYTES
    assert "first 1 MB of 1.0 MB" in shown.note


def test_large_json_is_not_laid_out() -> None:
    shown = shown_body(body_of(b'"' + b"x" * FORMATTED_BYTES + b'"'), "application/json")
    assert shown.pretty is None
    assert "Too large to be laid out" in shown.note


def test_an_incomplete_body_says_why() -> None:
    shown = shown_body(body_of(b'{"a": 1', stopped_because="the connection was lost"), "application/json")
    assert shown.note == "Incomplete: the connection was lost."
    assert shown.pretty is None


def test_html_is_shown_as_source() -> None:
    shown = shown_body(body_of(b"<h1>hi</h1>"), "text/html")
    assert (shown.kind, shown.raw) == (BodyKind.TEXT, "<h1>hi</h1>")


def test_bytes_that_are_no_text_are_shown_in_hexadecimal() -> None:
    shown = shown_body(body_of(bytes(256) * 100), "application/json")
    assert shown.kind is BodyKind.BINARY
    assert shown.raw.count("\n") == HEX_BYTES // 16 - 1
    assert "16,384 bytes" in shown.note


def test_a_small_picture_is_shown_with_its_size() -> None:
    shown = shown_body(body_of(png(30, 20)), "image/png")
    assert shown.image is not None
    assert (shown.image.width(), shown.note) == (30, "30 × 20 pixels")


def test_a_damaged_picture_falls_back_to_hexadecimal() -> None:
    shown = shown_body(body_of(png(30, 20)[:40]), "image/png")
    assert shown.image is None
    assert shown.kind is BodyKind.BINARY
    assert "cannot be read" in shown.note


def test_a_spooled_body_is_read_from_its_file_and_missing_ones_raise(tmp_path: Path) -> None:
    path = tmp_path / "answer.body"
    path.write_bytes(b"hello")
    assert shown_body(SpooledBody(None, path, 5), "text/plain").raw == "hello"
    path.unlink()
    with pytest.raises(OSError, match="answer"):
        shown_body(SpooledBody(None, path, 5), "text/plain")
