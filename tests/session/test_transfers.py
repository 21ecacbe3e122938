"""An import is shown before it is made, an export never replaces anything, and neither keeps a secret in its view."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from pytestqt.qtbot import QtBot

from l402desk.services import Services
from l402desk.session.export_jobs import Which
from l402desk.session.import_jobs import Ask, Source
from l402desk.session.transfers import (
    NOT_EXPORTED,
    NOT_READ,
    NOT_TAKEN,
    ExportSession,
    ExportView,
    ImportSession,
    ImportView,
    Step,
)
from l402desk.store.passphrase import Cost
from l402desk.vault import bundle
from tests.engine.shop import Shop, failing
from tests.fakes.io import ImmediateIo
from tests.fakes.purchased import credential_of, new_token, preimage_of
from tests.session.desks import Desk, a_thread
from tests.vault.foreign import stores
from tests.vault.foreign.stores import paid_file, pending_file

WORDS = "of the export"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "Cost", lambda *given: Cost(*(given or (1, 64, 1))))


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    with a_thread(qtbot, tmp_path / "desk", Shop()) as made:
        yield made


@pytest.fixture
def lnget(tmp_path: Path) -> Path:
    folder = tmp_path / "lnget"
    stores.lnget_host(folder / "tokens", "a.example", paid_file(1))
    stores.lnget_host(folder / "tokens", "b.example", paid_file(2))
    stores.lnget_host(folder / "tokens", "b.example", pending_file(3), pending=True)
    return folder


def until(qtbot: QtBot, session: ImportSession, step: Step) -> ImportView:
    qtbot.waitUntil(lambda: session.view.step is step, timeout=10_000)
    return session.view


def held(desk: Desk) -> int:
    async def count(services: Services) -> int:
        return len(await services.vault.list())

    found = desk.do(count)
    assert isinstance(found, int)
    return found


def test_an_import_is_shown_and_then_made(qtbot: QtBot, desk: Desk, lnget: Path) -> None:
    session = ImportSession(desk.io)
    views: list[ImportView] = []
    session.changed.connect(lambda: views.append(session.view))
    session.read(Source(lnget))
    assert session.view == ImportView(Step.READING)
    found = until(qtbot, session, Step.FOUND).found
    assert found is not None
    assert (found.tokens, found.pending, held(desk)) == (2, 1, 0)
    with qtbot.waitSignal(session.taken):
        session.take()
    taken = until(qtbot, session, Step.TAKEN).taken
    assert taken is not None
    assert (len(taken.kept), len(taken.awaited), held(desk)) == (2, 1, 2)
    assert Step.TAKING in [view.step for view in views]
    for number in (1, 2, 3):
        assert credential_of(number) not in repr(views)
        assert preimage_of(number).hex not in repr(views)
    session.take()
    assert session.view.step is Step.TAKEN, "what was taken in is not kept to be taken in again"


def test_what_is_asked_for_stays_in_sight_while_the_answer_is_tried(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "l402.token").write_bytes(paid_file(1))
    session, source = ImportSession(desk.io), Source(tmp_path / "l402.token")
    session.read(source)
    found = until(qtbot, session, Step.FOUND).found
    assert found is not None
    assert found.ask is Ask.ADDRESS
    session.take()
    assert session.view.step is Step.FOUND, "there is nothing to take in yet"
    session.read(replace(source, home="https://a.example"))
    assert session.view == ImportView(Step.READING, found)
    answered = until(qtbot, session, Step.FOUND).found
    assert answered is not None
    assert (answered.ask, answered.tokens) == (None, 1)


def test_what_is_no_store_is_told(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    session = ImportSession(desk.io)
    session.read(Source(tmp_path / "absent"))
    view = until(qtbot, session, Step.CHOOSE)
    assert "There is nothing to read at" in view.refusal


def test_the_answer_to_an_older_wish_is_not_shown(qtbot: QtBot, lnget: Path, tmp_path: Path) -> None:
    io = ImmediateIo(SimpleNamespace())
    session, io.held = ImportSession(io), True
    session.read(Source(lnget))
    session.read(Source(tmp_path / "absent"))
    io.let_go(1, 0)
    assert session.view.found is None
    assert "absent" in session.view.refusal
    io.held = True
    session.read(Source(lnget))
    session.forget()
    io.let_go()
    assert session.view == ImportView()
    session.take()
    assert session.view == ImportView()


def test_a_disk_that_is_full_stops_an_import_and_once_more_ends_it(qtbot: QtBot, desk: Desk, lnget: Path) -> None:
    session = ImportSession(desk.io)
    session.read(Source(lnget))
    until(qtbot, session, Step.FOUND)
    desk.do(lambda services: failing(services).fail_next_write(after=1))
    with qtbot.waitSignal(session.taken):
        session.take()
    view = until(qtbot, session, Step.FOUND)
    assert "the disk is full" in view.refusal
    assert held(desk) == 1
    session.take()
    taken = until(qtbot, session, Step.TAKEN).taken
    assert taken is not None
    assert (len(taken.kept), len(taken.known), held(desk)) == (1, 1, 2)


def test_an_import_under_way_takes_no_other_wish_and_stops_when_it_is_forgotten(
    qtbot: QtBot, desk: Desk, lnget: Path, tmp_path: Path
) -> None:
    session = ImportSession(desk.io)
    session.read(Source(lnget))
    until(qtbot, session, Step.FOUND)
    session.take()
    session.read(Source(tmp_path / "absent"))
    assert session.view.step is Step.TAKING
    with qtbot.waitSignal(session.taken):
        session.forget()
    assert session.view == ImportView()
    assert session._store is None


def test_a_mistake_of_the_app_is_told_without_its_words(
    qtbot: QtBot, lnget: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_arguments: object, **_named: object) -> None:
        raise RuntimeError("secret")

    importing, exporting = ImportSession(ImmediateIo(None)), ExportSession(ImmediateIo(None))
    importing.read(Source(lnget))
    until(qtbot, importing, Step.FOUND)
    importing.take()  # there are no services
    qtbot.waitUntil(lambda: importing.view.refusal == NOT_TAKEN)
    monkeypatch.setattr("l402desk.session.import_jobs.read", broken)
    importing.read(Source(lnget))
    qtbot.waitUntil(lambda: importing.view == ImportView(refusal=NOT_READ))
    monkeypatch.setattr("l402desk.session.export_jobs.seal", broken)
    exporting.seal(Which(), lnget, WORDS)
    qtbot.waitUntil(lambda: exporting.view == ExportView(refusal=NOT_EXPORTED))
    assert "secret" not in caplog.text
    assert [record.levelname for record in caplog.records] == ["ERROR"] * 3


def test_what_was_sealed_comes_back_in_another_vault(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    desk.do(lambda services: services.vault.keep(new_token(1)))
    session, file = ExportSession(desk.io), tmp_path / "out"
    session.seal(Which(), file, WORDS)
    assert session.view.is_running
    session.lay_out_for_lnget(Which(), tmp_path / "lnget")  # one at a time
    session.forget()
    qtbot.waitUntil(lambda: not session.view.is_running, timeout=10_000)
    assert session.view.exported is not None
    assert session.view.exported.tokens == 1
    assert not (tmp_path / "lnget").exists()
    with a_thread(qtbot, tmp_path / "other", Shop()) as other:
        importing = ImportSession(other.io)
        importing.read(Source(file, passphrase=WORDS))
        until(qtbot, importing, Step.FOUND)
        assert importing._source is None, "the passphrase is not kept"
        importing.take()
        until(qtbot, importing, Step.TAKEN)
        assert held(other) == 1


def test_a_refused_export_says_why(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    session = ExportSession(desk.io)
    (tmp_path / "out").write_text("mine")
    session.seal(Which(), tmp_path / "out", WORDS)
    qtbot.waitUntil(lambda: bool(session.view.refusal))
    assert "it was left as it is" in session.view.refusal
    session.seal(Which(ids=("gone",)), tmp_path / "new", WORDS)
    qtbot.waitUntil(lambda: "does not hold one" in session.view.refusal)
    session.lay_out_for_lnget(Which(), tmp_path / "out")
    qtbot.waitUntil(lambda: "There is something at" in session.view.refusal)
    session.forget()
    assert session.view == ExportView()
