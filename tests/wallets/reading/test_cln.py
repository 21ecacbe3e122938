from __future__ import annotations

import base64
import ssl
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.amount import Msat
from l402desk.protocol.payment import Failed
from l402desk.wallets.cln import ClnWallet
from l402desk.wallets.connection import Connection, Kind, read_connection
from l402desk.wallets.errors import BadConnection, WalletError
from l402desk.wallets.reading import cln
from tests.fakes.authority import Authority
from tests.fakes.certificates import certificate_file
from tests.fakes.invoices import mint_invoice
from tests.fakes.raw_server import RawServer, response
from tests.harness.cln import LEAST, make_rune

RUNE = make_rune(*LEAST)
ONION = f"{'a' * 56}.onion"


def base64_of(*parts: str) -> str:
    return base64.b64encode("".join(parts).encode()).decode()


def with_certs(*parts: str) -> Connection:
    return read_connection(f"clnrest+https://node.example?rune={RUNE}&certs={base64_of(*parts)}")


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.mark.parametrize(
    ("start", "url"),
    [
        ("clnrest+https://Node.Example:3010", "https://node.example:3010"),
        ("CLNREST+HTTPS://node.example", "https://node.example:3010"),
        ("clnrest+https://node.example/rest/", "https://node.example:3010/rest"),
        ("clnrest+https://node.example:443", "https://node.example"),
        ("clnrest+http://127.0.0.1:3010", "http://127.0.0.1:3010"),
        (f"clnrest+http://{ONION}", f"http://{ONION}:3010"),
        ("clnrest+https://[::1]:3010", "https://[::1]:3010"),
        ("clnrest://node.example:3010", "https://node.example:3010"),
        ("clnrest://https://node.example:3010", "https://node.example:3010"),
        ("clnrest://http://127.0.0.1:3010", "http://127.0.0.1:3010"),
    ],
)
def test_each_form_of_the_address_is_read(start: str, url: str) -> None:
    text = f"{start}?rune={RUNE}"
    read = read_connection(text)
    assert read == Connection(Kind.CLN, url, RUNE, shown=str(read))
    assert read.text == text
    assert str(read) == f"clnrest+{url}?rune=…"


def test_a_rune_is_split_off_at_the_first_equals_sign_and_may_be_quoted() -> None:
    padded = make_rune(("method=xpay",), unique=31)
    assert padded.endswith("=")
    for written in (padded, padded.replace("=", "%3D")):
        assert read_connection(f"clnrest+https://node.example?rune={written}").key == padded


@pytest.mark.parametrize(
    ("rune", "more", "watches"),
    [
        (RUNE, "", False),
        (RUNE, "&watch=1", True),
        (make_rune(("method^list", "method^get", "method=summary"), ("method/listdatastore",)), "", True),
        (make_rune(("method=listpays",)), "&watch=0", True),
        ("a-rune-that-cannot-be-read", "", False),
    ],
)
def test_a_rune_that_may_not_pay_only_watches(rune: str, more: str, watches: bool) -> None:
    assert read_connection(f"clnrest+https://node.example?rune={rune}{more}").watch_only is watches


def test_what_other_wallets_write_besides_is_passed_over() -> None:
    read = read_connection(f"clnrest+https://node.example?pubkey=02ab&rune={RUNE}&invoiceRune=abc")
    assert (read.key, str(read)) == (RUNE, "clnrest+https://node.example:3010?rune=…")


@pytest.mark.parametrize("scheme", ["commando+wss", "commando+ws", "clngrpc"])
def test_what_this_app_does_not_speak_is_named_with_what_it_does(scheme: str) -> None:
    with pytest.raises(BadConnection, match="clnrest\\+https://HOST:3010") as told:
        read_connection(f"{scheme}://node.example:5001?pubkey=02ab&rune={RUNE}")
    assert RUNE not in str(told.value)


@pytest.mark.parametrize(
    "text",
    [
        "clnrest+https://node.example",
        "clnrest+https://node.example?rune=",
        f"clnrest+https://?rune={RUNE}",
        f"clnrest+https:node.example?rune={RUNE}",
        f"clnrest+http://node.example:3010?rune={RUNE}",
        f"clnrest://http://node.example:3010?rune={RUNE}",
        f"clnrest://ftp://node.example:3010?rune={RUNE}",
        f"clnrest+https://node.example:99999?rune={RUNE}",
        f"clnrest+https://node.example:0?rune={RUNE}",
        f"clnrest+https://user:word@node.example?rune={RUNE}",
        f"clnrest+https://node.example?rune={RUNE}&rune={RUNE}",
        f"clnrest+https://node.example?rune={RUNE}&wacth=1",
        f"clnrest+https://node.example?rune={RUNE}#part",
        f"clnrest+https://node.example?rune={RUNE}&cert=AAAA",
        f"clnrest+https://node.example?rune={RUNE}&certs=",
        f"clnrest+https://node.example?rune={RUNE}&certs=AAAA",
        f"clnrest+https://node.example?rune={RUNE}&certs=*",
    ],
)
def test_what_is_no_such_connection_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(BadConnection) as told:
        read_connection(text)
    assert RUNE not in str(told.value)


def test_the_nodes_own_certificate_is_pinned(tmp_path: Path) -> None:
    der = ssl.PEM_cert_to_DER_cert(certificate_file(tmp_path).read_text().partition("-----BEGIN PRIVATE")[0])
    value = base64.urlsafe_b64encode(der).decode()
    read = read_connection(f"clnrest+https://node.example?cert={value}&rune={RUNE}")
    assert read.pin is not None
    assert read.pin.der == der
    assert str(read) == "clnrest+https://node.example:3010?rune=…&cert=…"


def test_certs_are_our_key_our_certificate_and_the_authority(authority: Authority) -> None:
    key, certificate = authority.signed("client")
    read = with_certs(key, certificate, authority.pem)
    assert read.client_pem is not None
    assert read.client_pem.split() == (key + certificate).split()
    assert read.authority_pem == authority.pem
    assert read.pin is None
    shown = repr(read) + str(read)
    assert "PRIVATE" not in shown
    assert str(read) == "clnrest+https://node.example:3010?rune=…&certs=…"
    alone = with_certs(authority.pem)
    assert (alone.client_pem, alone.authority_pem) == (None, authority.pem)


def test_certs_that_do_not_belong_together_are_refused_when_they_are_read(authority: Authority) -> None:
    key, certificate = authority.signed("client")
    other_key, _ = authority.signed("other")
    broken = certificate.replace("MII", "MIX", 1)
    for parts in (
        (key, certificate),
        (certificate, authority.pem),
        (key, other_key, certificate, authority.pem),
        (other_key, certificate, authority.pem),
        (key, broken, authority.pem),
        (key, certificate, broken),
        (Authority.locked(key), certificate, authority.pem),
    ):
        with pytest.raises(BadConnection, match="certs") as told:
            with_certs(*parts)
        assert "BEGIN" not in str(told.value)


@pytest.mark.anyio
async def test_a_node_that_demands_our_certificate_is_shown_it_and_nobody_else_is(authority: Authority) -> None:
    def nobody() -> ssl.SSLContext:
        raise AssertionError("the system's authorities are not asked about a node with its own")

    client = authority.signed("client")
    channels = response(b'{"channels": [{"state": "CHANNELD_NORMAL", "spendable_msat": 5}]}', status="201 Created")
    async with RawServer([channels], tls=authority.server(demands_client=True)) as server:

        def wallet(*certs: str) -> ClnWallet:
            text = f"clnrest+https://127.0.0.1:{server.port}?rune={RUNE}&certs={base64_of(*certs)}"
            return ClnWallet("Node", read_connection(text), nobody)

        assert await wallet(*client, authority.pem).balance() == Msat(5)
        assert RUNE.encode() in server.requests[0]
        with pytest.raises(WalletError):
            await wallet(authority.pem).balance()  # the node turns away who shows no certificate
        stranger = Authority()
        with pytest.raises(WalletError):
            await wallet(*stranger.signed("client"), authority.pem).balance()
        result = await wallet(*client, stranger.pem).pay(mint_invoice(), fee_limit=Msat(0))
        assert isinstance(result, Failed)  # the node could not prove who it is
        assert len(server.requests) == 1


@given(st.text(max_size=80), st.sampled_from(["", "//", "//node.example?rune=", "//node.example?rune=a&certs="]))
def test_whatever_follows_the_scheme_it_is_read_or_refused(rest: str, start: str) -> None:
    for scheme in cln.SCHEMES:
        with suppress(BadConnection):
            assert cln.read(scheme, start + rest, "").key


def test_a_key_too_short_for_tls_is_refused_when_it_is_read(authority: Authority) -> None:
    key, certificate = authority.certified(rsa.generate_private_key(65_537, 1_024), "client")
    with pytest.raises(BadConnection, match="certs"):
        with_certs(key, certificate, authority.pem)


def test_a_key_of_another_curve_is_a_key_too() -> None:
    authority = Authority(ec.SECP384R1())
    key, certificate = authority.signed("client")
    read = with_certs(key, certificate, authority.pem)
    assert read.client_pem is not None
