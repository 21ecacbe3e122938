"""Whom TLS trusts: the roots of the operating system, nothing from the environment; TLS 1.2 or newer."""

from __future__ import annotations

import ssl
import sys
from pathlib import Path

# Where Linux and BSD systems keep their roots, for Pythons whose OpenSSL was built for another place.
_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Arch, Alpine
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  # Fedora, RHEL
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",  # SUSE
    "/etc/ssl/cert.pem",  # BSD, Alpine
)


def os_trust() -> ssl.SSLContext:
    """A context that verifies certificate chains and host names.

    On Windows and macOS the system itself verifies (truststore). Elsewhere the system's bundle is loaded
    here, since OpenSSL's own default would follow ``SSL_CERT_FILE``; ``SSLKEYLOGFILE`` is never read, as no
    context of ``ssl.create_default_context`` is used.
    """
    if sys.platform in {"win32", "darwin"}:
        import truststore  # noqa: PLC0415 - only there

        context: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    else:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        _load_bundle(context)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _load_bundle(context: ssl.SSLContext) -> None:
    built_for = ssl.get_default_verify_paths()
    for file in (built_for.openssl_cafile, *_BUNDLES):
        if Path(file).is_file():
            context.load_verify_locations(cafile=file)
            return
    if Path(built_for.openssl_capath).is_dir():
        context.load_verify_locations(capath=built_for.openssl_capath)
