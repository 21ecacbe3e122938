"""Says in words what a rune of Core Lightning may do, and what to beware of."""

from __future__ import annotations

from l402desk.protocol.amount import Msat
from l402desk.protocol.instants import instant_words
from l402desk.wallets.cln_rune import PAYERS, Rune

_HARMLESS = (("listpays", "look payments up"), ("listpeerchannels", "tell the balance"), ("invoice", "make invoices"))
_GRAVE = (
    ("fundchannel", "open channels"),
    ("close", "close channels"),
    ("withdraw", "send coins away on-chain"),
    ("createrune", "make further runes"),
    ("stop", "stop the node"),
)
_MAKE_ONE = "Make a rune for this app alone: the command for it stands in the instructions."


def powers(rune: Rune | None) -> tuple[str, ...]:
    """The least first; nothing where the rune cannot be read."""
    if rune is None:
        return ()
    found = [words for method, words in _HARMLESS if rune.may(method)]
    if rune.payer is not None:
        limit = most(rune)
        found.append("pay" if limit is None else f"pay, {limit.words()} at a time at most")
    if rune.may_do_everything:
        return (*found, "do everything that this node can do")
    return (*found, *_excess(rune))


def warnings(rune: Rune | None, now: float) -> tuple[str, ...]:
    """Whole sentences; ``now`` in unix seconds."""
    if rune is None:
        return ("What this rune allows cannot be read from it: the node alone knows.",)
    found = [] if rune.payer is None else [*_about_paying(rune)]
    if rune.may_do_everything:
        found.append(f"This rune may do everything with the node, send away all its coins included. {_MAKE_ONE}")
    elif excess := _excess(rune):
        found.append(f"This rune may do more than this app needs: {', '.join(excess)}. {_MAKE_ONE}")
    if rune.pace:
        found.append(f"The node answers this rune {rune.pace} at most. A payment takes three questions or more.")
    if rune.ends_at is not None:
        word = "ended" if rune.ends_at <= now else "ends"
        found.append(f"This rune {word} at {instant_words(rune.ends_at)}.")
    return tuple(found)


def most(rune: Rune) -> Msat | None:
    """The largest invoice that it may pay in any way; None where one way has no limit."""
    limits = [rune.most(method) for method in PAYERS if rune.may(method)]
    known = [limit for limit in limits if limit is not None]
    return max(known) if known and len(known) == len(limits) else None


def _excess(rune: Rune) -> tuple[str, ...]:
    return tuple(words for method, words in _GRAVE if rune.may(method))


def _about_paying(rune: Rune) -> list[str]:
    found = []
    if most(rune) is None and not rune.may_do_everything:
        found.append("This rune sets no limit to what one payment may cost: only the limits of this app do.")
    if not rune.may("listpays"):
        found.append(
            "This rune may pay and not look payments up: where a connection breaks off, nobody can tell what became of "
            "a payment. Allow it “listpays” too."
        )
    if not rune.may("getinfo"):
        found.append("This rune may not ask which network the node is on, so invoices are not checked for that.")
    return found
