"""JSON stores: what people keep behind Alby's ``fetchWithL402``, a URL to ``{token, preimage}``, and lists of the same.

Alby's helper gives its store a URL and the JSON text of the pair, so the pair may be text within the JSON
(js-lightning-tools 7, src/l402/l402.ts). A list names the URL inside; ``authorization`` may hold both secrets at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from l402desk.protocol.errors import ProtocolError
from l402desk.protocol.proof import PaymentHash
from l402desk.protocol.token import read_authorization
from l402desk.vault.foreign.entries import MOST_ENTRIES, Entry, EntryRefused, ImportRefused, Problem
from l402desk.vault.foreign.json_value import text_in
from l402desk.vault.foreign.moments import read_moment
from l402desk.vault.scope import Reach

_ADDRESS = ("url", "endpoint", "location")
_HOST = ("origin", "host")
_CREDENTIAL = ("token", "macaroon", "credential")
_SAFE_NAMES = ("payment_hash", "paymentHash")


def is_store(value: object) -> bool:
    """Is at least one pair of token and preimage in there?"""
    return any(_is_pair(_unwrapped(item)) for _, _, item in _items(value))


def entries_of(value: object) -> Iterator[Entry | Problem]:
    """Every pair as an entry, or as a problem. Raises ImportRefused."""
    for number, (where, key, item) in enumerate(_items(value)):
        if number >= MOST_ENTRIES:
            raise ImportRefused(f"There are more than {MOST_ENTRIES} tokens in it.", "Name another file.")
        try:
            yield _entry(where, key, _unwrapped(item))
        except EntryRefused as error:
            yield Problem(where, str(error))


def _items(value: object) -> Iterator[tuple[str, str, object]]:
    """A name for people, the key (empty in a list), and the item."""
    if isinstance(value, dict):
        if _is_pair(value):
            yield "the token", "", value
        else:
            yield from ((f"entry {number}", str(key), item) for number, (key, item) in enumerate(value.items(), 1))
    elif isinstance(value, list):
        yield from ((f"entry {number}", "", item) for number, item in enumerate(value, 1))


def _unwrapped(item: object) -> object:
    if isinstance(item, str) and item[:1] == "{":
        try:
            return json.loads(item)
        except (ValueError, RecursionError):
            return item
    return item


def _is_pair(item: object) -> bool:
    if not isinstance(item, dict):
        return False
    return isinstance(item.get("authorization"), str) or (
        "preimage" in item and any(isinstance(item.get(name), str) for name in _CREDENTIAL)
    )


def _entry(where: str, key: str, item: object) -> Entry:
    if not isinstance(item, dict):
        raise EntryRefused("it is no pair of a token and its proof of payment.")
    scheme, credential, preimage = _secrets(item)
    exact, whole = text_in(item, *_ADDRESS), text_in(item, *_HOST)
    url = key or exact or whole
    if url and "://" not in url:
        url = f"https://{url}"
    said = text_in(item, *_SAFE_NAMES)
    return Entry(
        where=where,
        url=url,
        reach=Reach.HOST if whole and not (key or exact) else Reach.EXACT,
        credential=credential,
        preimage=preimage,
        scheme=scheme,
        payment_hash=_hash(said) if said else None,
        invoice=text_in(item, "invoice", "paymentRequest", "payment_request"),
        at=next((at for name in ("created_at", "createdAt", "storedAt") if (at := read_moment(item.get(name)))), None),
        title=text_in(item, "title", "name"),
    )


def _secrets(item: dict[str, object]) -> tuple[str, str, str]:
    authorization = text_in(item, "authorization")
    if authorization:
        try:
            token = read_authorization(authorization)
        except ProtocolError as error:
            raise EntryRefused(f"{error.message}.") from error
        return token.scheme, token.credential, token.preimage.hex
    return text_in(item, "scheme") or "L402", text_in(item, *_CREDENTIAL), text_in(item, "preimage")


def _hash(text: str) -> PaymentHash:
    try:
        return PaymentHash.from_hex(text)
    except ProtocolError as error:
        raise EntryRefused("what it calls a payment hash is none.") from error
