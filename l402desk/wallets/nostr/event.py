"""Events of Nostr (NIP-01): made and signed with our key, or read and verified from what somebody says."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from coincurve import PublicKeyXOnly

from l402desk.wallets.nostr.errors import BadEvent
from l402desk.wallets.nostr.keys import KEY, private_key, x_of

Tags = tuple[tuple[str, ...], ...]

MOST_KIND = 65_535
MOST_SECONDS = 2**53
MOST_TAGS = 1_000
MOST_CHARACTERS = 262_144
"""Of the content; all the texts in the tags together may have as many."""
_SIGNATURE = re.compile(r"[0-9a-f]{128}")
_ESCAPED = str.maketrans({"\n": "\\n", '"': '\\"', "\\": "\\\\", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"})


@dataclass(frozen=True, slots=True)
class Event:
    """A signed event. Only ``sign`` and ``Event.read`` make one, so its id and signature are right.

    ``id``, ``pubkey`` and ``sig`` are lower-case hex; ``created_at`` is what its author says, in unix seconds.
    """

    id: str
    pubkey: str
    created_at: int
    kind: int
    tags: Tags
    content: str = field(repr=False)
    sig: str = field(repr=False)

    @classmethod
    def read(cls, value: object) -> Event:
        """The event that a value of JSON is. Raises BadEvent unless it is whole, and its id and signature its own."""
        if not isinstance(value, Mapping):
            raise BadEvent("no object")
        event = cls(
            _text(value, "id", KEY),
            _text(value, "pubkey", KEY),
            _number(value, "created_at", MOST_SECONDS),
            _number(value, "kind", MOST_KIND),
            _tags(value.get("tags")),
            _content(value.get("content")),
            _text(value, "sig", _SIGNATURE),
        )
        event._verify()
        return event

    def values(self, name: str) -> tuple[str, ...]:
        """The first value of each tag of this name."""
        return tuple(tag[1] for tag in self.tags if len(tag) > 1 and tag[0] == name)

    def to_json(self) -> str:
        """The object that relays take, as one line of JSON."""
        known = {
            "id": self.id,
            "pubkey": self.pubkey,
            "created_at": self.created_at,
            "kind": self.kind,
            "tags": self.tags,
            "content": self.content,
            "sig": self.sig,
        }
        return json.dumps(known, ensure_ascii=False, separators=(",", ":"))

    def _verify(self) -> None:
        claimed = bytes.fromhex(self.id)
        if claimed not in _ids(self.pubkey, self.created_at, self.kind, self.tags, self.content):
            raise BadEvent("the id is not its own")
        try:
            if PublicKeyXOnly(bytes.fromhex(self.pubkey)).verify(bytes.fromhex(self.sig), claimed):
                return
        except ValueError as error:
            raise BadEvent("the author's key is not on the curve") from error
        raise BadEvent("the signature is not its author's")


def sign(secret: bytes, kind: int, tags: Iterable[Sequence[str]], content: str, created_at: int) -> Event:
    """A new event of ours. Raises Undecipherable for what is no secret key."""
    private, ours = private_key(secret), tuple(tuple(tag) for tag in tags)
    author = x_of(private)
    digest = hashlib.sha256(canonical(author, created_at, kind, ours, content).encode()).digest()
    return Event(digest.hex(), author, created_at, kind, ours, content, private.sign_schnorr(digest).hex())


def canonical(pubkey: str, created_at: int, kind: int, tags: Tags, content: str) -> str:
    """The text whose SHA-256 is an event's id: seven characters escaped, all others as they are (NIP-01)."""
    listed = ",".join("[" + ",".join(map(_quoted, tag)) + "]" for tag in tags)
    return f"[0,{_quoted(pubkey)},{created_at},{kind},[{listed}],{_quoted(content)}]"


def _quoted(text: str) -> str:
    return f'"{text.translate(_ESCAPED)}"'


def _ids(pubkey: str, created_at: int, kind: int, tags: Tags, content: str) -> tuple[bytes, ...]:
    """The ids that such an event may have: NIP-01's own, and the one that JSON libraries lead to.

    They differ where a control character stands, which JSON writes as ``\\u00xx`` and NIP-01 as it is. As ``\\u`` is
    in no text that NIP-01 makes, no event can pass for another one by that.
    """
    fields = (0, pubkey, created_at, kind, tags, content)
    try:
        usual = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
        exact = canonical(pubkey, created_at, kind, tags, content).encode() if "\\u00" in usual.decode() else usual
    except UnicodeEncodeError as error:
        raise BadEvent("half a character") from error
    return tuple(hashlib.sha256(text).digest() for text in {usual, exact})


def _text(value: Mapping[Any, Any], name: str, form: re.Pattern[str]) -> str:
    text = value.get(name)
    if not isinstance(text, str) or not form.fullmatch(text):
        raise BadEvent(f"no {name}")
    return text


def _number(value: Mapping[Any, Any], name: str, most: int) -> int:
    number = value.get(name)
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= most:
        raise BadEvent(f"no {name}")
    return number


def _content(content: object) -> str:
    if not isinstance(content, str) or len(content) > MOST_CHARACTERS:
        raise BadEvent("no content")
    return content


def _tags(tags: object) -> Tags:
    if not isinstance(tags, list) or len(tags) > MOST_TAGS:
        raise BadEvent("no tags")
    read: list[tuple[str, ...]] = []
    characters = 0
    for tag in tags:
        if not isinstance(tag, list) or not all(isinstance(part, str) for part in tag):
            raise BadEvent("no tag")
        characters += sum(map(len, tag)) + len(tag)
        if characters > MOST_CHARACTERS:
            raise BadEvent("too long tags")
        read.append(tuple(tag))
    return tuple(read)
