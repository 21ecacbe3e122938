"""A picture in an answer: its size is read before a pixel is decoded."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

PREVIEWED_BYTES = 8 << 20
PREVIEWED_PIXELS = 4_000_000
_DECODED_MB = 64


def read_image(data: bytes) -> QImage | str:
    """The picture of PNG or JPEG bytes, or in words why it is not shown."""
    kind = b"png" if data.startswith(b"\x89PNG") else b"jpeg" if data.startswith(b"\xff\xd8\xff") else b""
    if not kind:
        return "This is neither PNG nor JPEG."
    QImageReader.setAllocationLimit(_DECODED_MB)
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    # The two formats are named, so that no other decoder ever meets foreign bytes.
    reader = QImageReader(buffer, QByteArray(kind))
    reader.setDecideFormatFromContent(False)
    size = reader.size()
    if not size.isValid() or size.isEmpty():
        return "This picture cannot be read."
    if size.width() * size.height() > PREVIEWED_PIXELS:
        return f"{size.width():,} × {size.height():,} pixels is too large for a preview. Save it to look at it."
    reader.setAutoTransform(True)
    image = reader.read()
    return image if not image.isNull() else "This picture cannot be read: its data is damaged or incomplete."


class ImageView(QWidget):
    """Shows a picture at its own size, or smaller where it does not fit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("responseImage")
        self.setAccessibleName("Picture in the answer")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._image = QImage()

    @property
    def image(self) -> QImage:
        return self._image

    def set_image(self, image: QImage) -> None:
        self._image = image
        self.setAccessibleDescription(f"{image.width()} by {image.height()} pixels")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, 160)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._image.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = self._image.size()
        if size.width() > self.width() or size.height() > self.height():
            size = size.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = self.rect()
        place.setSize(size)
        place.moveCenter(self.rect().center())
        painter.drawImage(place, self._image)
