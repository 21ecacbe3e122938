from __future__ import annotations

import base64
import ssl
import traceback
from pathlib import Path

import pytest

from l402desk.wallets.errors import BadConnection
from l402desk.wallets.reading.parts import bytes_of, fields, pin, place, secret, shown, watches
from tests.fakes.certificates import certificate_file

FORM = "kind+https://HOST"


def test_a_place_has_one_canonical_form() -> None:
    at = place("https", "//Node.Example:443/rest/?a=b", FORM)
    assert (at.url, at.query, at.port) == ("https://node.example/rest", "a=b", 443)


def test_a_log_in_is_taken_where_one_belongs_and_unquoted() -> None:
    at = place("http", "//us%40er:p%3Aw@127.0.0.1:7777", FORM, may_log_in=True)
    assert (at.user, at.password, at.url) == ("us@er", "p:w", "http://127.0.0.1:7777")
    with pytest.raises(BadConnection, match="do not belong there"):
        place("https", "//user:word@node.example", FORM)


@pytest.mark.parametrize("rest", ["//node.example", "//10.0.0.1:80", "//127.0.0.1.evil.example"])
def test_a_secret_goes_nowhere_without_tls(rest: str) -> None:
    with pytest.raises(BadConnection, match="Without TLS"):
        place("http", rest, FORM)


def test_a_key_that_became_a_part_of_the_path_is_not_taken_for_a_place() -> None:
    with pytest.raises(BadConnection, match="no plain path"):
        place("https", "//node.example/key=0c7b3f1e", FORM)


@pytest.mark.parametrize("rest", ["//:0c7b3f1e/5a9d@node.example", "//:[0c7b3f1e]@node.example", "//me[:0c7b3f1e]"])
def test_not_even_a_traceback_repeats_a_password(rest: str) -> None:
    with pytest.raises(BadConnection) as told:
        place("http", rest, FORM, may_log_in=True)
    assert "0c7b3f1e" not in "".join(traceback.format_exception(told.value))


def test_fields_are_split_at_their_first_equals_sign() -> None:
    assert fields("rune=abc==&watch=1", ("rune", "watch")) == {"rune": "abc==", "watch": "1"}


def test_only_a_repeated_field_may_be_repeated() -> None:
    assert fields("relay=a&relay=b", ("relay",), repeated="relay") == {"relay": "a\nb"}
    with pytest.raises(BadConnection, match="given twice"):
        fields("key=a&key=b", ("key",))
    with pytest.raises(BadConnection, match="not known"):
        fields("kex=a", ("key",))


def test_watching_is_said_with_one_or_zero() -> None:
    assert (watches({"watch": "1"}), watches({"watch": "0"}), watches({})) == (True, False, False)
    with pytest.raises(BadConnection):
        watches({"watch": "true"})


@pytest.mark.parametrize("value", ["", "a b", "a\r\nb", "\x7f", "é", "a" * 3000])
def test_a_secret_fits_into_a_header(value: str) -> None:
    assert secret("fits=+/", "key") == "fits=+/"
    assert secret(None, "key") is None
    with pytest.raises(BadConnection, match="key of this connection"):
        secret(value, "key")


def test_bytes_come_in_either_alphabet_padded_or_not() -> None:
    raw = b"\xfb\xff\xfe0"
    for text in (base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode().rstrip("=")):
        assert bytes_of(text, "macaroon") == raw
    for junk in ("a", "a*bc", "ab c"):
        with pytest.raises(BadConnection, match="macaroon"):
            bytes_of(junk, "macaroon")


def test_a_certificate_is_pinned_from_der_and_from_pem(tmp_path: Path) -> None:
    whole = certificate_file(tmp_path).read_text("ascii")
    pem = whole[: whole.index("-----BEGIN PRIVATE KEY-----")]
    der = ssl.PEM_cert_to_DER_cert(pem)
    for raw in (der, pem.encode()):
        read = pin({"cert": base64.urlsafe_b64encode(raw).decode()})
        assert read is not None
        assert read.der == der
    assert pin({}) is None
    with pytest.raises(BadConnection, match="certificate"):
        pin({"cert": "AAAA"})


def test_what_is_shown_has_no_secret() -> None:
    assert shown("lnbits+", "https://a.example", {"key": True, "cert": False, "watch=1": True}) == (
        "lnbits+https://a.example?key=…&watch=1"
    )
    assert shown("a+", "https://a.example", {"key": False}) == "a+https://a.example"
