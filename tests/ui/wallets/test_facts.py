"""A card's facts: what is not known has no row, and what to beware of is one click away."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from l402desk.ui.wallets.facts import FactRows, Heed
from l402desk.ui.widgets.findings import FindingRow
from tests.ui.wallets import shelves


def test_what_is_known_stands_in_rows(qtbot: QtBot) -> None:
    rows = FactRows("wallet1")
    qtbot.addWidget(rows)
    rows.show_wallet(shelves.HUB)
    assert rows.may.text() == "Look payments up, tell the balance and pay"
    assert "10\u202f000 sats each month spent" in rows.budget.text()
    assert rows.bar.value() == 215
    assert "2\u202f150 sats" in rows.bar.accessibleName()
    assert "takes no limit" in rows.fees.text()


def test_what_is_not_known_has_no_row(qtbot: QtBot) -> None:
    rows = FactRows("wallet1")
    qtbot.addWidget(rows)
    rows.show_wallet(shelves.OFF)
    assert not any(part.isVisibleTo(rows) for part in (rows.may, rows.budget, rows.bar, rows.fees))
    rows.show_wallet(shelves.NODE)
    assert rows.may.isVisibleTo(rows)
    assert not rows.budget.isVisibleTo(rows)


def test_warnings_are_counted_and_opened(qtbot: QtBot) -> None:
    heed = Heed("wallet1")
    qtbot.addWidget(heed)
    heed.show_warnings(("One.", "Two."))
    assert heed.switch.text() == "Beware of 2 things"
    assert not any(row.isVisibleTo(heed) for row in heed.findChildren(FindingRow))
    heed.switch.click()
    assert [row.text for row in heed.findChildren(FindingRow) if row.isVisibleTo(heed)] == ["One.", "Two."]
    assert heed.switch.accessibleName() == "Hide 2 things to beware of"
    heed.show_warnings(("Three.",))
    assert [row.text for row in heed.findChildren(FindingRow) if row.isVisibleTo(heed)] == ["Three."]
    heed.turn()
    assert heed.switch.text() == "Beware of one thing"
    heed.show_warnings(())
    assert heed.isHidden()
