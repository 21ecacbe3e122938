"""What a header table offers while a name or a value is typed."""

from __future__ import annotations

REQUEST_HEADERS = (
    "Accept",
    "Accept-Encoding",
    "Accept-Language",
    "Authorization",
    "Cache-Control",
    "Content-Encoding",
    "Content-Language",
    "Content-Type",
    "Cookie",
    "Date",
    "DNT",
    "Expect",
    "Forwarded",
    "From",
    "Idempotency-Key",
    "If-Match",
    "If-Modified-Since",
    "If-None-Match",
    "If-Range",
    "If-Unmodified-Since",
    "Last-Event-ID",
    "Origin",
    "Pragma",
    "Prefer",
    "Priority",
    "Range",
    "Referer",
    "TE",
    "Traceparent",
    "User-Agent",
    "X-Api-Key",
    "X-Correlation-ID",
    "X-Forwarded-For",
    "X-HTTP-Method-Override",
    "X-Request-ID",
    "X-Requested-With",
)

_MEDIA_TYPES = (
    "application/json",
    "application/x-www-form-urlencoded",
    "application/xml",
    "application/octet-stream",
    "text/plain",
    "text/html",
    "text/csv",
    "text/event-stream",
    "image/png",
    "image/jpeg",
)

_VALUES = {
    "accept": ("*/*", *_MEDIA_TYPES),
    "accept-encoding": ("identity", "gzip", "gzip, deflate"),
    "accept-language": ("en", "en-GB, en;q=0.8", "*"),
    "authorization": ("Bearer ", "Basic "),
    "cache-control": ("no-cache", "no-store", "max-age=0"),
    "content-type": _MEDIA_TYPES,
    "prefer": ("return=minimal", "return=representation", "respond-async"),
    "range": ("bytes=0-1023",),
}


def values_for(header: str) -> tuple[str, ...]:
    """Usual values of a request header, most usual first; empty where any text may stand."""
    return _VALUES.get(header.strip().lower(), ())
