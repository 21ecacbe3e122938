"""The OpenAPI file describes every endpoint, with its price."""

from __future__ import annotations

import json
import re
from typing import Any

from l402desk.sandbox.endpoints import ENDPOINTS
from l402desk.sandbox.openapi import document

FILE = document(ENDPOINTS, "http://127.0.0.1:8402")


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [(m, p, operation) for p, methods in FILE["paths"].items() for m, operation in methods.items()]


def test_it_is_openapi_3_1_and_survives_json() -> None:
    assert FILE["openapi"] == "3.1.0"
    assert {"title", "version"} <= FILE["info"].keys()
    assert FILE["servers"] == [{"url": "http://127.0.0.1:8402"}]
    assert json.loads(json.dumps(FILE)) == FILE


def test_every_endpoint_is_described_once() -> None:
    described = {(method.upper(), path) for method, path, _ in operations()}
    assert described == {(endpoint.method, endpoint.path) for endpoint in ENDPOINTS}
    ids = [operation["operationId"] for _, _, operation in operations()]
    assert len(ids) == len(set(ids))


def test_priced_ones_say_so_in_both_extensions_and_answer_402() -> None:
    for endpoint in ENDPOINTS:
        operation = FILE["paths"][endpoint.path][endpoint.method.lower()]
        assert ("402" in operation["responses"]) == (endpoint.price is not None), endpoint.path
        if endpoint.price is not None:
            sats = endpoint.price.sats_rounded_up
            assert operation["x-payment-info"]["price"] == {"amount": sats, "currency": "sat"}
            assert operation["x-l402-pricing"] == {"model": "fixed", "price_msat": sats * 1000}
            assert operation["security"] == [{"L402": []}]


def test_what_the_specification_requires_is_there() -> None:
    for _, path, operation in operations():
        assert operation["responses"], path
        for answer in operation["responses"].values():
            assert answer["description"], path
        for parameter in operation["parameters"]:
            assert parameter["in"] == "query"
            assert parameter["schema"]["type"] in {"string", "integer"}
        if "requestBody" in operation:
            assert operation["requestBody"]["content"]["application/json"]["schema"]


def test_every_reference_leads_somewhere() -> None:
    for reference in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(FILE)):
        found: Any = FILE
        for step in reference.split("/"):
            found = found[step]
        assert found
