"""After a power cut everything that was committed is there, and the harness that says so can see when it is not."""

from __future__ import annotations

import os
import random
import sqlite3
from pathlib import Path

import pytest

from l402desk.store import database
from tests.torn.cut import look
from tests.torn.disk import Deleted, Disk, Replay, Synced, Wrote
from tests.torn.flows import FLOWS

STATES = int(os.environ.get("L402DESK_TORN_STATES", "40"))


@pytest.mark.parametrize("flow", sorted(FLOWS))
def test_nothing_that_was_committed_is_lost(flow: str) -> None:
    seen = look(flow, STATES)
    assert seen.losses == ()
    assert seen.different > STATES // 4  # the states are not one and the same


def test_a_log_that_is_not_synced_at_every_commit_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    weaker = tuple(pragma.replace("synchronous = FULL", "synchronous = NORMAL") for pragma in database.PRAGMAS)
    monkeypatch.setattr(database, "PRAGMAS", weaker)
    losses = look("buying", 60).losses
    assert any("neither that nor one more" in loss.sentence for loss in losses)


def test_a_journal_that_comes_back_after_the_switch_to_the_log_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def prepare_without_syncing_the_folder(connection: sqlite3.Connection, path: Path) -> None:
        database._switch_to_wal(connection, path)
        for pragma in database.PRAGMAS:
            connection.execute(pragma)

    monkeypatch.setattr(database, "_prepare", prepare_without_syncing_the_folder)
    assert look("buying", 60).losses


def test_what_was_synced_stays_and_what_was_not_is_torn_at_its_sectors() -> None:
    disk = Disk({"file": b"a" * 1024})
    disk.write("file", 0, b"b" * 1024)
    disk.log.append(Synced("file"))
    disk.write("file", 256, b"c" * 1024)
    replay = Replay(disk.first, disk.log)
    replay.advance(len(disk.log))
    seen = {replay.cut(random.Random(seed))["file"] for seed in range(60)}
    assert b"b" * 256 + b"c" * 1024 in seen
    assert b"b" * 1024 in seen
    torn = b"b" * 256 + b"c" * 256 + b"b" * 512
    assert torn in seen
    assert not any(b"a" in content for content in seen)


def test_a_name_is_durable_once_its_file_was_synced_and_gone_once_its_folder_was() -> None:
    disk = Disk({"old": b"x"})
    disk.files["new"] = bytearray()
    disk.write("new", 0, b"y")
    disk.delete("old", durable=False)
    replay = Replay(disk.first, disk.log)
    replay.advance(len(disk.log))
    assert {tuple(sorted(replay.cut(random.Random(seed)))) for seed in range(40)} == {
        (), ("new",), ("new", "old"), ("old",)
    }  # fmt: skip
    after = Replay(disk.first, [*disk.log, Synced("new"), Deleted("old", True)])
    after.advance(len(disk.log) + 2)
    assert {tuple(sorted(after.cut(random.Random(seed)))) for seed in range(40)} == {("new",)}


def test_operations_are_taken_in_order() -> None:
    disk = Disk({"file": b""})
    disk.write("file", 0, b"1")
    disk.write("file", 0, b"2")
    disk.log.append(Synced("file"))
    replay = Replay(disk.first, disk.log)
    replay.advance(0)
    assert replay.cut(random.Random(0)) == {"file": b""}
    replay.advance(3)
    assert replay.cut(random.Random(0)) == {"file": b"2"}
    assert isinstance(disk.log[0], Wrote)
