"""Performs what an exchange commands, with the services, in the order the laws of payment demand. No Qt."""
