"""Every state a keyring can be in, at the first start and over an old vault, through the real `OsKeyring`.

In each: no secret in clear, no new key over an old vault, a message with what to do, and everything there again when
the keyring returns.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from l402desk.store.database import Database
from l402desk.store.errors import (
    KeyringItemLost,
    KeyringLocked,
    KeyringTimeout,
    KeyringUnavailable,
    KeyUnavailable,
)
from l402desk.store.keyholder import KeyHolder
from l402desk.store.keys import MOST_BYTES, OsKeyring, Trusted
from l402desk.store.rotation import rotate
from l402desk.store.unlock import unlock
from l402desk.store.vault_key import load
from tests.fakes import keyrings as backends

pytestmark = pytest.mark.anyio
MODULE = "tests.fakes.keyrings"
WORDS = "correct horse"
SECRET = b"a bearer secret that was paid for"
PATIENCE_S = 0.1


@dataclass(frozen=True)
class State:
    """``backend`` is the class that is in this state; what opening says of it."""

    name: str
    backend: str
    first: type[KeyUnavailable]
    later: type[KeyUnavailable]


STATES = (
    State("none in this session", "Absent", KeyringUnavailable, KeyringUnavailable),
    State("locked", "Locked", KeyringLocked, KeyringLocked),
    State("its prompt was dismissed", "Dismissed", KeyringLocked, KeyringLocked),
    State("the service is gone", "Gone", KeyringUnavailable, KeyringUnavailable),
    State("hangs", "Hanging", KeyringTimeout, KeyringTimeout),
    State("denies writing", "Denying", KeyringUnavailable, KeyringItemLost),
    State("denied by the user, as on macOS", "DeniedByTheUser", KeyringUnavailable, KeyringLocked),
    State("swallows what it is given", "Swallowing", KeyringUnavailable, KeyringItemLost),
    State("lost its items", "NoItems", KeyringUnavailable, KeyringItemLost),
    State("another user's value", "AnotherUsers", KeyringUnavailable, KeyringItemLost),
    State("garbage", "Garbage", KeyringUnavailable, KeyringItemLost),
    State("no such backend here", "NoSuchClass", KeyringUnavailable, KeyringUnavailable),
)


class Kept(backends.Memory):
    """A keyring that works; what it keeps outlives the object, as a desktop's does."""

    vault: dict[tuple[str, str], str] = {}  # noqa: RUF012 - shared on purpose

    def __init__(self) -> None:
        super().__init__()
        self.items = Kept.vault


class WindowsKept(backends.WindowsLike):
    """The same, of at most 2,560 bytes an item."""

    def __init__(self) -> None:
        super().__init__()
        self.items = Kept.vault


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    Kept.vault.clear()
    backends.Hanging.answered.clear()
    yield
    backends.Hanging.answered.set()


def working(words: str = "KWallet") -> OsKeyring:
    return OsKeyring(patience=5, trusted=[Trusted(__name__, "Kept", words)])


def in_state(state: State, words: str = "KWallet") -> OsKeyring:
    return OsKeyring(patience=PATIENCE_S, trusted=[Trusted(MODULE, state.backend, words)])


def every_file(database: Database) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(database.path.parent.iterdir()) if path.is_file())


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
async def test_at_the_first_start_nothing_is_sealed_and_a_passphrase_will_do(database: Database, state: State) -> None:
    keys = KeyHolder(database, in_state(state))
    before = time.monotonic()
    with pytest.raises(state.first) as told:
        await keys.unlock(None)
    assert time.monotonic() - before < 10
    assert told.value.sentence
    assert told.value.remedy
    assert await database.read(load) is None
    seal = await keys.unlock(WORDS)
    sealed = seal.seal(SECRET, table="t", row="1", column="c")
    assert SECRET not in every_file(database)
    await keys.lock()
    assert (await keys.unlock(WORDS)).unseal(sealed, table="t", row="1", column="c") == SECRET


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
async def test_an_old_vault_gets_no_new_key_and_opens_when_the_keyring_returns(
    database: Database, state: State
) -> None:
    sealed = (await unlock(database, passphrase=None, keyring=working())).seal(SECRET, table="t", row="1", column="c")
    row, items = await database.read(load), dict(Kept.vault)
    for _ in range(2):
        with pytest.raises(state.later) as told:
            await unlock(database, passphrase=None, keyring=in_state(state))
        assert told.value.remedy
        assert SECRET.decode() not in str(told.value)
    assert await database.read(load) == row
    assert Kept.vault == items
    seal = await unlock(database, passphrase=None, keyring=working())
    assert seal.unseal(sealed, table="t", row="1", column="c") == SECRET


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
async def test_an_open_vault_is_neither_moved_nor_rotated_into_it_and_a_passphrase_saves_it(
    database: Database, state: State
) -> None:
    """The keyring came into this state while the vault was open."""
    seal = await unlock(database, passphrase=None, keyring=working())
    key, row = seal.key(), await database.read(load)
    with pytest.raises(KeyUnavailable):
        await rotate(database, seal, passphrase=None, keyring=in_state(state))
    assert (seal.key(), await database.read(load)) == (key, row)
    keys = KeyHolder(database, in_state(state))
    keys._take(seal, is_proven=False)
    with pytest.raises(KeyUnavailable):
        await keys.keep_by_keyring()
    assert await database.read(load) == row
    await keys.keep_by_passphrase(WORDS)
    assert (await unlock(database, passphrase=WORDS, keyring=None)).key() == key


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
async def test_a_recovery_code_opens_the_vault_meanwhile(database: Database, state: State) -> None:
    keys = KeyHolder(database, working())
    sealed = (await keys.unlock(None)).seal(SECRET, table="t", row="1", column="c")
    code = await keys.new_code()
    other = KeyHolder(database, in_state(state))
    seal = await other.unlock_by_code(code)
    assert seal.unseal(sealed, table="t", row="1", column="c") == SECRET
    await keys.lock()
    assert (await keys.unlock(None)).key() == seal.key()


async def test_another_desktop_with_another_keyring_is_told_from_a_lost_key(database: Database) -> None:
    """KWallet to GNOME: the item is in the one, and the other is asked."""
    await unlock(database, passphrase=None, keyring=working("KWallet"))
    both = [Trusted(MODULE, "Absent", "KWallet"), Trusted(MODULE, "Memory", "Secret Service")]
    with pytest.raises(KeyringItemLost, match=r"Secret Service.*KWallet"):
        await unlock(database, passphrase=None, keyring=OsKeyring(patience=5, trusted=both))
    # Moved over by the user: it opens, and says that it has moved.
    moved = OsKeyring(patience=5, trusted=[both[0], Trusted(__name__, "Kept", "Secret Service")])
    assert (await unlock(database, passphrase=None, keyring=moved)).moved_from == "KWallet"


async def test_where_two_work_the_one_that_has_the_key_is_asked(database: Database) -> None:
    await unlock(database, passphrase=None, keyring=working("KWallet"))
    both = OsKeyring(
        patience=5, trusted=[Trusted(MODULE, "Memory", "Secret Service"), Trusted(__name__, "Kept", "KWallet")]
    )
    assert (await unlock(database, passphrase=None, keyring=both)).kept_by == "KWallet"


async def test_our_item_is_far_below_what_windows_keeps(database: Database) -> None:
    windows = OsKeyring(patience=5, trusted=[Trusted(__name__, "WindowsKept", "Windows Credential Manager")])
    seal = await unlock(database, passphrase=None, keyring=windows)
    assert seal.kept_by == "Windows Credential Manager"
    with pytest.raises(ValueError, match="smallest"):
        await windows.write("vault", "x" * (MOST_BYTES // 2 + 1))
    await windows.write("vault", "x" * (MOST_BYTES // 2))


async def test_an_answer_after_the_patience_is_over_changes_nothing(database: Database) -> None:
    hanging = OsKeyring(patience=PATIENCE_S, trusted=[Trusted(MODULE, "Hanging", "KWallet")])
    with pytest.raises(KeyringTimeout):
        await unlock(database, passphrase=None, keyring=hanging)
    backends.Hanging.answered.set()
    assert await database.read(load) is None
    await unlock(database, passphrase=WORDS, keyring=None)
