"""Feature bits: what a payee offers (odd bits) or demands (even bits), by the names of BOLT 9."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Feature:
    """One set bit. ``required``: who does not understand it must not pay. ``known``: this app does."""

    bit: int
    name: str
    required: bool
    known: bool


# Understood in an invoice: those with the context "9" in BOLT 9, and those every node is assumed to have.
_KNOWN = {
    0: "option_data_loss_protect",
    6: "gossip_queries",
    8: "var_onion_optin",
    12: "option_static_remotekey",
    14: "payment_secret",
    16: "basic_mpp",
    24: "option_route_blinding",
    36: "option_attribution_data",
    44: "option_channel_type",
    48: "option_payment_metadata",
}
# Named so that a person can look them up, but no business of an invoice, or not in the specification. Who
# demands one of these demands more than a plain payment: with AMP, for one, the preimage proves nothing.
_NAMED = {
    2: "initial_routing_sync",
    4: "option_upfront_shutdown_script",
    10: "gossip_queries_ex",
    18: "option_support_large_channel",
    20: "option_anchor_outputs",
    22: "option_anchors",
    26: "option_shutdown_anysegwit",
    28: "option_dual_fund",
    30: "amp",
    34: "option_quiesce",
    38: "option_onion_messages",
    40: "zero_fee_commitments",
    42: "option_provide_storage",
    46: "option_scid_alias",
    50: "option_zeroconf",
    54: "keysend",
    56: "trampoline_routing",
    60: "option_simple_close",
    62: "option_splice",
    148: "trampoline_payment_experimental",
}


def _feature(bit: int) -> Feature:
    pair = bit & ~1
    name = _KNOWN.get(pair) or _NAMED.get(pair) or f"feature {pair}/{pair + 1}"
    return Feature(bit, name, required=bit == pair, known=pair in _KNOWN)


def features_of(field: int) -> tuple[Feature, ...]:
    """The features set in a ``9`` field read as one number, lowest bit first."""
    found = []
    bits = f"{field:b}"[::-1]
    at = bits.find("1")
    while at >= 0:
        found.append(_feature(at))
        at = bits.find("1", at + 1)
    return tuple(found)
