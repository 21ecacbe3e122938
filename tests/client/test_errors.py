"""An error of a send carries its words, and a draft's error says where."""

from __future__ import annotations

from l402desk.client.errors import DraftError, Kind, SendError, Trouble


def test_an_error_reads_as_title_and_sentence() -> None:
    error = SendError(Trouble(Kind.REFUSED, "Connection refused", "Nobody is there.", "Start it."))
    assert str(error) == "Connection refused. Nobody is there."
    assert (error.kind, error.title, error.sentence, error.remedy) == (
        Kind.REFUSED,
        "Connection refused",
        "Nobody is there.",
        "Start it.",
    )


def test_an_error_of_a_draft_is_an_error_of_sending_and_names_the_part() -> None:
    error = DraftError("headers", "No.")
    assert isinstance(error, SendError)
    assert error.part == "headers"
    assert error.kind is Kind.BAD_REQUEST
