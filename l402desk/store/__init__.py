"""SQLite, sealing and the OS keyring: mechanisms without meaning."""
