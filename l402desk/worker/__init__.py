"""The I/O thread: an asyncio loop beside the GUI, to which jobs are submitted. It knows nothing of L402."""
