"""A token on its way hides its secrets as a held one does."""

from __future__ import annotations

from l402desk.vault.carried import Carried
from tests.fakes.purchased import credential_of, new_token, preimage_of


def test_a_carried_token_shows_no_secret() -> None:
    carried = Carried(new_token(1), note="mine")
    assert "mine" in repr(carried)
    assert credential_of(1, "services=demo:0") not in repr(carried)
    assert preimage_of(1).hex not in repr(carried)
