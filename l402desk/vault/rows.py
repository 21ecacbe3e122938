"""How a token becomes a row of the vault's table, sealed, and how a row becomes a value again."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from l402desk.protocol.amount import Msat
from l402desk.protocol.origin import Origin
from l402desk.protocol.proof import Preimage
from l402desk.protocol.token import Token
from l402desk.store.errors import SealBroken
from l402desk.store.seal import Seal
from l402desk.vault.schema import SCHEMA
from l402desk.vault.scope import Reach, Scope
from l402desk.vault.tokens import HeldToken, NewToken, TokenState, TokenSummary, terms_of

__all__ = ["SCHEMA", "Rows", "rank_of", "scope_of"]


@dataclass(frozen=True, slots=True)
class Rows:
    """Writes and reads rows under one seal."""

    seal: Seal

    def insert(self, connection: sqlite3.Connection, token_id: str, new: NewToken, now: int) -> None:
        terms = terms_of(new.token.credential)
        scope, token, method = new.scope, new.token, new.method and new.method.upper()
        values = {
            "id": token_id,
            "purchase_id": new.purchase_id,
            "payment_hash": token.preimage.payment_hash().raw,
            "title": new.title,
            "origin": str(new.origin),
            "reach": scope.reach,
            "path": scope.path,
            "method": method,
            "rank": rank_of(scope, method),
            "scheme": token.scheme,
            "price_msat": None if new.price is None else new.price.value,
            "bought_at": now if new.bought_at is None else new.bought_at,
            "expires_at": terms.expires_at,
            "state": new.state,
            "source": new.source,
            "caveats": self._seal(token_id, "caveats", list(terms.caveats)),
            # The origin is sealed with the credential: an edited column must not send the token to a
            # stranger.
            "secret": self._seal(
                token_id,
                "secret",
                {
                    "scheme": token.scheme,
                    "credential": token.credential,
                    "preimage": token.preimage.hex,
                    "origin": str(new.origin),
                },
            ),
        }
        columns = ", ".join(values)
        places = ", ".join(f":{name}" for name in values)
        connection.execute(f"INSERT INTO tokens ({columns}) VALUES ({places})", values)

    def token(self, row: sqlite3.Row) -> Token:
        """Open a row. Raises SealBroken."""
        secret = json.loads(self._unseal(row, "secret"))
        if secret["origin"] != row["origin"]:
            raise SealBroken
        return Token(secret["scheme"], secret["credential"], Preimage.from_hex(secret["preimage"]))

    def held(self, row: sqlite3.Row) -> HeldToken:
        """Open a row for sending. Raises SealBroken."""
        return HeldToken(row["id"], Origin.of(row["origin"]), scope_of(row), row["method"], self.token(row))

    def summary(self, row: sqlite3.Row) -> TokenSummary:
        try:
            caveats, is_intact = tuple(json.loads(self._unseal(row, "caveats"))), True
            self.token(row)
        except SealBroken:
            caveats, is_intact = (), False
        return TokenSummary(
            id=row["id"],
            title=row["title"],
            origin=Origin.of(row["origin"]),
            scope=scope_of(row),
            method=row["method"],
            scheme=row["scheme"],
            price=None if row["price_msat"] is None else Msat(row["price_msat"]),
            bought_at=row["bought_at"],
            expires_at=row["expires_at"],
            uses=row["uses"],
            last_used_at=row["last_used_at"],
            last_status=row["last_status"],
            state=TokenState(row["state"]),
            payment_hash=row["payment_hash"].hex(),
            purchase_id=row["purchase_id"],
            caveats=caveats,
            sealed_by=self.seal.kept_by,
            is_intact=is_intact,
            note=row["note"] or "",
            source=row["source"],
        )

    def _seal(self, token_id: str, column: str, value: object) -> bytes:
        plain = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")
        return self.seal.seal(plain, table="tokens", row=token_id, column=column)

    def _unseal(self, row: sqlite3.Row, column: str) -> str:
        plain = self.seal.unseal(row[column], table="tokens", row=row["id"], column=column)
        return plain.decode("utf-8", "surrogatepass")


def rank_of(scope: Scope, method: str | None) -> int:
    """Among scopes of one path, the more specific first; then a token for one method before one for any."""
    return scope.rank[1] * 2 + (method is not None)


def scope_of(row: sqlite3.Row) -> Scope:
    return Scope(Reach(row["reach"]), row["path"])
