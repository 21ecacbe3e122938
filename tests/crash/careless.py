"""A buyer in the order of some clients: at a start what was pending is dropped, and a new invoice asked for and paid.

It stores what it can and syncs it all; the order alone is wrong. The harness must see it pay twice.
"""

from __future__ import annotations

import json
import os
import re
import urllib.error
import urllib.request
from pathlib import Path

_OFFER = re.compile(r'macaroon="([^"]+)", invoice="([^"]+)"')


def buy(home: Path, url: str, wallet_url: str, key: str) -> int:
    """The status a command would end with: 0 answered, 3 not paid."""
    home.mkdir(parents=True, exist_ok=True)
    pending, paid = home / "pending.json", home / "paid.json"
    if paid.exists():
        return 0 if _get(url, paid.read_text())[0] == 200 else 3
    if pending.exists():
        pending.unlink()  # "paid or pending": the wrong step
    status, header = _get(url, None)
    offer = _OFFER.search(header)
    if status != 402 or offer is None:
        return 3
    _keep(pending, offer[1])
    preimage = _pay(wallet_url, key, offer[2])
    _keep(paid, f"L402 {offer[1]}:{preimage}")
    pending.unlink()
    return 0 if _get(url, paid.read_text())[0] == 200 else 3


def _get(url: str, authorization: str | None) -> tuple[int, str]:
    headers = {} if authorization is None else {"Authorization": authorization}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10) as answer:
            return int(answer.status), ""
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.headers.get("WWW-Authenticate", "")


def _pay(wallet_url: str, key: str, invoice: str) -> str:
    asked = json.dumps({"out": True, "bolt11": invoice}).encode()
    headers = {"X-Api-Key": key, "Content-Type": "application/json"}
    request = urllib.request.Request(f"{wallet_url}/api/v1/payments", data=asked, headers=headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return str(json.load(answer)["preimage"])


def _keep(file: Path, text: str) -> None:
    beside = file.with_suffix(".new")
    with beside.open("w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    os.rename(beside, file)
    folder = os.open(file.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
