"""TLS trusts the system's roots only, and the environment has no say."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from l402desk.client.trust import os_trust
from tests.fakes.certificates import certificate_file


def test_chains_and_host_names_are_verified_with_tls_1_2_or_newer() -> None:
    context = os_trust()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2


def test_roots_and_key_logs_named_in_the_environment_are_ignored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = os_trust().get_ca_certs(binary_form=True)
    pem = certificate_file(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys.log"))
    context = os_trust()
    assert context.get_ca_certs(binary_form=True) == usual
    assert ssl.PEM_cert_to_DER_cert(pem.read_text().partition("-----BEGIN PRIVATE")[0]) not in usual
    assert context.keylog_filename is None
    assert not (tmp_path / "keys.log").exists()
