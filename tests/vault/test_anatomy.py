"""A token taken apart: identifier, conditions and binding in words, and nothing that opens anything."""

from __future__ import annotations

import base64
import json

import pytest

from l402desk.protocol.token import Token
from l402desk.vault.anatomy import anatomy_of
from tests.fakes.macaroons import TOKEN_ID
from tests.fakes.purchased import credential_of, hash_of, new_token, preimage_of


def token(number: int, *caveats: str, proof: int | None = None) -> Token:
    return Token("L402", credential_of(number, *caveats), preimage_of(number if proof is None else proof))


def test_an_identifier_is_told_part_by_part() -> None:
    told = anatomy_of(token(1, "services=demo:0", "expires_at=1700000600"))
    assert (told.format, told.family, told.version) == ("macaroon v2", "v0", 0)
    assert told.token_id == TOKEN_ID.hex()
    assert told.committed_hash == hash_of(1).hex
    assert told.identifier == (b"\0\0" + hash_of(1).raw + TOKEN_ID).hex()
    assert [c.raw for c in told.conditions] == ["services=demo:0", "expires_at=1700000600"]
    assert [c.words for c in told.conditions] == ["service demo, base tier", "valid until 2023-11-14 22:23 UTC"]
    assert told.conditions[1].expires_at == 1_700_000_600
    assert told.reason == ""


def test_a_token_is_bound_where_it_names_the_hash_of_its_proof_and_no_other() -> None:
    assert anatomy_of(token(1)).is_bound is True
    assert anatomy_of(token(1, proof=2)).is_bound is False
    assert anatomy_of(token(1, f"payment_hash={hash_of(2).hex}")).is_bound is False


@pytest.mark.parametrize("credential", ["opaque-token", "AgEEbHNhdAJC"])
def test_what_only_its_server_can_read_is_said_to_be_so(credential: str) -> None:
    told = anatomy_of(Token("LSAT", credential, preimage_of(1)))
    assert told.is_bound is None
    assert told.conditions == ()
    assert "Only its server" in told.reason


def test_a_token_that_is_json_shows_its_members() -> None:
    text = json.dumps({"paymentHash": hash_of(1).hex, "preimage": preimage_of(1).hex, "plan": "gold"})
    told = anatomy_of(Token("L402", base64.b64encode(text.encode()).decode(), preimage_of(1)))
    assert told.is_bound is True
    assert dict(told.fields)["plan"] == "gold"
    assert dict(told.fields)["preimage"] == "(hidden)"


def test_a_proof_inside_a_condition_is_never_told() -> None:
    proof = preimage_of(1).hex
    told = anatomy_of(token(1, f"preimage={proof}", f"x_preimage = {proof}", f"note=preimage: {proof}"))
    assert proof not in repr(told)
    assert all(proof not in condition.raw + condition.words for condition in told.conditions)


def test_no_part_of_it_is_a_secret() -> None:
    told = repr(anatomy_of(new_token(1).token))
    assert credential_of(1, "services=demo:0") not in told
    assert preimage_of(1).hex not in told
