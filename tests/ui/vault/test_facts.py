"""What is said of a token: in words, with what the server wrote beside them, and never a secret."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from l402desk.protocol.token import Token
from l402desk.ui.vault import facts
from l402desk.ui.widgets.findings import FindingRow
from l402desk.vault.anatomy import Anatomy, Condition, anatomy_of
from l402desk.vault.scope import Reach, Scope
from l402desk.vault.tokens import TokenState, TokenUse
from tests.fakes.invoices import NOW
from tests.fakes.journeys import BIDI, LONGEST, summary
from tests.fakes.purchased import credential_of, hash_of, new_token, preimage_of


def row(qtbot: QtBot, condition: Condition) -> FindingRow:
    made = facts.condition_row(condition, NOW)
    qtbot.addWidget(made)
    return made


def test_uses_are_counted_and_priced() -> None:
    assert facts.used_words(summary(1)) == "3 times · 7 sats a use"
    assert facts.used_words(summary(1, uses=1)) == "1 time · 21 sats a use"
    assert facts.used_words(summary(1, uses=0)) == "0 times"
    assert facts.used_words(summary(1, price=None)) == "3 times"


def test_where_it_is_sent_is_said_with_its_method() -> None:
    assert facts.place_words(summary(1)) == "https://host1.example, /v1/data1"
    host = summary(1, scope=Scope.of(Reach.HOST, "/"), method="POST")
    assert facts.place_words(host) == "POST https://host1.example, the whole host"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ""),
        ({"state": TokenState.UNDELIVERED}, ""),
        ({"is_intact": False}, "behind the app's back"),
        ({"state": TokenState.TRASHED}, "in the trash"),
        ({"expires_at": NOW}, "expired"),
        ({"state": TokenState.SPENT}, "used up"),
        ({"state": TokenState.REFUSED, "last_status": 401}, "refused"),
        ({"state": TokenState.REFUSED, "last_status": 402}, ""),
    ],
)
def test_what_keeps_it_from_being_sent_is_a_sentence(changes: dict[str, object], words: str) -> None:
    told = facts.use_hindrance(summary(1, **changes), NOW)
    assert words in told
    assert bool(told) is bool(words)


def test_the_binding_to_its_payment_is_told_in_words() -> None:
    assert facts.binding(anatomy_of(new_token(1).token))[0] == "good"
    other = Token("L402", credential_of(1), preimage_of(2))
    assert facts.binding(anatomy_of(other))[0] == "danger"
    assert "Not verifiable" in facts.binding(Anatomy("opaque", 9))[1]


@pytest.mark.parametrize(
    ("condition", "severity", "text"),
    [
        (Condition("services=a:0", "service a, base tier"), "good", "service a, base tier"),
        (Condition("x=1", "not a condition this app knows: x=1"), "info", "not a condition this app knows: x=1"),
        (Condition("e=1", "valid until then", NOW - 1), "danger", "valid until then (over)"),
        (Condition("e=1", "valid until then", NOW + 90), "good", "valid until then (another 1 min)"),
        (Condition("id", "needs a second token", is_third_party=True), "warning", "needs a second token"),
    ],
)
def test_a_condition_says_what_it_means_and_how_it_stands(
    qtbot: QtBot, condition: Condition, severity: str, text: str
) -> None:
    made = row(qtbot, condition)
    assert (made.severity, made.text) == (severity, text)


def test_a_condition_shows_what_the_server_wrote_unless_that_is_said_already(qtbot: QtBot) -> None:
    for condition, told in (
        (Condition("services=a:0", "service a"), ["service a", "services=a:0"]),
        (Condition("x=1", "unknown: x=1"), ["unknown: x=1"]),
    ):
        made = row(qtbot, condition)
        assert [part.text() for part in made.findChildren(QLabel)] == told


def test_a_hostile_condition_is_cut_and_made_visible(qtbot: QtBot) -> None:
    for text in (BIDI, LONGEST, "a\n" * 300):
        made = row(qtbot, Condition(text, text))
        assert len(made.text) < 260
        assert "\u202e" not in made.text


def test_the_identity_names_every_part_and_no_secret() -> None:
    token = new_token(1).token
    rows = facts.identity_rows(summary(1, payment_hash=hash_of(1).hex), anatomy_of(token))
    told = {row.field: row for row in rows}
    children = {row.field: row for row in told["Identifier"].children}
    assert children["Version"].value == "0"
    assert children["Payment hash"].copy == hash_of(1).hex
    assert len(children["Token id"].copy) == 64
    assert len(children["Raw"].copy) == 132
    assert told["Proof's hash"].copy == hash_of(1).hex
    assert "server" in told["Signature"].hint
    assert token.credential not in repr(rows)
    assert token.preimage.hex not in repr(rows)


def test_an_opaque_token_has_what_can_be_said() -> None:
    rows = facts.identity_rows(summary(1), Anatomy("json", 60, committed_hash="ab" * 32, fields=(("plan", "gold"),)))
    told = {row.field: row.value for row in rows}
    assert told["plan"] == "gold"
    assert "Names hash" in told


def test_each_use_is_a_line() -> None:
    rows = facts.history_rows(
        [TokenUse(NOW, "GET", "/v1/data", 200), TokenUse(NOW, "", "", 503), TokenUse(NOW, "GET", "/", 402)]
    )
    assert [row.value for row in rows] == ["200 · GET /v1/data", "503", "402 · GET /"]
    assert [row.severity for row in rows] == ["good", "info", "danger"]
