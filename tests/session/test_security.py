"""The key as the settings show it, over the real I/O thread: what is asked is done once, and told in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from l402desk.services import Services
from l402desk.session.security import WRONG, Deed, Done, KeyView, SecuritySession, restored_words, rotated_words
from l402desk.store import backup as backup_module
from l402desk.store import vault_key as vault_key_module
from l402desk.store.passphrase import Cost
from l402desk.store.recovery import read_code
from l402desk.store.restoring import Restored
from l402desk.store.rotation import Rotated
from tests.engine.shop import Shop
from tests.fakes.io import ImmediateIo
from tests.fakes.purchased import new_token
from tests.session.desks import Desk, a_thread

WORDS = "correct horse battery"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault_key_module, "Cost", lambda *given: Cost(*(given or (1, 64, 1))))
    monkeypatch.setattr(backup_module.make, "__kwdefaults__", {"replace": False, "cost": Cost(1, 64, 1)})


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    with a_thread(qtbot, tmp_path, Shop()) as made:
        yield made


class Told:
    """A session and what it said."""

    def __init__(self, qtbot: QtBot, desk: Desk) -> None:
        self._qtbot = qtbot
        self.session = SecuritySession(desk.io)
        self.said: list[Done] = []
        self.codes: list[object] = []
        self.session.done.connect(self.said.append)
        self.session.failed.connect(self.said.append)
        self.session.code_ready.connect(self.codes.append)

    def view(self) -> KeyView:
        with self._qtbot.waitSignal(self.session.changed):
            self.session.refresh()
        return self.session.view

    def last(self, count: int = 1) -> Done:
        self._qtbot.waitUntil(lambda: len(self.said) == count and self.session.doing is None)
        return self.said[-1]


@pytest.fixture
def told(qtbot: QtBot, desk: Desk) -> Told:
    return Told(qtbot, desk)


def test_it_tells_who_keeps_the_key_since_when(told: Told) -> None:
    view = told.view()
    assert (view.is_open, view.exists, view.by_passphrase, view.kept_by) == (True, True, False, "Fake keyring")
    assert view.since is not None
    assert (view.code_made_at, view.moved_from, view.open_payments) == (None, None, 0)


def test_without_a_vault_there_is_nothing_to_tell(qtbot: QtBot, tmp_path: Path) -> None:
    with a_thread(qtbot, tmp_path, Shop(), locked=True) as desk:
        assert Told(qtbot, desk).view() == KeyView()


def test_a_passphrase_and_the_keyring_take_turns(told: Told) -> None:
    told.session.keep_by_passphrase(WORDS, None)
    assert told.last().deed is Deed.PASSPHRASE
    assert told.view().by_passphrase
    told.session.keep_by_keyring("wrong words")
    assert (told.last(2).severity, told.last(2).title) == ("danger", "The keyring did not take the key")
    assert "does not open" in told.last(2).sentence
    told.session.keep_by_keyring(WORDS)
    assert "Fake keyring keeps the key" in told.last(3).sentence
    assert not told.view().by_passphrase


def test_a_code_comes_once_and_stays_nowhere(qtbot: QtBot, told: Told) -> None:
    with qtbot.waitSignal(told.session.code_ready):
        told.session.new_code(None)
    read_code(str(told.codes[0]))
    assert str(told.codes[0]) not in repr(vars(told.session))
    qtbot.waitUntil(lambda: told.session.view.code_made_at is not None)


def test_a_double_click_is_one_deed(told: Told) -> None:
    told.session.rotate(None)
    told.session.rotate(None)
    done = told.last()
    assert (done.title, done.severity) == ("The key was replaced", "good")
    assert len(told.said) == 1


def test_a_backup_is_written_and_restored(qtbot: QtBot, told: Told, desk: Desk, tmp_path: Path) -> None:
    async def keep(services: Services) -> None:
        await services.vault.keep(new_token(1))

    async def count(services: Services) -> int:
        return await services.vault.count()

    told.session.back_up(tmp_path / "b.l402backup", WORDS, None)
    assert "b.l402backup" in told.last().sentence
    desk.do(keep)
    with qtbot.waitSignal(told.session.ended_restoring):
        told.session.restore(tmp_path / "b.l402backup", WORDS)
    done = told.last(2)
    assert done.title == "The backup is restored"
    assert "before-restore-1" in done.sentence
    assert desk.do(count) == 0
    with qtbot.waitSignal(told.session.ended_restoring):
        told.session.restore(tmp_path / "b.l402backup", "wrong words")
    assert told.last(3).title == "Nothing was restored"


def test_an_error_of_ours_is_told_without_its_details(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    class Services:
        class keys:  # noqa: N801 - stands for an attribute
            @staticmethod
            async def keep_by_keyring(proof: str | None) -> None:
                raise RuntimeError("a detail")

            @staticmethod
            async def status() -> None:
                return None

    session = SecuritySession(ImmediateIo(Services()))
    with qtbot.waitSignal(session.failed) as failed:
        session.keep_by_keyring(None)
    assert failed.args[0].sentence == WRONG
    assert "a detail" not in caplog.text


def test_what_a_rotation_did_is_told_with_what_it_cost() -> None:
    good = rotated_words(Rotated(1234, (), False, True))
    assert (good.severity, good.sentence[:5]) == ("good", "1,234")
    assert "recovery" not in good.sentence
    assert "recovery code went with it" in rotated_words(Rotated(1, (), True, True)).sentence
    assert "would not delete" in rotated_words(Rotated(1, (), False, False)).sentence
    damaged = rotated_words(Rotated(1, (("tokens", "a", "secret"),), False, True))
    assert damaged.severity == "warning"
    assert "1 value had been damaged" in damaged.sentence


def test_what_a_restore_left_out_is_told_with_where_it_is() -> None:
    done = restored_words(Restored(1_700_000_000, Path("/a/desk.sqlite3.before-restore-2")), "your passphrase")
    assert "November 2023" in done.sentence
    assert "/a/desk.sqlite3.before-restore-2" in done.sentence
    assert "backup's passphrase" in done.sentence
    fresh = restored_words(Restored(1_700_000_000, None), "KWallet")
    assert "since then" not in fresh.sentence
    assert "KWallet" in fresh.sentence
