"""What the vault page says where there is nothing to list: why, and what to do next."""

from __future__ import annotations

from l402desk.ui.widgets.empty import EmptyState
from l402desk.vault.wanted import Shelf

_SHELVES = {
    Shelf.USABLE: ("key", "No usable token", "What you bought is expired, used up, or still owed to you: look at All."),
    Shelf.EXPIRED: ("clock", "Nothing has expired", "Tokens that name an end come here once it has passed."),
    Shelf.OWED: ("check-circle", "Nothing is owed to you", "Everything that was paid for has been delivered."),
    Shelf.TRASH: ("trash", "The trash is empty", "What you put there is kept until you delete it for ever."),
}


def empty_states() -> dict[str, EmptyState]:
    """By what is empty: a shelf, a search (``none``), or the whole page of a vault that is ``locked``."""
    made = {
        "all": EmptyState(
            "key",
            "Nothing bought yet",
            "Send a request to a paid API. What you buy is sealed here and sent with the next request.",
            name="vaultEmpty",
        ),
        "none": EmptyState(
            "search", "No token matches", "Try a host, a part of the path, or a word of a note.", name="vaultNone"
        ),
        "locked": EmptyState(
            "lock",
            "The vault is locked",
            "Unlock it to see and use what you bought.",
            name="vaultLocked",
            button_text="Unlock",
        ),
    }
    for shelf, (icon, title, sentence) in _SHELVES.items():
        made[shelf.value] = EmptyState(icon, title, sentence, name=f"vault{shelf.value.title()}Empty")
    return made
