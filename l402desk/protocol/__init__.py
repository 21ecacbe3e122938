"""L402 as values and rules: bytes in, meaning out. No Qt, no asyncio, no files; time enters as an argument."""
