"""Whom a wallet's server has to prove itself to, over real TLS on this machine."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from l402desk.wallets.asking import Server
from l402desk.wallets.connection import Connection, Kind
from l402desk.wallets.errors import Distrust, NotReached, NotTrusted
from l402desk.wallets.pinning import Pin
from l402desk.wallets.tls import trust_for
from tests.fakes.certificates import certificate_file, server_context, trusting

pytestmark = pytest.mark.anyio


def nobody() -> ssl.SSLContext:
    raise AssertionError("the system's roots are not asked")


def der_of(pem: Path) -> bytes:
    whole = pem.read_text("ascii")
    return ssl.PEM_cert_to_DER_cert(whole[: whole.index("-----BEGIN PRIVATE KEY-----")])


class Speaker(asyncio.Protocol):
    """Answers what it is sent, and writes that down."""

    def __init__(self, heard: list[bytes]) -> None:
        self._heard = heard
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._heard.append(data)
        assert self._transport is not None
        self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        self._transport.close()


@asynccontextmanager
async def speaking(context: ssl.SSLContext) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A TLS server; its port, and what it was sent."""
    heard: list[bytes] = []
    server = await asyncio.get_running_loop().create_server(lambda: Speaker(heard), "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1], heard


def connection_to(port: int, host: str = "127.0.0.1", **more: object) -> Connection:
    return Connection(Kind.LND, f"https://{host}:{port}", "ab", **more)  # type: ignore[arg-type]


async def ask(connection: Connection, trust: object = nobody) -> int:
    return (await Server.of(connection, {"X-Key": "5ec2e7"}, trust).ask("GET", "/", within_s=5)).status  # type: ignore[arg-type]


async def test_the_pinned_certificate_is_believed(tmp_path: Path) -> None:
    pem = certificate_file(tmp_path)
    async with speaking(server_context(pem)) as (port, heard):
        assert await ask(connection_to(port, pin=Pin(der_of(pem)))) == 200
    assert b"5ec2e7" in heard[0]


async def test_the_pinned_certificate_is_believed_by_whatever_name_its_server_is_reached(tmp_path: Path) -> None:
    pem = certificate_file(tmp_path, host="node.example")
    async with speaking(server_context(pem)) as (port, _):
        assert await ask(connection_to(port, pin=Pin(der_of(pem)))) == 200


async def test_another_certificate_is_not_believed_and_both_are_named(tmp_path: Path) -> None:
    pinned, shown = certificate_file(tmp_path, host="localhost"), certificate_file(tmp_path)
    async with speaking(server_context(shown)) as (port, heard):
        with pytest.raises(NotTrusted, match="another certificate than the pinned one") as distrusted:
            await ask(connection_to(port, pin=Pin(der_of(pinned))))
    assert distrusted.value.reason is Distrust.PIN_MISMATCH
    assert distrusted.value.seen is not None
    assert distrusted.value.seen.fingerprint in distrusted.value.sentence
    assert Pin(der_of(pinned)).fingerprint in distrusted.value.sentence
    assert heard == []


async def test_what_the_pinned_one_signed_is_not_the_pinned_one(tmp_path: Path) -> None:
    """lnd's certificate is an authority as well: whoever once had its key must not vouch for another."""
    authority, leaf = chain(tmp_path)
    async with speaking(server_context(leaf)) as (port, heard):
        with pytest.raises(NotTrusted) as distrusted:
            await ask(connection_to(port, pin=Pin(der_of(authority))))
    assert distrusted.value.reason is Distrust.PIN_MISMATCH
    assert heard == []


async def test_an_expired_certificate_is_not_believed_even_pinned(tmp_path: Path) -> None:
    pem = certificate_file(tmp_path, from_days=-3, to_days=-1)
    async with speaking(server_context(pem)) as (port, heard):
        with pytest.raises(NotTrusted, match="has expired") as distrusted:
            await ask(connection_to(port, pin=Pin(der_of(pem))))
    assert distrusted.value.reason is Distrust.EXPIRED
    assert "connect the wallet again" in distrusted.value.remedy
    assert heard == []


async def test_without_a_pin_a_self_signed_certificate_is_shown_to_be_compared(tmp_path: Path) -> None:
    pem = certificate_file(tmp_path)
    other = trusting(certificate_file(tmp_path, host="localhost"))
    async with speaking(server_context(pem)) as (port, heard):
        with pytest.raises(NotTrusted, match="nobody vouches") as distrusted:
            await ask(connection_to(port), lambda: other)
    assert distrusted.value.reason is Distrust.UNKNOWN_AUTHORITY
    assert distrusted.value.seen is not None
    assert distrusted.value.seen.der == der_of(pem)
    assert heard == []


async def test_a_trusted_certificate_for_another_host_is_not_believed(tmp_path: Path) -> None:
    pem = certificate_file(tmp_path, host="node.example")
    async with speaking(server_context(pem)) as (port, heard):
        with pytest.raises(NotTrusted, match="for other hosts") as distrusted:
            await ask(connection_to(port), lambda: trusting(pem))
    assert distrusted.value.reason is Distrust.WRONG_HOST
    assert heard == []


async def test_a_node_that_is_its_own_authority_sees_our_certificate(tmp_path: Path) -> None:
    authority, leaf = chain(tmp_path)
    context = server_context(leaf)
    context.load_verify_locations(authority)
    context.verify_mode = ssl.CERT_REQUIRED
    connection = connection_to(
        0, authority_pem=ssl.DER_cert_to_PEM_cert(der_of(authority)), client_pem=leaf.read_text()
    )
    async with speaking(context) as (port, heard):
        there = connection_to(port, authority_pem=connection.authority_pem, client_pem=connection.client_pem)
        assert await ask(there) == 200
    assert len(heard) == 1


async def test_a_pinned_node_sees_our_certificate_as_well(tmp_path: Path) -> None:
    pem = certificate_file(tmp_path)
    _, leaf = chain(tmp_path)
    context = server_context(pem)
    context.load_verify_locations(tmp_path / "authority.example-11.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    async with speaking(context) as (port, heard):
        assert await ask(connection_to(port, pin=Pin(der_of(pem)), client_pem=leaf.read_text("ascii"))) == 200
    assert len(heard) == 1


async def test_a_key_that_tls_does_not_take_reaches_nobody(tmp_path: Path) -> None:
    pem = certificate_file(tmp_path)
    async with speaking(server_context(pem)) as (port, heard):
        with pytest.raises(NotReached, match="cannot be used"):
            await ask(connection_to(port, pin=Pin(der_of(pem)), client_pem="no key"))
    assert heard == []


def test_without_pin_or_authority_the_system_is_trusted() -> None:
    assert trust_for(connection_to(1), nobody) is nobody


def chain(folder: Path) -> tuple[Path, Path]:
    """An authority, and a certificate for 127.0.0.1 that it has signed; each with its key."""
    import datetime
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    authority = certificate_file(folder, host="authority.example")
    signer = x509.load_pem_x509_certificate(authority.read_bytes())
    signing = serialization.load_pem_private_key(authority.read_bytes(), None)
    assert isinstance(signing, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.datetime.now(datetime.UTC)
    leaf = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "leaf")]))
        .issuer_name(signer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(signing, hashes.SHA256())
    )
    file = folder / "leaf.pem"
    file.write_bytes(
        leaf.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return authority, file
