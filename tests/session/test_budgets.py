"""What the settings see of the budgets, over the real thread and the real ledger."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from pytestqt.qtbot import QtBot

from l402desk.ledger.budgets import Caps
from l402desk.ledger.rate import Rate
from l402desk.protocol.amount import ZERO, Msat
from l402desk.session.budgets import Arming, BudgetsSession, BudgetsView
from tests.engine.shop import NAME, Shop, failing
from tests.session.desks import a_thread

CAPS = Caps(Msat.of_sats(100), Msat.of_sats(1_000), Msat.of_sats(5_000))


def test_budgets_wallets_and_rate_are_shown_and_changed(qtbot: QtBot, tmp_path: Path) -> None:
    with a_thread(qtbot, tmp_path, Shop()) as desk:
        session = BudgetsSession(desk.io)
        with qtbot.waitSignal(session.changed):
            session.refresh()
        assert session.view == BudgetsView(True, Caps(), (Arming(NAME, False, False),), None, ZERO)
        with qtbot.waitSignal(session.changed):
            session.set_caps(CAPS)
        with qtbot.waitSignal(session.changed):
            session.arm(NAME, True)
        rate = Rate("EUR", Decimal("85000.5"))
        with qtbot.waitSignal(session.changed):
            session.set_rate(rate)
        assert session.view == BudgetsView(True, CAPS, (Arming(NAME, True, False),), rate, ZERO)
        with qtbot.waitSignal(session.changed):
            session.arm(NAME, False)
        with qtbot.waitSignal(session.changed):
            session.set_rate(None)
        assert session.view == BudgetsView(True, CAPS, (Arming(NAME, False, False),), None, ZERO)


def test_a_locked_vault_shows_nothing_and_takes_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    with a_thread(qtbot, tmp_path, Shop(), locked=True) as desk:
        session = BudgetsSession(desk.io)
        for ask in (session.refresh, lambda: session.set_caps(CAPS), lambda: session.arm(NAME, True)):
            with qtbot.waitSignal(session.changed):
                ask()
            assert session.view == BudgetsView()


def test_a_full_disk_is_told_and_the_old_budgets_hold(qtbot: QtBot, tmp_path: Path) -> None:
    with a_thread(qtbot, tmp_path, Shop()) as desk:
        session = BudgetsSession(desk.io)
        desk.do(lambda services: failing(services).fail_next_write())
        with qtbot.waitSignals([session.went_wrong, session.changed]):
            session.set_caps(CAPS)
        with qtbot.waitSignal(session.changed):
            session.refresh()
        assert session.view.caps == Caps()
