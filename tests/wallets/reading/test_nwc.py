from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.wallets.connection import Kind, read_connection
from l402desk.wallets.errors import BadConnection
from l402desk.wallets.nostr.keys import public_key

PEER = "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"  # the generator's own
SECRET = "5ec2e7" * 10 + "0001"
RELAY = "wss://relay.example/v1"
NO_KEY = "03" * 32  # no point of the curve has this x


def uri(query: str = f"relay={RELAY}&secret={SECRET}", *, peer: str = PEER, scheme: str = "nostr+walletconnect") -> str:
    return f"{scheme}://{peer}?{query}"


@pytest.mark.parametrize(
    ("text", "relays"),
    [
        (uri(), (RELAY,)),
        (uri(scheme="nostrwalletconnect"), (RELAY,)),
        (uri(scheme="Nostr+WalletConnect"), (RELAY,)),
        (f"nostr+walletconnect:{PEER}?relay={RELAY}&secret={SECRET}", (RELAY,)),
        (f"nostr+walletconnect://{PEER}/?relay={RELAY}&secret={SECRET}", (RELAY,)),
        (uri(f"secret={SECRET}&relay=wss%3A%2F%2Frelay.example%2Fv1"), (RELAY,)),
        (uri(f"relay={RELAY}/&secret={SECRET.upper()}", peer=PEER.upper()), (RELAY,)),
        (uri(f"relay=WSS://Relay.Example:443/v1&secret={SECRET}&name=Alby"), (RELAY,)),
        (uri(f"relay={RELAY}&relay=wss://two.example&relay={RELAY}&secret={SECRET}"), (RELAY, "wss://two.example")),
        (uri(f"relay=ws://127.0.0.1:7777&secret={SECRET}"), ("ws://127.0.0.1:7777",)),
        (uri(f"relay=ws://[::1]:7777&secret={SECRET}"), ("ws://[::1]:7777",)),
        (uri(f"relay=ws://{'a' * 56}.onion&secret={SECRET}"), (f"ws://{'a' * 56}.onion",)),
        (uri(f"relay=wss%3A%2F%2Frelay.example%2F%3Fa%3Db&secret={SECRET}"), ("wss://relay.example?a=b",)),
        (uri(f"relay={RELAY}&secret={SECRET}#from-a-page"), (RELAY,)),
    ],
)
def test_a_connection_over_nostr_is_read(text: str, relays: tuple[str, ...]) -> None:
    read = read_connection(text)
    assert (read.kind, read.url, read.key, read.peer, read.relays) == (Kind.NWC, "", SECRET, PEER, relays)
    assert not read.watch_only
    assert read.text == text


def test_one_that_only_looks() -> None:
    read = read_connection(uri(f"relay={RELAY}&secret={SECRET}&watch=1"))
    assert read.watch_only
    assert str(read).endswith(", looks only")


@pytest.mark.parametrize(
    ("lud16", "address"),
    [("me%40pay.example", "me@pay.example"), ("", ""), ("javascript:x", ""), ("a@b@c", ""), ("x" * 400, "")],
)
def test_a_lightning_address_is_taken_where_it_can_be_one(lud16: str, address: str) -> None:
    assert read_connection(uri(f"relay={RELAY}&secret={SECRET}&lud16={lud16}")).lightning_address == address


def test_neither_repr_nor_str_shows_the_secret() -> None:
    read = read_connection(uri())
    assert str(read) == f"nostr+walletconnect://{PEER[:8]}… over wss://relay.example"
    assert SECRET not in repr(read) + str(read)


def test_what_opens_a_private_relay_is_not_shown_either() -> None:
    one, two = "wss://relay.example/0c7b3f1e?token=5a9d", "ws://127.0.0.1:7777?token=5a9d"
    read = read_connection(uri(f"relay={one}&relay={RELAY}&relay={two}&secret={SECRET}"))
    assert read.relays == (one, RELAY, two)
    assert str(read).endswith(" over wss://relay.example, ws://127.0.0.1:7777")
    assert "0c7b3f1e" not in repr(read)
    assert "5a9d" not in repr(read)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (uri(peer=PEER[:-1]), "the wallet's key is not whole"),
        (uri(peer=PEER + "00"), "the wallet's key is not whole"),
        (uri(peer="02" + PEER), "the wallet's key is not whole"),
        (uri(peer=""), "the wallet's key is not whole"),
        (uri(peer="g" * 64), "the wallet's key is not whole"),
        (uri(peer="npub1" + "q" * 58), "written as npub"),
        (uri(f"relay={RELAY}&secret=nsec1{'q' * 58}"), "written as nsec"),
        (uri(f"relay={RELAY}&secret={SECRET[:-2]}"), "our secret is not whole"),
        (uri(f"relay={RELAY}&secret="), "our secret is not whole"),
        (uri(f"relay={RELAY}"), "no secret"),
        (uri(peer=NO_KEY), "wallet's key in this connection is no key"),
        (uri(f"relay={RELAY}&secret={'0' * 64}"), "secret in this connection is no key"),
        (uri(f"relay={RELAY}&secret={'f' * 64}"), "secret in this connection is no key"),
        (uri(f"relay={RELAY}&secret={PEER}"), "the wallet's own key"),
        (uri(peer=public_key(bytes.fromhex(SECRET))), "the wallet's own key"),
        (uri(f"secret={SECRET}"), "names no relay"),
        (uri(f"secret={SECRET}&relay="), "names no relay"),
        (uri("&".join([f"secret={SECRET}", *(f"relay=wss://{n}.example" for n in range(9))])), "names 9 relays"),
        (uri(f"relay=ws://relay.example&secret={SECRET}"), "not reached safely"),
        (uri(f"relay=https://relay.example&secret={SECRET}"), "not reached safely"),
        (uri(f"relay=relay.example&secret={SECRET}"), "not reached safely"),
        (uri(f"relay=wss:relay.example&secret={SECRET}"), "not reached safely"),
        (uri(f"relay=ws://127.0.0.1.evil.example&secret={SECRET}"), "not reached safely"),
        (uri(f"relay=wss://&secret={SECRET}"), "cannot be read"),
        (uri(f"relay=wss://[::1&secret={SECRET}"), "cannot be read"),
        (uri(f"relay=wss://relay.example:99999&secret={SECRET}"), "cannot be read"),
        (uri(f"relay=wss://relay.example:0&secret={SECRET}"), "do not belong"),
        (uri(f"relay=wss://me:pass@relay.example&secret={SECRET}"), "do not belong"),
        (uri(f"relay=wss://relay.example/%20x&secret={SECRET}"), "do not belong"),
        (uri(f"relay=wss://relay.example/%0d%0aX:&secret={SECRET}"), "not reached safely"),
        (uri(f"relay={RELAY}&secret={SECRET}&secret={SECRET}"), "given twice"),
        (uri(f"relay={RELAY}&secret={SECRET}&wacth=1"), "is not known"),
        (uri(f"relay={RELAY}&secret={SECRET}&watch=yes"), "“watch” is 1"),
        ("nostr+walletconnect:", "not whole"),
    ],
)
def test_what_cannot_be_used_is_refused_and_said_what_is_wrong(text: str, words: str) -> None:
    with pytest.raises(BadConnection) as refused:
        read_connection(text)
    assert words in refused.value.sentence
    assert SECRET not in str(refused.value)


@given(st.text(st.sampled_from("abf019:/?&=#@[]%.;relaysecretwss")), st.sampled_from(["", f"secret={SECRET}&relay="]))
def test_whatever_follows_is_read_or_refused(rest: str, before: str) -> None:
    try:
        read = read_connection(f"nostr+walletconnect://{PEER}?{before}{rest}")
    except BadConnection:
        return
    assert all(relay.startswith(("wss://", "ws://")) for relay in read.relays)
