"""What a token's caveats allow at one service of the sandbox, weighed the way aperture weighs them.

A condition that appears again must be at least as restrictive as before: that is how a holder narrows a token
without asking the server. Conditions the sandbox does not know are skipped, as aperture skips them
(l402/caveat.go): a client that adds its own ``preimage=…`` still gets in. The strict dialects refuse that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from l402desk.sandbox.refusal import Refused


@dataclass(frozen=True, slots=True)
class Allowance:
    """The sum of all caveats: ``valid_until`` in unix seconds, None for "no limit", tier 0 is the base."""

    tier: int = 0
    valid_until: int | None = None
    uses: int | None = None
    order_id: str | None = None


def weigh(caveats: Iterable[str], service: str) -> Allowance:
    """What the caveats allow at ``service``.

    Raises Refused when one is unreadable, wider than an earlier one, or for another service.
    """
    services: dict[str, int] | None = None
    valid_until: int | None = None
    uses: int | None = None
    order_id: str | None = None
    for caveat in caveats:
        condition, _, value = (part.strip() for part in caveat.partition("="))
        if condition == "services":
            services = _narrowed(services, _read_services(value))
        elif condition == f"{service}_valid_until":
            valid_until = _lowered(valid_until, _number(value), condition)
        elif condition == "expiration":  # boltwall's, in milliseconds
            valid_until = _lowered(valid_until, _number(value) // 1000, condition)
        elif condition == f"{service}_max_uses":
            uses = _lowered(uses, _number(value), condition)
        elif condition == "order_id":
            order_id = _same(order_id, value)
    if services is not None and service not in services:
        raise Refused("other-service", f"This token is for {_listed(services)}, not for {service}.")
    tier = 0 if services is None else services[service]
    return Allowance(tier, valid_until, uses, order_id)


def _read_services(value: str) -> dict[str, int]:
    services = {}
    for entry in value.split(","):
        name, _, tier = entry.partition(":")
        services[name.strip()] = _number(tier)
    return services


def _narrowed(before: dict[str, int] | None, after: dict[str, int]) -> dict[str, int]:
    if before is not None and any(tier > before.get(name, -1) for name, tier in after.items()):
        raise _widened("services")
    return after


def _lowered(before: int | None, after: int, condition: str) -> int:
    if before is not None and after > before:
        raise _widened(condition)
    return after


def _same(before: str | None, after: str) -> str:
    if before not in {None, after}:
        raise _widened("order_id")
    return after


def _widened(condition: str) -> Refused:
    return Refused("caveat-widened", f"The token repeats “{condition}” with a wider limit than before.")


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 15:
        raise Refused("caveat-unreadable", "A caveat of this token should hold a number and does not.")
    return int(text)


def _listed(services: dict[str, int]) -> str:
    return ", ".join(sorted(services)) or "no service"
