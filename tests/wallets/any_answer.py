"""Whatever a server may answer: what hypothesis draws it from, and how an adapter gets it for an answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TypeAlias

import pytest
from hypothesis import strategies as st

from l402desk.protocol.payment import Paid, PaymentResult
from l402desk.wallets import asking
from l402desk.wallets.errors import NoAnswer, NotReached, WalletError
from tests.wallets.contract import proves

Said: TypeAlias = asking.Reply | WalletError
PREIMAGE = bytes(range(32)).hex()  # of `mint_invoice`
PREIMAGES = st.sampled_from([PREIMAGE, PREIMAGE.upper(), "0" * 64, "ab" * 32, None, 5])
NO_REPLIES: st.SearchStrategy[Said] = st.sampled_from([NotReached("No way.", "-"), NoAnswer("Gone.", "-")])
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
"""What JSON can be."""


def bodies(*objects: st.SearchStrategy[dict[str, object]], more: tuple[bytes, ...] = ()) -> st.SearchStrategy[bytes]:
    """JSON of such objects, bytes that are none of them, and ``more``."""
    odd = st.sampled_from([b"", b"null", b"[]", b"<h1>Sorry</h1>", b"{", b"[" * 50_000, *more])
    written = (each.map(lambda told: json.dumps(told).encode()) for each in objects)
    return st.one_of(st.binary(max_size=40), odd, *written)


def answer_with(told: Callable[[str, str, object], Said], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is asked says what ``told`` makes of method, path and body, or does not answer."""

    async def ask(self: asking.Server, method: str, path: str, **more: object) -> asking.Reply:
        answer = told(method, path, more.get("body"))
        if isinstance(answer, WalletError):
            raise answer
        return answer

    monkeypatch.setattr(asking.Server, "ask", ask)


def is_proven_if_paid(result: PaymentResult, invoice: str) -> bool:
    return not isinstance(result, Paid) or proves(result, invoice)
