"""One command to Electrum's JSON-RPC (Basic authentication, named parameters), and its refusals in words."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from l402desk.wallets.asking import Reply, Server
from l402desk.wallets.connection import Connection
from l402desk.wallets.electrum_words import Trouble
from l402desk.wallets.errors import NoAnswer
from l402desk.wallets.tls import Trust

PAY_S = 42.0
"""With a look-up before and after it, less than the minute that the journey waits. Electrum itself goes on trying for
two; the ``timeout`` of ``lnpay`` is one of its command line, and does nothing over RPC."""
ASK_S = 8.0
FEE_S = 2.0
"""For what is worth little: the proof is here by then."""
MOST_BYTES = 16 * 1024 * 1024
"""``lightning_history`` always tells everything: some 400 bytes for each payment there ever was."""
NO_SUCH_COMMAND = b"Invalid Request"
"""All that Electrum says, with status 500, about a command that it does not have."""
_NOT_TAKEN = (401, 403, 404, 405)
"""Said before any command is read."""


Params = Mapping[str, str | int]


class ElectrumRpc:
    """Where an Electrum is asked. Each question has its own connection."""

    def __init__(self, connection: Connection, trust: Trust, tor: str | None) -> None:
        login = base64.b64encode(f"{connection.user}:{connection.key or ''}".encode()).decode()
        self._secrets = (connection.key or "", login)
        self._server = Server.of(connection, {"Authorization": f"Basic {login}"}, trust, tor, MOST_BYTES)

    async def pay(self, params: Params) -> Reply:
        """The answer to ``lnpay``, for which there is more time. Raises NotReached and NoAnswer."""
        return await self._ask("lnpay", params, PAY_S)

    async def ask(self, command: str, params: Params | None = None, *, with_password: bool = True) -> Reply:
        """The answer as it is, whatever it says. Raises NotReached and NoAnswer."""
        return await self._ask(command, params or {}, ASK_S, with_password=with_password)

    async def _ask(self, command: str, params: Params, within_s: float, *, with_password: bool = True) -> Reply:
        body = {"jsonrpc": "2.0", "id": 1, "method": command, "params": dict(params)}
        return await self._server.ask("POST", "", body=body, within_s=within_s, with_headers=with_password)

    async def told(self, command: str) -> object:
        """The result of a command. Raises WalletError."""
        return self.result(await self.ask(command))

    async def told_soon(self, command: str) -> object:
        """The result of a command that is not worth a wait. Raises WalletError."""
        return self.result(await self._ask(command, {}, FEE_S))

    async def told_fields(self, command: str) -> Mapping[str, object]:
        """The result of a command that answers an object. Raises WalletError."""
        told = await self.told(command)
        if not isinstance(told, dict):
            raise self.no_electrum(f"does not tell {command}")
        return told

    def result(self, reply: Reply) -> object:
        """What a command came to; None is a result too. Raises NoAnswer."""
        if reply.status != 200 or self.trouble(reply) is not None:
            raise self.unexpected(reply)
        answer = reply.json()
        if "result" not in answer:
            raise self.no_electrum("answers, and says nothing")
        result: object = answer["result"]
        return result

    def trouble(self, reply: Reply) -> Trouble | None:
        """The error that an answer tells of, whatever its status; None where it tells none."""
        return Trouble.read(reply.json_or_empty(), *self._secrets)

    def unexpected(self, reply: Reply) -> NoAnswer:
        """Why an answer holds no result."""
        if reply.status in (401, 403):
            return NoAnswer(
                "Electrum does not accept this user and password.",
                "Ask it for them: “electrum getconfig rpcuser” and “rpcpassword”, then connect the wallet again.",
            )
        trouble = self.trouble(reply) if reply.status == 200 else None
        if trouble is not None:
            return NoAnswer(*(trouble.not_ready or (trouble.shown, "See Electrum's log, then try again.")))
        if is_no_command(reply):
            return NoAnswer("This Electrum lacks a command that paying needs.", "Update it: 4.3 is the oldest of use.")
        return self.no_electrum(f"answered with status {reply.status}")

    def no_electrum(self, what: str) -> NoAnswer:
        """Somebody answers there, and not as Electrum does."""
        return NoAnswer(
            f"{self._server.host} {what}, and not as Electrum does.",
            "Check that this is where its RPC listens (“electrum getconfig rpcport”), and that it is well.",
        )


def is_no_command(reply: Reply) -> bool:
    """Does this Electrum not have the command?"""
    return reply.status == 500 and reply.body.strip() == NO_SUCH_COMMAND


def was_not_taken(reply: Reply) -> bool:
    """Was the answer given before any command began?"""
    return reply.status in _NOT_TAKEN or is_no_command(reply)
