"""Every severity can be told without colour."""

from __future__ import annotations

import pytest

from l402desk.ui.assets import icon_names
from l402desk.ui.widgets.severity import look_of

SEVERITIES = ("good", "info", "warning", "danger")


def test_each_severity_has_its_own_icon_and_its_own_word() -> None:
    looks = [look_of(severity) for severity in SEVERITIES]
    assert len({look.icon for look in looks}) == len({look.word for look in looks}) == len(SEVERITIES)
    assert {look.icon for look in looks} <= set(icon_names())


def test_an_unknown_severity_is_our_bug() -> None:
    with pytest.raises(KeyError):
        look_of("fatal")
