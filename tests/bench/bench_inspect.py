"""How fast challenges are judged, and how soon the command has an answer: ``python tests/bench/bench_inspect.py``.

Prints one JSON object: challenges per second on one core, from header to verdict (``read_demand``, ``inspect_demand``),
and the best wall time of ``l402desk inspect`` beside that of an empty Python in the same run.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from l402desk.protocol.challenge import read_demand
from l402desk.protocol.inspection import Circumstances, Inspection, Verdict, inspect_demand
from l402desk.protocol.origin import Origin
from tests.fakes.challenges import HASH, mint_token
from tests.fakes.invoices import NODE, NOW, data_field, hop, mint_invoice

ROUNDS, CHALLENGES, STARTS = 5, 2_000, 15
ORIGIN = Origin.of("https://api.example.com/weather")


def invoice() -> str:
    route = data_field("r", hop(NODE, 1 << 40, 1_000, 10, 40))
    return mint_invoice(prefix="lnbc", description="Weather", more=[route])


def header(text: str) -> str:
    token = mint_token(
        HASH, b"services=weather:0", b"weather_capabilities=read", f"weather_valid_until={NOW + 3_600}".encode()
    )
    return f'L402 version="0", token="{token}", invoice="{text}"'


def judge(value: str) -> Inspection:
    demand = read_demand(402, [("Content-Type", "text/plain"), ("WWW-Authenticate", value)], b"payment required\n")
    (only,) = inspect_demand(demand, Circumstances(NOW + 60, origin=ORIGIN))
    return only


def best_seconds(work: Callable[[], object], rounds: int) -> float:
    best = float("inf")
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return best


def start_ms(*arguments: str) -> float:
    def work() -> None:
        subprocess.run([sys.executable, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)

    work()  # compiles what is not compiled yet
    return round(best_seconds(work, STARTS) * 1_000, 1)


def main() -> None:
    text = invoice()
    value = header(text)
    assert judge(value).verdict is Verdict.PAYABLE

    def many() -> None:
        for _ in range(CHALLENGES):
            judge(value)

    empty = start_ms("-c", "pass")
    command = start_ms("-m", "l402desk", "inspect", value, "--now", "2023-11-14T22:14:00Z")
    result = {
        "invoice_characters": len(text),
        "header_characters": len(value),
        "challenges_per_second": round(CHALLENGES / best_seconds(many, ROUNDS)),
        "empty_python_ms": empty,
        "inspect_ms": command,
        "inspect_over_empty_ms": round(command - empty, 1),
        "inspect_over_empty_ratio": round(command / empty, 1),
        "bytecode_is_kept": not sys.dont_write_bytecode,
    }
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
