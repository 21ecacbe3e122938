"""The long part of the detail: the list's facts at once, the rest when it comes, and nothing of another token."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from l402desk.session.token_jobs import TokenAccount
from l402desk.ui.style import Appearance
from l402desk.ui.vault.detail_body import MOST_CAVEATS, DetailBody
from l402desk.ui.widgets.findings import FindingRow
from l402desk.ui.widgets.tree import FieldTree
from l402desk.vault.anatomy import anatomy_of
from l402desk.vault.tokens import TokenUse
from tests.fakes.invoices import NOW
from tests.fakes.journeys import HOSTILE, summary
from tests.fakes.purchased import new_token


@pytest.fixture
def body(qtbot: QtBot, dressed: Appearance) -> DetailBody:
    made = DetailBody(lambda: NOW + 60.0)
    qtbot.addWidget(made)
    made.resize(340, 700)
    made.show_token(summary(1))
    made.show()
    return made


def fact(body: DetailBody, name: str) -> str:
    return body._facts[name].text()


def conditions(body: DetailBody) -> list[FindingRow]:
    QApplication.processEvents()  # a layout shows what was added to it at the next turn of the loop
    return [row for row in body.findChildren(FindingRow) if not row.isHidden()]


def tree(body: DetailBody, name: str) -> FieldTree:
    found = body.findChild(FieldTree, name)
    assert found is not None
    return found


def account(number: int = 1, uses: int = 0, **changes: object) -> TokenAccount:
    history = [TokenUse(NOW + n, "GET", f"/v1/{n}", 200) for n in range(uses)]
    return TokenAccount(summary(number, **changes), anatomy_of(new_token(number).token), history)


def test_the_facts_are_there_at_once(body: DetailBody) -> None:
    assert body._left.text() == "another 59 min"
    assert fact(body, "Used") == "3 times · 7 sats a use"
    assert fact(body, "Sent to") == "https://host1.example, /v1/data1"
    assert fact(body, "Last answer") == "200"
    assert body._sealed.text() == "Sealed under the key in GNOME Keyring"
    assert [row.text for row in conditions(body)] == ["service weather, base tier"]
    assert not tree(body, "tokenIdentity").isVisible()


def test_an_unused_token_without_a_price_or_an_end_says_so(body: DetailBody) -> None:
    body.show_token(summary(2, uses=0, price=None, expires_at=None, method="GET", caveats=()))
    assert fact(body, "Used") == "0 times"
    assert body._left.text() == "no end is named in it"
    assert fact(body, "Sent to").startswith("GET https://")
    assert conditions(body) == []


def test_an_expired_token_says_so(body: DetailBody) -> None:
    body.show_token(summary(2, expires_at=NOW))
    assert body._left.text() == "expired"


def test_a_condition_that_has_ended_is_a_danger(body: DetailBody) -> None:
    body.show_token(summary(2, caveats=(f"weather_valid_until={NOW}", "services=weather:0")))
    assert [row.severity for row in conditions(body)] == ["danger", "good"]


def test_a_great_many_conditions_are_counted(body: DetailBody) -> None:
    body.show_token(summary(2, caveats=tuple(f"services=s{n}:0" for n in range(40))))
    assert len(conditions(body)) == MOST_CAVEATS
    assert any(part.text() == "and 8 more" for part in body.findChildren(QLabel) if not part.isHidden())


def test_its_source_is_said_where_it_was_not_bought(body: DetailBody) -> None:
    assert not body._facts["Source"].isVisible()
    body.show_token(summary(2, source="imported from lnget"))
    assert body._facts["Source"].isVisible()
    assert fact(body, "Source") == "imported from lnget"


def test_identity_binding_and_history_come_with_the_account(body: DetailBody) -> None:
    body.show_account(account(uses=3))
    assert tree(body, "tokenIdentity").value_of("Size") == "129 bytes"
    assert [row.objectName() for row in conditions(body)] == ["tokenCaveat", "tokenBinding"]
    assert tree(body, "tokenHistory").topLevelItemCount() == 3
    assert not body._older.isVisible()


def test_uses_that_are_not_listed_are_counted(body: DetailBody) -> None:
    body.show_account(account(uses=3, **{"last_status": 200}))
    told = account(uses=2)
    body.show_account(TokenAccount(summary(1, uses=1_002), told.anatomy, told.uses))
    assert body._older.text().startswith("and 1,000 more")


def test_a_long_history_scrolls_by_itself_and_a_short_one_does_not(body: DetailBody) -> None:
    body.show_account(account(uses=2))
    short = tree(body, "tokenHistory").height()
    body.show_account(account(uses=200))
    long = tree(body, "tokenHistory").height()
    assert short < long < 400


def test_nothing_of_another_token_stays(body: DetailBody) -> None:
    body.show_account(account(uses=3))
    body.show_token(summary(2))
    assert not tree(body, "tokenIdentity").isVisible()
    assert not tree(body, "tokenHistory").isVisible()
    assert [row.objectName() for row in conditions(body)] == ["tokenCaveat"]


def test_a_damaged_row_has_no_identity(body: DetailBody) -> None:
    body.show_account(TokenAccount(summary(1, is_intact=False), None))
    assert not tree(body, "tokenIdentity").isVisible()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_do_not_widen_it(body: DetailBody, text: str) -> None:
    body.show_token(summary(2, caveats=(text,), note=text, source=text))
    QApplication.processEvents()
    content = body.widget()
    assert content is not None
    assert content.width() <= body.viewport().width()
