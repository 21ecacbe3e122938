"""Tokens at rest: sealed, found by URL, sent home only. A paid token is an asset; nothing here deletes one by
itself.
"""
