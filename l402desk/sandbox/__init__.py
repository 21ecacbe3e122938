"""The embedded L402 server and its play-money wallet: a newcomer's first API, the tests' counterpart, a hostile server on demand."""
