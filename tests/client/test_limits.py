"""The limits are values, and no default contradicts another."""

from __future__ import annotations

import dataclasses

import pytest

from l402desk.client.limits import DEFAULT_LIMITS, Limits


def test_the_defaults_do_not_contradict_each_other() -> None:
    assert DEFAULT_LIMITS.connect_s < DEFAULT_LIMITS.idle_s < DEFAULT_LIMITS.total_s
    assert DEFAULT_LIMITS.memory_bytes <= DEFAULT_LIMITS.body_bytes
    assert DEFAULT_LIMITS.encodings == 2


def test_limits_cannot_be_changed_while_they_are_used() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Limits().total_s = 1.0  # type: ignore[misc]  # that it is refused is the point
