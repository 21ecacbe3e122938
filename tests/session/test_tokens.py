"""The list of tokens over a real vault: searched, put aside, restored, and honest about what fails."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from l402desk.session.tokens import TokensSession
from l402desk.store.database import Database
from l402desk.store.errors import DiskFull
from l402desk.vault import rows
from l402desk.vault.tokens import TokenState
from l402desk.vault.vault import Vault
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
            database = await Database.open(self._file, (rows.SCHEMA,))
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


def titles(session: TokensSession) -> set[str]:
    return {token.title for token in session.tokens}


def test_all_tokens_are_listed_and_counted(qtbot: QtBot, session: TokensSession) -> None:
    assert not session.is_loaded
    with changed(qtbot, session):
        session.refresh()
    assert titles(session) == {"weather", "oracle"}
    assert session.total == 2
    assert session.is_loaded


def test_a_search_finds_some_and_still_counts_all(qtbot: QtBot, session: TokensSession) -> None:
    with changed(qtbot, session):
        session.search("weath")
    assert titles(session) == {"weather"}
    assert session.total == 2


def test_nothing_is_told_while_the_vault_is_locked(
    qtbot: QtBot, session: TokensSession, services: SimpleNamespace
) -> None:
    services.is_unlocked = False
    with qtbot.assertNotEmitted(session.changed, wait=30):
        session.refresh()
    assert not session.is_loaded


def test_a_token_goes_to_the_trash_and_comes_back(qtbot: QtBot, session: TokensSession) -> None:
    with changed(qtbot, session):
        session.refresh()
    token = next(token for token in session.tokens if token.title == "weather")
    with qtbot.waitSignal(session.trashed) as told, changed(qtbot, session):
        session.trash(token)
    assert told.args == [token]
    assert titles(session) == {"oracle"}
    with changed(qtbot, session):
        session.restore(token.id)
    assert titles(session) == {"weather", "oracle"}


def test_a_refused_token_that_the_user_wants_to_use_is_sent_again(
    qtbot: QtBot, session: TokensSession, services: SimpleNamespace
) -> None:
    """A 401 puts a token aside for good, unless the user says otherwise (law 7)."""
    with changed(qtbot, session):
        session.refresh()
    refused, other = session.tokens
    asyncio.run(services.vault.record_use(refused.id, 401, 1))
    asyncio.run(services.vault.mark(refused.id, TokenState.REFUSED))
    for token in (asyncio.run(services.vault.summary(refused.id)), other):
        with changed(qtbot, session):
            session.use_again(token)
    assert [token.state for token in session.tokens] == [TokenState.USABLE, TokenState.USABLE]


def test_the_header_comes_once_and_is_not_kept(qtbot: QtBot, session: TokensSession) -> None:
    with changed(qtbot, session):
        session.refresh()
    token = next(token for token in session.tokens if token.title == "weather")
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
    assert titles(session) == {"oracle"}


def test_a_failure_is_said_in_words_with_its_remedy(
    qtbot: QtBot, session: TokensSession, services: SimpleNamespace
) -> None:
    services.vault.broken = DiskFull()
    with qtbot.waitSignal(session.went_wrong) as told:
        session.refresh()
    assert told.args == [f"{DiskFull().sentence} {DiskFull().remedy}"]


def test_a_token_that_is_gone_is_said_to_be_gone(qtbot: QtBot, session: TokensSession) -> None:
    with changed(qtbot, session):
        session.refresh()
    from dataclasses import replace

    with qtbot.waitSignal(session.went_wrong) as told:
        session.ask_header(replace(session.tokens[0], id="no such token"))
    assert told.args == ["The vault does not hold this token any more."]


def test_an_error_of_ours_is_logged_by_its_kind_alone(
    qtbot: QtBot, session: TokensSession, services: SimpleNamespace, caplog: pytest.LogCaptureFixture
) -> None:
    services.vault.broken = ValueError("a secret 00ff")
    with qtbot.waitSignal(session.went_wrong):
        session.refresh()
    assert "ValueError" in caplog.text
    assert "00ff" not in caplog.text
