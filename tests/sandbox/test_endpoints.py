"""The table of endpoints is complete and its prices are those that are asked."""

from __future__ import annotations

import pytest

from l402desk.protocol.amount import Msat
from l402desk.sandbox.endpoints import BEHIND_THE_DOOR, ENDPOINTS, FREE, price_of


def test_no_path_stands_there_twice() -> None:
    paths = [endpoint.path for endpoint in ENDPOINTS]
    assert len(paths) == len(set(paths))


def test_the_promised_ones_are_there() -> None:
    promised = {"/", "/weather", "/quote", "/once", "/expires", "/premium", "/echo", "/big.json", "/image.png"}
    promised |= {"/audio", "/stream", "/free", "/flaky", "/checkout", "/claim", "/openapi.json"}
    promised |= {"/wallet/pay", "/wallet/balance", "/dialect/lsat-only"}
    assert promised <= {endpoint.path for endpoint in ENDPOINTS}


def test_quirks_concern_what_is_behind_the_door_only() -> None:
    assert not BEHIND_THE_DOOR & {endpoint.path for endpoint in FREE}
    assert {"/weather", "/claim", "/dialect/on-401"} <= BEHIND_THE_DOOR


def test_an_example_is_a_path_with_parameters() -> None:
    examples = {endpoint.path: endpoint.example for endpoint in ENDPOINTS}
    assert examples["/weather"] == "/weather?city=Lisbon"
    assert examples["/quote"] == "/quote"


def test_prices_are_looked_up_by_path() -> None:
    assert price_of("/weather") == Msat.of_sats(21)
    with pytest.raises(KeyError):
        price_of("/free")
