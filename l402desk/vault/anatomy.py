"""A held token taken apart for the eye: its identifier, its conditions, and whether it belongs to its payment."""

from __future__ import annotations

from dataclasses import dataclass, field

from l402desk.protocol.caveats import meaning_of
from l402desk.protocol.errors import MacaroonError
from l402desk.protocol.macaroon import Caveat, Macaroon, OpaqueToken, committed_hashes, read_token
from l402desk.protocol.token import Token

_HIDDEN = "(hidden)"


@dataclass(frozen=True, slots=True)
class Condition:
    """One caveat: as the server wrote it, what it means, and when it ends (unix seconds). No proof stands in it.

    Not cleaned for display. ``is_third_party`` is one that only a second token could meet.
    """

    raw: str
    words: str
    expires_at: int | None = None
    is_third_party: bool = False


@dataclass(frozen=True, slots=True)
class Anatomy:
    """What can be read in a credential; nothing of it is secret, and only its server can check its signature.

    ``family`` is that of `protocol.identifiers`, empty for a token that is no macaroon. ``committed_hash`` is the
    payment hash the token commits to, in hex, and ``is_bound`` whether that, and no other, is the hash of the proof:
    None where the token commits to none that can be read (law 5). ``reason`` says why a token cannot be restricted.
    """

    format: str
    size: int
    encoding: str = ""
    location: str = ""
    family: str = ""
    version: int | None = None
    token_id: str = ""
    identifier: str = ""
    committed_hash: str = ""
    is_bound: bool | None = None
    conditions: tuple[Condition, ...] = ()
    fields: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """The members of a token that is JSON."""
    reason: str = ""


def anatomy_of(token: Token) -> Anatomy:
    """Take a token apart. Never raises: what nobody can read is told as such."""
    try:
        opened = read_token(token.credential)
    except MacaroonError as error:
        return Anatomy("unreadable", len(token.credential), reason=str(error))
    hashes = committed_hashes(opened)
    bound = hashes == (token.preimage.payment_hash(),) if hashes else None
    committed = hashes[0].hex if hashes else ""
    if isinstance(opened, OpaqueToken):
        why = "Only its server can read this token, so only its server could add a condition to it."
        return Anatomy(
            opened.format,
            opened.size,
            opened.encoding,
            committed_hash=committed,
            is_bound=bound,
            fields=tuple((name, _HIDDEN if "preimage" in name.lower() else value) for name, value in opened.fields),
            reason=why,
        )
    return _of_macaroon(opened, committed, bound)


def _of_macaroon(opened: Macaroon, committed: str, bound: bool | None) -> Anatomy:
    identifier = opened.identifier
    return Anatomy(
        f"macaroon {opened.format}",
        opened.size,
        opened.encoding,
        opened.location,
        identifier.family,
        identifier.version,
        identifier.token_id.hex() if identifier.token_id is not None else "",
        identifier.raw.hex(),
        committed,
        bound,
        tuple(map(_condition, opened.caveats)),
    )


def _condition(caveat: Caveat) -> Condition:
    meaning = meaning_of(caveat)
    raw = f"{meaning.condition}=…" if meaning.value == _HIDDEN else caveat.text
    return Condition(raw, meaning.meaning, meaning.expires_at, caveat.is_third_party)
