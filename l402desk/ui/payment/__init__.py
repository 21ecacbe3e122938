"""Paying: the QR for any phone wallet, a connected wallet, and the proof that comes home."""
