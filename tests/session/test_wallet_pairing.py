"""A wallet pairs itself over a real relay; a wish that was taken back connects nobody."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from pytestqt.qtbot import QtBot

from l402desk.protocol.amount import Msat
from l402desk.session.wallet_pairing import PairingSession
from l402desk.wallets.connection import read_connection
from l402desk.wallets.nostr.event import sign
from l402desk.wallets.nostr.keys import public_key
from l402desk.wallets.nwc_talk import OFFER
from tests.engine.shop import Shop
from tests.harness.relay import LyingRelay
from tests.session.desks import Desk, a_thread

STRANGER = b"\x07" * 32


class Meeting:
    """A relay on the loop of the desk, and a stranger's wallet that grants wishes there."""

    def __init__(self, qtbot: QtBot, desk: Desk) -> None:
        self.desk = desk
        self._qtbot = qtbot
        self.relay = LyingRelay()
        desk.do(lambda _services: self.relay.start())
        self.pairing = PairingSession(desk.io)

    def wish(self, *, watch_only: bool = False) -> str:
        """Our key, which stands in the wish."""
        budget = None if watch_only else Msat.of_sats(500)
        self.pairing.begin(budget=budget, renews="monthly", watch_only=watch_only, relays=(self.relay.url,))
        self._qtbot.waitUntil(lambda: bool(self.pairing.uri))
        ours = self.pairing.uri.removeprefix("nostr+walletauth://").partition("?")[0]
        self._qtbot.waitUntil(lambda: {"kinds": [OFFER], "#p": [ours]} in self.relay.asked)
        return ours

    def grant(self, ours: str, methods: str = "pay_invoice lookup_invoice") -> None:
        offer = sign(STRANGER, OFFER, [("p", ours), ("encryption", "nip44_v2")], methods, int(time.time()))
        self.desk.do(lambda _services: self.relay.pass_on(offer))

    def close(self) -> None:
        self.pairing.stop()
        self.desk.do(lambda _services: self.relay.stop())


@pytest.fixture
def meeting(qtbot: QtBot, tmp_path: Path) -> Iterator[Meeting]:
    with a_thread(qtbot, tmp_path, Shop()) as desk:
        made = Meeting(qtbot, desk)
        yield made
        made.close()


def test_the_wallet_that_grants_the_wish_is_the_connection(meeting: Meeting, qtbot: QtBot) -> None:
    ours = meeting.wish()
    asked = parse_qs(urlsplit(meeting.pairing.uri).query)
    assert (asked["max_amount"], asked["budget_renewal"]) == (["500000"], ["monthly"])
    assert meeting.pairing.is_waiting
    with qtbot.waitSignal(meeting.pairing.answered) as answered:
        meeting.grant(ours)
    assert answered.args is not None
    connection = read_connection(str(answered.args[0]))
    assert (connection.peer, connection.relays) == (public_key(STRANGER), (meeting.relay.url,))
    assert not meeting.pairing.is_waiting
    assert meeting.pairing.uri == ""


def test_one_that_only_looks_asks_for_nothing_to_spend(meeting: Meeting, qtbot: QtBot) -> None:
    ours = meeting.wish(watch_only=True)
    assert "pay_invoice" not in meeting.pairing.uri
    with qtbot.waitSignal(meeting.pairing.answered) as answered:
        meeting.grant(ours, "lookup_invoice")
    assert answered.args is not None
    assert read_connection(str(answered.args[0])).watch_only


def test_a_wish_that_was_taken_back_connects_nobody(meeting: Meeting, qtbot: QtBot) -> None:
    old = meeting.wish()
    meeting.pairing.stop()
    assert (meeting.pairing.uri, meeting.pairing.is_waiting) == ("", False)
    new = meeting.wish()
    assert new != old
    with qtbot.assertNotEmitted(meeting.pairing.answered, wait=50):
        meeting.grant(old)
    with qtbot.waitSignal(meeting.pairing.answered):
        meeting.grant(new)


@pytest.mark.parametrize("relays", [("ws://127.0.0.1:1",), ("ws://relay.example",), ("nonsense",)])
def test_where_nobody_can_be_met_it_says_so(meeting: Meeting, qtbot: QtBot, relays: tuple[str, ...]) -> None:
    meeting.pairing.begin(budget=Msat.of_sats(1), renews="never", watch_only=False, relays=relays)
    qtbot.waitUntil(lambda: meeting.pairing.trouble is not None)
    assert not meeting.pairing.is_waiting
    assert meeting.pairing.uri == ""


def test_a_fault_of_ours_is_told(meeting: Meeting, qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    meeting.pairing.begin(budget=None, renews="hourly", watch_only=False)
    qtbot.waitUntil(lambda: meeting.pairing.trouble is not None)
    assert "pairing failed: ValueError" in caplog.text
