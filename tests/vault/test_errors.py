"""A token that is not there is a failed look-up, nothing worse; one that was deleted for ever says so."""

from __future__ import annotations

from l402desk.vault.errors import Forgotten, NoSuchToken


def test_an_unknown_token_is_a_failed_look_up() -> None:
    assert issubclass(NoSuchToken, LookupError)


def test_a_token_deleted_for_ever_names_its_purchase() -> None:
    error = Forgotten("p1")
    assert error.purchase_id == "p1"
    assert "for ever" in str(error)
    assert not isinstance(error, NoSuchToken)
