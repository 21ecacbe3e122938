"""The embedded L402 server and its play-money wallet: first API, test fixture, hostile server on demand.

``open_sandbox`` starts it inside the running loop. Nothing heavy is imported before that.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from l402desk.sandbox.server import Sandbox


def open_sandbox(
    *, host: str = "127.0.0.1", port: int = 0, quirks: frozenset[str] = frozenset()
) -> AbstractAsyncContextManager[Sandbox]:
    """The sandbox served at ``host`` and ``port`` (0: a free one) until the context is left.

    Raises UnknownQuirk for a name that ``quirks.QUIRKS`` lacks, OSError where the address is not to be had.
    """
    from l402desk.sandbox import server  # noqa: PLC0415 - 0.15 s of imports that only an opened sandbox needs

    return server.open_sandbox(host=host, port=port, quirks=quirks)
