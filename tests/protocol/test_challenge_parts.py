"""One part of a header, or the fields of one body, is a challenge or a note that says what it lacks."""

from __future__ import annotations

import pytest

from l402desk.protocol.challenge_body import BodyFields, fields_in
from l402desk.protocol.challenge_grammar import SchemePart, split_challenges
from l402desk.protocol.challenge_parts import challenge_of_body, challenge_of_part, invoice_in
from l402desk.protocol.challenge_values import MOST_CHALLENGE_CHARACTERS, Challenge, Note


def part(text: str) -> SchemePart:
    return split_challenges(text, 1).parts[0]


def fields(**members: object) -> BodyFields:
    (only,) = fields_in(members)
    return only


def test_a_part_keeps_everything_as_sent() -> None:
    text = 'lSaT version="0", token="t:?", Invoice="LNBC1", realm="r", token="u"'
    found = challenge_of_part(part(text + " ,"))
    assert found == Challenge(
        scheme="lSaT",
        raw=text,
        source="header",
        version="0",
        credential_name="token",
        credential="t:?",
        invoice="LNBC1",
        parameters=(("version", "0"), ("token", "t:?"), ("invoice", "LNBC1"), ("realm", "r"), ("token", "u")),
        duplicates=("token",),
    )


def test_a_body_is_a_challenge_of_its_own() -> None:
    found = challenge_of_body(fields(invoice="lnbc1", token="t"), "raw")
    assert isinstance(found, Challenge)
    assert (found.source, found.raw, found.credential, found.scheme) == ("body", "raw", "t", "L402")


@pytest.mark.parametrize(("size", "kept"), [(MOST_CHALLENGE_CHARACTERS, True), (MOST_CHALLENGE_CHARACTERS + 1, False)])
def test_a_challenge_has_a_longest_length(size: int, kept: bool) -> None:
    text = 'L402 invoice="i", token="'
    found = challenge_of_part(part(text + "t" * (size - len(text) - 1) + '"'))
    assert isinstance(found, Challenge) is kept
    inside = challenge_of_body(fields(invoice="i", token="t" * (size - 1)), "")
    assert isinstance(inside, Challenge) is kept


@pytest.mark.parametrize("token", ["a b", "a\tb", "a\nb", "a\x00", "a\x7f", "ä", "\u202e"])
def test_a_token_that_could_end_or_split_a_header_is_refused(token: str) -> None:
    for found in (
        challenge_of_part(part(f'L402 invoice="i", token="{token}"')),
        challenge_of_body(fields(invoice="i", token=token), ""),
    ):
        assert isinstance(found, Note)
        assert found.code == "unsendable-token"


def test_the_invoice_of_a_broken_part_is_still_found() -> None:
    assert invoice_in(part("L402 invoice=first, invoice=second")) == "first"
    assert invoice_in(part("L402 realm=x")) == ""
