"""A call settles once, in one of three ways."""

from __future__ import annotations

import pytest

from l402desk.worker.call import Call, Cancelled, Failed, Outcome, Succeeded


class Heard:
    """Everything a call said, in order."""

    def __init__(self, call: Call) -> None:
        self.words: list[object] = []
        call.progress.connect(self.on_progress)
        call.succeeded.connect(self.on_succeeded)
        call.failed.connect(self.on_failed)
        call.cancelled.connect(self.on_cancelled)
        call.finished.connect(self.on_finished)

    def on_progress(self, value: object) -> None:
        self.words.append(("progress", value))

    def on_succeeded(self, value: object) -> None:
        self.words.append(("succeeded", value))

    def on_failed(self, error: object) -> None:
        self.words.append(("failed", error))

    def on_cancelled(self) -> None:
        self.words.append("cancelled")

    def on_finished(self) -> None:
        self.words.append("finished")


def nothing() -> None:
    """A cancel that has nothing to cancel."""


ERROR = OSError("no")


@pytest.mark.parametrize(
    ("outcome", "word"),
    [(Succeeded(7), ("succeeded", 7)), (Failed(ERROR), ("failed", ERROR)), (Cancelled(), "cancelled")],
)
def test_an_outcome_is_told_once_and_then_the_end(qapp: object, outcome: Outcome, word: object) -> None:
    call = Call(nothing)
    heard = Heard(call)
    assert call.outcome is None
    call.settle(outcome)
    call.settle(Succeeded("late"))
    assert heard.words == [word, "finished"]
    assert call.outcome == outcome


def test_a_value_crosses_as_the_very_object(qapp: object) -> None:
    call = Call(nothing)
    heard = Heard(call)
    value = {"msat": 2_100_000_000_000_000_000}
    call.settle(Succeeded(value))
    assert isinstance(heard.words[0], tuple)
    assert heard.words[0][1] is value
