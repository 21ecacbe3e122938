"""Both sides of a purchase as text: what was said stands there, and what opens something is masked unless asked for."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from l402desk.client.answer import Answer, Timings
from l402desk.client.body import FileBody, FormBody, JsonBody
from l402desk.client.record import to_record
from l402desk.client.request import Field, RequestDraft
from l402desk.client.spool import SpooledBody
from l402desk.engine.exchange_text import MASK, exchange_of
from l402desk.engine.transcript import with_asked, with_delivered
from l402desk.ledger.errors import NoSuchPurchase
from l402desk.services import Services
from tests.engine.shop import Shop, a_desk
from tests.fakes.purchased import NOW, challenge_of, credential_of, new_intent, preimage_of

pytestmark = pytest.mark.anyio
URL = "https://api.example/v1/data?city=Lisbon&api_key=QUERYSECRET"
DRAFT = RequestDraft(
    "POST",
    URL,
    headers=(
        Field("Accept", "application/json"),
        Field("X-Api-Key", "HEADERSECRET"),
        Field("Cookie", "session=COOKIESECRET"),
    ),
    body=JsonBody('{"question": 42}'),
)
SECRETS = ("QUERYSECRET", "HEADERSECRET", "COOKIESECRET", credential_of(1), preimage_of(1).hex)


def answer(status: int, body: bytes, *headers: tuple[str, str], size: int | None = None) -> Answer:
    return Answer(
        status=status,
        reason="",
        http_version="HTTP/1.1",
        url=URL,
        headers=headers,
        body=SpooledBody(data=body, path=None, size=size or len(body)),
        timings=Timings(),
        method="POST",
    )


@pytest.fixture
async def services(tmp_path: Path) -> AsyncIterator[Services]:
    async with a_desk(tmp_path, Shop()) as services:
        yield services


async def bought(services: Services, draft: RequestDraft = DRAFT, *, transcript: bytes | None = None) -> str:
    asked = answer(402, b"pay first", ("WWW-Authenticate", challenge_of(1).raw), ("Set-Cookie", "session=COOKIESECRET"))
    kept = with_asked(asked, NOW) if transcript is None else transcript
    intent = replace(new_intent(1, URL, method="POST", request=to_record(draft)), exchange=kept)
    purchase = await services.ledger.offer(intent)
    await services.ledger.settle(purchase.id, preimage_of(1))
    return purchase.id


async def test_the_request_is_shown_as_it_was_sent(services: Services) -> None:
    shown = await exchange_of(services, await bought(services), reveal=True)
    assert not shown.is_masked
    assert shown.request.startswith(f"POST {URL}\nAccept: application/json\nX-Api-Key: HEADERSECRET")
    assert f"Authorization: L402 {credential_of(1)}:{preimage_of(1).hex}" in shown.request
    assert shown.request.endswith('\n\n{"question": 42}')


async def test_the_answer_that_asked_for_money_stands_there_whole(services: Services) -> None:
    shown = await exchange_of(services, await bought(services), reveal=True)
    assert "402" in shown.asked
    assert challenge_of(1).raw in shown.asked
    assert shown.asked.endswith("pay first")
    assert shown.answer == ""


async def test_masked_nothing_of_a_secret_is_left(services: Services) -> None:
    shown = await exchange_of(services, await bought(services))
    assert shown.is_masked
    everything = shown.request + shown.asked + shown.answer
    for secret in SECRETS:
        assert secret not in everything
    assert f"city=Lisbon&api_key={MASK}" in shown.request
    assert f"Authorization: L402 {MASK}" in shown.request
    assert "Accept: application/json" in shown.request
    assert "WWW-Authenticate: L402" in shown.asked
    assert "lnbcrt" in shown.asked
    assert all(secret not in repr(shown) for secret in SECRETS)


async def test_the_delivered_answer_is_shown_with_its_beginning(services: Services) -> None:
    whole = answer(200, b"here it is", ("Content-Type", "text/plain"), size=2_000_010)
    kept = with_delivered(with_asked(answer(402, b""), NOW), whole, NOW)
    shown = await exchange_of(services, await bought(services, transcript=kept))
    assert "200\nContent-Type: text/plain\n\nhere it is\n… and 2,000,000 bytes more" in shown.answer


async def test_a_server_that_echoes_the_token_does_not_give_it_away(services: Services) -> None:
    echo = answer(200, f"you sent {preimage_of(1).hex} and {preimage_of(1).hex.upper()}".encode())
    kept = with_delivered(None, echo, NOW)
    shown = await exchange_of(services, await bought(services, transcript=kept))
    assert preimage_of(1).hex not in shown.answer.lower()


async def test_a_purchase_of_an_older_version_still_says_where_it_went(services: Services) -> None:
    purchase = await services.ledger.offer(new_intent(1, URL))
    shown = await exchange_of(services, purchase.id)
    assert shown.request == f"https://api.example/v1/data?city=Lisbon&api_key={MASK}"
    assert shown.asked.startswith("402\nWWW-Authenticate: L402")
    assert credential_of(1) not in shown.asked
    revealed = await exchange_of(services, purchase.id, reveal=True)
    assert credential_of(1) in revealed.asked


async def test_a_redirect_on_the_way_is_shown(services: Services) -> None:
    draft = RequestDraft("GET", "https://api.example/old")
    shown = await exchange_of(services, await bought(services, draft))
    assert shown.request.startswith("GET https://api.example/old\n→ https://api.example/v1/data?city=Lisbon")


async def test_forms_are_masked_by_field_and_files_named_without_their_folder(services: Services) -> None:
    form = replace(DRAFT, body=FormBody((Field("city", "Porto"), Field("password", "FORMSECRET"))))
    one = await bought(services, form)
    assert "FORMSECRET" not in (await exchange_of(services, one)).request
    assert f"city=Porto&password={MASK}" in (await exchange_of(services, one)).request
    assert "password=FORMSECRET" in (await exchange_of(services, one, reveal=True)).request


async def test_a_file_is_named(services: Services) -> None:
    sent = replace(DRAFT, body=FileBody(Path("/home/somebody/picture.png")))
    shown = await exchange_of(services, await bought(services, sent))
    assert shown.request.endswith("(the file picture.png)")


async def test_rubbish_in_place_of_a_transcript_is_no_answer(services: Services) -> None:
    shown = await exchange_of(services, await bought(services, transcript=json.dumps([1]).encode()))
    assert shown.answer == ""
    with pytest.raises(NoSuchPurchase):
        await exchange_of(services, "nobody")
