"""A picture's size is read before it is decoded, and only PNG and JPEG are."""

from __future__ import annotations

import struct
import zlib

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from l402desk.ui.request.image_view import ImageView, read_image


def png_of(width: int, height: int, *, rows: int | None = None) -> bytes:
    """A grey PNG; with fewer ``rows`` than ``height`` it lies about its size."""
    pixels = zlib.compress((b"\0" + b"\x80" * width) * (height if rows is None else rows), 9)
    parts = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)), (b"IDAT", pixels), (b"IEND", b""))
    out = b"\x89PNG\r\n\x1a\n"
    for name, data in parts:
        out += struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    return out


def test_a_picture_is_read_at_its_size() -> None:
    image = read_image(png_of(40, 30))
    assert isinstance(image, QImage)
    assert (image.width(), image.height()) == (40, 30)


@pytest.mark.parametrize(("width", "height"), [(30_000, 30_000), (2_001, 2_000), (2**31 - 1, 2**31 - 1)])
def test_a_picture_that_claims_too_many_pixels_is_not_decoded(width: int, height: int) -> None:
    words = read_image(png_of(width, height, rows=1)) if width < 10**6 else read_image(_claiming(width, height))
    assert isinstance(words, str)


def _claiming(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunk = b"IHDR" + header
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(header)) + chunk + struct.pack(">I", zlib.crc32(chunk))


@pytest.mark.qt_log_ignore("JPEG", extend=True)
@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0junk", b"GIF89a" + bytes(100)])
def test_what_is_no_picture_is_said_in_words(data: bytes) -> None:
    assert isinstance(read_image(data), str)


def test_a_large_picture_is_shrunk_to_fit_and_described(qtbot: QtBot) -> None:
    view = ImageView()
    qtbot.addWidget(view)
    view.resize(100, 100)
    view.show()
    image = QImage(400, 200, QImage.Format.Format_RGB32)
    image.fill(0xFF0000)
    view.set_image(image)
    picture = view.grab().toImage()
    assert picture.pixelColor(50, 50).red() == 255
    assert picture.pixelColor(50, 10) != picture.pixelColor(50, 50)
    assert view.accessibleDescription() == "400 by 200 pixels"
