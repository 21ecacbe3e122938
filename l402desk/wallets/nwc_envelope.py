"""The events that carry NIP-47's messages between our key and a wallet service's, encrypted for nobody else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from l402desk.protocol.proof import PaymentHash
from l402desk.wallets.nostr import nip04, nip44
from l402desk.wallets.nostr.errors import Undecipherable
from l402desk.wallets.nostr.event import Event, sign
from l402desk.wallets.nostr.keys import public_key
from l402desk.wallets.nwc_offer import PAYMENT_SENT, Speech

REQUEST = 23_194
EXPIRES_S = 60
"""A good service ignores requests older than this (NIP-40): what we no longer wait for is not begun."""


class Envelopes:
    """Between two keys. ``ours`` is our public one. Raises Undecipherable for what are no keys."""

    def __init__(self, secret: bytes, peer: str) -> None:
        self.ours = public_key(secret)
        self._secret = secret
        self._peer = peer
        self._keys = {
            Speech.NIP44: nip44.conversation_key(secret, peer),
            Speech.NIP04: nip04.conversation_key(secret, peer),
        }

    def request(self, speech: Speech, method: str, params: Mapping[str, Any], now: int) -> Event:
        """A signed request; ``now`` is unix seconds. Without a tag on encryption it is NIP-04 (NIP-47)."""
        text = json.dumps({"method": method, "params": params}, separators=(",", ":"))
        sealed = (nip44 if speech is Speech.NIP44 else nip04).encrypt(text, self._keys[speech])
        tags = [("p", self._peer), ("expiration", str(now + EXPIRES_S))]
        if speech is Speech.NIP44:
            tags.append(("encryption", speech.value))
        return sign(self._secret, REQUEST, tags, sealed, now)

    def open(self, event: Event) -> tuple[str | None, Speech]:
        """The text in an event of the service, and its encryption; None for what was not made for us. Never raises."""
        speech = Speech.NIP04 if nip04.MARK in event.content else Speech.NIP44
        try:
            return (nip44 if speech is Speech.NIP44 else nip04).decrypt(event.content, self._keys[speech]), speech
        except Undecipherable:
            return None, speech

    def tells_of(self, event: Event, payment_hash: PaymentHash) -> bool:
        """Does a notification say that this payment was sent? No proof, only a reason to look it up. Never raises."""
        text, _ = self.open(event)
        try:
            told = json.loads(text or "")
        except (ValueError, RecursionError):
            return False
        if not isinstance(told, dict) or told.get("notification_type") != PAYMENT_SENT:
            return False
        sent = told.get("notification")
        named = sent.get("payment_hash") if isinstance(sent, dict) else None
        return isinstance(named, str) and named.lower() == payment_hash.hex
