"""An authority of one node, as Core Lightning makes one: it signs the node's certificate and those of its clients."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
DAY = datetime.timedelta(days=1)


class Authority:
    """``pem`` is its own certificate."""

    def __init__(self, curve: ec.EllipticCurve | None = None) -> None:
        self._curve = curve or ec.SECP256R1()
        self._key = ec.generate_private_key(self._curve)
        self._certificate = self._sign("node authority", self._key, None)
        self.pem = _pem(self._certificate)

    def signed(self, name: str, host: str = "127.0.0.1") -> tuple[str, str]:
        """A key and its certificate, as PEM."""
        return self.certified(ec.generate_private_key(self._curve), name, host)

    def certified(self, key: Key, name: str, host: str = "127.0.0.1") -> tuple[str, str]:
        """This key and a certificate for it, as PEM."""
        return _key_pem(key, serialization.NoEncryption()), _pem(self._sign(name, key, host))

    def server(self, *, demands_client: bool = False) -> ssl.SSLContext:
        """What the node's TLS server runs with; it may want to see a client's certificate of this authority."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "server.pem")
            file.write_text("".join(self.signed("node")))
            context.load_cert_chain(file)
        if demands_client:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(cadata=self.pem)
        return context

    @staticmethod
    def locked(key: str) -> str:
        """The same key behind a passphrase."""
        read = serialization.load_pem_private_key(key.encode(), None)
        assert isinstance(read, ec.EllipticCurvePrivateKey)
        return _key_pem(read, serialization.BestAvailableEncryption(b"passphrase"))

    def _sign(self, name: str, key: Key, host: str | None) -> x509.Certificate:
        now = datetime.datetime.now(datetime.UTC)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject if host is None else self._certificate.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - DAY)
            .not_valid_after(now + DAY)
            .add_extension(x509.BasicConstraints(ca=host is None, path_length=None), critical=True)
        )
        if host is not None:
            names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))])
            builder = builder.add_extension(names, critical=False)
        return builder.sign(self._key, hashes.SHA256())


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _key_pem(key: Key, lock: serialization.KeySerializationEncryption) -> str:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock).decode()
