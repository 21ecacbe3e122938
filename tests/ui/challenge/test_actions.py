"""The foot of the challenge: part of the card where there is room, a bar of its own where there is none."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from l402desk.ui.challenge.actions import ChallengeActions
from l402desk.ui.style import Appearance
from tests.fakes.invoices import NOW


def test_pinned_it_is_one_row_in_a_frame_of_its_own(qtbot: QtBot, dressed: Appearance) -> None:
    foot = ChallengeActions(lambda: float(NOW))
    qtbot.addWidget(foot)
    foot.expiry.count_to(NOW + 600)
    foot.resize(500, 80)
    foot.show()
    qtbot.waitUntil(lambda: foot.expiry.y() >= foot.pay.geometry().bottom())
    foot.set_pinned(True)
    qtbot.waitUntil(lambda: foot.expiry.x() > foot.pay.geometry().right())
    assert foot.is_pinned
    assert foot.property("role") == "card"
    foot.set_pinned(False)
    assert not foot.is_pinned
    assert foot.property("role") == ""
