from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from l402desk.engine import patience, recovery
from l402desk.protocol.payment import Paid, PaymentResult
from l402desk.protocol.proof import PaymentHash
from l402desk.services import Services
from l402desk.session.recovery import RecoverySession
from l402desk.store.errors import VaultClosed
from tests.engine.shop import NAME, Buyer, Scripted, Shop, failing, tokens, unanswered
from tests.fakes.purchased import claim
from tests.session.desks import a_thread


@pytest.fixture(autouse=True)
def no_stray_threads() -> None:
    """A QThread shows up as a dummy thread that cannot be joined; closing it is asserted where it is opened."""
    return


async def leave_open(services: Services) -> None:
    purchase = (await Buyer(services).offer()).purchase
    assert purchase is not None
    await claim(services.ledger, purchase.id, NAME)


def test_what_is_open_is_shown_until_the_wallet_knows(qtbot: QtBot, tmp_path: Path) -> None:
    shop = Shop()
    wallet = Scripted(pay=unanswered)
    with a_thread(qtbot, tmp_path, shop, wallet) as desk:
        session = RecoverySession(desk.io)
        desk.do(leave_open)
        with qtbot.waitSignal(session.changed):
            session.run()
        qtbot.waitUntil(lambda: not session._is_running)
        assert [str(purchase.state) for purchase in session.open_purchases] == ["unknown"]

        async def found(payment_hash: PaymentHash) -> PaymentResult | None:
            return Paid(shop.preimages[payment_hash])

        wallet._look_up = found
        with qtbot.waitSignal(session.changed):
            session.run()
            qtbot.waitUntil(lambda: session.open_purchases == ())
        assert desk.do(tokens) == ["undelivered"]


def test_what_is_open_is_shown_before_a_slow_wallet_has_answered(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovery, "PATIENCE_S", 0.4)

    async def hang(_: PaymentHash) -> PaymentResult | None:
        await unanswered("")
        return None

    with a_thread(qtbot, tmp_path, Shop(), Scripted(pay=unanswered, look_up=hang)) as desk:
        session = RecoverySession(desk.io)
        desk.do(leave_open)
        with qtbot.waitSignal(session.changed):
            session.run()
        assert (session._is_running, len(session.open_purchases)) == (True, 1)
        qtbot.waitUntil(lambda: not session._is_running)
        assert len(session.open_purchases) == 1


def test_what_has_ended_meanwhile_is_not_shown_as_open_while_a_slow_wallet_is_asked(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovery, "PATIENCE_S", 6.0)

    async def hang(_: PaymentHash) -> PaymentResult | None:
        await unanswered("")
        return None

    async def end(services: Services) -> None:
        (purchase,) = await services.ledger.open_purchases()
        await services.ledger.fail(purchase.id, "no route")

    wallet = Scripted(pay=unanswered, look_up=hang)
    with a_thread(qtbot, tmp_path, Shop(), wallet) as desk:
        session = RecoverySession(desk.io)
        desk.do(leave_open)
        with qtbot.waitSignal(session.changed):
            session.run()
        qtbot.waitUntil(lambda: wallet.looked_up == 1)
        desk.do(end)
        with qtbot.waitSignal(session.changed, timeout=4_000):
            session.run()  # the journey that knows how it ended
        assert (session._is_running, session.open_purchases) == (True, ())
        qtbot.waitUntil(lambda: not session._is_running, timeout=20_000)
        assert session.open_purchases == ()


def test_asked_again_meanwhile_it_runs_once_more(qtbot: QtBot, tmp_path: Path) -> None:
    wallet = Scripted(pay=unanswered)
    with a_thread(qtbot, tmp_path, Shop(), wallet) as desk:
        session = RecoverySession(desk.io)
        desk.do(leave_open)
        for _ in range(5):
            session.run()
        qtbot.waitUntil(lambda: not session._is_running)
        assert wallet.looked_up == 2


def test_what_is_open_is_asked_about_again_without_anybody_asking(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "LOOK_UP_AFTER_S", (0.0,) * 6)
    shop, wallet = Shop(), Scripted(pay=unanswered)
    with a_thread(qtbot, tmp_path, shop, wallet) as desk:
        session = RecoverySession(desk.io)
        desk.do(leave_open)
        session.run()
        qtbot.waitUntil(session._again.isActive)
        assert 0 < session._again.interval() <= 1_000

        async def found(payment_hash: PaymentHash) -> PaymentResult | None:
            return Paid(shop.preimages[payment_hash])

        wallet._look_up = found
        qtbot.waitUntil(lambda: session.open_purchases == (), timeout=5_000)
        assert desk.do(tokens) == ["undelivered"]
        assert not session._again.isActive()


def test_locking_the_vault_hides_no_open_payment(qtbot: QtBot, tmp_path: Path) -> None:
    with a_thread(qtbot, tmp_path, Shop(), Scripted(pay=unanswered)) as desk:
        session = RecoverySession(desk.io)
        desk.do(leave_open)
        session.run()
        qtbot.waitUntil(lambda: not session._is_running)
        assert len(session.open_purchases) == 1
        desk.do(lambda services: services.lock())
        session.run()
        qtbot.waitUntil(lambda: not session._is_running)
        assert len(session.open_purchases) == 1
        assert not session._again.isActive()


def test_while_the_vault_is_locked_nothing_is_open(qtbot: QtBot, tmp_path: Path) -> None:
    with a_thread(qtbot, tmp_path, Shop(), locked=True) as desk:
        session = RecoverySession(desk.io)
        session.run()
        qtbot.waitUntil(lambda: not session._is_running)
        assert session.open_purchases == ()


def test_a_ledger_that_cannot_be_written_leaves_what_was_known(
    qtbot: QtBot, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with a_thread(qtbot, tmp_path, Shop()) as desk:
        session = RecoverySession(desk.io)
        desk.do(leave_open)
        desk.do(lambda services: failing(services).fail_next_write())
        session.run()
        qtbot.waitUntil(lambda: not session._is_running)
        assert [str(purchase.state) for purchase in session.open_purchases] == ["submitted"]
        assert session._again.isActive()  # it is tried again by itself
        session.run()
        qtbot.waitUntil(lambda: not session._is_running)
        assert [str(purchase.state) for purchase in session.open_purchases] == ["unknown"]
    assert "DiskFull" in caplog.text


def test_a_vault_locked_in_the_middle_is_nothing_to_warn_of(qtbot: QtBot, tmp_path: Path) -> None:
    with a_thread(qtbot, tmp_path, Shop()) as desk:
        session = RecoverySession(desk.io)
        session._fail(VaultClosed())
        assert not session._again.isActive()
