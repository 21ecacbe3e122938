"""An error says what is wrong and where."""

from __future__ import annotations

from l402desk.protocol import errors


def test_a_protocol_error_names_the_place_when_it_knows_it() -> None:
    assert str(errors.InvoiceError("The checksum is wrong", "character 12")) == "The checksum is wrong (character 12)"
    assert str(errors.InvoiceError("The checksum is wrong")) == "The checksum is wrong"


def test_our_own_bugs_are_not_errors_of_the_peer() -> None:
    assert not issubclass(errors.UnexpectedEvent, errors.ProtocolError)
