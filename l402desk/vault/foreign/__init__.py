"""The token stores of other clients, read without trust: bytes or a path in, values and problems out.

Each module knows one store. Everything in it is hostile until ``admission`` has passed it; a store that cannot be read
at all is one ImportRefused, an entry that cannot be used is one Problem among the others.
"""
