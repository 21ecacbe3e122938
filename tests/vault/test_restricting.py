"""A copy that allows less, in the words of its own server, sealed as pymacaroons would."""

from __future__ import annotations

import pymacaroons
import pytest

from l402desk.protocol.errors import MacaroonError
from l402desk.protocol.token import Token
from l402desk.vault.restricting import expiry_caveats, restrict
from l402desk.vault.tokens import terms_of
from tests.fakes.macaroons import ROOT_KEY
from tests.fakes.purchased import credential_of, new_token, preimage_of

UNTIL = 1_800_000_000


def test_a_copy_has_the_conditions_of_the_original_and_its_own() -> None:
    whole = new_token(1).token
    copy = restrict(whole, "max_requests=1", f"expires_at={UNTIL}")
    assert terms_of(copy.credential).caveats == ("services=demo:0", "max_requests=1", f"expires_at={UNTIL}")
    assert terms_of(copy.credential).expires_at == UNTIL
    assert (copy.scheme, copy.preimage) == (whole.scheme, whole.preimage)
    assert terms_of(whole.credential).caveats == ("services=demo:0",)


def test_the_server_that_made_the_original_accepts_the_seal_of_the_copy() -> None:
    copy = restrict(new_token(1).token, f"expires_at={UNTIL}")
    verifier = pymacaroons.Verifier()
    for caveat in terms_of(copy.credential).caveats:
        verifier.satisfy_exact(caveat)
    assert verifier.verify(pymacaroons.Macaroon.deserialize(copy.credential), ROOT_KEY)


@pytest.mark.parametrize("caveat", ["", "two\nlines", "x" * 5_000, "a\x00b"])
def test_a_condition_is_one_line_of_text(caveat: str) -> None:
    with pytest.raises(MacaroonError):
        restrict(new_token(1).token, caveat)


def test_a_token_that_only_its_server_can_read_is_not_restricted() -> None:
    with pytest.raises(MacaroonError):
        restrict(Token("L402", "opaque-token", preimage_of(1)), "a=b")


@pytest.mark.parametrize(
    ("conditions", "said"),
    [
        ((), ("expires_at=1800000000",)),
        (("services=demo:0",), ("demo_valid_until=1800000000",)),
        (("services=a:0,b:1", "a_capabilities=read"), ("a_valid_until=1800000000", "b_valid_until=1800000000")),
        (("services=demo:0", "demo_valid_until=1700000000"), ("demo_valid_until=1800000000",)),
        (("expiration = 1700000000",), ("expiration = 1800000000",)),
        (("expires_at=1700000000123",), ("expires_at=1800000000000",)),
        (("time < 2026-01-01T00:00:00Z",), ("time < 2027-01-15T08:00:00Z",)),
        (("RequestPath = /a", "method = GET"), ("expires_at = 1800000000",)),
        (("services=an odd name:0",), ("expires_at=1800000000",)),
        (("not before anything",), ("expires_at=1800000000",)),
    ],
)
def test_an_end_is_said_as_the_server_says_it(conditions: tuple[str, ...], said: tuple[str, ...]) -> None:
    assert expiry_caveats(conditions, UNTIL) == said


@pytest.mark.parametrize("hostile", ["expires_at=\n1700000000", "expi\x00res_at=1700000000", "=1700000000"])
def test_a_hostile_condition_is_never_said_again(hostile: str) -> None:
    for caveat in expiry_caveats((hostile,), UNTIL):
        copy = restrict(Token("L402", credential_of(1), preimage_of(1)), caveat)
        assert terms_of(copy.credential).caveats == (caveat,)
