"""The list of tokens over a real vault: searched, put aside, restored, and honest about what fails."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from l402desk.protocol.token import read_authorization
from l402desk.session.tokens import TokensSession
from l402desk.store.database import Database
from l402desk.store.errors import DiskFull
from l402desk.vault.rows import SCHEMA
from l402desk.vault.scope import Reach, Scope
from l402desk.vault.tokens import RESTRICTED, TokenState, TokenSummary, terms_of
from l402desk.vault.vault import Vault
from l402desk.vault.wanted import Order, OrderBy, Shelf, Wanted
from tests.fakes.io import ImmediateIo
from tests.fakes.purchased import Clock, new_seal, new_token


class ReopeningVault:
    """A real vault on the disk, opened anew for each job: every job of `ImmediateIo` has a loop of its own."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.broken: Exception | None = None

    def __getattr__(self, name: str) -> Callable[..., Coroutine[Any, Any, Any]]:
        async def ask(*arguments: Any, **named: Any) -> Any:
            if self.broken is not None:
                raise self.broken
            database = await Database.open(self._file, (SCHEMA,))
            try:
                return await getattr(Vault(database, new_seal(), Clock()), name)(*arguments, **named)
            finally:
                await database.close()

        return ask


@pytest.fixture
def services(tmp_path: Path) -> SimpleNamespace:
    return SimpleNamespace(is_unlocked=True, vault=ReopeningVault(tmp_path / "desk.sqlite3"))


@pytest.fixture
def session(qtbot: QtBot, services: SimpleNamespace) -> TokensSession:
    for number, title in ((1, "weather"), (2, "oracle")):
        asyncio.run(services.vault.keep(new_token(number, title=title)))
    return TokensSession(ImmediateIo(services))


@contextmanager
def changed(qtbot: QtBot, session: TokensSession) -> Iterator[None]:
    with qtbot.waitSignal(session.changed):
        yield


def rows(qtbot: QtBot, session: TokensSession) -> list[TokenSummary]:
    """The tokens of the list that is shown, in its order."""
    with qtbot.waitSignal(session.rows_ready) as came:
        session.ask_rows(session.numbers)
    return [came.args[0][number] for number in session.numbers]


def titles(qtbot: QtBot, session: TokensSession) -> list[str]:
    return [token.title for token in rows(qtbot, session)]


def named(qtbot: QtBot, session: TokensSession, title: str) -> TokenSummary:
    with changed(qtbot, session):
        session.refresh()
    return next(token for token in rows(qtbot, session) if token.title == title)


def test_all_tokens_are_listed_and_counted(qtbot: QtBot, session: TokensSession) -> None:
    assert not session.is_loaded
    with changed(qtbot, session):
        session.refresh()
    assert titles(qtbot, session) == ["oracle", "weather"]
    assert session.total == 2
    assert session.tally[Shelf.USABLE] == 2
    assert session.is_loaded


def test_a_search_finds_some_and_still_counts_all(qtbot: QtBot, session: TokensSession) -> None:
    with changed(qtbot, session):
        session.search("weath")
    assert titles(qtbot, session) == ["weather"]
    assert session.total == 2


def test_another_order_and_another_shelf_are_remembered_together(qtbot: QtBot, session: TokensSession) -> None:
    with changed(qtbot, session):
        session.sort(Order(OrderBy.SERVICE, descending=True))
    assert titles(qtbot, session) == ["weather", "oracle"]
    with changed(qtbot, session):
        session.search("e")
    with changed(qtbot, session):
        session.look_at(Shelf.TRASH)
    assert session.wanted == Wanted("e", Shelf.TRASH, Order(OrderBy.SERVICE, descending=True))
    assert not session.numbers


def test_rows_that_cannot_be_read_are_answered_with_none(
    qtbot: QtBot, session: TokensSession, services: SimpleNamespace
) -> None:
    """Whoever asked must not wait for ever."""
    services.vault.broken = DiskFull()
    with qtbot.waitSignals([session.rows_ready, session.went_wrong]):
        session.ask_rows([1, 2])


def test_nothing_stays_of_a_vault_that_was_locked(
    qtbot: QtBot, session: TokensSession, services: SimpleNamespace
) -> None:
    token = named(qtbot, session, "weather")
    services.is_unlocked = False
    with changed(qtbot, session):
        session.refresh()
    assert (session.is_loaded, session.total, list(session.numbers), session.tally) == (False, 0, [], {})
    with qtbot.waitSignal(session.rows_ready) as came:
        session.ask_rows([1, 2])
    assert came.args == [{}]
    with qtbot.assertNotEmitted(session.account_ready, wait=30):
        session.ask_account(token)


def test_everything_about_one_token_comes_when_it_is_asked_for(
    qtbot: QtBot, session: TokensSession, services: SimpleNamespace
) -> None:
    token = named(qtbot, session, "weather")
    asyncio.run(services.vault.record_use(token.id, 200, 1, method="GET", path="/v1/data"))
    with qtbot.waitSignal(session.account_ready) as came:
        session.ask_account(token)
    account = came.args[0]
    assert account.token.uses == 1
    assert account.anatomy.committed_hash == token.payment_hash
    assert [use.path for use in account.uses] == ["/v1/data"]
    assert new_token(1).token.preimage.hex not in repr(account)


def test_a_token_that_is_gone_has_no_account_and_no_alarm(qtbot: QtBot, session: TokensSession) -> None:
    token = replace(named(qtbot, session, "weather"), id="gone")
    with qtbot.assertNotEmitted(session.went_wrong, wait=30), qtbot.assertNotEmitted(session.account_ready, wait=30):
        session.ask_account(token)


def test_the_users_words_and_choices_are_written_down(qtbot: QtBot, session: TokensSession) -> None:
    token = named(qtbot, session, "weather")
    with changed(qtbot, session):
        session.rename(token, "Lisbon")
    with changed(qtbot, session):
        session.note(token, "for the trip")
    with changed(qtbot, session):
        session.set_scope(token, Scope.of(Reach.PREFIX, "/v1"), "GET")
    with changed(qtbot, session):
        session.mark_spent(token)
    told = named(qtbot, session, "Lisbon")
    assert (told.note, str(told.scope), told.method, told.state) == ("for the trip", "/v1/…", "GET", TokenState.SPENT)


def test_a_token_is_deleted_for_ever_from_the_trash(qtbot: QtBot, session: TokensSession) -> None:
    token = named(qtbot, session, "weather")
    with qtbot.waitSignal(session.trashed), changed(qtbot, session):
        session.trash(token)
    assert session.tally[Shelf.TRASH] == 1
    with qtbot.waitSignal(session.forgotten) as told, changed(qtbot, session):
        session.forget(token)
    assert told.args == [token]
    assert session.tally[Shelf.TRASH] == 0


def test_a_restricted_copy_goes_to_the_clipboard_alone(qtbot: QtBot, session: TokensSession) -> None:
    token = named(qtbot, session, "weather")
    with qtbot.waitSignal(session.header_ready) as came:
        session.copy_restricted(token, ("expires_at=1800000000",))
    copy = read_authorization(came.args[0])
    assert terms_of(copy.credential).caveats == ("services=demo:0", "expires_at=1800000000")
    assert session.total == 2


def test_a_restricted_copy_is_kept_beside_the_original(qtbot: QtBot, session: TokensSession) -> None:
    token = named(qtbot, session, "weather")
    with qtbot.waitSignal(session.copied) as told, changed(qtbot, session):
        session.keep_restricted(token, ("expires_at=1800000000",))
    copy = told.args[0]
    assert (copy.source, copy.title, copy.price, copy.expires_at) == (
        RESTRICTED,
        "weather, restricted",
        None,
        1_800_000_000,
    )
    assert (copy.scope, copy.bought_at, copy.purchase_id) == (token.scope, token.bought_at, None)
    assert session.total == 3
    assert named(qtbot, session, "weather") == token


def test_a_condition_that_cannot_be_added_is_said(qtbot: QtBot, session: TokensSession) -> None:
    token = named(qtbot, session, "weather")
    with qtbot.waitSignal(session.went_wrong) as told:
        session.copy_restricted(token, ("two\nlines",))
    assert "one line" in told.args[0]


def test_nothing_is_told_while_the_vault_is_locked(
    qtbot: QtBot, session: TokensSession, services: SimpleNamespace
) -> None:
    services.is_unlocked = False
    with qtbot.assertNotEmitted(session.changed, wait=30):
        session.refresh()
    assert not session.is_loaded


def test_a_token_goes_to_the_trash_and_comes_back(qtbot: QtBot, session: TokensSession) -> None:
    token = named(qtbot, session, "weather")
    with qtbot.waitSignal(session.trashed) as told, changed(qtbot, session):
        session.trash(token)
    assert told.args == [token]
    assert titles(qtbot, session) == ["oracle"]
    with changed(qtbot, session):
        session.restore(token.id)
    assert titles(qtbot, session) == ["oracle", "weather"]


def test_a_refused_token_that_the_user_wants_to_use_is_sent_again(
    qtbot: QtBot, session: TokensSession, services: SimpleNamespace
) -> None:
    """A 401 puts a token aside for good, unless the user says otherwise (law 7)."""
    refused, spent = named(qtbot, session, "weather"), named(qtbot, session, "oracle")
    asyncio.run(services.vault.record_use(refused.id, 401, 1))
    asyncio.run(services.vault.mark(refused.id, TokenState.REFUSED))
    asyncio.run(services.vault.mark(spent.id, TokenState.SPENT))
    for title in ("weather", "oracle", "oracle"):
        token = named(qtbot, session, title)
        with changed(qtbot, session):
            session.use_again(token)
    assert [token.state for token in rows(qtbot, session)] == [TokenState.USABLE, TokenState.USABLE]


def test_the_header_comes_once_and_is_not_kept(qtbot: QtBot, session: TokensSession) -> None:
    token = named(qtbot, session, "weather")
    with qtbot.waitSignal(session.header_ready) as came:
        session.ask_header(token)
    assert came.args == [new_token(1).token.authorization()]
    assert new_token(1).token.preimage.hex not in repr(vars(session))


def test_an_answer_to_an_older_search_is_not_shown(qtbot: QtBot, services: SimpleNamespace) -> None:
    asyncio.run(services.vault.keep(new_token(1, title="weather")))
    asyncio.run(services.vault.keep(new_token(2, title="oracle")))
    io = ImmediateIo(services)
    session = TokensSession(io)
    io.held = True
    session.search("weather")
    session.search("oracle")
    io.let_go(1, 0)
    io.held = False
    assert titles(qtbot, session) == ["oracle"]


def test_a_failure_is_said_in_words_with_its_remedy(
    qtbot: QtBot, session: TokensSession, services: SimpleNamespace
) -> None:
    services.vault.broken = DiskFull()
    with qtbot.waitSignal(session.went_wrong) as told:
        session.refresh()
    assert told.args == [f"{DiskFull().sentence} {DiskFull().remedy}"]


def test_a_token_that_is_gone_is_said_to_be_gone(qtbot: QtBot, session: TokensSession) -> None:
    token = named(qtbot, session, "weather")
    with qtbot.waitSignal(session.went_wrong) as told, changed(qtbot, session):
        session.ask_header(replace(token, id="no such token"))
    assert told.args == ["The vault does not hold this token any more."]


def test_an_error_of_ours_is_logged_by_its_kind_alone(
    qtbot: QtBot, session: TokensSession, services: SimpleNamespace, caplog: pytest.LogCaptureFixture
) -> None:
    services.vault.broken = ValueError("a secret 00ff")
    with qtbot.waitSignal(session.went_wrong):
        session.refresh()
    assert "ValueError" in caplog.text
    assert "00ff" not in caplog.text
