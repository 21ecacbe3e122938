"""Where a token may go: its own path, what lies below it, or the whole host; never further (law 8)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote

_SEPARATORS = re.compile(r"[/\\]")


class Reach(StrEnum):
    """How far a token goes within its origin. Exact is the default: the path that issued the challenge."""

    EXACT = "exact"
    PREFIX = "prefix"
    HOST = "host"


@dataclass(frozen=True, slots=True)
class Scope:
    """A reach and the path it starts from, as it stands in the URL, without query.

    A prefix ends between segments (``/v1`` covers ``/v1/data``, not ``/v10``). Build it with ``of``; raises
    ValueError when it is built from what no URL has.
    """

    reach: Reach
    path: str

    def __post_init__(self) -> None:
        if not self.path.startswith("/") or "?" in self.path or "#" in self.path:
            raise ValueError("a path begins with a slash and has neither query nor fragment")
        if self.path != _normal(self.reach, self.path):
            raise ValueError("a host's path is /, and a prefix ends without a slash")

    @classmethod
    def of(cls, reach: Reach, path: str) -> Scope:
        return cls(reach, _normal(reach, path))

    def covers(self, path: str) -> bool:
        """May the token be sent to this path of its origin?"""
        match self.reach:
            case Reach.HOST:
                return True
            case Reach.EXACT:
                return path == self.path
            case Reach.PREFIX:
                below = path == self.path or path.startswith(self.path.rstrip("/") + "/")
                return below and not _wanders(path)

    @property
    def rank(self) -> tuple[int, int]:
        """Of two scopes that cover a path, the more specific one is the greater."""
        return len(self.path), (Reach.HOST, Reach.PREFIX, Reach.EXACT).index(self.reach)

    def __str__(self) -> str:
        match self.reach:
            case Reach.HOST:
                return "the whole host"
            case Reach.EXACT:
                return self.path
            case Reach.PREFIX:
                return f"{self.path.rstrip('/')}/…"


def starting_points(path: str) -> tuple[str, ...]:
    """Every ``Scope.path`` that could cover this path, the longest first, ``/`` last."""
    points = [path]
    shorter = path.rstrip("/")
    while shorter:
        points.append(shorter)
        shorter = shorter.rpartition("/")[0].rstrip("/")
    points.append("/")
    return tuple(dict.fromkeys(points))


def _normal(reach: Reach, path: str) -> str:
    match reach:
        case Reach.HOST:
            return "/"
        case Reach.EXACT:
            return path or "/"
        case Reach.PREFIX:
            return path.rstrip("/") or "/"


def _wanders(path: str) -> bool:
    # "/v1/%2e%2e/admin" begins with "/v1" and is not below it: servers decode before they climb, some twice.
    for _ in range(3):
        path = unquote(path)
    return any(segment.partition(";")[0] in (".", "..") for segment in _SEPARATORS.split(path))
