"""The picture opens as a picture, the tone is the tone it says."""

from __future__ import annotations

import itertools
import struct

from PySide6.QtGui import QColor, QImage

from l402desk.sandbox import media


def test_the_picture_opens_as_a_png_with_a_bolt_on_it() -> None:
    image = QImage.fromData(media.png())
    assert (image.width(), image.height()) == (media.SIDE, media.SIDE)
    assert image.pixelColor(130, 120) == QColor("#f7a11b")
    assert image.pixelColor(10, 10) != QColor("#f7a11b")
    assert image.pixelColor(10, 10) != image.pixelColor(10, 250)


def test_the_tone_is_one_second_at_concert_pitch() -> None:
    tone = media.wav()
    riff, size, wave = struct.unpack("<4sI4s", tone[:12])
    assert (riff, size, wave) == (b"RIFF", len(tone) - 8, b"WAVE")
    _, _, kind, channels, rate, per_second, block, bits = struct.unpack("<4sIHHIIHH", tone[12:36])
    assert (kind, channels, rate, per_second, block, bits) == (1, 1, 8000, 16_000, 2, 16)
    data, length = struct.unpack("<4sI", tone[36:44])
    samples = struct.unpack(f"<{length // 2}h", tone[44:])
    assert (data, len(samples)) == (b"data", 8000)
    rises = sum(1 for a, b in itertools.pairwise(samples) if a < 0 <= b)
    assert abs(rises - media.PITCH_HZ) <= 1
    assert samples[0] == 0
    assert abs(samples[-1]) < 100
