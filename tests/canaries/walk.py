"""Sends recognisable secrets every way through the app, and then looks for them: ``python -m tests.canaries.walk``.

Every command runs in a process of its own with everything that can be logged on its standard error. Searched are both
outputs of each, and at the end every file below L402DESK_HOME and every sealed file that was exported. Exit status 1
if a secret was found where none may be. What only a person who asked for it sees (``--reveal``) is let through.
"""

from __future__ import annotations

import argparse
import gc
import json
import logging
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from l402desk.__main__ import main as l402desk
from l402desk.client.body import TextBody
from l402desk.client.fields import Field
from l402desk.client.request import RequestDraft
from l402desk.engine.journey import Journey
from l402desk.services import Services
from l402desk.vault.vault import Vault
from tests.canaries.canaries import Cage, Hit
from tests.canaries.purses import PURSES
from tests.crash.flows import tell
from tests.crash.homes import import_everything, look, new_home, stretch_quickly
from tests.harness.dying import Ended, Main, run
from tests.harness.lnbits import LIES
from tests.harness.market import Market, market

COOKIE = "canary-cookie-5e0e1c9d1f"
HEADER = "canary-header-8a2b5c7d9e"
QUERY = "canary-query-4f6a8b0c2d"
BODY = "canary-body-1b3d5f7a9c"
ELSEWHERE = "canary-basic-7c1e3a5d9b"
EXPORT = "canary export passphrase 3b7f"
PASSPHRASE = "canary vault passphrase 9d2c"
NWC = PURSES["Nwc"].secret
TOKEN_OF_AN_IMPORT = "AgEEbHNhdAJCAADcanaryImportedMacaroonF7bT2Yn8RbZ1kQp5sVw3x9u7t5r3p1n0"
TOKENS = "the credential of a token", "the preimage of a token"
ANSWERED = "a query", TOKENS[0]
"""What `send --json` tells: the address as it was typed, and the headers of an answer that asks for money."""
SLOW = ("hang", "look-up-hang", "hang-before", "huge", "deep")


@dataclass(frozen=True, slots=True)
class Way:
    """One way through the app. ``revealed`` are the canaries that its standard output may hold, and nothing else."""

    name: str
    main: Main
    heard: bytes = b""
    revealed: tuple[str, ...] = ()


class Walk:
    """A home, a market, and what was said on the way."""

    def __init__(self, folder: Path, stalls: Market) -> None:
        self.folder = folder
        self.market = stalls
        self.home = new_home(folder / "home")
        self.home.passphrase_file.write_text(f"{PASSPHRASE}\n")
        (folder / "export-passphrase").write_text(f"{EXPORT}\n")
        self.said: list[tuple[Way, Ended]] = []
        self.cage = Cage()

    def take(self, path: Way) -> Ended:
        ended = run(_loudly(path.main), self.home.environ, heard=path.heard, patience=60)
        self.said.append((path, ended))
        return ended

    # Ways through the app.

    def sending(self) -> Iterator[Way]:
        url = self.market.url
        yield self._send("price", "/good/price", pay=False)
        for manner in ("good", "once", "forever", "refuse", "fail", "drop"):
            yield self._send(f"buy, {manner}", f"/{manner}/bought")
            yield self._send(f"again, {manner}", f"/{manner}/bought")
        yield self._send("as text", "/good/text", "--pay", pay=False, as_json=False)
        yield self._send("to a file", "/good/file", "-o", str(self.folder / "answer"))
        yield self._send("too dear", "/good/dear", "--max-sats", "1")
        yield self._send("follow", "/good/follow", "--follow")
        yield self._send("no token", "/good/bought", "--no-token")
        yield self._path("nobody there", "send", "GET", f"http://127.0.0.1:1/?key={QUERY}", "--json", revealed=ANSWERED)
        yield self._path("bad address", "send", "GET", f"http://user:{ELSEWHERE}@[x/?k={QUERY}", *self._secrets())
        yield self._path("no such wallet", "send", "GET", f"{url}/good/x?{QUERY}", "--pay", "--wallet", "nobody")
        connections = {name: purse.connection for name, purse in PURSES.items()}
        for name, connection in {**connections, "odd": f"lnbits+ftp://x?key={NWC}"}.items():
            yield self._path(f"pay by {name}", "send", "GET", f"{url}/good/x", "--pay", "--wallet", connection)

    def lying(self, lies: Sequence[str]) -> Iterator[tuple[str, Way]]:
        for lie in lies:
            wait = "0.2" if lie in SLOW else "0.5"
            yield lie, self._send(f"wallet lies: {lie}", f"/good/{lie}", "--wait", wait)

    def keeping(self) -> Iterator[Way]:
        token, payment = self._ids()
        sealed, words = self.folder / "sealed", ("--passphrase-file", str(self.folder / "export-passphrase"))
        foreign = self.folder / "foreign.json"
        foreign.write_text(json.dumps({"token": f"{TOKEN_OF_AN_IMPORT}:{NWC}", "url": f"{self.market.url}/x?{QUERY}"}))
        yield self._path("wallets add", "wallets", "add", "Canary", "-", heard=self.market.connection)
        for name, purse in PURSES.items():
            yield self._path(f"wallets add {name}", "wallets", "add", name, "-", heard=purse.connection)
            yield self._path(f"wallets test {name}", "wallets", "test", name)
            yield self._path(f"wallets show {name}", "wallets", "show", name)
        yield self._path("wallets add twice", "wallets", "add", "Canary", "-", heard=self.market.connection)
        tries: tuple[tuple[str, ...], ...] = (
            ("list",), ("list", "--json"), ("test", "Canary"), ("default", "Canary"), ("disconnect", "Lnd"),
            ("connect", "Lnd"),
        )  # fmt: skip
        for words_ in tries:
            yield self._path(f"wallets {' '.join(words_)}", "wallets", *words_)
        purses = ("the wallet's key", *(purse.canary for purse in PURSES.values()))
        yield self._path("wallets reveal", "wallets", "list", "--reveal", revealed=purses)
        tries = (("list",), ("list", "--json"), ("list", "--trashed"), ("list", "--pending"), ("show", token))
        for words_ in tries:
            yield self._path(f"tokens {words_[0]} {len(words_)}{words_[-1][:2]}", "tokens", *words_)
        yield self._path("tokens show json", "tokens", "show", token, "--json")
        yield self._path("tokens reveal", "tokens", "show", token, "--reveal", revealed=TOKENS)
        yield self._path("tokens export", "tokens", "export", str(sealed), *words)
        yield self._path("tokens export again", "tokens", "export", str(sealed), *words)
        yield self._path("tokens import", "tokens", "import", str(sealed), *words)
        yield self._path("tokens import, no passphrase", "tokens", "import", str(sealed))
        yield self._path("tokens import foreign", "tokens", "import", str(foreign), "--from", "json")
        yield self._path("tokens import odd", "tokens", "import", str(self.home.passphrase_file), "--from", "lnget")
        yield self._path("tokens forget", "tokens", "forget", token, "--yes")
        yield self._path("tokens restore", "tokens", "restore", token)
        tries = (("list",), ("list", "--json"), ("list", "--csv"), ("list", "--sums", "host"), ("show", payment))
        for words_ in tries:
            yield self._path(f"payments {' '.join(words_)[:12]}", "payments", *words_)
        exchange = ("payments", "show", payment, "--exchange")
        yield self._path("payments exchange", *exchange, revealed=("a body",))
        yield self._path("payments exchange json", *exchange, "--json", revealed=("a body",))
        yield self._path("payments reveal", "payments", "show", payment, "--reveal", revealed=TOKENS)
        yield self._path("payments resolve", "payments", "resolve", payment)
        yield self._path("payments wrong proof", "payments", "resolve", payment, "--proof", "-", heard=NWC)
        yield self._path("doctor", "doctor")
        yield self._path("doctor json", "doctor", "--json")

    def breaking(self) -> Iterator[Way]:
        for name, broken in (("the vault", _with_a_bug), ("a wallet", _with_a_bug_in_the_wallet)):
            whole = self._send(f"a bug in {name}", f"/good/{name[-5:]}")
            yield replace(whole, main=broken(whole.main))
        yield self._path("odd options", "send", "GET", "--wat", QUERY, f"{self.market.url}/x")
        yield self._path("odd header", "send", "GET", f"{self.market.url}/x", "-H", HEADER)
        yield Way("every value's repr", self.home.job(partial(_show_everything, self.market)))
        yield Way("a new key", self.home.job(_rotate))
        yield Way("a backup", self.home.job(partial(_back_up, self.folder / "backup.l402backup")))

    def locked(self) -> Iterator[Way]:
        """With another passphrase, which is as secret: it may be the right one of something else."""
        yield self._send("locked, send", "/good/locked")
        for words in (("tokens", "list"), ("payments", "list"), ("wallets", "list"), ("doctor",)):
            yield self._path(f"locked, {words[0]}", *words)

    def _send(self, name: str, path: str, *more: str, pay: bool = True, as_json: bool = True) -> Way:
        words = ["send", "POST", f"{self.market.url}{path}?api_key={QUERY}", *self._secrets(), "-d", BODY, *more]
        words += ["--pay"] if pay else []
        words += ["--json"] if as_json else []
        words += ["--wait", "3"] if "--wait" not in more else []
        heard = self.market.connection
        return self._path(name, *words, "--wallet", "-", heard=heard, revealed=ANSWERED)

    def _secrets(self) -> tuple[str, ...]:
        return ("-H", f"Cookie: session={COOKIE}", "-H", f"X-Api-Key: {HEADER}")

    def _path(self, name: str, *words: str, heard: str = "", revealed: tuple[str, ...] = ()) -> Way:
        return Way(name, lambda: l402desk(list(words)), heard.encode(), revealed)

    def _ids(self) -> tuple[str, str]:
        content = look(self.home)
        settled = next(p for p in content.purchases if p["state"] == "settled")
        token = next(t for t in content.tokens if t["purchase"] == settled["id"])
        return str(token["id"]), str(settled["id"])

    # What must not be found.

    def know(self) -> None:
        """Fill the cage: what was given to the app, and what it made and bought."""
        for name, secret in (
            ("a cookie", COOKIE), ("a header", HEADER), ("a query", QUERY), ("a body", BODY), ("a password", ELSEWHERE),
            ("the vault's passphrase", PASSPHRASE), ("an export's passphrase", EXPORT),
            ("an imported token", TOKEN_OF_AN_IMPORT), ("the wallet's key", self.market.key),
            *((purse.canary, purse.secret) for purse in PURSES.values()),
        ):  # fmt: skip
            self.cage.add(name, secret)
        key = run(self.home.job(_tell_key), self.home.environ)
        self.cage.add("the data key", bytes.fromhex(key.out.strip()))
        for token in look(self.home).tokens:
            self.cage.add(TOKENS[0], str(token["credential"]))
            self.cage.add(TOKENS[1], str(token["proof"]))

    def hits(self) -> list[Hit]:
        found: list[Hit] = []
        for path, ended in self.said:
            found += self.cage.search(ended.out.encode(), f"the output of “{path.name}”", but=path.revealed)
            found += self.cage.search(ended.err.encode(), f"the log of “{path.name}”")
        found += self.cage.search_folder(self.home.folder)
        for file in ("sealed", "backup.l402backup"):
            found += self.cage.search((self.folder / file).read_bytes(), file)
        return found


def _loudly(main: Main) -> Main:
    """With every logger there is on standard error, as somebody who hunts a bug would have it."""

    def go() -> int:
        logging.basicConfig(level=logging.DEBUG, stream=sys.stderr, force=True)
        return main()

    return go


def _with_a_bug(main: Main) -> Main:
    async def keep(*_: object) -> None:
        raise ZeroDivisionError("a bug of ours")

    def go() -> int:
        Vault.keep = keep  # type: ignore[assignment,method-assign]
        return main()

    return go


def _with_a_bug_in_the_wallet(main: Main) -> Main:
    def go() -> int:
        from l402desk.wallets import lnbits

        async def pay(*_: object, **__: object) -> None:
            raise ZeroDivisionError("a bug of ours")

        for value in vars(lnbits).values():
            if isinstance(value, type) and value.__module__ == lnbits.__name__ and hasattr(value, "pay"):
                value.pay = pay
        return main()

    return go


async def _show_everything(stalls: Market, services: Services) -> int:
    """Buy something, keep every object of it, and show them all."""
    from l402desk.cli.send_wallet import connect
    from l402desk.wallets.connection import read_connection

    headers = (Field("Cookie", f"session={COOKIE}"), Field("X-Api-Key", HEADER))
    draft = RequestDraft("POST", f"{stalls.url}/good/shown?api_key={QUERY}", headers=headers, body=TextBody(BODY))
    views: list[object] = []
    journey = Journey(draft)
    name = connect(services, read_connection(stalls.connection))
    await journey.send(services, views.append)
    await journey.open_payment(services, views.append)
    view = await journey.pay_with(services, views.append, wallet=name)
    assert view.token is not None
    kept = await services.vault.reveal(view.token.id)
    secrets = await services.ledger.secrets(view.purchase.id) if view.purchase else None
    shown = {type(thing).__name__ for thing in _ours()}
    for thing in _ours():
        print(repr(thing), str(thing), f"{thing}")
    assert {"Token", "Preimage", "Purchase", "RequestDraft", "JourneyView", "Services"} <= shown, shown
    del kept, secrets
    return 0


def _ours() -> list[object]:
    return [thing for thing in gc.get_objects() if type(thing).__module__.startswith("l402desk.")]


async def _rotate(services: Services) -> int:
    await services.rotate_key()
    return 0


async def _back_up(target: Path, services: Services) -> int:
    from l402desk.store.backup import make
    from l402desk.store.passphrase import Cost

    seal = services.keys._seal
    assert seal is not None
    await make(services.database.path, seal, target, EXPORT, cost=Cost(1, 1024, 1))
    return 0


async def _tell_key(services: Services) -> int:
    seal = services.keys._seal
    assert seal is not None
    print(seal.key().hex())
    return 0


def walk(folder: Path, *, lies: Sequence[str]) -> tuple[int, int, list[Hit], Ends]:
    """How many paths were taken, how many canaries were searched for, what was found, and how the paths ended."""
    with market(folder / "market") as stalls:
        one = Walk(folder, stalls)
        for path in one.sending():
            one.take(path)
        for lie, path in one.lying(lies):
            tell(stalls, lie)
            one.take(path)
        tell(stalls, "")
        for paths in (one.keeping, one.breaking):
            for path in paths():
                one.take(path)
        one.know()
        one.home.passphrase_file.write_text(f"{EXPORT}\n")
        for path in one.locked():
            one.take(path)
        one.home.passphrase_file.write_text(f"{PASSPHRASE}\n")
        ends = {path.name: ended.status for path, ended in one.said}
        return len(one.said), len(one.cage.canaries), one.hits(), ends


Ends = dict[str, int]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.canaries.walk")
    parser.add_argument("--statuses", action="store_true", help="how each path ended")
    parser.add_argument("--lies", type=int, default=len(LIES), help="how many of the wallet's lies (default: all)")
    options = parser.parse_args(argv)
    import_everything()
    stretch_quickly()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="canaries-") as folder:
        paths, canaries, hits, ends = walk(Path(folder), lies=list(LIES)[: options.lies])
    print(f"canaries: {canaries} secrets, {paths} ways, {len(hits)} hits, {time.monotonic() - began:.0f} s")
    for hit in hits[:60]:
        print(f"  {hit.canary} in {hit.where}")
    if options.statuses:
        print(json.dumps(ends, indent=1))
    return int(bool(hits))


if __name__ == "__main__":
    sys.exit(main())
