"""The messages of the loop are values."""

from __future__ import annotations

import dataclasses

import pytest

from l402desk.worker.call import Succeeded
from l402desk.worker.messages import Progressed, Settled


def test_a_message_cannot_change_on_its_way_home() -> None:
    message = Settled(1, Succeeded("x"))
    with pytest.raises(dataclasses.FrozenInstanceError):
        message.number = 2  # type: ignore[misc]  # that it is refused is the point
    assert Progressed(1, 5) == Progressed(1, 5)
