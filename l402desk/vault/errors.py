"""What can go wrong when the vault is asked for a token; the machine's own failures are StoreError."""

from __future__ import annotations


class NoSuchToken(LookupError):  # noqa: N818 - named for what happened
    """The vault holds no token with this id."""


class Forgotten(LookupError):  # noqa: N818 - named for what happened
    """The user deleted the token of this purchase for ever: what the ledger still knows does not bring it back."""

    def __init__(self, purchase_id: str) -> None:
        super().__init__("The token of this purchase was deleted from the vault for ever.")
        self.purchase_id = purchase_id
