"""What an entry of a foreign store must pass before it is taken in: its home, its text, its proof of payment."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from l402desk.protocol.amount import Msat
from l402desk.protocol.errors import InvoiceError, ProtocolError
from l402desk.protocol.invoice import Invoice, read_invoice
from l402desk.protocol.macaroon import committed_hashes, read_token
from l402desk.protocol.origin import Origin, path_of
from l402desk.protocol.proof import PaymentHash, Preimage
from l402desk.protocol.text import visible
from l402desk.protocol.token import Token
from l402desk.vault.awaiting import PendingToken
from l402desk.vault.carried import Carried
from l402desk.vault.foreign.entries import Entry, EntryRefused, ImportRefused
from l402desk.vault.scope import Reach, Scope
from l402desk.vault.tokens import NewToken

HOMELESS = "This store does not say which server its token belongs to."
NOT_VERIFIABLE = "Not verifiable: the token does not say which payment it belongs to."
LONGEST_TITLE, LONGEST_NOTE, LONGEST_PATH = 120, 500, 2_048
# RFC 3986: what a path may hold as it is; everything else is percent-encoded, as the requests we compare with are.
_PATH_SAFE = "/%:@!$&'()*+,;=~-._"


@dataclass(frozen=True, slots=True)
class Home:
    """Where a token belongs that comes without an address: the user names it.

    Without a path it goes to the whole host, with one to that path and what lies below.
    """

    url: str
    reach: Reach

    @classmethod
    def of(cls, url: str) -> Home:
        """Raises ImportRefused for what is no address a token may be sent to."""
        try:
            place = _place(url, Reach.PREFIX)
        except EntryRefused as error:
            remedy = "Give the server's address, such as https://api.example or https://api.example/v1."
            raise ImportRefused(f"“{visible(url, 80)}” cannot be a token's home: {error}", remedy) from error
        return cls(url, Reach.HOST if place.path == "/" else Reach.PREFIX)


@dataclass(frozen=True, slots=True)
class _Place:
    origin: Origin
    path: str
    reach: Reach

    def title(self) -> str:
        path = "" if self.reach is Reach.HOST else self.path
        return visible(self.origin.authority + path, LONGEST_TITLE)


def admit(entry: Entry, source: str, home: Home | None = None) -> Carried | PendingToken:
    """The entry as a token to keep, or as one that waits for its proof. Raises EntryRefused, saying why not.

    ``home`` stands in where the store does not say where the token belongs. A token whose macaroon names another
    payment than the preimage's is refused; one that names none is taken, and its note says so.
    """
    place = _home_of(entry, home)
    try:
        hashes = committed_hashes(read_token(entry.credential))
        invoice = _invoice(entry)
        preimage = _preimage(entry)
        if preimage is None:
            return _pending(entry, source, place, _awaited_hash(entry, hashes, invoice), invoice)
        is_bound = _check_proof(entry, preimage, hashes, invoice)
        token = Token(entry.scheme, entry.credential, preimage)
    except ProtocolError as error:
        raise EntryRefused(f"{str(error).rstrip('.')}.") from error
    new = NewToken(
        token=token,
        origin=place.origin,
        path=place.path,
        reach=place.reach,
        title=visible(entry.title, LONGEST_TITLE) or place.title(),
        price=_price(entry, invoice),
        bought_at=entry.at,
        source=source,
    )
    note = _note(entry.note, "" if is_bound else NOT_VERIFIABLE)
    return Carried(new, note, entry.uses, entry.last_used_at, entry.last_status)


def _home_of(entry: Entry, home: Home | None) -> _Place:
    if entry.url:
        return _place(entry.url, entry.reach)
    if home is None:
        raise EntryRefused(HOMELESS)
    return _place(home.url, home.reach)


def _place(url: str, reach: Reach) -> _Place:
    """Raises EntryRefused for an address no token may be sent to (law 8)."""
    try:
        origin = Origin.of(url)
        path = path_of(url)
    except (ProtocolError, ValueError) as error:
        raise EntryRefused("its address names no web server.") from error
    if not origin.is_private_enough:
        raise EntryRefused(
            "its address is plain http, and tokens travel over https, to this machine or to .onion only."
        )
    if len(path) > LONGEST_PATH:
        raise EntryRefused(f"the path of its address has more than {LONGEST_PATH} characters.")
    try:
        scope = Scope.of(reach, quote(path, safe=_PATH_SAFE))
    except ValueError as error:  # UnicodeError is one
        raise EntryRefused("its address has no readable path.") from error
    return _Place(origin, scope.path, reach)


def _preimage(entry: Entry) -> Preimage | None:
    """None while the payment is pending: nothing there, or 32 zero bytes. Raises ProofError."""
    if not entry.preimage.strip(" \t\r\n0"):
        return None
    return Preimage.from_hex(entry.preimage)


def _invoice(entry: Entry) -> Invoice | None:
    """The invoice beside the token where it can be read: it only adds a price, and is no reason to refuse."""
    if not entry.invoice:
        return None
    try:
        return read_invoice(entry.invoice)
    except InvoiceError:
        return None


def _check_proof(entry: Entry, preimage: Preimage, hashes: tuple[PaymentHash, ...], invoice: Invoice | None) -> bool:
    """Does the token itself name the payment this proves? Raises EntryRefused where it names another."""
    if len(hashes) > 1:
        raise EntryRefused("the token names two different payments, so no proof can unlock it.")
    if hashes:
        if not preimage.proves(hashes[0]):
            raise EntryRefused("the proof of payment beside the token belongs to another payment.")
        return True
    others = [entry.payment_hash, None if invoice is None else invoice.payment_hash]
    if any(said is not None and not preimage.proves(said) for said in others):
        raise EntryRefused("the proof of payment does not fit the payment the store names.")
    return False


def _awaited_hash(entry: Entry, hashes: tuple[PaymentHash, ...], invoice: Invoice | None) -> PaymentHash:
    said = [*hashes, entry.payment_hash, None if invoice is None else invoice.payment_hash]
    named = {payment_hash for payment_hash in said if payment_hash is not None}
    if not named:
        raise EntryRefused("it is not paid yet, and nothing says which payment it waits for.")
    if len(named) > 1:
        raise EntryRefused("it is not paid yet, and the store names two different payments for it.")
    return named.pop()


def _pending(
    entry: Entry, source: str, place: _Place, payment_hash: PaymentHash, invoice: Invoice | None
) -> PendingToken:
    return PendingToken(
        entry.scheme,
        entry.credential,
        payment_hash,
        place.origin,
        place.path,
        place.reach,
        source,
        title=visible(entry.title, LONGEST_TITLE) or place.title(),
        note=_note(entry.note),
        price=_price(entry, invoice),
        created_at=entry.at,
    )


def _price(entry: Entry, invoice: Invoice | None) -> Msat | None:
    return entry.price if entry.price is not None or invoice is None else invoice.amount


def _note(*parts: str) -> str:
    return visible(" ".join(filter(None, parts)), LONGEST_NOTE)
