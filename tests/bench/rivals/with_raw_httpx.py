"""Driver: three httpx requests by hand, as the least that a purchase can be."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.bench.rivals.driving import Ask, drive, node
from tests.bench.rivals.lnd import Node

PAYER = Node(**node())
_CHALLENGE = re.compile(r'(L402|LSAT) macaroon="([^"]+)", invoice="([^"]+)"')


def new_client(url: str) -> Ask:
    client, held = httpx.Client(trust_env=False), dict[str, str]()

    def ask() -> int:
        answer = client.get(url, headers=held)
        if answer.status_code != 402 or held:
            return answer.status_code
        found = _CHALLENGE.search(answer.headers["www-authenticate"])
        if found is None:
            return answer.status_code
        held["Authorization"] = f"{found[1]} {found[2]}:{PAYER.pay(found[3])}"
        return client.get(url, headers=held).status_code

    return ask


if __name__ == "__main__":
    drive(new_client)
