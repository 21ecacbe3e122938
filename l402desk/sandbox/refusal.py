"""Why a credential does not open the door, and how the door answers."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 - a refusal is an answer of the sandbox, not an error of the program
    """A request that is not let in.

    ``status`` is 402 where paying helps (nothing was brought, or it is spent or expired), 401 where what was
    brought is no credential (BLIP L402: an invalid credential is 401). Both strings go into the body.
    """

    def __init__(self, code: str, message: str, status: int = 401) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


def payment_required() -> Refused:
    """Nothing was brought, or nothing this server knows."""
    return Refused("payment-required", "This costs money. The challenge holds an invoice and a token.", 402)
