"""Commands never show the secrets they carry."""

from __future__ import annotations

from l402desk.protocol.commands import KeepProof, Send
from l402desk.protocol.token import Token
from tests.fakes.challenges import PROOF


def test_a_command_does_not_show_the_proof_or_the_credential() -> None:
    token = Token("L402", "c2VjcmV0LWNyZWRlbnRpYWw=", PROOF)
    shown = f"{Send(token)!r}{KeepProof(PROOF, token)!r}"
    assert PROOF.hex not in shown
    assert "c2VjcmV0LWNyZWRlbnRpYWw=" not in shown
