"""Looks at the certificate of a server that could not prove who it is, so that a person can compare it.

The one place where TLS verifies nothing: the connection ends with the handshake, before a byte of ours is sent, and
what is seen is believed by nobody until a person pins it.
"""

from __future__ import annotations

import asyncio
import ssl

from l402desk.wallets.pinning import SeenCertificate

LOOK_S = 5.0


async def look_at_certificate(host: str, port: int) -> SeenCertificate | None:
    """The certificate that a server shows, for a person to compare. Nothing is sent to it, nothing believed of it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # for looking alone: the connection is closed before a byte of ours
    writer: asyncio.StreamWriter | None = None
    try:
        async with asyncio.timeout(LOOK_S):
            _, writer = await asyncio.open_connection(host, port, ssl=context)
        shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    except (OSError, TimeoutError, ValueError):  # ssl.SSLError is an OSError
        return None
    finally:
        if writer is not None:
            writer.transport.abort()
    return SeenCertificate.read(shown) if shown else None
