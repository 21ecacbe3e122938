"""L402 Desk: a desktop client for Lightning-paywalled HTTP APIs.

L402 puts a Lightning invoice and a token behind HTTP 402. The client asks, is challenged, pays the invoice, and asks
again with the token and the preimage that the payment revealed. The preimage is the receipt and the key.

**Layers.** Each line imports only lines below it; siblings never import each other.

- ``app``, ``cli``: composition roots: paths, settings, thread, window or terminal.
- ``ui``: widgets; ``ui.<feature>`` mirrors the package it shows.
- ``session``: the state that windows show (QtCore and QtGui, no widgets).
- ``engine``: performs an exchange's commands with the services: the one way money moves. No Qt.
- ``services``: what lives on the loop, opened and closed in one ``async with``.
- ``client``, ``wallets``, ``vault``, ``ledger``, ``sandbox``, ``worker``: siblings.
- ``store``: SQLite, sealing, the OS keyring: mechanisms without meaning.
- ``settings``: every preference once.
- ``protocol``: L402 as values and rules. No Qt, no asyncio, no files, no clock.

**Threads.** The GUI thread, and one ``QThread`` whose ``run()`` is ``asyncio.run``. Jobs go in by ``IoThread.submit``,
outcomes come home by one queued signal. Values that cross are frozen.

**A request's journey.** A ``RequestDraft`` is sent by ``client``; a 402 becomes a ``Challenge``, an ``Inspection``
tells whether it is safe to pay; the ``ledger`` commits the intent before a wallet is called or a QR is drawn; only a
preimage whose SHA-256 is the payment hash settles it; the token is sealed in the ``vault`` before it is used.
"""

__version__ = "0.1.0"
