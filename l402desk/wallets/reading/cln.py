"""Reads ``clnrest+https://HOST:3010?rune=RUNE`` (Core Lightning's app-development guide) and Zeus' ``clnrest://``."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from l402desk.wallets.cln_rune import Rune
from l402desk.wallets.connection import Connection, Kind
from l402desk.wallets.errors import BadConnection
from l402desk.wallets.reading.parts import Place, bytes_of, fields, pin, place, secret, shown, watches

_ELSEWHERE = {
    "commando+wss": "commando over a web socket",
    "commando+ws": "commando over a web socket",
    "clngrpc": "gRPC",
}
SCHEMES = ("clnrest+https", "clnrest+http", "clnrest", *_ELSEWHERE)
FORM = "clnrest+https://HOST:3010?rune=RUNE"
PORT = 3010
_PEM = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----[A-Za-z0-9+/=\s]+-----END \1-----")


def read(scheme: str, rest: str, text: str) -> Connection:
    """A connection to Core Lightning's REST interface. Raises BadConnection.

    ``certs`` is base64 of PEM: our key and certificate, which the node may ask for, and the authority that signed the
    node's own. ``cert`` is the node's certificate alone, to be pinned. A rune that may not pay only watches.
    """
    if scheme in _ELSEWHERE:
        raise BadConnection(
            f"This connection is for {_ELSEWHERE[scheme]}, which this app does not speak.",
            f"Core Lightning's clnrest plugin gives a REST connection: {FORM}.",
        )
    at = _place(scheme, rest)
    found = fields(at.query, ("cert", "certs", "invoiceRune", "pubkey", "rune", "watch"))
    rune = secret(found.get("rune"), "rune")
    if rune is None:
        raise BadConnection("There is no rune in this connection.", f"Write {FORM}.")
    pinned, watch = pin(found), watches(found)
    client, authority = _certificates(found["certs"]) if "certs" in found else (None, None)
    allowed = Rune.read(rune)
    parts = {"rune": True, "cert": pinned is not None, "certs": "certs" in found, "watch=1": watch}
    return Connection(
        Kind.CLN,
        at.url,
        rune,
        watch_only=watch or (allowed is not None and allowed.payer is None),
        text=text,
        pin=pinned,
        client_pem=client,
        authority_pem=authority,
        shown=shown("clnrest+", at.url, parts),
    )


def _place(scheme: str, rest: str) -> Place:
    """Where clnrest listens: on its own port, where none is given. ``clnrest://http://HOST`` is an older form."""
    protocol = scheme.removeprefix("clnrest").removeprefix("+")
    for older in ("https", "http"):
        if not protocol and rest.lower().startswith(f"//{older}://"):
            protocol, rest = older, rest[len(f"//{older}:") :]
    if "://" in rest.partition("?")[0]:
        raise BadConnection("The address in this connection has a protocol too many.", f"Write {FORM}.")
    try:
        parts = urlsplit(f"https:{rest}")
        if parts.port is None and parts.netloc and not parts.netloc.endswith(":"):
            rest = parts._replace(scheme="", netloc=f"{parts.netloc}:{PORT}").geturl()
    except ValueError:
        pass  # `place` says so
    return place(protocol or "https", rest, FORM)


def _certificates(value: str) -> tuple[str | None, str]:
    """Our key with its certificates, None where there is no key, and the authority. Raises BadConnection."""
    blocks = [(found[1], found[0]) for found in _PEM.finditer(bytes_of(value, "“certs”").decode("latin-1"))]
    keys = [pem for label, pem in blocks if label.endswith("PRIVATE KEY")]
    certificates = [pem for label, pem in blocks if label == "CERTIFICATE"]
    if len(keys) > 1 or len(certificates) != len(keys) + 1:
        raise BadConnection(
            "“certs” of this connection is not a client key, its certificate and the authority's.",
            "Copy it again, whole: base64 of client-key.pem, client.pem and ca.pem, one after another.",
        )
    *own, authority = certificates
    client, authority = "".join(f"{pem}\n" for pem in (*keys, *own)) or None, f"{authority}\n"
    if not _fit(keys, own, authority) or not _serve(client, authority):
        raise BadConnection(
            "The key and certificates in “certs” of this connection cannot be used together.",
            "Copy them again from the node: client-key.pem, client.pem and ca.pem.",
        )
    return client, authority


def _fit(keys: list[str], own: list[str], authority: str) -> bool:
    """Can all be read, without a passphrase, and is the key the one of our certificate?"""
    from cryptography import x509  # noqa: PLC0415 - only where such a connection is read
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    try:
        x509.load_pem_x509_certificate(authority.encode())
        for key, certificate in zip(keys, own, strict=True):
            shown_key = x509.load_pem_x509_certificate(certificate.encode()).public_key()
            if load_pem_private_key(key.encode(), None).public_key() != shown_key:
                return False
    except (ValueError, TypeError, UnsupportedAlgorithm):  # TypeError: the key wants a passphrase
        return False
    return True


def _serve(client: str | None, authority: str) -> bool:
    """Does TLS take them? It minds short keys too, and in the middle of a payment would be too late to learn that."""
    import ssl  # noqa: PLC0415 - only where such a connection is read

    from l402desk.wallets.tls import trust_for  # noqa: PLC0415

    connection = Connection(Kind.CLN, "", client_pem=client, authority_pem=authority)
    try:
        trust_for(connection, ssl.create_default_context)()
    except (ssl.SSLError, ValueError):
        return False
    return True
