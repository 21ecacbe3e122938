"""The one seam where exceptions of httpx, httpcore, ssl and the system become trouble in the app's words."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator

import httpcore
import httpx

from l402desk.client.dialing import OnionError, PrivateAddressError
from l402desk.client.errors import Kind, Trouble
from l402desk.client.limits import Limits

FOREIGN = (
    httpx.HTTPError,
    httpx.StreamError,
    httpcore.ConnectError,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    OSError,  # ssl.SSLError and socket.gaierror are some
    OnionError,
    PrivateAddressError,
)

# X509_V_ERR_…: what OpenSSL calls the reasons, as a person would.
_CERTIFICATE = {
    9: "Its certificate is not valid yet; is the clock of this computer right?",
    10: "Its certificate has expired.",
    18: "Its certificate is self-signed: nobody vouches for it.",
    19: "Its certificate was issued by an authority that this computer does not know.",
    20: "Its certificate was issued by an authority that this computer does not know.",
    21: "Its certificate was issued by an authority that this computer does not know.",
    23: "Its certificate was revoked.",
    26: "Its certificate is not meant for servers.",
    62: "Its certificate is for another host name.",
    64: "Its certificate is for another IP address.",
}
_UNREACHABLE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, errno.EADDRNOTAVAIL}
_NO_CONTINUE = "Do not send a token there; tell the operator, or check the address."


def explain(error: BaseException, host: str, limits: Limits) -> Trouble:
    """What went wrong while asking ``host``: the first row that any exception in the chain of causes fits."""
    causes = list(_causes(error))
    for kind_of, tell in _TABLE:
        for cause in causes:
            if isinstance(cause, kind_of) and (trouble := tell(cause, host, limits)) is not None:
                return trouble
    return Trouble(Kind.BAD_ANSWER, "No answer", f"Talking to {host} failed ({type(error).__name__}).")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        current = waiting.pop(0)
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        if isinstance(current, BaseExceptionGroup):
            waiting.extend(current.exceptions)
        waiting.extend((current.__cause__, current.__context__))


def _certificate(error: BaseException, host: str, _limits: Limits) -> Trouble | None:
    code = getattr(error, "verify_code", None)
    reason = _CERTIFICATE.get(code or 0, "Its certificate cannot be trusted.")
    return Trouble(Kind.TLS, "Not a safe connection", f"{host} could not prove who it is. {reason}", _NO_CONTINUE)


def _tls(error: BaseException, host: str, _limits: Limits) -> Trouble | None:
    if isinstance(error, (ssl.SSLWantReadError, ssl.SSLWantWriteError)):
        return None  # a handshake that was waiting when something else ended it
    return Trouble(
        Kind.TLS,
        "Not a safe connection",
        f"{host} and this app could not agree on an encrypted connection (TLS 1.2 or newer).",
        "Check the port; a server without encryption is asked with http://.",
    )


def _unknown_host(_error: BaseException, host: str, _limits: Limits) -> Trouble | None:
    sentence = f"The name {host} could not be found."
    return Trouble(Kind.UNKNOWN_HOST, "Unknown host", sentence, "Check the spelling and your internet connection.")


def _refused(_error: BaseException, host: str, _limits: Limits) -> Trouble | None:
    return Trouble(
        Kind.REFUSED,
        "Connection refused",
        f"{host} is there, but nothing listens on this port.",
        "Check the port, or start the server.",
    )


def _unreachable(error: BaseException, host: str, _limits: Limits) -> Trouble | None:
    if not isinstance(error, OSError) or error.errno not in _UNREACHABLE:
        return None
    return Trouble(Kind.UNREACHABLE, "Host unreachable", f"No way leads to {host} from here.", "Check your network.")


def _connect_timeout(_error: BaseException, host: str, limits: Limits) -> Trouble | None:
    sentence = f"{host} could not be reached within {limits.connect_s:g} seconds."
    return Trouble(Kind.CONNECT_TIMEOUT, "No connection", sentence, "Try again, or check the address and port.")


def _idle_timeout(_error: BaseException, host: str, limits: Limits) -> Trouble | None:
    sentence = f"{host} was silent for {limits.idle_s:g} seconds."
    return Trouble(Kind.IDLE_TIMEOUT, "No answer in time", sentence, "Try again; allow more time in the settings.")


def _protocol(error: BaseException, host: str, limits: Limits) -> Trouble | None:
    text = str(error)
    if "too long" in text:
        return headers_too_large(host, limits)
    if "without sending" in text or "closed connection" in text:
        return _dropped(error, host, limits)
    return Trouble(
        Kind.BAD_ANSWER,
        "Not a valid HTTP answer",
        f"{host} answered, but not by the rules of HTTP/1.1.",
        "Check the port: another kind of server may be there, or one that wants https.",
    )


def _dropped(_error: BaseException, host: str, _limits: Limits) -> Trouble | None:
    return Trouble(
        Kind.DROPPED,
        "Connection lost",
        f"{host} closed the connection before its answer was complete.",
        "Send again; a token that you hold is not used up by this app.",
    )


def _ours(_error: BaseException, host: str, _limits: Limits) -> Trouble | None:
    sentence = f"The request to {host} changed while it was sent, or breaks the rules of HTTP/1.1."
    return Trouble(Kind.BAD_REQUEST, "This request cannot be sent", sentence, "Look at its headers and body.")


def _private(_error: BaseException, host: str, _limits: Limits) -> Trouble | None:
    sentence = f"{host} is on this computer or its own network, where no public server may send us."
    return Trouble(Kind.PRIVATE, "Redirect not followed", sentence, "Open it yourself if you trust it.")


def _onion(_error: BaseException, host: str, _limits: Limits) -> Trouble | None:
    sentence = f"{host} is a hidden service, which only Tor can reach."
    return Trouble(Kind.UNREACHABLE, "Host unreachable", sentence, "Its name was not looked up anywhere.")


def headers_too_large(host: str, limits: Limits) -> Trouble:
    sentence = (
        f"The header block from {host} is larger than {limits.header_bytes // 1024} KiB, or has more than "
        f"{limits.header_fields} fields."
    )
    return Trouble(Kind.TOO_LARGE, "Answer too large", sentence, "No honest server sends that; check the address.")


# Read from top to bottom: what says most about the cause comes first.
_TABLE = (
    (PrivateAddressError, _private),
    (OnionError, _onion),
    (ssl.SSLCertVerificationError, _certificate),
    (ssl.SSLError, _tls),
    (socket.gaierror, _unknown_host),
    (ConnectionRefusedError, _refused),
    (OSError, _unreachable),
    ((httpcore.ConnectTimeout, httpx.ConnectTimeout), _connect_timeout),
    ((httpcore.TimeoutException, httpx.TimeoutException), _idle_timeout),
    ((httpcore.LocalProtocolError, httpx.LocalProtocolError), _ours),
    ((httpcore.ProtocolError, httpx.ProtocolError), _protocol),
    ((httpcore.NetworkError, httpx.NetworkError, ConnectionError), _dropped),
)
