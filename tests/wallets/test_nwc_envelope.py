from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.proof import PaymentHash
from l402desk.wallets.nostr import nip04, nip44
from l402desk.wallets.nostr.errors import Undecipherable
from l402desk.wallets.nostr.event import Event, sign
from l402desk.wallets.nostr.keys import public_key
from l402desk.wallets.nwc_envelope import EXPIRES_S, Envelopes
from l402desk.wallets.nwc_offer import Speech

OURS, THEIRS, STRANGERS = b"\x07" * 32, b"\x09" * 32, b"\x0b" * 32
ENVELOPES = Envelopes(OURS, public_key(THEIRS))
HASH = PaymentHash(b"\x05" * 32)
NIP = {Speech.NIP44: nip44, Speech.NIP04: nip04}


def from_them(text: str, speech: Speech = Speech.NIP44, *, to: bytes = OURS) -> Event:
    sealed = NIP[speech].encrypt(text, NIP[speech].conversation_key(THEIRS, public_key(to)))
    return sign(THEIRS, 23_195, [], sealed, 1)


@pytest.mark.parametrize("speech", Speech)
def test_the_service_can_read_our_request_and_nobody_else(speech: Speech) -> None:
    request = ENVELOPES.request(speech, "pay_invoice", {"invoice": "lnbc1"}, 1_700_000_000)
    assert Event.read(json.loads(request.to_json())) == request
    assert (request.kind, request.pubkey, request.created_at) == (23_194, ENVELOPES.ours, 1_700_000_000)
    assert request.values("p") == (public_key(THEIRS),)
    assert request.values("expiration") == (str(1_700_000_000 + EXPIRES_S),)
    assert request.values("encryption") == (("nip44_v2",) if speech is Speech.NIP44 else ())
    theirs = NIP[speech].conversation_key(THEIRS, ENVELOPES.ours)
    told = json.loads(NIP[speech].decrypt(request.content, theirs))
    assert told == {"method": "pay_invoice", "params": {"invoice": "lnbc1"}}
    with pytest.raises(Undecipherable):
        nip44.decrypt(request.content, nip44.conversation_key(STRANGERS, ENVELOPES.ours))


@pytest.mark.parametrize("speech", Speech)
def test_an_answer_is_read_in_what_it_is_encrypted_with(speech: Speech) -> None:
    assert ENVELOPES.open(from_them("{}", speech)) == ("{}", speech)


def test_what_was_made_for_somebody_else_is_nothing() -> None:
    assert ENVELOPES.open(from_them("{}", to=STRANGERS)) == (None, Speech.NIP44)


@given(st.text(max_size=200) | st.text(st.sampled_from("AB+/=?iv"), min_size=100, max_size=300))
def test_whatever_is_in_an_event_nothing_is_raised(content: str) -> None:
    event = replace(from_them("{}"), content=content)
    assert ENVELOPES.open(event)[0] is None
    assert not ENVELOPES.tells_of(event, HASH)


@pytest.mark.parametrize(
    ("told", "tells"),
    [
        ({"notification_type": "payment_sent", "notification": {"payment_hash": HASH.hex}}, True),
        ({"notification_type": "payment_sent", "notification": {"payment_hash": HASH.hex.upper()}}, True),
        ({"notification_type": "payment_received", "notification": {"payment_hash": HASH.hex}}, False),
        ({"notification_type": "payment_sent", "notification": {"payment_hash": "ab" * 32}}, False),
        ({"notification_type": "payment_sent", "notification": {"payment_hash": 7}}, False),
        ({"notification_type": "payment_sent", "notification": [HASH.hex]}, False),
        ({"notification_type": "payment_sent"}, False),
        ([], False),
        ("pong", False),
    ],
)
def test_a_notification_tells_of_one_payment(told: object, tells: bool) -> None:
    assert ENVELOPES.tells_of(from_them(json.dumps(told)), HASH) is tells
    assert ENVELOPES.tells_of(from_them(json.dumps(told), Speech.NIP04), HASH) is tells


def test_what_are_no_keys_make_none() -> None:
    with pytest.raises(Undecipherable):
        Envelopes(OURS, "03" * 32)
    with pytest.raises(Undecipherable):
        Envelopes(bytes(32), public_key(THEIRS))
