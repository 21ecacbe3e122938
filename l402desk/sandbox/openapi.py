"""Describes the sandbox as OpenAPI 3.1, with prices in the two extensions that clients read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from l402desk import __version__
from l402desk.sandbox.endpoints import JSON, Endpoint, Parameter

_CHALLENGE = {
    "description": "Payment required",
    "headers": {
        "WWW-Authenticate": {
            "description": 'L402 macaroon="…", invoice="…"',
            "schema": {"type": "string"},
        }
    },
    "content": {JSON: {"schema": {"$ref": "#/components/schemas/PaymentRequired"}}},
}
_COMPONENTS = {
    "securitySchemes": {"L402": {"type": "http", "scheme": "L402"}},
    "schemas": {
        "PaymentRequired": {
            "type": "object",
            "required": ["error", "price_sats", "message"],
            "properties": {
                "error": {"type": "string"},
                "price_sats": {"type": "integer"},
                "message": {"type": "string"},
            },
        }
    },
}


def document(endpoints: Iterable[Endpoint], url: str) -> dict[str, Any]:
    """The whole file. ``x-payment-info`` is satring's, ``x-l402-pricing`` the L402 discovery draft's."""
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "L402 Desk sandbox",
            "version": __version__,
            "description": "A paid API that costs only play money.",
        },
        "servers": [{"url": url}],
        "paths": paths,
        "components": _COMPONENTS,
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    name = endpoint.path.strip("/").replace("/", "-").replace(".", "-") or "index"
    operation: dict[str, Any] = {
        "operationId": f"{endpoint.method.lower()}-{name}",
        "summary": endpoint.title,
        "parameters": [_parameter(parameter) for parameter in endpoint.parameters],
        "responses": {"200": _answer(endpoint)},
    }
    if endpoint.example_body is not None:
        example = json.loads(endpoint.example_body)
        operation["requestBody"] = {"content": {JSON: {"schema": {"type": "object"}, "example": example}}}
    if endpoint.price is not None:
        promise = f": {endpoint.promise}" if endpoint.promise else ""
        operation |= {
            "description": f"Costs {endpoint.price.words()}{promise}.",
            "security": [{"L402": []}],
            "x-payment-info": {
                "protocols": ["L402"],
                "pricingMode": "fixed",
                "price": {"amount": endpoint.price.sats_rounded_up, "currency": "sat"},
            },
            "x-l402-pricing": {"model": "fixed", "price_msat": endpoint.price.value},
        }
        operation["responses"]["402"] = _CHALLENGE
    return operation


def _answer(endpoint: Endpoint) -> dict[str, Any]:
    schema = {"type": "object"} if endpoint.content_type == JSON else {"type": "string"}
    return {"description": endpoint.title, "content": {endpoint.content_type: {"schema": schema}}}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "integer" if isinstance(parameter.example, int) else "string"}
    if parameter.choices:
        schema["enum"] = list(parameter.choices)
    return {
        "name": parameter.name,
        "in": "query",
        "description": parameter.description,
        "schema": schema,
        "example": parameter.example,
    }
