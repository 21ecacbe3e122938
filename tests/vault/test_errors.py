"""A token that is not there is a failed look-up, nothing worse."""

from __future__ import annotations

from l402desk.vault.errors import NoSuchToken


def test_an_unknown_token_is_a_failed_look_up() -> None:
    assert issubclass(NoSuchToken, LookupError)
