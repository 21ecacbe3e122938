"""The query of a URL as rows, and back, changing nothing that nobody edited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote_plus

# The WHATWG URL "query percent-encode set", read from the other side: what may stand in a value as it is.
# "&", "+", "%" and "#" would change the meaning, "=" only in a name. {{variables}} stay readable.
_PLAIN_IN_VALUE = "!$'()*,-./:;=?@[\\]^_`{|}~"
_PLAIN_IN_NAME = _PLAIN_IN_VALUE.replace("=", "")


@dataclass(frozen=True, slots=True)
class Param:
    """One ``name=value`` of a query.

    ``raw_name`` and ``raw_value`` are how the URL spells the two; each wins until somebody edits that part.
    ``bare`` is a name without ``=``.
    """

    name: str = ""
    value: str = ""
    enabled: bool = True
    raw_name: str | None = None
    raw_value: str | None = None
    bare: bool = False

    def spelled(self) -> str:
        """The row as it stands in a URL."""
        name = _encoded(self.name, _PLAIN_IN_NAME) if self.raw_name is None else self.raw_name
        value = _encoded(self.value, _PLAIN_IN_VALUE) if self.raw_value is None else self.raw_value
        return name if self.bare else f"{name}={value}"

    def __bool__(self) -> bool:
        """Whether there is anything to send; a lone ``=`` counts until somebody edits it."""
        return bool(self.name or self.value or (self.raw_name is not None and self.raw_value is not None))

    def with_name(self, text: str) -> Param:
        return replace(self, name=text, raw_name=_respelled(text, self.name, self.raw_name, _PLAIN_IN_NAME))

    def with_value(self, text: str) -> Param:
        raw = _respelled(text, self.value, self.raw_value, _PLAIN_IN_VALUE)
        return replace(self, value=text, raw_value=raw, bare=self.bare and not text)


def _respelled(text: str, old: str, raw: str | None, plain: str) -> str | None:
    """What is shown percent-encoded, because decoding would lose something, is edited so too."""
    shown_spelled = raw is not None and raw == old and "%" in raw
    return _encoded(text, plain + "%") if shown_spelled else None


def _encoded(text: str, plain: str) -> str:
    return quote(text, safe=plain, errors="replace")


def _cut(url: str) -> tuple[str, str | None, str]:
    """What is before the query, the query without ``?`` or None, and the fragment with ``#``."""
    front, mark, fragment = url.partition("#")
    before, question, query = front.partition("?")
    return before, query if question else None, mark + fragment


def read_params(url: str) -> tuple[Param, ...]:
    """The rows of a URL's query in order, repeated names kept, each remembering its own spelling."""
    query = _cut(url)[1]
    return tuple(_read(segment) for segment in (query or "").split("&") if segment)


def _read(segment: str) -> Param:
    name, equals, value = segment.partition("=")
    return Param(_decoded(name), _decoded(value), True, name, value, not equals)


def _decoded(text: str) -> str:
    """Percent-decoded where that loses nothing: invalid UTF-8 and control characters stay spelled out."""
    try:
        plain = unquote_plus(text, errors="strict")
    except UnicodeDecodeError:
        return text
    return plain if plain.isprintable() else text


def url_with(url: str, params: Iterable[Param]) -> str:
    """``url`` with exactly the enabled, non-empty rows as its query. Path and fragment are not touched."""
    before, _, fragment = _cut(url)
    query = "&".join(row.spelled() for row in params if row.enabled and row)
    return f"{before}?{query}{fragment}" if query else before + fragment


def merged(old: tuple[Param, ...], url: str) -> tuple[Param, ...]:
    """The rows after somebody typed in the URL: the query's own, the switched-off ones where they stood."""
    fresh = read_params(url)
    rows: list[Param] = []
    used = 0
    for row in old:
        if row.enabled:
            rows.extend(fresh[used : used + 1])
            used += 1
        else:
            rows.append(row)
    return (*rows, *fresh[used:])


def shared_front(left: Sequence[object], right: Sequence[object]) -> int:
    """How many rows, or characters, the two share before they differ."""
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count
