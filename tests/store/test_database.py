from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from l402desk.store import database as module
from l402desk.store.database import ASIDE, Database
from l402desk.store.errors import Busy, Damaged, DiskFailed, DiskFull, InUse, Newer, NotPrivate, ReadOnly
from l402desk.store.schema import Schema

ROOT = Path(__file__).resolve().parents[2]
NOTES = Schema("notes", ("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;",))


def add(text: str) -> module.Work[int]:
    def work(connection: sqlite3.Connection) -> int:
        return connection.execute("INSERT INTO notes (text) VALUES (?)", (text,)).rowcount

    return work


def texts(connection: sqlite3.Connection) -> list[str]:
    return [row["text"] for row in connection.execute("SELECT text FROM notes ORDER BY id")]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "app" / "desk.sqlite"


def run_script(script: str, *arguments: str, prefix: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own, which then stands for the app."""
    return subprocess.run(
        [*prefix, sys.executable, "-c", PREAMBLE + script, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


PREAMBLE = """
import asyncio, os, resource, signal, sys
from pathlib import Path
from l402desk.store.database import Database
from l402desk.store.errors import StoreError
from l402desk.store.schema import Schema
NOTES = Schema("notes", ("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;",))
FILE = Path(sys.argv[1])
def add(text):
    return lambda c: c.execute("INSERT INTO notes (text) VALUES (?)", (text,)).rowcount
def texts(c):
    return [row["text"] for row in c.execute("SELECT text FROM notes ORDER BY id")]
"""


def leave_journal(file: Path) -> None:
    """Write a rollback journal of this file that is hot, and undoes nothing."""
    magic, pages = bytes.fromhex("d9d505f920a163d7"), file.stat().st_size // 4096
    header = magic + b"".join(number.to_bytes(4, "big") for number in (0, 7, pages, 512, 4096))
    file.with_name(f"{file.name}-journal").write_bytes(header.ljust(512, b"\0"))


@pytest.mark.anyio
async def test_a_journal_that_a_killed_start_left_is_rolled_back(file: Path) -> None:
    """Killed while it switched to the log, SQLite leaves a rollback journal, which no read-only look gets past."""
    await (await Database.open(file, [NOTES])).close()
    leave_journal(file)
    again = await Database.open(file, [NOTES])
    try:
        await again.write(add("kept"))
        assert await again.read(texts) == ["kept"]
    finally:
        await again.close()


@pytest.mark.anyio
async def test_what_was_written_is_there_when_the_file_is_opened_again(file: Path) -> None:
    database = await Database.open(file, (NOTES,))
    assert await database.write(add("a")) == 1
    await database.close()
    database = await Database.open(file, (NOTES,))
    assert await database.read(texts) == ["a"]
    await database.close()


@pytest.mark.anyio
async def test_an_exception_in_the_work_undoes_all_of_it_and_comes_out_unchanged(file: Path) -> None:
    database = await Database.open(file, (NOTES,))

    def work(connection: sqlite3.Connection) -> None:
        add("undone")(connection)
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        await database.write(work)
    assert await database.read(texts) == []
    await database.close()


@pytest.mark.anyio
async def test_our_own_mistakes_in_sql_are_not_blamed_on_the_machine(file: Path) -> None:
    database = await Database.open(file, (NOTES,))
    await database.write(add("once"))
    with pytest.raises(sqlite3.IntegrityError):
        await database.write(add("once"))
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await database.read(lambda c: c.execute("SELECT * FROM nowhere").fetchall())
    assert await database.read(texts) == ["once"]
    await database.close()


@pytest.mark.anyio
async def test_a_read_changes_nothing(file: Path) -> None:
    database = await Database.open(file, (NOTES,))
    await database.read(add("ghost"))
    assert await database.read(texts) == []
    await database.close()


@pytest.mark.anyio
async def test_the_file_is_set_up_for_money(file: Path) -> None:
    database = await Database.open(file, (NOTES,))

    def pragma(name: str) -> module.Work[object]:
        return lambda connection: connection.execute(f"PRAGMA {name}").fetchone()[0]

    assert await database.read(pragma("journal_mode")) == "wal"
    assert await database.read(pragma("synchronous")) == 2
    assert await database.read(pragma("secure_delete")) == 1
    assert await database.read(pragma("foreign_keys")) == 1
    assert await database.read(pragma("trusted_schema")) == 0
    assert await database.read(pragma("temp_store")) == 2
    await database.close()


@pytest.mark.anyio
@pytest.mark.skipif(os.name != "posix", reason="modes are a POSIX matter")
async def test_every_file_is_private_while_it_is_in_use_whatever_the_umask(file: Path) -> None:
    before = os.umask(0)
    try:
        database = await Database.open(file, (NOTES,))
        await database.write(add("a"))
    finally:
        os.umask(before)
    modes = {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in file.parent.iterdir()}
    assert modes == dict.fromkeys(("desk.sqlite", "desk.sqlite-wal", "desk.sqlite-shm", "desk.sqlite-in-use"), "0o600")
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    await database.close()


@pytest.mark.anyio
async def test_a_file_that_is_too_open_is_narrowed_with_its_log(file: Path) -> None:
    still_open = await Database.open(file, (NOTES,))
    log = file.with_name("desk.sqlite-wal")
    os.chmod(file, 0o644)
    os.chmod(log, 0o644)
    database = await Database.open(file, (NOTES,))
    assert [stat.S_IMODE(path.stat().st_mode) for path in (file, log)] == [0o600, 0o600]
    await database.close()
    await still_open.close()


@pytest.mark.anyio
async def test_closing_twice_is_harmless_and_a_closed_database_says_so(file: Path) -> None:
    database = await Database.open(file, (NOTES,))
    await database.close()
    await database.close()
    with pytest.raises(RuntimeError, match="closed"):
        await database.read(texts)


@pytest.mark.anyio
async def test_a_cancelled_start_leaves_neither_a_thread_nor_an_open_file(file: Path) -> None:
    opening = asyncio.ensure_future(Database.open(file, (NOTES,)))
    await asyncio.sleep(0)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    for thread in threading.enumerate():
        if thread.name.startswith("database"):
            thread.join(5)
            assert not thread.is_alive()


@pytest.mark.anyio
async def test_a_cancelled_write_that_has_begun_is_completed(file: Path) -> None:
    database = await Database.open(file, (NOTES,))
    has_begun, may_end = threading.Event(), threading.Event()

    def slow(connection: sqlite3.Connection) -> None:
        has_begun.set()
        may_end.wait(10)
        add("done")(connection)

    writing = asyncio.ensure_future(database.write(slow))
    await asyncio.to_thread(has_begun.wait, 10)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    may_end.set()
    assert await database.read(texts) == ["done"]
    await database.close()


@pytest.mark.anyio
async def test_two_databases_on_one_file_see_each_others_writes(file: Path) -> None:
    first = await Database.open(file, (NOTES,))
    second = await Database.open(file, (NOTES,))
    await asyncio.gather(*(d.write(add(f"{i} {n}")) for i, d in enumerate((first, second)) for n in range(50)))
    assert len(await first.read(texts)) == len(await second.read(texts)) == 100
    await first.close()
    await second.close()


@pytest.mark.anyio
async def test_a_file_that_another_program_holds_is_busy(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BUSY_S", 0.05)
    database = await Database.open(file, (NOTES,))
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy):
        await database.write(add("a"))
    other.execute("ROLLBACK")
    assert await database.write(add("a")) == 1
    other.close()
    await database.close()


@pytest.mark.anyio
async def test_a_deleted_secret_is_gone_from_all_files_after_a_scrub(file: Path) -> None:
    database = await Database.open(file, (NOTES,))
    canary = "canary " * 700  # longer than a page
    for n in range(20):
        await database.write(add(f"{n} {canary}"))
    raw = b"".join(path.read_bytes() for path in file.parent.iterdir())
    assert b"canary canary" in raw
    await database.write(lambda c: c.execute("DELETE FROM notes").rowcount)
    await database.scrub()
    raw = b"".join(path.read_bytes() for path in file.parent.iterdir())
    assert b"canary" not in raw
    await database.close()


# What is not ours is left alone.


def contents(folder: Path) -> dict[str, bytes]:
    """What the files say. SQLite makes an index and an empty log to look at a file; they say nothing."""
    said = {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.endswith("-shm")}
    return {name: content for name, content in said.items() if content}


@pytest.mark.anyio
async def test_a_newer_file_is_refused_and_untouched_even_with_a_log_left_by_a_crash(file: Path) -> None:
    script = """
async def main():
    newer = Schema("notes", (*NOTES.steps, "CREATE TABLE future (a) ;"))
    database = await Database.open(FILE, (newer,))
    await database.write(add("from the future"))
    os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""
    assert run_script(script, str(file)).returncode == -signal.SIGKILL
    before = contents(file.parent)
    assert before["desk.sqlite-wal"]
    with pytest.raises(Newer, match="newer version"):
        await Database.open(file, (NOTES,))
    assert contents(file.parent) == before


@pytest.mark.anyio
async def test_another_programs_database_is_refused_and_untouched(file: Path) -> None:
    file.parent.mkdir()
    other = sqlite3.connect(file)
    other.execute("CREATE TABLE bookmarks (url)")
    other.close()
    before = contents(file.parent)
    with pytest.raises(Damaged):
        await Database.open(file, (NOTES,))
    assert contents(file.parent) == before


def damage(file: Path, how: str, log: bytes) -> None:
    whole = file.read_bytes()
    match how:
        case "no database":
            file.write_bytes(b"once upon a time there was a wallet " * 100)
        case "zeroed header":
            file.write_bytes(bytes(100) + whole[100:])
        case "cut":
            file.write_bytes(whole[:50])
        case "emptied":
            file.write_bytes(b"")
            file.with_name("desk.sqlite-wal").write_bytes(log)
        case "broken pages":
            file.write_bytes(whole[: 4096 * 4] + b"\xff" * (len(whole) - 4096 * 4))


async def filled_and_damaged(file: Path, how: str) -> dict[str, bytes]:
    database = await Database.open(file, (NOTES,))
    for n in range(200):
        await database.write(add(f"{n} " + "x" * 200))
    log = contents(file.parent)["desk.sqlite-wal"]
    await database.close()
    damage(file, how, log)
    return contents(file.parent)


@pytest.mark.anyio
@pytest.mark.parametrize("how", ["no database", "zeroed header", "cut", "emptied"])
async def test_a_damaged_file_is_refused_and_untouched(file: Path, how: str) -> None:
    before = await filled_and_damaged(file, how)
    with pytest.raises(Damaged, match="untouched"):
        await Database.open(file, (NOTES,))
    assert contents(file.parent) == before


@pytest.mark.anyio
async def test_broken_pages_met_later_are_damage_too(file: Path) -> None:
    await filled_and_damaged(file, "broken pages")
    database = await Database.open(file, (NOTES,))
    with pytest.raises(Damaged):
        await database.read(texts)
    await database.close()


@pytest.mark.anyio
async def test_a_file_system_without_safe_locks_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # What SQLite answers where shared memory is not to be had: it keeps the rollback journal.
    monkeypatch.setattr(module, "_journal_mode", lambda connection: "delete")
    with pytest.raises(NotPrivate, match="network folder"):
        await Database.open(file, (NOTES,))


# A failing machine: each of these runs the app in a process of its own.


def test_a_write_that_returned_survives_kill_9(file: Path) -> None:
    script = """
async def main():
    database = await Database.open(FILE, (NOTES,))
    await database.write(add("kept"))
    os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""
    for _ in range(2):
        done = run_script(script.replace("kept", f"kept {_}"), str(file))
        assert done.returncode == -signal.SIGKILL, done.stderr

    async def look() -> list[str]:
        database = await Database.open(file, (NOTES,))
        kept = await database.read(texts)
        await database.close()
        return kept

    assert asyncio.run(look()) == ["kept 0", "kept 1"]


FILL = """
async def main():
    database = await Database.open(FILE, (NOTES,))
    written = 0
    try:
        for n in range(1000):
            await database.write(add(f"{n} " + "x" * 4000))
            written += 1
    except StoreError as error:
        print(type(error).__name__, written, len(await database.read(texts)))
    await database.close()
"""


def test_a_file_that_may_not_grow_is_reported_and_keeps_what_was_written(file: Path) -> None:
    script = FILL + "\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    script += "resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))\nasyncio.run(main())"
    done = run_script(script, str(file))
    kind, written, kept = done.stdout.split()
    assert kind == DiskFailed.__name__
    assert int(written) == int(kept) > 10


needs_mounts = pytest.mark.skipif(
    shutil.which("unshare") is None
    or subprocess.run(["unshare", "-Urm", "true"], capture_output=True, check=False).returncode != 0,
    reason="this system does not let us mount a small disk of our own",
)


@needs_mounts
def test_a_really_full_disk_is_reported_and_keeps_what_was_written(file: Path) -> None:
    file.parent.mkdir()
    mount = f'mount -t tmpfs -o size=400k,mode=700 small {file.parent} && exec "$@"'
    done = run_script(FILL + "asyncio.run(main())", str(file), prefix=("unshare", "-Urm", "sh", "-c", mount, "sh"))
    kind, written, kept = done.stdout.split()
    assert kind == DiskFull.__name__, done.stderr
    assert int(written) == int(kept) > 10


@needs_mounts
@pytest.mark.parametrize("before", ["nothing", "a file"])
def test_a_read_only_disk_is_reported_in_words(file: Path, before: str) -> None:
    file.parent.mkdir(mode=0o700)
    if before == "a file":
        asyncio.run(_make(file))
    script = """
async def main():
    try:
        database = await Database.open(FILE, (NOTES,))
        await database.write(add("a"))
    except StoreError as error:
        print(type(error).__name__)
asyncio.run(main())
"""
    mount = f'mount --bind {file.parent} {file.parent} && mount -o remount,bind,ro {file.parent} && exec "$@"'
    done = run_script(script, str(file), prefix=("unshare", "-Urm", "sh", "-c", mount, "sh"))
    assert done.stdout.split() == [ReadOnly.__name__], done.stderr


async def _make(file: Path) -> None:
    await (await Database.open(file, (NOTES,))).close()


def test_many_first_starts_at_once_make_one_file(file: Path) -> None:
    script = """
async def main():
    database = await Database.open(FILE, (NOTES,))
    await database.write(add(sys.argv[2]))
    await database.close()
asyncio.run(main())
"""
    starts = [
        subprocess.Popen([sys.executable, "-c", PREAMBLE + script, str(file), str(n)], cwd=ROOT, stderr=subprocess.PIPE)
        for n in range(4)
    ]
    problems = [start.communicate(timeout=60)[1] for start in starts]
    assert problems == [b""] * 4

    async def look() -> list[str]:
        database = await Database.open(file, (NOTES,))
        kept = await database.read(texts)
        await database.close()
        return kept

    assert sorted(asyncio.run(look())) == ["0", "1", "2", "3"]


@pytest.mark.anyio
async def test_what_follows_a_commit_runs_before_any_other_work_and_not_after_a_failure(file: Path) -> None:
    database = await Database.open(file, (NOTES,))
    order: list[str] = []
    writes = [
        database.write(add("a"), then=lambda: order.append("then")),
        database.write(lambda _connection: order.append("next")),
    ]
    await asyncio.gather(*writes)
    assert order == ["then", "next"]
    with pytest.raises(sqlite3.IntegrityError):
        await database.write(add("a"), then=lambda: order.append("never"))
    assert order == ["then", "next"]
    await database.close()


@pytest.mark.anyio
async def test_alone_means_that_nobody_else_is_in_or_gets_in(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("l402desk.store.presence.WAIT_S", 0.05)
    first = await Database.open(file, (NOTES,))
    second = await Database.open(file, (NOTES,))
    with pytest.raises(InUse):
        async with first.alone():
            raise AssertionError("not alone")
    await second.close()
    async with first.alone():
        await first.write(add("a"))
        with pytest.raises(Busy):
            await Database.open(file, (NOTES,))
    third = await Database.open(file, (NOTES,))
    assert await third.read(texts) == ["a"]
    await third.close()
    await first.close()


@pytest.mark.anyio
async def test_a_file_is_replaced_under_an_open_database(file: Path, tmp_path: Path) -> None:
    other = await Database.open(tmp_path / "other" / "desk.sqlite", (NOTES,))
    await other.write(add("of the other"))
    await other.close()
    database = await Database.open(file, (NOTES,))
    await database.write(add("of the first"))

    def swap(path: Path) -> str:
        assert {name.name for name in path.parent.iterdir()} == {"desk.sqlite", "desk.sqlite-in-use"}
        os.replace(tmp_path / "other" / "desk.sqlite", path)
        return "done"

    assert await database.replace_file(swap) == "done"
    assert await database.read(texts) == ["of the other"]
    second = await Database.open(file, (NOTES,))
    with pytest.raises(InUse):
        await database.replace_file(swap)
    assert await database.read(texts) == ["of the other"]
    await second.close()
    await database.close()


@pytest.mark.anyio
async def test_no_new_vault_is_made_beside_one_that_was_set_aside(file: Path) -> None:
    file.parent.mkdir(mode=0o700)
    file.with_name(f"{file.name}{ASIDE}1").write_bytes(b"the old one")
    with pytest.raises(Damaged):
        await Database.open(file, (NOTES,))
    assert not file.exists()  # noqa: ASYNC240 - a test may look
