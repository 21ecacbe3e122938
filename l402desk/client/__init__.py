"""Sending HTTP: a draft goes out as typed, an answer comes back bounded, spooled and timed.

`request` and `body` hold what a person builds, `urls` the one reading of an address. `outgoing` turns a draft into
requests and `client` sends them hop by hop: `redirects` decides about each, `transport` and `dialing` reach the host,
`receiving` takes the body through `decoding` into the `spool`, `timing` listens. `limits` bounds all of it; `errors`
has the words, `translation` the one table from foreign exceptions to them.

Importing this package, or what a window needs of it (`request`, `body`, `answer`, `errors`, `redirects`),
does not import httpx; only `client` and what it alone uses do.
"""
