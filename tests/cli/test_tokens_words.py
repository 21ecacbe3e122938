"""Tokens in words: everything that matters, nothing that a stranger could use or forge."""

from __future__ import annotations

from dataclasses import replace

from l402desk.cli.page import Page, columns
from l402desk.cli.tokens_words import (
    awaited_json,
    awaited_page,
    awaited_table,
    secret_lines,
    token_json,
    token_page,
    tokens_table,
)
from l402desk.protocol.amount import Msat
from l402desk.protocol.origin import Origin
from l402desk.vault.anatomy import Anatomy, Condition, anatomy_of
from l402desk.vault.awaiting import Awaited
from l402desk.vault.scope import Reach, Scope
from l402desk.vault.tokens import TokenState, TokenSummary
from tests.fakes.purchased import NOW, credential_of, hash_of, new_token, preimage_of

TOKEN = TokenSummary(
    id="0123456789abcdef" * 2,
    title="Demo",
    origin=Origin.of("https://api.example"),
    scope=Scope(Reach.EXACT, "/v1/data"),
    method="GET",
    scheme="L402",
    price=Msat(21_000),
    bought_at=NOW,
    expires_at=NOW + 7_200,
    uses=2,
    last_used_at=NOW,
    last_status=200,
    state=TokenState.USABLE,
    payment_hash=hash_of(1).hex,
    purchase_id="p1",
    caveats=("services=demo:0",),
    sealed_by="your passphrase",
    note="Mine.",
    source="imported from lnget",
)
AWAITED = Awaited(
    id="fedcba9876543210" * 2,
    payment_hash=hash_of(2).hex,
    title="Later",
    note="A note.",
    source="imported from lnget",
    origin=Origin.of("https://b.example:8443"),
    scope=Scope(Reach.HOST, "/"),
    scheme="LSAT",
    price=None,
    created_at=NOW,
)
HOSTILE = "\x1b[31mred\u202e"


def page_of(token: TokenSummary, anatomy: Anatomy | None = None) -> str:
    return token_page(Page(unicode=True, colour=False), token, anatomy, NOW).text()


def test_json_holds_every_field_and_secrets_only_where_asked_for() -> None:
    plain = token_json(TOKEN)
    assert plain["origin"] == "https://api.example"
    assert (plain["path"], plain["reach"], plain["price_msat"]) == ("/v1/data", "exact", 21_000)
    assert (plain["state"], plain["intact"], plain["caveats"]) == ("usable", True, ["services=demo:0"])
    assert {"authorization", "credential", "preimage"}.isdisjoint(plain)
    token = new_token(1).token
    told = token_json(TOKEN, token)
    assert told["authorization"] == token.authorization()
    assert (told["credential"], told["preimage"]) == (token.credential, preimage_of(1).hex)
    waiting = awaited_json(AWAITED)
    assert (waiting["pending"], waiting["payment_hash"], waiting["price_msat"]) == (True, hash_of(2).hex, None)
    assert "credential" not in waiting
    assert awaited_json(AWAITED, "x")["credential"] == "x"


def test_a_table_has_a_line_for_each_with_its_columns_under_each_other() -> None:
    other = replace(TOKEN, title="東京", origin=Origin.of("https://tokyo.example"), expires_at=NOW - 60, uses=1)
    lines = tokens_table([TOKEN, replace(other, is_intact=False), replace(TOKEN, price=None, expires_at=None)], NOW)
    first, second, third = lines.splitlines()
    assert first == "0123456789  api.example/v1/data    21 sats  usable   2 uses  expires in 2 hours"
    assert second.endswith("damaged  1 use   expired 60 seconds ago") or "damaged" in second
    assert "no end known" in third
    assert first.index("usable") == second.index("damaged") == third.index("usable")
    assert awaited_table([AWAITED]) == f"fedcba9876  b.example:8443  unknown  payment {hash_of(2).hex}\n"
    assert tokens_table([], NOW) == ""


def test_a_long_path_does_not_break_the_table() -> None:
    line = tokens_table([replace(TOKEN, scope=Scope(Reach.EXACT, "/" + "x" * 500))], NOW)
    assert "…" in line
    assert columns(line.rstrip("\n")) < 110


def test_a_page_tells_of_one_token_what_is_known() -> None:
    text = page_of(TOKEN, anatomy_of(new_token(1).token))
    for words in ("Demo", TOKEN.id, "https://api.example, /v1/data", "GET", "usable", "21 sats", "imported from lnget",
                  "expires in 2 hours", "with status 200", hash_of(1).hex, "Mine.", "macaroon v2"):  # fmt: skip
        assert words in text, words
    assert preimage_of(1).hex not in text


def test_a_page_warns_of_what_is_wrong() -> None:
    assert "Not verifiable" in page_of(TOKEN, Anatomy("opaque", 7))
    assert "another payment" in page_of(TOKEN, Anatomy("macaroon v2", 7, is_bound=False))
    assert "damaged" in page_of(replace(TOKEN, is_intact=False))
    assert "no reason" in page_of(TOKEN, Anatomy("x", 1, reason="no reason"))


def test_a_page_of_a_pending_token_says_what_it_waits_for() -> None:
    text = awaited_page(Page(unicode=True, colour=False), AWAITED).text()
    assert "waits for its proof of payment" in text
    assert hash_of(2).hex in text
    assert "damaged" in awaited_page(Page(unicode=True, colour=False), replace(AWAITED, is_intact=False)).text()


def test_foreign_words_reach_no_terminal_raw() -> None:
    token = replace(TOKEN, title=HOSTILE, note=HOSTILE, source=HOSTILE, method=HOSTILE)
    anatomy = Anatomy("x", 1, location=HOSTILE, conditions=(Condition(HOSTILE, ""),), reason=HOSTILE)
    waiting = replace(AWAITED, title=HOSTILE, note=HOSTILE, source=HOSTILE)
    for text in (page_of(token, anatomy), tokens_table([token], NOW), awaited_table([waiting]),
                 awaited_page(Page(unicode=True, colour=False), waiting).text()):  # fmt: skip
        assert "\x1b" not in text
        assert "\u202e" not in text


def test_secrets_stand_whole_in_their_lines() -> None:
    token = new_token(1).token
    lines = secret_lines(token).splitlines()
    assert f"Authorization: L402 {credential_of(1, 'services=demo:0')}:{preimage_of(1).hex}" in lines
