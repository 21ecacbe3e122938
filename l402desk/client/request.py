"""A request as a person builds it: a draft, perhaps unfinished, that says why it cannot be sent yet."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from l402desk.client.body import Body, NoBody, content_type_of, payload_of
from l402desk.client.errors import DraftError
from l402desk.client.fields import TOKEN, Field, checked_headers
from l402desk.client.urls import Url, UrlError, encode_component, read_url
from l402desk.protocol.origin import Origin

__all__ = ["KNOWN_METHODS", "Field", "RequestDraft"]

_NOTHING = NoBody()
KNOWN_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY", "TRACE")


@dataclass(frozen=True, slots=True)
class RequestDraft:
    """Building one never fails, so half-typed ones can be kept; reading it as a request raises DraftError.

    A method that is known in capitals is put in capitals ("get"), any other token is sent as typed. A typed
    Authorization header is the user's own; where a held token is sent with the draft, the token takes its
    place.
    """

    method: str = "GET"
    url: str = field(default="", repr=False)
    """Its query may hold a key."""
    params: tuple[Field, ...] = ()
    headers: tuple[Field, ...] = ()
    body: Body = _NOTHING
    is_foreign: bool = field(default=False, compare=False)
    """Filled in by a link or an import: it is sent when a person says so, and never paid for by itself."""

    def __post_init__(self) -> None:
        method = self.method.strip(" ")
        object.__setattr__(self, "method", method.upper() if method.upper() in KNOWN_METHODS else method)

    def full_url(self) -> str:
        """The address as it goes out: with its scheme, parameters after its own query, without a fragment."""
        return str(self.address())

    @property
    def origin(self) -> Origin:
        """Where the request goes, and where alone its secrets may go."""
        return self.address().origin

    def address(self) -> Url:
        """`full_url`, in its parts. Raises DraftError."""
        try:
            url = read_url(self.url)
        except UrlError as error:
            raise DraftError("url", str(error)) from error
        pairs = "&".join(_pair(field) for field in self.params if field.counts)
        if not pairs:
            return url
        return replace(url, query=f"{url.query}&{pairs}" if url.query else pairs)

    def wire_headers(self) -> tuple[tuple[str, str], ...]:
        """The typed headers, and the body's Content-Type unless one is typed. Raises DraftError."""
        headers = checked_headers(self.headers)
        content_type = content_type_of(self.body)
        if content_type is None or any(name.lower() == "content-type" for name, _value in headers):
            return headers
        return headers + checked_headers((Field("Content-Type", content_type),))

    def check(self) -> None:
        """Raises DraftError where the draft cannot be sent as it is; files are looked at when it is sent."""
        if not TOKEN.fullmatch(self.method):
            raise DraftError("method", "A method is one word of letters, such as GET" if self.method else "No method")
        if self.method.upper() == "CONNECT":
            raise DraftError("method", "CONNECT is for proxies and is not sent")
        self.address()
        self.wire_headers()
        payload_of(self.body)


def _pair(field: Field) -> str:
    if not field.name:
        raise DraftError("params", "A parameter has a value but no name", "Name it, or switch it off.")
    try:
        return f"{encode_component(field.name)}={encode_component(field.value)}"
    except UnicodeEncodeError as error:
        raise DraftError("params", "A parameter contains half a character (a lone surrogate)") from error
