"""What can go wrong when the vault is asked for a token; the machine's own failures are StoreError."""

from __future__ import annotations


class NoSuchToken(LookupError):  # noqa: N818 - named for what happened
    """The vault holds no token with this id."""
