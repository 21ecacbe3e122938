"""Nostr beneath NIP-47: keys, encryption, signed events, and sessions with several relays. All a relay says is hostile.

``keys`` ← ``nip44``, ``nip04`` (what two keys share) and ``event`` (what one key signs) ← ``filters`` (what was asked
for) ← ``subscription`` (each wanted event once) and ``publication`` (one event of ours at several relays) ← ``relay``
(one connection) ← ``conversation`` (what is said over it) ← ``line`` (one relay, kept connected) ← ``session`` (all of
a wallet's relays at once: what an adapter talks to).
"""
