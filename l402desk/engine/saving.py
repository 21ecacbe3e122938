"""Which held tokens could save a payment: those of the host that are not plainly for something else."""

from __future__ import annotations

import re
from collections.abc import Iterable

from l402desk.protocol.inspection import Inspection
from l402desk.protocol.macaroon import Macaroon
from l402desk.vault.tokens import TokenSummary

_SERVICES = re.compile(r"\s*services\s*=\s*(.+)", re.IGNORECASE)


def could_save(token: TokenSummary, inspections: Iterable[Inspection]) -> bool:
    """May this token open what is asked for? Not where both name services and have none in common.

    ``services=name:tier,…`` is aperture's caveat; a later one restricts an earlier one, so the last one counts.
    """
    held = _services(token.caveats)
    wanted = [
        _services(caveat.text for caveat in i.token.caveats) for i in inspections if isinstance(i.token, Macaroon)
    ]
    return not held or not any(wanted) or any(held & services for services in wanted)


def _services(caveats: Iterable[str]) -> frozenset[str]:
    named: frozenset[str] = frozenset()
    for caveat in caveats:
        said = _SERVICES.fullmatch(caveat)
        if said:
            names = (entry.partition(":")[0].strip() for entry in said[1].split(","))
            named = frozenset(name for name in names if name)
    return named
