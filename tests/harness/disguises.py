"""The preimage of a payment, as a mock wallet gives it that tells a lie about its proof."""

from __future__ import annotations

import base64
import secrets

from l402desk.protocol.proof import Preimage


def disguised(lie: str, preimage: Preimage | None, *, is_look_up: bool, none: str | None = None) -> str | None:
    """As the lie has it. ``none`` is what this kind of wallet says where it has no preimage to show."""
    if preimage is None:
        return none
    match lie:
        case "null-preimage":
            return None
        case "late-preimage":
            return preimage.hex if is_look_up else none
        case "zero-preimage":
            return "0" * 64
        case "wrong-preimage":
            return secrets.token_hex(32)
        case "short-preimage":
            return preimage.hex[:32]
        case "upper-preimage":
            return preimage.hex.upper()
        case "base64-preimage":
            return base64.b64encode(preimage.raw).decode()
    return preimage.hex
