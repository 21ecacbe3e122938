"""The flows that are killed: how each begins, what is run and run again, and what must hold whenever it was killed."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from l402desk.__main__ import main as l402desk
from l402desk.services import Services
from l402desk.store.backup import make
from l402desk.store.passphrase import Cost
from tests.crash import careless
from tests.crash.homes import PASSPHRASE, Content, Home, look, new_home, only_owner_reads, remember_stretching
from tests.fakes.purchased import new_token
from tests.harness.dying import Ended, Main, run
from tests.harness.market import Market
from tests.schemas.make import HERE as FIXTURES
from tests.schemas.make import fill_ledger, fill_vault

TOKENS = 5
"""What `fill_vault` makes."""

LATER_S = (2 * 3600, 2 * 3600 + 90, 2 * 3600 + 180, 2 * 3600 + 270, 2 * 3600 + 360)
"""Seconds ahead at which it is run once more where the wallet never heard of the payment: its invoice has run out."""


class Flow(ABC):
    """``template`` is the home that every run begins with a copy of."""

    name: str

    def __init__(self, market: Market, folder: Path) -> None:
        self.market = market
        folder.mkdir(parents=True, exist_ok=True)
        self.template = new_home(folder / "template")
        self.prepare()

    def prepare(self) -> None:  # noqa: B027 - some begin with nothing
        """Fill the template."""

    @abstractmethod
    def main(self, home: Home, name: str) -> Main:
        """What runs, is killed, and is run again. ``name`` tells this run from all others."""

    @abstractmethod
    def trouble(self, home: Home, name: str) -> list[str]:
        """After a kill and a restart: sentences about what is wrong."""


class First(Flow):
    """The first start there ever was: folders, database, tables, a vault under a passphrase."""

    name = "first"

    def main(self, home: Home, name: str) -> Main:
        return home.job(_nothing)

    def trouble(self, home: Home, name: str) -> list[str]:
        return [*look(home).troubles, *_readable_by_others(home)]


class Buy(Flow):
    """``l402desk send … --pay``, to the delivered answer."""

    name = "buy"
    manner = "good"

    def prepare(self) -> None:
        assert run(self.template.job(_nothing), self.template.environ).status == 0

    def main(self, home: Home, name: str) -> Main:
        return self._command(self.path(name))

    def path(self, name: str) -> str:
        return f"/{self.manner}/{name}"

    def _command(self, path: str, *, wait: str = "5", ahead: int = 0) -> Main:
        url = f"{self.market.url}{path}" + (f"?ahead={ahead}" if ahead else "")
        words = ["send", "GET", url, "--pay", "--wallet", self.market.connection, "--json", "--wait", wait]
        return _ahead(ahead, lambda: l402desk(words))

    def trouble(self, home: Home, name: str) -> list[str]:
        path = self.path(name)
        paid = self.market.paid(path)
        if len(paid) > 1:
            return [f"money left {len(paid)} times before the restart"]
        ended = self._until_answered(home, path)
        wrong = _not_answered(ended)
        paid = self.market.paid(path)
        if len(paid) != 1:
            wrong.append(f"money left {len(paid)} times")
        content = look(home)
        return [*wrong, *content.troubles, *_not_kept(content, path, paid), *_readable_by_others(home)]

    def _until_answered(self, home: Home, path: str) -> Ended:
        ended = run(self._command(path, wait="0.5"), home.environ)
        for ahead in LATER_S:
            if ended.status != 4:
                break
            # The wallet never got the invoice, or nobody can prove that it did not: only time ends this purchase.
            ended = run(self._command(path, wait="0.5", ahead=ahead), home.environ)
        return ended


class Resume(Buy):
    """The same command again, after the money left and the connection to the wallet broke."""

    name = "resume"

    def prepare(self) -> None:
        tell(self.market, "look-up-500")
        ended = run(self._command(self.path(""), wait="0.2"), self.template.environ)
        tell(self.market, "")
        if ended.status != 4 or len(self.market.paid(self.path(""))) != 1:
            raise AssertionError(f"nothing to resume: status {ended.status}, {ended.out} {ended.err}")

    def path(self, name: str) -> str:
        return f"/{self.manner}/resumed"


class Rotate(Flow):
    """A new data key: everything sealed is sealed anew."""

    name = "rotate"

    def prepare(self) -> None:
        assert run(self.template.job(_fill), self.template.environ).status == 0
        self.before = look(self.template)
        assert len(self.before.tokens) == TOKENS
        assert self.before.troubles == []

    def main(self, home: Home, name: str) -> Main:
        return home.job(_rotate)

    def trouble(self, home: Home, name: str) -> list[str]:
        wrong = _different(look(home), self.before)
        again = run(self.main(home, name), home.environ)
        if again.status != 0:
            wrong.append(f"it cannot be done again: {again.err.strip()[-300:]}")
        return [*wrong, *_different(look(home), self.before), *_readable_by_others(home)]


class Restore(Rotate):
    """A backup takes the place of what is there, which is set aside."""

    name = "restore"

    def prepare(self) -> None:
        super().prepare()
        self.backup = self.template.folder.with_name("backup.l402backup")
        other = Home(self.template.folder.with_name("other"))
        assert run(other.job(partial(_back_up_other, self.backup)), other.environ).status == 0
        self.after = look(other)
        assert len(self.after.tokens) == 1

    def main(self, home: Home, name: str) -> Main:
        return home.job(partial(_restore, self.backup))

    def trouble(self, home: Home, name: str) -> list[str]:
        found = look(home)
        wrong = [] if self.after == found else _different(found, self.before)
        again = run(self.main(home, name), home.environ)
        if again.status != 0:
            wrong.append(f"it cannot be done again: {again.err.strip()[-300:]}")
        return [*wrong, *_different(look(home), self.after), *self._not_set_aside(home), *_readable_by_others(home)]

    def _not_set_aside(self, home: Home) -> list[str]:
        """What was there before is beside it, whole."""
        files = sorted((home.folder / "data").glob("desk.sqlite3.*"))
        counts = [count for file in files if (count := _tokens_in(file)) is not None]
        return [] if TOKENS in counts else [f"what was there is gone: {[file.name for file in files]}"]


class Migrate(Flow):
    """The first start of this version on the oldest file there is."""

    name = "migrate"

    def prepare(self) -> None:
        data = self.template.folder / "data"
        data.mkdir(parents=True, mode=0o700)
        shutil.copyfile(FIXTURES / "keys1-ledger1-vault1.sqlite3", data / "desk.sqlite3")
        remember_stretching(data / "desk.sqlite3")
        (data / "desk.sqlite3").chmod(0o600)
        self.template.folder.chmod(0o700)
        copy = self.template.copy_to(self.template.folder.with_name("migrated"))
        self.after = look(copy)
        assert len(self.after.tokens) == TOKENS
        assert self.after.troubles == []

    def main(self, home: Home, name: str) -> Main:
        return home.job(_nothing)

    def trouble(self, home: Home, name: str) -> list[str]:
        return [*_different(look(home), self.after), *_readable_by_others(home)]


class Careless(Flow):
    """The wrong order: what this harness must be able to see."""

    name = "careless"

    def main(self, home: Home, name: str) -> Main:
        url, wallet, key = f"{self.market.url}/good/{name}", self.market.wallet_url, self.market.key
        return lambda: careless.buy(home.folder, url, wallet, key)

    def trouble(self, home: Home, name: str) -> list[str]:
        ended = run(self.main(home, name), {})
        paid = len(self.market.paid(f"/good/{name}"))
        return [*_not_answered(ended), *([] if paid == 1 else [f"money left {paid} times"])]


FLOWS: dict[str, type[Flow]] = {flow.name: flow for flow in (First, Buy, Resume, Rotate, Restore, Migrate, Careless)}


def tell(market: Market, lie: str) -> None:
    """Have the wallet lie in this way from now on."""
    import urllib.request

    request = urllib.request.Request(f"{market.wallet_url}/lie", data=json.dumps({"lie": lie}).encode())
    with urllib.request.urlopen(request, timeout=10):
        pass


async def _nothing(_: Services) -> int:
    return 0


async def _fill(services: Services) -> int:
    await fill_vault(services.vault)
    await fill_ledger(services.ledger)
    return 0


async def _rotate(services: Services) -> int:
    await services.rotate_key()
    return 0


async def _back_up_other(target: Path, services: Services) -> int:
    """One token, in a backup that is quickly opened: how slow its passphrase is made is tested elsewhere."""
    await services.vault.keep(new_token(500, title="of the backup"))
    seal = services.keys._seal
    assert seal is not None
    await make(services.database.path, seal, target, PASSPHRASE, cost=Cost(1, 1024, 1))
    return 0


async def _restore(backup: Path, services: Services) -> int:
    await services.restore(backup, PASSPHRASE)
    return 0


def _different(found: Content, expected: Content) -> list[str]:
    """What is there and should not be, or the other way round."""
    wrong = list(found.troubles)
    for what in ("purchases", "tokens"):
        if getattr(found, what) != getattr(expected, what):
            there = len(getattr(found, what))
            wrong.append(f"the {what} are others than before: {there} of {len(getattr(expected, what))}")
    return wrong


def _tokens_in(file: Path) -> int | None:
    try:
        with contextlib.closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
            if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                return None
            return int(connection.execute("SELECT count(*) FROM tokens").fetchone()[0])
    except sqlite3.Error:
        return None


def _ahead(seconds: int, main: Main) -> Main:
    """The same when the clock stands so many seconds later."""

    def go() -> int:
        if not seconds:
            return main()
        import time

        real = time.time
        assert Services.__init__.__kwdefaults__ is not None
        Services.__init__.__kwdefaults__["clock"] = lambda: real() + seconds
        return main()

    return go


def _not_answered(ended: Ended) -> list[str]:
    said = f"{ended.err.strip()[-300:]} {ended.out.strip()[-300:]}"
    return [] if ended.status == 0 else [f"status {ended.status}: {said}"]


def _not_kept(content: Content, path: str, paid: Sequence[str]) -> list[str]:
    """Every payment has its purchase, settled and delivered, with its proof, and its token."""
    wrong = []
    for payment_hash in paid:
        found = [purchase for purchase in content.at(path) if purchase["hash"] == payment_hash]
        if [(p["state"], p["delivery"]) for p in found] != [("settled", "delivered")]:
            wrong.append(f"the paid purchase is {[(p['state'], p['delivery']) for p in found]}")
        tokens = [token for token in content.tokens if token["hash"] == payment_hash]
        if len(tokens) != 1 or not found or tokens[0]["proof"] != found[0]["proof"] or found[0]["proof"] is None:
            wrong.append(f"{len(tokens)} tokens were kept of the payment")
    others = [p for p in content.at(path) if p["hash"] not in paid and p["state"] not in ("offered", "failed")]
    return [*wrong, *(f"an unpaid purchase is {p['state']}" for p in others)]


def _readable_by_others(home: Home) -> list[str]:
    return [f"others can read {name}" for name in only_owner_reads(home)]
