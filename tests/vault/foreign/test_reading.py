"""Whole stores of other clients become tokens, pending tokens, problems and counts; hostile ones one error."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from l402desk.protocol.amount import Msat
from l402desk.vault.foreign import reading
from l402desk.vault.foreign.admission import Home
from l402desk.vault.foreign.entries import ForeignStore, ImportRefused, Kind
from l402desk.vault.foreign.reading import read_store
from l402desk.vault.scope import Reach
from tests.fakes.purchased import credential_of, hash_of, invoice_of, preimage_of
from tests.vault.foreign import stores
from tests.vault.foreign.stores import FEWSATS, FEWSATS_PREIMAGE, KEY, paid_file, pending_file

HOME = Home.of("https://loop.example")
WHEN = "2024-04-25 11:44:08"


def test_a_folder_of_loop_is_read_for_the_server_the_user_names(tmp_path: Path) -> None:
    (tmp_path / "l402.token").write_bytes(paid_file(1))
    (tmp_path / "lsat.token.pending").write_bytes(pending_file(2))
    store = read_store(tmp_path, home=HOME)
    (carried,) = store.tokens
    (pending,) = store.pending
    assert (store.kind, store.problems) == (Kind.APERTURE, ())
    assert (str(carried.token.origin), carried.token.reach) == ("https://loop.example", Reach.HOST)
    assert carried.token.source == "imported from a token file of aperture, loop, pool or litd"
    assert (pending.payment_hash, pending.scheme) == (hash_of(2), "LSAT")
    with pytest.raises(ImportRefused, match="--origin"):
        read_store(tmp_path)


def test_lngets_folder_with_its_events(tmp_path: Path) -> None:
    stores.lnget_host(tmp_path / "tokens", "api.example", paid_file(1), domain="api.example")
    stores.lnget_host(tmp_path / "tokens", "b.example", pending_file(2), pending=True)
    stores.lnget_host(tmp_path / "tokens", "c.example", b"damaged")
    url = "https://api.example/v1?key=secret"
    stores.lnget_events(
        tmp_path / "events.db", [("api.example", url, "GET", hash_of(1).hex, 21, 2, "success", 200, WHEN)]
    )
    for folder in (tmp_path, tmp_path / "tokens"):
        store = read_store(folder)
        (carried,) = store.tokens
        assert (carried.token.price, carried.uses, carried.last_status) == (Msat(21_000), 1, 200)
        assert carried.note == "lnget bought it for GET https://api.example/v1."
        assert [pending.payment_hash for pending in store.pending] == [hash_of(2)]
        assert [problem.where for problem in store.problems] == ["c.example/l402.token"]
        assert store.history is not None
        assert (store.history.payments, store.history.spent) == (1, Msat(21_000))


def test_damaged_events_cost_no_token(tmp_path: Path) -> None:
    stores.lnget_host(tmp_path / "tokens", "api.example", paid_file(1))
    (tmp_path / "events.db").write_bytes(b"damaged")
    store = read_store(tmp_path)
    assert len(store.tokens) == 1
    assert [problem.where for problem in store.problems] == ["events.db"]


def test_the_events_alone_are_counts(tmp_path: Path) -> None:
    row = ("a", "https://a/", "GET", hash_of(1).hex, 21, 2, "success", 200, WHEN)
    store = read_store(stores.lnget_events(tmp_path / "events.db", [row]))
    assert (store.tokens, store.pending) == ((), ())
    assert store.history is not None
    assert store.history.payments == 1


def test_each_database_of_credentials(tmp_path: Path) -> None:
    sdk = stores.l402sdk(tmp_path / "a", [("https://a.example/x", credential_of(1), preimage_of(1).hex, 7, None)])
    rows = [("https://b.example/x", credential_of(2), preimage_of(2).hex, invoice_of(2), WHEN),
            ("https://b.example/y", credential_of(3), None, invoice_of(3), WHEN)]  # fmt: skip
    python = stores.fewsats(tmp_path / "b", rows)
    cli = stores.fewsatscli(tmp_path / "c", [("id", FEWSATS, FEWSATS_PREIMAGE, "", WHEN)])
    assert [str(carried.token.scope) for carried in read_store(sdk).tokens] == ["/x"]
    store = read_store(python)
    assert [carried.token.price for carried in store.tokens] == [Msat(21_000)]
    assert [pending.payment_hash for pending in store.pending] == [hash_of(3)]
    assert str(read_store(cli).tokens[0].token.origin) == "https://api.fewsats.com"
    with pytest.raises(ImportRefused, match="no store of fewsatscli"):
        read_store(sdk, kind=Kind.FEWSATSCLI)


def test_402_mcps_folder_its_files_and_its_key(tmp_path: Path) -> None:
    (tmp_path / "encryption.key").write_text(KEY.hex())
    (tmp_path / "credentials.json").write_text(stores.mcp402_sealed({"https://a.example": stores.mcp402_credential(1)}))
    open_one = {hash_of(2).hex: stores.mcp402_pending(2, "https://b.example")}
    (tmp_path / "pending-payments.json").write_text(stores.mcp402_sealed(open_one))
    store = read_store(tmp_path)
    assert [str(carried.token.origin) for carried in store.tokens] == ["https://a.example"]
    assert [pending.payment_hash for pending in store.pending] == [hash_of(2)]
    moved = tmp_path / "moved"
    moved.mkdir()
    os.rename(tmp_path / "credentials.json", moved / "credentials.json")
    assert len(read_store(moved / "credentials.json", key_file=tmp_path / "encryption.key").tokens) == 1
    with pytest.raises(ImportRefused, match="--key-file"):
        read_store(moved)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ImportRefused, match="no store of 402-mcp"):
        read_store(tmp_path / "empty", kind=Kind.MCP402)


def test_json_with_and_without_addresses(tmp_path: Path) -> None:
    file = tmp_path / "store.json"
    pair = {"token": credential_of(1), "preimage": preimage_of(1).hex}
    file.write_text(json.dumps({"https://a.example/x": pair, "http://b.example": pair}))
    store = read_store(file)
    assert [carried.token.path for carried in store.tokens] == ["/x"]
    assert "plain http" in store.problems[0].sentence
    assert store.problems[0].sentence.startswith("Its address is plain http")
    file.write_text(json.dumps([pair]))
    assert "which server" in read_store(file).problems[0].sentence
    assert str(read_store(file, home=HOME).tokens[0].token.origin) == "https://loop.example"


def test_a_proof_that_does_not_fit_is_a_problem_and_shows_no_secret(tmp_path: Path) -> None:
    row = ("https://a.example/x", credential_of(1), preimage_of(2).hex, 7, None)
    store = read_store(stores.l402sdk(tmp_path / "a", [row]))
    assert store.tokens == ()
    (problem,) = store.problems
    assert problem.where == "row 1"
    assert preimage_of(2).hex not in problem.sentence


def test_an_empty_store_says_so(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="no token"):
        read_store(stores.l402sdk(tmp_path / "a", []))


def test_more_tokens_than_any_store_has_are_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ENTRIES", 1)
    rows = [(f"https://a.example/{n}", credential_of(n), preimage_of(n).hex, 7, None) for n in (1, 2)]
    store = read_store(stores.l402sdk(tmp_path / "a", rows))
    assert (len(store.tokens), [problem.where for problem in store.problems]) == (1, ["the rest"])


@pytest.mark.parametrize("kind", Kind)
def test_a_kind_the_user_insists_on_fails_as_clearly(tmp_path: Path, kind: Kind) -> None:
    (tmp_path / "it").write_bytes(b"nonsense")
    for path in (tmp_path / "it", tmp_path, tmp_path / "missing"):
        with contextlib.suppress(ImportRefused):
            store = read_store(path, kind=kind, home=HOME)
            assert (store.tokens, len(store.problems)) == ((), 1)


def _l402sdk(file: Path) -> None:
    stores.l402sdk(file, [("https://a.example/x", credential_of(1), preimage_of(1).hex, 7, None)])


def _aperture(file: Path) -> None:
    file.write_bytes(paid_file(1))


def _json(file: Path) -> None:
    file.write_text(json.dumps({"https://a.example/x": {"token": credential_of(1), "preimage": preimage_of(1).hex}}))


def _mcp402(file: Path) -> None:
    file.write_text(json.dumps({"https://a.example": stores.mcp402_credential(1)}))


def _events(file: Path) -> None:
    stores.lnget_events(file, [("a", "https://a/", "GET", hash_of(1).hex, 21, 2, "success", 200, WHEN)])


@pytest.mark.parametrize("make", [_l402sdk, _aperture, _json, _mcp402, _events])
@settings(max_examples=60)
@given(at=st.floats(0, 1), damage=st.binary(min_size=1, max_size=30), cut=st.booleans())
def test_no_damage_to_any_store_raises_anything_else(
    tmp_path: Path, make: Callable[[Path], None], at: float, damage: bytes, cut: bool
) -> None:
    sound = tmp_path / "sound"
    if not sound.exists():
        make(sound)
    raw = sound.read_bytes()
    start = int(at * len(raw))
    (tmp_path / "it").write_bytes(raw[:start] + damage + (b"" if cut else raw[start + len(damage) :]))
    with contextlib.suppress(ImportRefused):
        assert isinstance(read_store(tmp_path / "it", home=HOME), ForeignStore)
