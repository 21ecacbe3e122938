"""The values of an import show no secret."""

from __future__ import annotations

import pytest

from l402desk.vault.foreign.entries import Entry, ImportRefused, Kind
from l402desk.vault.scope import Reach
from tests.fakes.purchased import credential_of, preimage_of


def test_an_entry_hides_credential_preimage_and_invoice_in_its_repr() -> None:
    entry = Entry("row 1", "https://a.example", Reach.HOST, credential_of(1), preimage_of(1).hex, invoice="lnbc1secret")
    assert "row 1" in repr(entry)
    assert not any(secret in repr(entry) for secret in (credential_of(1), preimage_of(1).hex, "lnbc1secret"))


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_word_for_the_command_line_and_words_for_people(kind: Kind) -> None:
    assert kind.words
    assert kind.value == kind.value.lower()
    assert " " not in kind.value


def test_a_refusal_says_what_happened_and_what_to_do() -> None:
    error = ImportRefused("Nothing is there.", "Look elsewhere.")
    assert (str(error), error.sentence, error.remedy) == (
        "Nothing is there. Look elsewhere.",
        "Nothing is there.",
        "Look elsewhere.",
    )
