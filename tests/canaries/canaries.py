"""Secrets that are easy to recognise, in every form they could leave in: as they are, hex, base64, URL-encoded."""

from __future__ import annotations

import base64
import urllib.parse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Canary:
    """One secret. ``raws`` are its bytes, and its bytes read as hex or base64 where it is a text of those."""

    name: str
    raws: tuple[bytes, ...]

    @classmethod
    def of(cls, name: str, secret: str | bytes) -> Canary:
        raws = [secret if isinstance(secret, bytes) else secret.encode()]
        if isinstance(secret, str):
            raws += [raw for raw in (_from_hex(secret), _from_base64(secret)) if len(raw) >= 16]
        return cls(name, tuple(raws))

    def forms(self) -> Iterator[bytes]:
        for raw in self.raws:
            yield from _forms(raw)


def _from_hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""


def _forms(raw: bytes) -> Iterator[bytes]:
    yield raw
    yield raw.hex().encode()
    yield raw.hex().upper().encode()
    quoted = urllib.parse.quote_from_bytes(raw, safe="").encode()
    yield quoted
    yield quoted.lower()
    for shift in range(3):  # base64 of a longer text shows the secret in one of three ways
        encoded = base64.b64encode(bytes(shift) + raw)
        inner = encoded[4 if shift else 0 : len(encoded) // 4 * 4 - 4]
        yield inner
        yield inner.replace(b"+", b"-").replace(b"/", b"_")
    if raw.isascii():
        yield raw.decode().encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Hit:
    """A secret where none may be."""

    canary: str
    where: str


@dataclass(slots=True)
class Cage:
    """All canaries, and the searching for them."""

    canaries: list[Canary] = field(default_factory=list)

    def add(self, name: str, secret: str | bytes) -> None:
        self.canaries.append(Canary.of(name, secret))

    def search(self, content: bytes, where: str, *, but: Iterable[str] = ()) -> list[Hit]:
        """Which of them are in there; ``but`` may be."""
        allowed = set(but)
        return [
            Hit(canary.name, where)
            for canary in self.canaries
            if canary.name not in allowed and any(form in content for form in canary.forms())
        ]

    def search_folder(self, folder: Path) -> list[Hit]:
        """In every file, and every name."""
        hits: list[Hit] = []
        for path in sorted(folder.rglob("*")):
            where = str(path.relative_to(folder))
            hits += self.search(where.encode(), f"the name of {where}")
            if path.is_file():
                hits += self.search(path.read_bytes(), where)
        return hits
