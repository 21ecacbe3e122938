from __future__ import annotations

import pytest

from l402desk.protocol.origin import Origin
from l402desk.protocol.token import Token
from l402desk.vault.errors import NoSuchToken
from l402desk.vault.scope import Reach, Scope
from l402desk.vault.tokens import SENDABLE, HeldToken, NewToken, TokenState, terms_of
from tests.fakes.purchased import credential_of, new_token, preimage_of


def test_a_new_token_goes_to_the_path_that_issued_its_challenge_and_no_further() -> None:
    new = new_token(url="https://api.example/v1/data?key=1")
    assert new.scope == Scope(Reach.EXACT, "/v1/data")
    assert new.origin == Origin("https", "api.example", 443)


def test_what_is_new_is_not_in_the_trash() -> None:
    new = new_token()
    with pytest.raises(ValueError, match="trash"):
        NewToken(new.token, new.origin, new.path, state=TokenState.TRASHED)


def test_only_tokens_that_may_still_be_good_are_sent() -> None:
    assert set(SENDABLE) == {TokenState.USABLE, TokenState.UNDELIVERED}


def test_the_terms_are_read_from_the_credential() -> None:
    terms = terms_of(credential_of(1, "services=demo:0", "expires_at=1700000600", "expires_at=1700000900"))
    assert terms.caveats == ("services=demo:0", "expires_at=1700000600", "expires_at=1700000900")
    assert terms.expires_at == 1_700_000_600


@pytest.mark.parametrize("credential", ["opaque-token", "\u20ac", "", "AgEEbHNhdAJC"])
def test_a_credential_that_only_its_server_can_read_has_no_terms(credential: str) -> None:
    assert terms_of(credential).caveats == ()
    assert terms_of(credential).expires_at is None


def test_a_proof_hidden_in_a_caveat_is_not_among_the_terms() -> None:
    proof = preimage_of(1).hex
    terms = terms_of(credential_of(1, f"preimage={proof}"))
    assert terms.caveats == ("preimage=…",)


def test_no_repr_shows_a_secret() -> None:
    token = Token("L402", credential_of(1), preimage_of(1))
    held = HeldToken("1", Origin.of("https://a.example"), Scope.of(Reach.HOST, "/"), None, token)
    for text in (repr(held), repr(new_token()), str(NoSuchToken("1"))):
        assert preimage_of(1).hex not in text
        assert credential_of(1) not in text
