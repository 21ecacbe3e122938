# ruff: noqa: N818 - these are named for what something is
"""What a foreign text of Nostr can turn out to be. None of it is for people to read: the adapter says what it means."""

from __future__ import annotations


class Undecipherable(Exception):
    """A ciphertext, or a key, is not what its specification says, or was not made for this key."""


class BadEvent(Exception):
    """An object is no event of NIP-01, or its id or signature is not its own."""
