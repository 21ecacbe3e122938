"""The vault: what was bought, where it may be sent, and what it allows."""
