"""Widgets. Foreign text is always plain text; nothing here does I/O; ``ui.<feature>`` mirrors the package it shows."""
