from __future__ import annotations

import base64
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.wallets.connection import Connection, Kind, read_connection
from l402desk.wallets.errors import BadConnection
from l402desk.wallets.pinning import Pin
from tests.fakes.baked import ADMIN, LEAST, READ_ONLY, bake
from tests.fakes.certificates import certificate_file

HEX = bake(*LEAST)
RAW = bytes.fromhex(HEX)
URL_SAFE = base64.urlsafe_b64encode(RAW).decode().rstrip("=")
STANDARD = base64.b64encode(RAW).decode()


@pytest.fixture
def pem(tmp_path: Path) -> str:
    return certificate_file(tmp_path).read_text().partition("-----BEGIN PRIVATE KEY-----")[0]


@pytest.mark.parametrize(
    ("text", "url"),
    [
        (f"lndconnect://node.example:8080?macaroon={URL_SAFE}", "https://node.example:8080"),
        (f" LNDCONNECT://Node.Example:8080/?macaroon={HEX.upper()}\n", "https://node.example:8080"),
        (f"lndconnect://node.example?cert=&macaroon={STANDARD}", "https://node.example:8080"),
        (f"lndconnect://node.example:443?macaroon={quote(STANDARD)}", "https://node.example"),
        (f"lndconnect+https://node.example/lnd/rest/?macaroon={HEX}", "https://node.example:8080/lnd/rest"),
        (f"lndconnect://192.168.1.4:8081?macaroon={URL_SAFE}&watch=0", "https://192.168.1.4:8081"),
        (f"lndconnect://[2001:db8::1]:8080?macaroon={URL_SAFE}", "https://[2001:db8::1]:8080"),
        (f"lndconnect://[::1]?macaroon={URL_SAFE}", "https://[::1]:8080"),
        (f"lndconnect://{'a' * 56}.onion:8080?macaroon={URL_SAFE}", f"https://{'a' * 56}.onion:8080"),
        (f"lndconnect+http://127.0.0.1:8080?macaroon={URL_SAFE}", "http://127.0.0.1:8080"),
        (f"lndconnect+http://{'a' * 56}.onion:8080?macaroon={URL_SAFE}", f"http://{'a' * 56}.onion:8080"),
    ],
)
def test_an_lnd_connection_is_read_in_every_form_it_travels_in(text: str, url: str) -> None:
    assert read_connection(text) == Connection(Kind.LND, url, HEX)
    assert read_connection(text).text == text.strip()


@pytest.mark.parametrize("macaroon", [HEX, ADMIN, bake("offchain:write"), "AgED"])
def test_a_macaroon_that_pays_is_watched_with_where_that_is_said(macaroon: str) -> None:
    assert not read_connection(f"lndconnect://node.example:8080?macaroon={macaroon}").watch_only
    assert read_connection(f"lndconnect://node.example:8080?macaroon={macaroon}&watch=1").watch_only


def test_a_macaroon_that_cannot_pay_only_watches() -> None:
    assert read_connection(f"lndconnect://node.example:8080?macaroon={bake(*READ_ONLY)}").watch_only
    assert read_connection(f"lndconnect://node.example:8080?macaroon={bake(*LEAST[1:])}&watch=0").watch_only


def test_a_certificate_is_pinned_in_each_of_its_forms(pem: str) -> None:
    pin = Pin.read(pem.encode())
    forms = (
        pin.as_parameter(),
        quote(base64.b64encode(pin.der)),
        base64.b64encode(pin.der).decode(),
        base64.b64encode(pem.encode()).decode(),
        quote(pem),
        quote(pem).replace("BEGIN%20CERTIFICATE", "BEGIN+CERTIFICATE").replace("END%20CERTIFICATE", "END+CERTIFICATE"),
    )
    for form in forms:
        read = read_connection(f"lndconnect://node.example:8080?cert={form}&macaroon={URL_SAFE}")
        assert read.pin == pin
        assert str(read) == "lndconnect://node.example:8080?cert=…&macaroon=…"


def test_the_port_of_grpc_is_answered_with_the_one_of_rest() -> None:
    for host in ("node.example", "[2001:db8::1]"):
        with pytest.raises(BadConnection, match="gRPC") as refused:
            read_connection(f"lndconnect://{host}:10009?macaroon={URL_SAFE}")
        assert f"{host}:8080" in refused.value.remedy
        assert URL_SAFE not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "lndconnect:",
        "lndconnect://",
        "lndconnect://node.example:8080",
        "lndconnect://node.example:8080?macaroon=",
        "lndconnect://node.example:8080?macaroon=%20",
        "lndconnect://node.example:8080?macaroon=x",
        "lndconnect://node.example:8080?macaroon=AwED",
        f"lndconnect://node.example:8080?macaroon={'02' * 5000}",
        f"lndconnect://node.example:8080?macaroon={URL_SAFE}&macaroon={URL_SAFE}",
        f"lndconnect://node.example:8080?macaroon={URL_SAFE}&wacth=1",
        f"lndconnect://node.example:8080?macaroon={URL_SAFE}&cert=AAAA",
        f"lndconnect://node.example:8080?macaroon={URL_SAFE}&cert=-----BEGIN%20CERTIFICATE-----",
        f"lndconnect://node.example:8080?macaroon={URL_SAFE}#x",
        f"lndconnect://user:pass@node.example:8080?macaroon={URL_SAFE}",
        f"lndconnect://node.example:0?macaroon={URL_SAFE}",
        f"lndconnect://node.example:99999?macaroon={URL_SAFE}",
        f"lndconnect://[::1?macaroon={URL_SAFE}",
        f"lndconnect:node.example:8080?macaroon={URL_SAFE}",
        f"lndconnect+http://node.example:8080?macaroon={URL_SAFE}",
        f"lndconnect+http://127.0.0.1.evil.example:8080?macaroon={URL_SAFE}",
    ],
)
def test_what_cannot_be_used_is_refused_and_nothing_of_it_repeated(text: str) -> None:
    with pytest.raises(BadConnection) as refused:
        read_connection(text)
    assert refused.value.sentence.endswith(".")
    assert URL_SAFE not in str(refused.value)


def test_without_tls_there_is_no_certificate_to_pin(pem: str) -> None:
    pin = Pin.read(pem.encode()).as_parameter()
    with pytest.raises(BadConnection, match="no certificate is ever shown"):
        read_connection(f"lndconnect+http://127.0.0.1:8080?macaroon={URL_SAFE}&cert={pin}")


@given(st.text(st.sampled_from("lndconect+htps:/?&=#@[]%.-_macaroon01AgED ")))
def test_whatever_is_pasted_is_read_or_refused(text: str) -> None:
    for pasted in (f"lndconnect://{text}", f"lndconnect://node.example:8080?macaroon={text}", f"lndconnect{text}"):
        try:
            read = read_connection(pasted)
        except BadConnection:
            continue
        assert read.key is not None
        assert read.key not in repr(read) + str(read)
