"""A wallet is added by typing or pasting one string; what changed meanwhile, or was given up, leaves nothing behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from l402desk.session.wallet_adding import AddingSession
from tests.engine.shop import Shop
from tests.session.desks import Desk, a_thread

SECRET = "5ec2e7"
NOBODY_THERE = f"lnbits+http://127.0.0.1:1?key={SECRET}"


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    with a_thread(qtbot, tmp_path, Shop()) as desk:
        yield desk


@pytest.fixture
def adding(desk: Desk) -> AddingSession:
    return AddingSession(desk.io)


def given(qtbot: QtBot, adding: AddingSession, text: str) -> None:
    with qtbot.waitSignal(adding.changed):
        adding.give(text)


def test_what_is_typed_is_read_after_a_pause(qtbot: QtBot, adding: AddingSession) -> None:
    adding.write("lnbits")
    with qtbot.waitSignal(adding.changed):
        adding.write(NOBODY_THERE)
    assert adding.is_whole
    assert adding.recognised.kind == "lnbits"
    with qtbot.waitSignal(adding.changed):
        adding.write("")
    assert not adding.is_whole
    assert adding.recognised.kind == ""


def test_one_that_does_not_answer_can_be_stored_all_the_same(qtbot: QtBot, adding: AddingSession, desk: Desk) -> None:
    given(qtbot, adding, f"{NOBODY_THERE[:20]}\n{NOBODY_THERE[20:]}")
    adding.test()
    assert adding.is_trying
    qtbot.waitUntil(lambda: not adding.is_trying)
    assert adding.tried is not None
    assert adding.tried.trouble is not None
    with qtbot.waitSignal(adding.added) as added:
        adding.store("Home", watch_only=True)
    assert added.args == ["Home"]
    assert desk.do(lambda services: services.wallet_book.reveal("Home")) == NOBODY_THERE
    assert desk.do(lambda services: services.wallets.find("Home").capabilities.pays) is False  # type: ignore[union-attr]


def test_a_name_that_is_taken_is_told_and_nothing_stored(qtbot: QtBot, adding: AddingSession, desk: Desk) -> None:
    given(qtbot, adding, NOBODY_THERE)
    adding.store("Fake wallet", watch_only=False)
    qtbot.waitUntil(lambda: adding.refusal is not None)
    assert adding.refusal is not None
    assert "already a wallet called" in adding.refusal.sentence
    assert desk.do(lambda services: services.wallet_book.list()) == ()
    with qtbot.waitSignal(adding.added):
        adding.store("Other", watch_only=False)


def test_an_answer_to_what_no_longer_stands_there_is_not_shown(qtbot: QtBot, adding: AddingSession) -> None:
    given(qtbot, adding, NOBODY_THERE)
    adding.test()
    given(qtbot, adding, f"{NOBODY_THERE}8")
    qtbot.waitUntil(lambda: not adding.is_trying)
    assert adding.tried is None


def test_what_is_given_up_is_forgotten(qtbot: QtBot, adding: AddingSession) -> None:
    given(qtbot, adding, NOBODY_THERE)
    adding.test()
    adding.forget()
    qtbot.waitUntil(lambda: not adding.is_trying)
    assert adding.text == ""
    assert not adding.is_whole
    adding.test()
    adding.store("Home", watch_only=False)
    assert not adding.is_trying
    assert not adding.is_storing


def test_a_locked_vault_takes_no_wallet(qtbot: QtBot, adding: AddingSession, desk: Desk) -> None:
    given(qtbot, adding, NOBODY_THERE)
    desk.do(lambda services: services.lock())
    adding.store("Home", watch_only=False)
    qtbot.waitUntil(lambda: adding.refusal is not None)
    assert adding.refusal is not None
    assert "locked" in adding.refusal.sentence


def test_a_connection_is_taken_out_of_a_text_file(qtbot: QtBot, adding: AddingSession, tmp_path: Path) -> None:
    file = tmp_path / "connection.txt"
    file.write_text(f"{NOBODY_THERE[:30]}\n{NOBODY_THERE[30:]}\n")
    with qtbot.waitSignal(adding.came) as came:
        adding.read_file(file)
    assert came.args == [NOBODY_THERE]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x89PNG\r\n", "a picture"),
        (b"\xff\xfe\x00", "holds no wallet connection"),
        (b" \n", "holds no wallet connection"),
        (b"a" * 70_000, "holds no wallet connection"),
        (None, "could not be read"),
    ],
)
def test_what_is_no_such_file_is_told(
    qtbot: QtBot, adding: AddingSession, tmp_path: Path, content: bytes | None, said: str
) -> None:
    file = tmp_path / "file"
    if content is not None:
        file.write_bytes(content)
    with qtbot.waitSignal(adding.changed):
        adding.read_file(file)
    assert adding.refusal is not None
    assert said in adding.refusal.sentence
