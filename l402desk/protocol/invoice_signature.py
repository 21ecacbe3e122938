"""Who signed an invoice, and whether the signature holds (BOLT 11, "Data Part")."""

from __future__ import annotations

from dataclasses import dataclass

_HALF_ORDER = 0x7FFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF_5D576E73_57A4501D_DFE92F46_681B20A0
_RECOVERY_IDS = (0, 1, 2, 3)


@dataclass(frozen=True, slots=True)
class Signatory:
    """The payee (66 hexadecimal digits, or None) and what is wrong with the signature, "" for nothing."""

    payee: str | None
    fault: str


def read_signatory(digest: bytes, signature: bytes, recovery_id: int, named: str | None) -> Signatory:
    """Check the 64 bytes of a signature over a digest of 32 bytes.

    ``named`` is the payee of the field ``n``: then the signature must be by that key and have the low S.
    Without it the payee is whoever the signature can be recovered to, and either S will do.
    """
    if recovery_id not in _RECOVERY_IDS:
        return Signatory(named, "The signature is malformed: its recovery number is not 0, 1, 2 or 3")
    if named is None:
        payee = _recovered(digest, signature, recovery_id)
        return Signatory(payee, "" if payee else "The signature is broken: no key can have made it")
    if int.from_bytes(signature[32:], "big") > _HALF_ORDER:
        return Signatory(named, "The signature has the high S form, which is not allowed when the payee is named")
    # A signature verifies under exactly those keys that it can be recovered to (SEC 1, 4.1.6), and with ``n``
    # the recovery id says nothing: the one given is only the one to try first.
    for candidate in sorted(_RECOVERY_IDS, key=lambda other: other != recovery_id):
        if _recovered(digest, signature, candidate) == named:
            return Signatory(named, "")
    return Signatory(named, "The signature is not by the payee that the invoice names")


def _recovered(digest: bytes, signature: bytes, recovery_id: int) -> str | None:
    # Imported at first use: it costs more than reading a hundred invoices, and most commands read none.
    from coincurve import PublicKey  # noqa: PLC0415 - not before the first signature

    try:
        key = PublicKey.from_signature_and_message(signature + bytes([recovery_id]), digest, hasher=None)
    except ValueError:
        return None
    return key.format().hex()
