"""What can go wrong with a send, in words: the kind, what happened, why, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What went wrong, for code that has to choose; people read the sentences."""

    BAD_REQUEST = "bad-request"  # the draft cannot be sent as it is
    INSECURE = "insecure"  # a credential would travel in the open
    UNKNOWN_HOST = "unknown-host"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    PRIVATE = "private-address"  # a public name led to this machine or its network
    TLS = "tls"
    CONNECT_TIMEOUT = "connect-timeout"
    IDLE_TIMEOUT = "idle-timeout"
    TOTAL_TIMEOUT = "total-timeout"
    DROPPED = "dropped"  # the connection ended before the answer did
    BAD_ANSWER = "bad-answer"  # not HTTP, or not by its rules
    BAD_ENCODING = "bad-encoding"  # the compressed body is damaged or unknown
    BOMB = "bomb"  # the compressed body expands beyond reason
    TOO_LARGE = "too-large"
    REDIRECT_LOOP = "redirect-loop"
    REDIRECT_REFUSED = "redirect-refused"
    DISK = "disk"  # the answer could not be kept


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that went wrong: a title of a few words, a sentence that says why, and what to do."""

    kind: Kind
    title: str
    sentence: str
    remedy: str = ""


class SendError(Exception):
    """The request was not sent, or no answer came. ``str(error)`` is the title and the sentence.

    Being cancelled is not an error: ``asyncio.CancelledError`` passes through.
    """

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(f"{trouble.title}. {trouble.sentence}")
        self.trouble = trouble

    @property
    def kind(self) -> Kind:
        return self.trouble.kind

    @property
    def title(self) -> str:
        return self.trouble.title

    @property
    def sentence(self) -> str:
        return self.trouble.sentence

    @property
    def remedy(self) -> str:
        return self.trouble.remedy


class DraftError(SendError):
    """The draft cannot be sent as it is; ``part`` says where: method, url, params, headers or body."""

    def __init__(self, part: str, sentence: str, remedy: str = "") -> None:
        super().__init__(Trouble(Kind.BAD_REQUEST, "This request cannot be sent", sentence, remedy))
        self.part = part
