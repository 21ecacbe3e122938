from __future__ import annotations

import base64
import hashlib
import ssl
from pathlib import Path

import pytest

from l402desk.wallets.pinning import LONGEST, Pin, SeenCertificate, fingerprint
from tests.fakes.certificates import certificate_file


@pytest.fixture
def pem(tmp_path: Path) -> bytes:
    whole = certificate_file(tmp_path, host="node.example").read_bytes()
    return whole[: whole.index(b"-----BEGIN PRIVATE KEY-----")]


def test_a_certificate_is_pinned_from_pem_and_from_der(pem: bytes) -> None:
    der = ssl.PEM_cert_to_DER_cert(pem.decode())
    assert Pin.read(pem) == Pin.read(der) == Pin(der)


def test_its_fingerprint_is_the_sha_256_as_nodes_write_it(pem: bytes) -> None:
    pin = Pin.read(pem)
    assert pin.fingerprint == fingerprint(pin.der)
    assert pin.fingerprint.replace(":", "").lower() == hashlib.sha256(pin.der).hexdigest()
    assert pin.fingerprint.count(":") == 31


def test_it_can_be_written_into_a_connection(pem: bytes) -> None:
    written = Pin.read(pem).as_parameter()
    assert "=" not in written
    assert Pin.read(base64.urlsafe_b64decode(written + "=" * (-len(written) % 4))) == Pin.read(pem)


@pytest.mark.parametrize("junk", [b"", b"junk", b"\x30\x03\x02\x01\x00", b"\xff" * 100, b"a" * (LONGEST + 1)])
def test_what_is_no_certificate_is_refused(junk: bytes) -> None:
    with pytest.raises(ValueError):
        Pin.read(junk)


def test_two_certificates_are_not_one(pem: bytes) -> None:
    with pytest.raises(ValueError, match="more than one"):
        Pin.read(pem + pem)


def test_broken_pem_is_refused(pem: bytes) -> None:
    with pytest.raises(ValueError):
        Pin.read(pem.replace(b"MII", b"M*I", 1))


def test_what_was_seen_tells_names_and_end(pem: bytes) -> None:
    seen = SeenCertificate.read(Pin.read(pem).der)
    assert seen is not None
    assert seen.names == ("node.example",)
    assert seen.not_after > 1_700_000_000
    assert seen.fingerprint == Pin.read(pem).fingerprint
    assert SeenCertificate.read(b"junk") is None
