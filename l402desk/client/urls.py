"""One reading of an address, for policy and wire alike: what is checked is what is asked (RFC 3986)."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote

from l402desk.client.limits import DEFAULT_LIMITS
from l402desk.protocol.errors import OriginError
from l402desk.protocol.origin import DEFAULT_PORTS, Origin

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*(?=:)")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
# RFC 3986, appendix A: pchar, "/" and, in the query, "?"; "%" is looked at before.
_PATH_SAFE = "/:@!$&'()*+,;=-._~%"
_QUERY_SAFE = _PATH_SAFE + "?[]"


class UrlError(ValueError):
    """An address that cannot be asked for; ``str(error)`` is one sentence, without the address itself."""


@dataclass(frozen=True, slots=True)
class Url:
    """An http or https address in canonical form: ASCII, no user-info, no fragment, dot segments resolved."""

    origin: Origin
    path: str
    query: str | None

    @property
    def target(self) -> str:
        """What stands in the request line."""
        return self.path if self.query is None else f"{self.path}?{self.query}"

    def __str__(self) -> str:
        return f"{self.origin}{self.target}"


def read_url(text: str) -> Url:
    """Read a typed address. Raises UrlError.

    Only a scheme is added: ``http`` for this machine, ``https`` for any other host. Characters that may not
    stand in an address are percent-encoded as UTF-8; a fragment is dropped; user-info is refused.
    """
    text = text.strip(" \t\r\n")
    _refuse_unreadable(text)
    scheme, rest = _split_scheme(text)
    authority, tail = _split_authority(rest)
    if scheme is None:
        scheme = "http" if _origin("http", authority).is_loopback else "https"
    return _build(_origin(scheme, authority), tail)


def resolve(base: Url, reference: str) -> Url:
    """Where a Location leads. Raises UrlError for what programs are known to read in different ways."""
    text = reference.strip(" \t")
    _refuse_unreadable(text)
    if "\\" in text:
        raise UrlError("It contains a backslash, which programs read in different ways")
    if match := _SCHEME.match(text):
        scheme, rest = match[0].lower(), text[match.end() + 1 :]
        if scheme not in DEFAULT_PORTS:
            raise UrlError(f"It leads to a {scheme}: address; only http and https are followed")
        if not rest.startswith("//"):
            raise UrlError("It names no host, which programs read in different ways")
        return _absolute(scheme, rest[2:])
    if text.startswith("//"):
        return _absolute(base.origin.scheme, text[2:])
    return _relative(base, text.partition("#")[0])


def encode_component(text: str) -> str:
    """A name or value of a query, percent-encoded as UTF-8; only unreserved characters stay."""
    return quote(text, safe="-._~")


def _absolute(scheme: str, rest: str) -> Url:
    authority, tail = _split_authority(rest)
    return _build(_origin(scheme, authority), tail)


def _relative(base: Url, text: str) -> Url:
    if not text:
        return base
    if text.startswith("?"):
        return Url(base.origin, base.path, _encode(text[1:], _QUERY_SAFE))
    if text.startswith("/"):
        return _build(base.origin, text)
    return _build(base.origin, base.path.rpartition("/")[0] + "/" + text)


def _refuse_unreadable(text: str) -> None:
    if len(text) > DEFAULT_LIMITS.url_chars:
        raise UrlError(f"The address is longer than {DEFAULT_LIMITS.url_chars} characters")
    for character in text:
        if character < " " or "\x7f" <= character <= "\x9f":
            raise UrlError(f"The address contains a control character (U+{ord(character):04X})")
        if "\ud800" <= character <= "\udfff":
            raise UrlError("The address contains half a character (a lone surrogate)")


def _split_scheme(text: str) -> tuple[str | None, str]:
    if not text:
        raise UrlError("There is no address yet")
    before, separator, rest = text.partition("://")
    if separator and not set(before) & set("/?#"):
        if before.lower() not in DEFAULT_PORTS:
            raise UrlError("An address starts with http:// or https://")
        return before.lower(), rest
    if text.startswith("//"):
        return None, text[2:]
    # "localhost:8080" is a host and its port, "mailto:x" is another scheme.
    if (match := _SCHEME.match(text)) and not re.match(r":[0-9]*([/?#]|$)", text[match.end() :]):
        if "@" in text and match[0].lower() not in {"mailto", "javascript", "data", "file"}:
            raise UrlError("The address contains a user name or password; send them as a header instead")
        raise UrlError("An address starts with http:// or https://")
    return None, text


def _split_authority(rest: str) -> tuple[str, str]:
    end = min((at for at in map(rest.find, "/?#\\") if at >= 0), default=len(rest))
    if rest[end : end + 1] == "\\":
        raise UrlError("A backslash follows the host; write / instead")
    return rest[:end], rest[end:]


def _origin(scheme: str, authority: str) -> Origin:
    if "@" in authority:
        raise UrlError("The address contains a user name or password; send them as a header instead")
    if not authority:
        raise UrlError("The address names no host")
    if "%" in authority or " " in authority:
        raise UrlError("The host contains a character that no host name has")
    try:
        origin = Origin.of(f"{scheme}://{authority if authority.isascii() else _to_ascii(authority)}/")
    except OriginError as error:
        raise UrlError(error.message) from error
    if origin.port == 0:
        raise UrlError("Port 0 cannot be reached")
    return Origin(origin.scheme, _canonical_host(origin.host), origin.port)


def _to_ascii(authority: str) -> str:
    """Punycode as browsers write it (UTS 46, IDNA 2008); the codec of the standard library makes ß an ss."""
    import idna  # noqa: PLC0415 - its tables are large and few hosts need them

    host, colon, port = authority.partition(":")
    try:
        return idna.encode(host, uts46=True).decode("ascii") + colon + port
    except idna.IDNAError as error:
        raise UrlError("The host is no international name that can be looked up") from error


def _canonical_host(host: str) -> str:
    if ":" in host:
        try:
            return ipaddress.IPv6Address(host).compressed
        except ValueError as error:
            raise UrlError("The host is no IPv6 address") from error
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        # 2130706433, 0x7f.1 and 127.1 are this machine to some programs and a name to others.
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError as error:
            raise UrlError("An IP address has four decimal numbers, as in 192.0.2.1") from error
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise UrlError("The host contains a character that no host name has, or an empty part")
    return host


def _build(origin: Origin, tail: str) -> Url:
    before_fragment = tail.partition("#")[0]
    path, question, query = before_fragment.partition("?")
    return Url(
        origin,
        _without_dots(_encode(path, _PATH_SAFE)),
        _encode(query, _QUERY_SAFE) if question else None,
    )


def _encode(text: str, safe: str) -> str:
    return quote(_LONE_PERCENT.sub("%25", text), safe=safe)


def _without_dots(path: str) -> str:
    """RFC 3986, 5.2.4: "." and ".." mean what they mean, and never more than the root."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments and segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)
