"""What is found out from each combination of an invoice, channels and a history; `test_electrum` has the lies."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from l402desk.protocol.amount import Msat
from l402desk.protocol.payment import Paid, PaymentResult
from l402desk.protocol.proof import Preimage
from l402desk.wallets import asking
from l402desk.wallets.connection import read_connection
from l402desk.wallets.electrum_finding import QUEUED_S, STUCK_S, Finder
from l402desk.wallets.electrum_rpc import ElectrumRpc
from l402desk.wallets.electrum_words import (
    FAILED,
    FORGOTTEN,
    NOT_CLEARED,
    ON_ITS_WAY,
    PEER_AWAY,
    RAN_OUT,
    UNSAID,
    WITHOUT_PROOF,
)
from l402desk.wallets.errors import NoAnswer
from l402desk.wallets.quiet import STILL_TRYING
from tests.wallets.lying import Clock, nobody

pytestmark = pytest.mark.anyio
PREIMAGE = Preimage(bytes(range(32)))
HASH = PREIMAGE.payment_hash()
UNPAID, EXPIRED, SETTLED, IN_FLIGHT, BROKEN = 0, 1, 3, 4, 5
GOOD = {"type": "CHANNEL", "state": "OPEN", "peer_state": "GOOD", "local_unsettled_sent": 0}
AT_REST, WAITING, AWAY = [GOOD], [GOOD | {"local_unsettled_sent": 21}], [GOOD | {"peer_state": "DISCONNECTED"}]
ITEM = {"payment_hash": HASH.hex, "amount_msat": -22_000, "fee_msat": 1_000, "preimage": PREIMAGE.hex}
NO_COMMAND = asking.Reply(500, b"Invalid Request")
PROOF = Paid(PREIMAGE, Msat(1_000))


class Electrum:
    """What it says to each command: a reply, an error that is raised, or a result."""

    def __init__(self, **says: object) -> None:
        self.says: dict[str, object] = {
            "list_channels": AT_REST,
            "lightning_history": [],
            "export_lightning_preimage": NO_COMMAND,
            **says,
        }
        self.asked: list[str] = []
        self.clock = Clock()

    def given(self, status: int, msat: int = 21_000) -> Electrum:
        self.says["get_invoice"] = {"status": status, "invoice_id": HASH.hex, "amount_msat": msat}
        return self

    def finder(self, monkeypatch: pytest.MonkeyPatch, *, answered: bool = True) -> Finder:
        async def ask(_: asking.Server, method: str, path: str, **more: object) -> asking.Reply:
            body = more["body"]
            assert isinstance(body, Mapping)
            self.asked.append(body["method"])
            said = self.says[body["method"]]
            if isinstance(said, Exception):
                raise said
            return said if isinstance(said, asking.Reply) else asking.Reply(200, json.dumps({"result": said}).encode())

        monkeypatch.setattr(asking.Server, "ask", ask)
        connection = read_connection("electrum+http://a:b@127.0.0.1:1")
        finder = Finder(ElectrumRpc(connection, nobody, None), self.clock)
        finder.begins(HASH)
        if answered:
            finder.ends(HASH)
        return finder


def trouble(message: str) -> asking.Reply:
    return asking.Reply(200, json.dumps({"error": {"code": 1, "message": message}}).encode())


@pytest.mark.parametrize(
    ("status", "channels", "history", "known"),
    [
        (UNPAID, AT_REST, [], UNSAID),
        (UNPAID, AT_REST, [ITEM], PROOF),
        (EXPIRED, AT_REST, [], RAN_OUT),
        (EXPIRED, WAITING, [], NOT_CLEARED),
        (EXPIRED, AWAY, [], PEER_AWAY),
        (EXPIRED, AT_REST, [ITEM], PROOF),
        (SETTLED, AT_REST, [ITEM], PROOF),
        (SETTLED, AT_REST, [], WITHOUT_PROOF),
        (IN_FLIGHT, AT_REST, [], ON_ITS_WAY),
        (IN_FLIGHT, WAITING, [], ON_ITS_WAY),
        (IN_FLIGHT, AT_REST, [ITEM], PROOF),  # of which Electrum lost track
        (BROKEN, AT_REST, [], FAILED),
        (BROKEN, WAITING, [], NOT_CLEARED),
        (BROKEN, AWAY, [], FAILED),  # it was in one piece, and came back
        (BROKEN, AT_REST, [ITEM], PROOF),
        (7, AT_REST, [], UNSAID),
    ],
)
async def test_the_standing_of_an_invoice_is_judged_by_channels_and_history(
    status: int, channels: object, history: object, known: PaymentResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    electrum = Electrum(list_channels=channels, lightning_history=history).given(status)
    assert await electrum.finder(monkeypatch).find(HASH) == known


async def test_the_history_is_asked_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """What settles between two questions is then found, and not taken for failed."""
    electrum = Electrum().given(BROKEN)
    await electrum.finder(monkeypatch).find(HASH)
    assert electrum.asked == ["get_invoice", "list_channels", "lightning_history"]


async def test_what_electrum_never_heard_of_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    electrum = Electrum(get_invoice=trouble("Request not found"))
    assert await electrum.finder(monkeypatch).find(HASH) is None
    electrum.says["lightning_history"] = [ITEM]  # the list of invoices was cleared
    assert await electrum.finder(monkeypatch).find(HASH) == PROOF


async def test_another_error_is_none_of_that(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoAnswer, match="no wallet open"):
        await Electrum(get_invoice=trouble("wallet not loaded")).finder(monkeypatch).find(HASH)


async def test_channels_that_cannot_be_read_prove_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoAnswer, match="tells no channels"):
        await Electrum(list_channels=[7]).given(BROKEN).finder(monkeypatch).find(HASH)


async def test_failed_waits_until_a_lost_order_can_lie_unread_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    electrum = Electrum().given(BROKEN)
    finder = electrum.finder(monkeypatch, answered=False)
    assert await finder.find(HASH) == STILL_TRYING
    electrum.clock.seconds += QUEUED_S
    assert await finder.find(HASH) == FAILED


async def test_in_flight_with_nothing_out_is_never_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    electrum = Electrum().given(IN_FLIGHT)
    finder = electrum.finder(monkeypatch)
    for seconds, channels, known in (
        (STUCK_S - 1, AT_REST, ON_ITS_WAY),
        (1, WAITING, ON_ITS_WAY),
        (0, AT_REST, FORGOTTEN),
        (10 * STUCK_S, AT_REST, FORGOTTEN),
    ):
        electrum.clock.seconds += seconds
        electrum.says["list_channels"] = channels
        assert await finder.find(HASH) == known


GONE = NoAnswer("More than a wallet has to say.", "-")


@pytest.mark.parametrize(
    ("status", "msat", "exports", "known"),
    [
        (SETTLED, 21_000, PREIMAGE.hex, Paid(PREIMAGE)),
        (SETTLED, 21_000, None, GONE),
        (SETTLED, 21_000, "ab" * 32, GONE),
        (SETTLED, 21_000, NO_COMMAND, GONE),
        (BROKEN, 21_000, None, FAILED),
        (BROKEN, 21_000, NO_COMMAND, FAILED),
        (BROKEN, 20_000_000, None, FAILED),
        (BROKEN, 20_000_000, NO_COMMAND, GONE),
        (BROKEN, 20_000_000, PREIMAGE.hex, GONE),  # Electrum has the preimages of its own invoices as well
        (EXPIRED, 21_000, None, RAN_OUT),
        (EXPIRED, 21_000, NO_COMMAND, GONE),
        (IN_FLIGHT, 21_000, NO_COMMAND, ON_ITS_WAY),
        (UNPAID, 21_000, NO_COMMAND, GONE),
    ],
)
async def test_without_a_history_the_preimage_is_asked_for(
    status: int, msat: int, exports: object, known: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    electrum = Electrum(lightning_history=GONE, export_lightning_preimage=exports).given(status, msat)
    finder = electrum.finder(monkeypatch)
    if known is GONE:
        with pytest.raises(NoAnswer, match="More than a wallet"):
            await finder.find(HASH)
    else:
        assert await finder.find(HASH) == known


@pytest.mark.parametrize(("exports", "is_known"), [(None, True), (PREIMAGE.hex, False), (NO_COMMAND, False)])
async def test_without_history_and_invoice_only_no_preimage_is_nothing(
    exports: object, is_known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    electrum = Electrum(
        get_invoice=trouble("Request not found"), lightning_history=GONE, export_lightning_preimage=exports
    )
    finder = electrum.finder(monkeypatch)
    if is_known:
        assert await finder.find(HASH) is None
    else:
        with pytest.raises(NoAnswer):
            await finder.find(HASH)
