"""The I/O thread: an asyncio loop beside the GUI. It knows nothing of L402."""
