"""Keyrings for tests: one behind our own port, and backend classes as the keyring library knows them."""

from __future__ import annotations

import threading

from keyring.backend import KeyringBackend
from keyring.compat import properties
from keyring.errors import InitError, KeyringLocked, PasswordSetError

from l402desk.store import errors
from l402desk.store.errors import KeyUnavailable


class FakeKeyring:
    """A keyring behind ``KeyringPort``: ``items`` is what it holds, ``trouble`` what it raises instead of
    answering.
    """

    def __init__(self, name: str = "Fake keyring") -> None:
        self.name = name
        self.items: dict[str, str] = {}
        self.trouble: KeyUnavailable | None = None
        self.swallows = False
        self.calls: list[str] = []

    async def choose(self, remembered: str | None) -> str:
        self._called("choose")
        return self.name

    async def read(self, item: str) -> str | None:
        self._called("read")
        return self.items.get(item)

    async def write(self, item: str, value: str) -> None:
        self._called("write")
        if not self.swallows:
            self.items[item] = value

    async def forget(self, item: str) -> None:
        self._called("forget")
        self.items.pop(item, None)

    def _called(self, what: str) -> None:
        self.calls.append(what)
        if self.trouble is not None:
            raise self.trouble


LOCKED = errors.KeyringLocked("Fake keyring")


class Memory(KeyringBackend):
    """A backend that works, as the library's own do."""

    priority = 5.0
    items: dict[tuple[str, str], str]

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring does not annotate it
        self.items = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.items.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.items[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.items[service, username]


class Absent(Memory):
    """A backend whose service does not run."""

    @properties.classproperty
    def priority(cls) -> float:  # noqa: N805
        raise RuntimeError("no bus")


class Locked(Memory):
    """The user did not unlock it."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("Failed to unlock the collection!")


class Dismissed(Memory):
    """What the Secret Service raises when no prompt can be shown."""

    def get_password(self, service: str, username: str) -> str | None:
        raise InitError("Failed to create the collection: Prompt dismissed..")


class SecretServiceNotAvailableException(Exception):  # noqa: N818 - secretstorage calls it so
    """Raised by secretstorage when the service went away."""


class Gone(Memory):
    """The service went away in mid-session."""

    def get_password(self, service: str, username: str) -> str | None:
        raise InitError("Failed") from SecretServiceNotAvailableException()


class Denying(Memory):
    """It refuses to keep anything; its words hold what it was given."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise PasswordSetError(f"refused {password}")


class Hanging(Memory):
    """Its prompt waits until somebody answers."""

    answered = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.answered.wait(30)
        return "late"


class WindowsLike(Memory):
    """Keeps 2,560 bytes of UTF-16 an item, as the Windows Credential Manager does."""

    def set_password(self, service: str, username: str, password: str) -> None:
        if len(password.encode("utf-16-le")) > 2_560:
            raise OSError(1783, "CredWrite", "The stub received bad data")
        super().set_password(service, username, password)


class DeniedByTheUser(Memory):
    """What the macOS backend raises when the user presses Deny in the Keychain's dialog."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("Can't get password from keychain: (-128, 'Unknown Error')")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise PasswordSetError("Can't store password on keychain: (-25293, 'Unknown Error')")


class Swallowing(Memory):
    """Takes everything and keeps nothing, as the library's null backend does."""

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


class AnotherUsers(Memory):
    """Answers every question with somebody else's secret."""

    def get_password(self, service: str, username: str) -> str | None:
        return "c29tZWJvZHkgZWxzZSdzIHNlY3JldCwgMzIgYnl0ZXM="


class NoItems(Memory):
    """Lost what it had been given."""

    def get_password(self, service: str, username: str) -> str | None:
        return None


class Garbage(Memory):
    """Answers with what is no text of ours at all."""

    def get_password(self, service: str, username: str) -> str | None:
        return "\x00\ud800 not base64"
