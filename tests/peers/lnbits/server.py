"""Starts LNbits 1.6.2: one on FakeWallet, which pays its own invoices, and one whose money is a wallet of the first.

What the second pays to the first is a payment to elsewhere for it: it can be refused, get stuck, and settle later.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.peers.preparing import HERE, do, find_python, python_env
from tests.peers.running import Process, free_port, started

FUNDS = 100_000
"""Sats that a payer has to begin with."""
STARTS_S = 90.0


def prepare() -> Path:
    """The environment with LNbits in it. Raises NotHere."""
    return python_env("lnbits", HERE / "python" / "lnbits.lock", find_python((3, 10), (3, 12)))


def version() -> str:
    program = "from importlib.metadata import version; print('LNbits', version('lnbits'))"
    return do([prepare() / "bin" / "python", "-c", program], "LNbits").strip()


@dataclass(frozen=True, slots=True)
class Account:
    """One wallet of an LNbits: ``admin`` is the key that pays, ``invoice`` the one that only looks."""

    id: str
    admin: str = field(repr=False)
    invoice_key: str = field(repr=False)


@dataclass(slots=True)
class LnbitsServer:
    """An LNbits that runs. ``url`` has no slash at its end."""

    url: str
    process: Process
    _token: str = field(repr=False)

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def client(self, key: str = "") -> httpx.Client:
        return httpx.Client(base_url=self.url, trust_env=False, timeout=60, headers={"X-Api-Key": key} if key else {})

    def account(self, name: str, sats: int = 0) -> Account:
        """A new wallet, with so much in it."""
        with self.client() as client:
            made = client.post("/api/v1/account", json={"name": name}).raise_for_status().json()
            if sats:
                client.cookies.clear()
                funded = client.put(
                    "/users/api/v1/balance",
                    headers={"Authorization": f"Bearer {self._token}"},
                    json={"id": made["id"], "amount": sats},
                )
                funded.raise_for_status()
        return Account(made["id"], made["adminkey"], made["inkey"])

    def connection(self, key: str) -> str:
        return f"lnbits+{self.url}?key={key}"

    def payee(self, account: Account) -> LnbitsPayee:
        return LnbitsPayee(self.url, account)


class LnbitsPayee:
    """Asks for money in the name of one wallet, and says whether it came."""

    def __init__(self, url: str, account: Account) -> None:
        self._url = url
        self._account = account

    async def invoice(self, msat: int, expiry_s: int = 3600) -> str:
        asked = {"out": False, "amount": msat // 1000, "expiry": expiry_s, "memo": "A request"}
        return str((await self._ask("POST", "/api/v1/payments", asked))["bolt11"])

    async def is_paid(self, payment_hash: str) -> bool:
        return (await self._ask("GET", f"/api/v1/payments/{payment_hash}"))["paid"] is True

    async def balance(self) -> int:
        """In msat."""
        return int((await self._ask("GET", "/api/v1/wallet"))["balance"])

    async def _ask(self, method: str, path: str, body: Mapping[str, object] | None = None) -> dict[str, Any]:
        key = {"X-Api-Key": self._account.admin}
        async with httpx.AsyncClient(base_url=self._url, trust_env=False, timeout=60, headers=key) as client:
            answer = await client.request(method, path, json=body)
            return dict(answer.raise_for_status().json())


@contextmanager
def lnbits(folder: Path, funding: Mapping[str, str] | None = None) -> Iterator[LnbitsServer]:
    """Run one with its data in ``folder`` and its money from this funding source, or FakeWallet. Raises NotHere."""
    venv = prepare()
    folder.mkdir(parents=True, exist_ok=True)
    package = next(venv.glob("lib/python3*/site-packages/lnbits"))
    if not (folder / "lnbits").exists():
        (folder / "lnbits").symlink_to(package)  # it looks for its pages below the working directory
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    env = {
        "LNBITS_BACKEND_WALLET_CLASS": "FakeWallet",
        "LNBITS_DATA_FOLDER": str(folder / "data"),
        "LNBITS_EXTENSIONS_PATH": str(folder / "extensions"),
        "LNBITS_EXTENSIONS_DEFAULT_INSTALL": "",
        "LNBITS_ADMIN_UI": "true",
        "LNBITS_ALLOW_NEW_ACCOUNTS": "true",
        "LNBITS_PRICE_AGGREGATOR_ENABLED": "false",  # nothing is asked of anybody outside
        "LNBITS_EXCHANGE_RATE_PROVIDERS": "[]",
        "LNBITS_EXTENSIONS_MANIFESTS": "[]",
        "AUTH_SECRET_KEY": secrets.token_hex(16),
        "HOST": "127.0.0.1",
        "PYTHONUNBUFFERED": "1",
        **(funding or {}),
    }
    argv = [str(venv / "bin" / "lnbits"), "--host", "127.0.0.1", "--port", str(port)]

    def ready() -> bool:  # it answers 307 until it has a user
        return httpx.get(f"{url}/api/v1/health", trust_env=False, timeout=2).status_code < 400

    with started(argv, env=env, cwd=folder, ready=ready, log=folder / "log", within_s=STARTS_S) as process:
        yield LnbitsServer(url, process, _first_user(url))


@contextmanager
def lnbits_on(other: LnbitsServer, folder: Path, url: str = "") -> Iterator[LnbitsServer]:
    """One more, whose money is in a wallet of the other: it pays what is paid elsewhere from there.

    ``url`` is where it reaches the other, if not directly.
    """
    purse = other.account("funding", 10 * FUNDS)
    source = {
        "LNBITS_BACKEND_WALLET_CLASS": "LNbitsWallet",
        "LNBITS_ENDPOINT": url or other.url,
        "LNBITS_KEY": purse.admin,
    }
    with lnbits(folder, source) as server:
        yield server


def _first_user(url: str) -> str:
    """Set it up as its first visitor does; what opens its administration."""
    words = secrets.token_hex(8)
    user = {"username": "desk", "password": words, "password_repeat": words}
    answer = httpx.put(f"{url}/api/v1/auth/first_install", json=user, trust_env=False, timeout=60)
    return str(answer.raise_for_status().json()["access_token"])
