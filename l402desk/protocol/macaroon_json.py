"""The JSON serialisations of a macaroon, V1 and V2, taken apart without trust."""

from __future__ import annotations

import re

from l402desk.protocol.errors import MacaroonError
from l402desk.protocol.macaroon_formats import MOST_CAVEATS, Condition, Parts
from l402desk.protocol.token_json import JsonObject
from l402desk.protocol.token_text import from_base64

_V1_MEMBERS = frozenset({"location", "identifier", "signature", "caveats"})
_V1_CAVEAT = frozenset({"cid", "vid", "cl"})
_V2_MEMBERS = frozenset({"v", "l", "i", "i64", "s", "s64", "c"})
_V2_CAVEAT = frozenset({"l", "i", "i64", "v", "v64"})
_SIGNATURE = re.compile(r"[0-9a-fA-F]{64}")


def looks_like_v2(found: JsonObject) -> bool:
    return ("i" in found or "i64" in found) and ("s" in found or "s64" in found)


def looks_like_v1(found: JsonObject) -> bool:
    return "identifier" in found and "signature" in found and "caveats" in found


def read_v2_json(found: JsonObject) -> Parts:
    """``{"v":2,"l":…,"i" or "i64":…,"c":[…],"s" or "s64":…}``. Raises MacaroonError."""
    _only(found, _V2_MEMBERS)
    if found.get("v", 2) != 2:
        raise MacaroonError("This macaroon in JSON is of a version this app does not know")
    identifier, signature = _bytes(found, "i"), _bytes(found, "s")
    if identifier is None or signature is None or len(signature) != 32:
        raise MacaroonError("This macaroon in JSON has no identifier, or no signature of 32 bytes")
    conditions = []
    for item in _items(found, "c"):
        _only(item, _V2_CAVEAT)
        text = _bytes(item, "i")
        if text is None:
            raise MacaroonError("A caveat of this macaroon has no text")
        conditions.append(_condition(text, _bytes(item, "l"), _bytes(item, "v")))
    return Parts("v2-json", _bytes(found, "l") or b"", identifier, tuple(conditions), signature)


def read_v1_json(found: JsonObject) -> Parts:
    """``{"location":…,"identifier":…,"signature":hex,"caveats":[{"cid","vid","cl"}]}``.

    Raises MacaroonError.
    """
    _only(found, _V1_MEMBERS)
    signature = _text(found, "signature") or ""
    identifier = _bytes(found, "identifier")
    if identifier is None or not _SIGNATURE.fullmatch(signature):
        raise MacaroonError("This macaroon in JSON has no identifier, or no signature of 64 hexadecimal digits")
    conditions = []
    for item in _items(found, "caveats"):
        _only(item, _V1_CAVEAT)
        text, verification = _bytes(item, "cid"), _text(item, "vid")
        if text is None:
            raise MacaroonError("A caveat of this macaroon has no text")
        proof = None if verification is None else _decoded(verification)
        conditions.append(_condition(text, _bytes(item, "cl"), proof))
    location = _bytes(found, "location") or b""
    return Parts("v1-json", location, identifier, tuple(conditions), bytes.fromhex(signature))


def _condition(text: bytes, location: bytes | None, verification: bytes | None) -> Condition:
    if location and verification is None:
        raise MacaroonError("A caveat of this macaroon names a place but no third party")
    return Condition(text, location or b"", verification)


def _only(found: JsonObject, members: frozenset[str]) -> None:
    if found.has_duplicates or not found.keys() <= members:
        raise MacaroonError("This macaroon in JSON has members that do not belong there, or one of them twice")


def _items(found: JsonObject, name: str) -> list[JsonObject]:
    items = found.get(name)
    if items is None:
        return []
    if not isinstance(items, list) or len(items) > MOST_CAVEATS:
        raise MacaroonError(f"The caveats of this macaroon are no list of at most {MOST_CAVEATS}")
    objects = [item for item in items if isinstance(item, JsonObject)]
    if len(objects) != len(items):
        raise MacaroonError("A caveat of this macaroon is no JSON object")
    return objects


def _text(found: JsonObject, name: str) -> str | None:
    value = found.get(name)
    if value is not None and not isinstance(value, str):
        raise MacaroonError(f"The member {name} of this macaroon is no text")
    return value


def _bytes(found: JsonObject, name: str) -> bytes | None:
    """A member as bytes: as UTF-8 under its name, or as base64 under its name and ``64``; not both."""
    text, coded = _text(found, name), _text(found, name + "64")
    if text is not None and coded is not None:
        raise MacaroonError(f"This macaroon gives its member {name} twice")
    if coded is not None:
        return _decoded(coded)
    try:
        return None if text is None else text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise MacaroonError(f"The member {name} of this macaroon is no text") from error


def _decoded(text: str) -> bytes:
    found = from_base64(text) if text else None
    if found is None and text:
        raise MacaroonError("A member of this macaroon is not readable as base64")
    return found.raw if found else b""
