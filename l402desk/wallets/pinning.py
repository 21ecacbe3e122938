"""A certificate that one wallet's server is known by: it alone is believed, whoever else signs another."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field

LONGEST = 16_384
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", re.DOTALL)


def fingerprint(der: bytes) -> str:
    """The SHA-256 of a certificate as nodes and browsers write it: AB:CD:…"""
    import hashlib  # noqa: PLC0415 - not before the first frame

    return hashlib.sha256(der).digest().hex(":").upper()


@dataclass(frozen=True, slots=True)
class SeenCertificate:
    """What a server showed that could not be believed: to be compared by a person, and pinned if it is the right one.

    ``names`` are the hosts it is for, ``not_after`` unix seconds. All of it is foreign text.
    """

    der: bytes = field(repr=False)
    names: tuple[str, ...]
    not_after: int

    @classmethod
    def read(cls, der: bytes) -> SeenCertificate | None:
        """None for what is no certificate."""
        from cryptography import x509  # noqa: PLC0415 - only where a certificate is looked at

        try:
            certificate = x509.load_der_x509_certificate(der)
            not_after = int(certificate.not_valid_after_utc.timestamp())
        except ValueError:
            return None
        try:
            named = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
            names = (*named.get_values_for_type(x509.DNSName), *map(str, named.get_values_for_type(x509.IPAddress)))
        except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
            names = ()
        return cls(der, names, not_after)

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.der)


@dataclass(frozen=True, slots=True)
class Pin:
    """The one certificate that is accepted, in DER. Host names do not matter to it, its time does."""

    der: bytes = field(repr=False)

    @classmethod
    def read(cls, raw: bytes) -> Pin:
        """From DER, or from PEM with this one certificate. Raises ValueError."""
        if len(raw) > LONGEST:
            raise ValueError("too long for a certificate")
        blocks = _PEM.findall(raw)
        if len(blocks) > 1:
            raise ValueError("more than one certificate")
        try:
            der = base64.b64decode(b"".join(blocks[0].split()), validate=True) if blocks else raw
        except binascii.Error as error:
            raise ValueError("not base64") from error
        if SeenCertificate.read(der) is None:
            raise ValueError("no certificate")
        return cls(der)

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.der)

    def as_parameter(self) -> str:
        """As it stands behind ``cert=`` in a connection: base64url without padding."""
        return base64.urlsafe_b64encode(self.der).decode().rstrip("=")
