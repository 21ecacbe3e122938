"""Wallets: the port every one of them fulfils, and the ones that are connected."""
