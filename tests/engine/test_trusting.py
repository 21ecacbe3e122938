"""A certificate is pinned where a person can know it, and never in the place of another."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from l402desk.engine.trusting import with_pin
from l402desk.wallets.connection import read_connection
from l402desk.wallets.errors import Distrust, NotTrusted
from l402desk.wallets.pinning import SeenCertificate
from tests.fakes.baked import ADMIN
from tests.fakes.certificates import certificate_file

LNBITS = "lnbits+https://node.example:5000?key=abc"
LND = f"lndconnect://node.example:8080?macaroon={ADMIN}"


def shown_by(folder: Path) -> SeenCertificate:
    pem = certificate_file(folder).read_text()
    seen = SeenCertificate.read(ssl.PEM_cert_to_DER_cert(pem[: pem.index("-----BEGIN PRIVATE")].strip()))
    assert seen is not None
    return seen


def refused(seen: SeenCertificate | None, reason: Distrust = Distrust.UNKNOWN_AUTHORITY) -> NotTrusted:
    return NotTrusted("Not trusted.", "Compare.", reason, seen)


@pytest.mark.parametrize("text", [LNBITS, "lnbits+https://node.example:5000", LND, f"{LND}&cert=", f"{LND}&watch=1"])
def test_the_compared_certificate_is_the_only_one_believed_from_then_on(text: str, tmp_path: Path) -> None:
    seen = shown_by(tmp_path)
    pinned = with_pin(text, refused(seen))
    assert pinned is not None
    before, after = read_connection(text), read_connection(pinned)
    assert after.pin is not None
    assert after.pin.fingerprint == seen.fingerprint
    assert (after.key, after.url, after.watch_only) == (before.key, before.url, before.watch_only)


def test_a_certificate_for_another_host_is_pinned_too(tmp_path: Path) -> None:
    assert with_pin(LND, refused(shown_by(tmp_path), Distrust.WRONG_HOST)) is not None


@pytest.mark.parametrize("reason", [Distrust.PIN_MISMATCH, Distrust.EXPIRED, Distrust.OTHER])
def test_what_no_word_of_a_person_can_make_right_is_not_pinned(reason: Distrust, tmp_path: Path) -> None:
    assert with_pin(LND, refused(shown_by(tmp_path), reason)) is None


def test_a_pin_is_never_replaced_by_what_somebody_shows(tmp_path: Path) -> None:
    pinned = with_pin(LND, refused(shown_by(tmp_path)))
    assert pinned is not None
    other = tmp_path / "other"
    other.mkdir()
    assert with_pin(pinned, refused(shown_by(other))) is None


def test_nothing_is_pinned_that_was_not_seen_or_has_no_place(tmp_path: Path) -> None:
    assert with_pin(LND, refused(None)) is None
    assert with_pin("play:", refused(shown_by(tmp_path))) is None
    assert with_pin("nothing", refused(shown_by(tmp_path))) is None
