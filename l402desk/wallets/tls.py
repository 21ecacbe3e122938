"""Whom TLS believes when a wallet's server is asked: its pinned certificate, its own authority, or the system."""

from __future__ import annotations

import os
import ssl
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from l402desk.wallets.connection import Connection
from l402desk.wallets.errors import Distrust, NotTrusted
from l402desk.wallets.looking import look_at_certificate
from l402desk.wallets.pinning import Pin, SeenCertificate

Trust = Callable[[], ssl.SSLContext]
_EXPIRED, _NOT_YET, _OTHER_HOST = 10, 9, (62, 64)  # X509_V_ERR_… of OpenSSL
_UNKNOWN = (18, 19, 20, 21)


def trust_for(connection: Connection, os_trust: Trust) -> Trust:
    """The trust of one connection. What the returned function makes never accepts what it cannot verify."""
    if connection.pin is not None:
        pin = connection.pin
        return lambda: pinned(pin, connection.client_pem)
    if connection.authority_pem is not None:
        return lambda: _of_authority(connection)
    return os_trust


def pinned(pin: Pin, client_pem: str | None = None) -> ssl.SSLContext:
    """A context that accepts exactly this certificate while its time lasts, by whatever name the server is reached."""
    context = _plain()
    context.check_hostname = False  # the certificate itself is compared, which no other host can show
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN  # also where an authority has signed it
    context.load_verify_locations(cadata=pin.der)
    _show_client(context, client_pem)

    class Pinned(ssl.SSLObject):
        def do_handshake(self) -> None:
            super().do_handshake()
            if self.getpeercert(binary_form=True) != pin.der:  # signed by the pinned one is not the pinned one
                raise ssl.SSLCertVerificationError("another certificate than the pinned one")

    context.sslobject_class = Pinned
    return context


def _of_authority(connection: Connection) -> ssl.SSLContext:
    """A context for a server whose own authority is given, which is shown our client certificate if there is one."""
    context = _plain()
    assert connection.authority_pem is not None
    context.load_verify_locations(cadata=connection.authority_pem)
    _show_client(context, connection.client_pem)
    return context


def _show_client(context: ssl.SSLContext, client_pem: str | None) -> None:
    """Let the server see who we are, where it wants to. Raises ssl.SSLError for a key that TLS does not take."""
    if client_pem is not None:
        with _as_file(client_pem) as name:
            context.load_cert_chain(name)


@contextmanager
def _as_file(secret: str) -> Iterator[str]:
    """A name to read a secret from: OpenSSL takes a key from a file alone. In memory where the system can do that."""
    in_memory = hasattr(os, "memfd_create")
    file, name = (os.memfd_create("key"), "") if in_memory else tempfile.mkstemp(prefix="l402desk-")  # mode 0600
    try:
        os.write(file, secret.encode())
        yield name or f"/proc/self/fd/{file}"
    finally:
        os.close(file)
        if name:
            Path(name).unlink(missing_ok=True)


def _plain() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


async def distrust(host: str, port: int, error: ssl.SSLCertVerificationError, pin: Pin | None) -> NotTrusted:
    """The sentence for a server that could not prove who it is, with the certificate it shows."""
    seen = await look_at_certificate(host, port)
    code = getattr(error, "verify_code", 0)
    if pin is not None and code not in (_EXPIRED, _NOT_YET):
        return _another(host, pin, seen)
    if code == _EXPIRED:
        return NotTrusted(
            f"The certificate of {host} has expired.",
            "Renew it at the node, then connect the wallet again with the new certificate.",
            Distrust.EXPIRED,
            seen,
        )
    if code in _OTHER_HOST:
        return NotTrusted(
            f"The certificate that {host} shows is for other hosts.",
            "Use the host that it is for, or compare its SHA-256 with the node's own and pin it.",
            Distrust.WRONG_HOST,
            seen,
        )
    if code in _UNKNOWN:
        return NotTrusted(
            f"{host} shows a certificate that nobody vouches for whom this computer trusts.",
            "If it is your own node, compare the certificate's SHA-256 with the node's and pin it.",
            Distrust.UNKNOWN_AUTHORITY,
            seen,
        )
    said = getattr(error, "verify_message", "") or "certificate not trusted"
    return NotTrusted(
        f"{host} could not prove who it is ({said}).",
        "Check the address and this computer's clock.",
        Distrust.OTHER,
        seen,
    )


def _another(host: str, pin: Pin, seen: SeenCertificate | None) -> NotTrusted:
    shows = f" It shows SHA-256 {seen.fingerprint}." if seen is not None else ""
    return NotTrusted(
        f"{host} shows another certificate than the pinned one.{shows} Pinned is SHA-256 {pin.fingerprint}.",
        "If the node renewed its certificate, connect the wallet again with the new one; else somebody is in between.",
        Distrust.PIN_MISMATCH,
        seen,
    )
