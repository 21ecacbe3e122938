"""Readers of wallet connections, one a kind: hostile text in, a `Connection` or a sentence of refusal out."""
