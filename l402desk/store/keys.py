"""The operating system's keyring, taken only from the few that really keep secrets. Only here is ``keyring``
met.
"""

from __future__ import annotations

import asyncio
import importlib
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from l402desk.store.errors import KeyringLocked, KeyringTimeout, KeyringUnavailable, KeyUnavailable

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")
SERVICE = "L402 Desk"
MOST_BYTES = 2_560  # CRED_MAX_CREDENTIAL_BLOB_SIZE, in which Windows keeps UTF-16
PROMPT_S = 60.0  # a keyring may first ask the user for its own password


class KeyringPort(Protocol):
    """A place outside our file that keeps one small secret per vault. Every method raises KeyUnavailable."""

    async def choose(self, remembered: str | None) -> str:
        """Settle on a keyring, the remembered one if it is here; its name in words. Call this first."""
        ...

    async def read(self, item: str) -> str | None: ...

    async def write(self, item: str, value: str) -> None: ...

    async def forget(self, item: str) -> None:
        """Delete the item; none is fine too."""
        ...


@dataclass(frozen=True, slots=True)
class Trusted:
    """A backend class known to keep secrets encrypted, by name: nothing is loaded before it is asked."""

    module: str
    type: str
    words: str


# Nothing else is ever used. ``keyring.get_keyring()`` would take what the environment or a keyringrc names,
# and falls back to files in plain text, or to a null backend that swallows the key; a chain of backends may
# begin with either.
TRUSTED = (
    Trusted("keyring.backends.SecretService", "Keyring", "Secret Service"),
    Trusted("keyring.backends.kwallet", "DBusKeyring", "KWallet"),
    Trusted("keyring.backends.macOS", "Keyring", "macOS Keychain"),
    Trusted("keyring.backends.Windows", "WinVaultKeyring", "Windows Credential Manager"),
)


class OsKeyring:
    """The keyring of this desktop session. Each call runs in a thread of its own and is given up after
    ``patience``.

    The threads are daemons: a prompt that nobody answers must not keep the app from closing.
    """

    def __init__(self, *, patience: float = PROMPT_S, trusted: Sequence[Trusted] = TRUSTED) -> None:
        self._patience = patience
        self._trusted = tuple(trusted)
        self._backend: KeyringBackend | None = None
        self._name = ", ".join(t.words for t in trusted)

    async def choose(self, remembered: str | None) -> str:
        ordered = sorted(self._trusted, key=lambda t: t.words != remembered)
        self._name, self._backend = await self._ask(lambda: _first_working(ordered))
        return self._name

    async def read(self, item: str) -> str | None:
        backend = self._chosen()
        return await self._ask(lambda: backend.get_password(SERVICE, item))

    async def write(self, item: str, value: str) -> None:
        backend = self._chosen()
        if len(value.encode("utf-16-le")) > MOST_BYTES:
            raise ValueError("the smallest of the trusted keyrings could not keep this")
        await self._ask(lambda: backend.set_password(SERVICE, item, value))

    async def forget(self, item: str) -> None:
        backend = self._chosen()

        def delete_if_there() -> None:
            if backend.get_password(SERVICE, item) is not None:
                backend.delete_password(SERVICE, item)

        await self._ask(delete_if_there)

    def _chosen(self) -> KeyringBackend:
        if self._backend is None:
            raise RuntimeError("choose() comes first")
        return self._backend

    async def _ask(self, question: Callable[[], T]) -> T:
        answer: Future[T] = Future()
        answer.set_running_or_notify_cancel()  # from now on a cancelled wait cannot upset the thread
        threading.Thread(target=_answer, args=(question, answer), name="keyring", daemon=True).start()
        try:
            async with asyncio.timeout(self._patience):
                return await asyncio.wrap_future(answer)
        except KeyUnavailable:
            raise
        except TimeoutError as error:
            raise KeyringTimeout(self._name, self._patience) from error
        except Exception as error:
            raise _translated(error, self._name) from error


def _answer(question: Callable[[], T], answer: Future[T]) -> None:
    try:
        answer.set_result(question())
    except BaseException as error:  # noqa: BLE001 - every backend has its library's own errors; _ask translates them
        answer.set_exception(error)


def _first_working(ordered: Sequence[Trusted]) -> tuple[str, KeyringBackend]:
    for trusted in ordered:
        backend = _open(trusted)
        if backend is not None:
            return trusted.words, backend
    names = ", ".join(t.words for t in ordered)
    raise KeyringUnavailable(f"none of {names} answers in this session")


def _open(trusted: Trusted) -> KeyringBackend | None:
    try:
        kind: type[KeyringBackend] = getattr(importlib.import_module(trusted.module), trusted.type)
    except (ImportError, AttributeError):
        return None  # another system's
    if not kind.viable:
        return None
    backend = kind.__new__(kind)
    # KEYRING_PROPERTY_* may name another collection, or make the item vanish at log-out. Ours to decide, not
    # theirs.
    vars(backend)["set_properties_from_env"] = _ignore_the_environment
    kind.__init__(backend)  # type: ignore[no-untyped-call]  # keyring does not annotate it
    return backend


def _ignore_the_environment() -> None:
    """Stand in for ``KeyringBackend.set_properties_from_env``."""


def _translated(error: Exception, name: str) -> KeyUnavailable:
    # By name: the classes live in libraries that exist on one system only.
    chain = {type(error).__name__, type(error.__cause__).__name__}
    if "SecretServiceNotAvailableException" in chain:
        return KeyringUnavailable(f"{name} does not answer")
    if chain & {"KeyringLocked", "InitError", "LockedException", "PromptDismissedException"}:
        return KeyringLocked(name)
    return KeyringUnavailable(f"{name} answered with an error ({type(error).__name__})")
