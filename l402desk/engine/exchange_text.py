"""What both sides of a purchase said, as text to read: the request, the answer that asked for money, the delivery.

Whatever opens something is masked unless it is asked for: the credential, the proof, cookies, keys in headers and
queries. What is masked here never reaches the window.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from l402desk.client.body import FileBody, FormBody, JsonBody, NoBody, TextBody
from l402desk.client.errors import DraftError
from l402desk.client.record import from_record
from l402desk.engine.transcript import Said, read_transcript
from l402desk.protocol.token import TokenError

if TYPE_CHECKING:
    from l402desk.client.request import RequestDraft
    from l402desk.ledger.purchases import PurchaseSecrets
    from l402desk.services import Services

MASK = "••••••"
_SECRET_HEADER = re.compile(
    r"authorization|proxy-authorization|cookie|set-cookie|.*(?:key|token|secret|password|session|signature).*",
    re.IGNORECASE,
)
_SECRET_NAME = re.compile(r"key|token|secret|pass|auth|sig|session|credential|code|macaroon|preimage", re.IGNORECASE)
_PAIR = re.compile(r"([?&;]|^)([^=&;#\s]+)=([^&;#\s]*)")


@dataclass(frozen=True, slots=True)
class Exchange:
    """The three messages as text, empty where nothing was kept; ``is_masked`` unless the secrets stand in them."""

    request: str = field(repr=False)
    asked: str = field(repr=False)
    answer: str = field(repr=False)
    is_masked: bool


async def exchange_of(services: Services, purchase_id: str, *, reveal: bool = False) -> Exchange:
    """Both sides of one purchase. Raises NoSuchPurchase, StoreError (SealBroken where a row was changed)."""
    secrets = await services.ledger.secrets(purchase_id)
    said = read_transcript(await services.ledger.exchange(purchase_id))
    known = () if reveal else _known_secrets(secrets)
    return Exchange(
        request=_hidden(_request(secrets, reveal), known),
        asked=_hidden(_answer(said.asked, reveal) if said.asked else _challenge(secrets), known),
        answer=_hidden(_answer(said.delivered, reveal) if said.delivered else "", known),
        is_masked=not reveal,
    )


def _request(secrets: PurchaseSecrets, reveal: bool) -> str:
    try:
        draft = from_record(secrets.request)
        headers, target = draft.wire_headers(), draft.full_url()
    except (ValueError, DraftError):  # nothing was kept, or by another version: where it went is known all the same
        return _lines(f"{_target(secrets.url, reveal)}", _sent_token(secrets, reveal))
    method = draft.method
    if target != secrets.url:  # a redirect led to where the money was asked for
        target = f"{target}\n→ {_target(secrets.url, reveal)}"
    shown = [f"{method} {_target(target, reveal)}", *(_header(name, value, reveal) for name, value in headers)]
    if not any(name.lower() == "authorization" for name, _value in headers):
        shown.append(_sent_token(secrets, reveal))
    body = _body(draft, reveal)
    return _lines(*shown) + (f"\n\n{body}" if body else "")


def _sent_token(secrets: PurchaseSecrets, reveal: bool) -> str:
    """The header that carried the token, once there was one."""
    try:
        token = secrets.token()
    except TokenError:
        return ""
    return "" if token is None else _header("Authorization", token.authorization(), reveal)


def _challenge(secrets: PurchaseSecrets) -> str:
    """The essence of a 402 that was not kept whole."""
    return f'402\nWWW-Authenticate: {secrets.scheme} credential="{secrets.credential}"'


def _answer(said: Said, reveal: bool) -> str:
    head = [f"{said.method} {_target(said.url, reveal)}", f"{said.status}"]
    head += [_header(name, value, reveal) for name, value in said.headers]
    left = said.size - len(said.body)
    rest = f"\n… and {left:,} bytes more" if left > 0 else ""
    body = said.body.decode("utf-8", "replace")
    return _lines(*head) + (f"\n\n{body}{rest}" if body or rest else "")


def _body(draft: RequestDraft, reveal: bool) -> str:
    match draft.body:
        case NoBody():
            return ""
        case JsonBody(text) | TextBody(text, _):
            return text
        case FormBody(fields):
            pairs = "&".join(f"{quote(f.name)}={quote(f.value)}" for f in fields if f.counts)
            return pairs if reveal else _masked_pairs(pairs)
        case FileBody(path, _):
            return f"(the file {path.name})"


def _header(name: str, value: str, reveal: bool) -> str:
    if reveal or not _SECRET_HEADER.fullmatch(name):
        return f"{name}: {value}"
    scheme, space, _rest = value.partition(" ")
    is_named = bool(space) and name.lower().endswith("authorization") and scheme.isalnum()
    return f"{name}: {scheme} {MASK}" if is_named else f"{name}: {MASK}"


def _target(url: str, reveal: bool) -> str:
    before, question, query = url.partition("?")
    return url if reveal or not question else f"{before}?{_masked_pairs(query)}"


def _masked_pairs(query: str) -> str:
    def masked(pair: re.Match[str]) -> str:
        return f"{pair[1]}{pair[2]}={MASK}" if _SECRET_NAME.search(pair[2]) else pair[0]

    return _PAIR.sub(masked, query)


def _known_secrets(secrets: PurchaseSecrets) -> tuple[str, ...]:
    proof = secrets.preimage
    words = [secrets.credential] if len(secrets.credential) >= 8 else []
    if proof is not None:
        words += [proof.hex, proof.hex.upper()]
    return tuple(words)


def _hidden(text: str, known: tuple[str, ...]) -> str:
    for word in known:
        text = text.replace(word, MASK)
    return text


def _lines(*lines: str) -> str:
    return "\n".join(line for line in lines if line)
