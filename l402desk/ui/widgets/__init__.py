"""Shared widgets: the only place where text of others meets the screen."""
