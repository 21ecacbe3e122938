"""Sending HTTP: a draft goes out as typed, an answer comes back bounded, spooled and timed. httpx is met only here."""
