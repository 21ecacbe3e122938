"""A vault of the terminal's own for the tests: the commands run in this process, against real files."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from l402desk.cli.opening import make_plan
from l402desk.services import Services, open_services

T = TypeVar("T")


def in_the_vault(job: Callable[[Services], Awaitable[T]]) -> T:
    """Do something in the vault that the commands of this test open, between two of them."""

    async def run() -> T:
        async with open_services(make_plan()) as services:
            await services.unlock()
            return await job(services)

    return asyncio.run(run())
