"""Purchases: the intent is committed before money moves, and every state of it survives a crash."""
