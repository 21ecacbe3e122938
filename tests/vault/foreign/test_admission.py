"""What is taken in of a foreign store, and what is not, with the reason."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.amount import Msat
from l402desk.protocol.proof import PaymentHash
from l402desk.vault.awaiting import PendingToken
from l402desk.vault.carried import Carried
from l402desk.vault.foreign.admission import NOT_VERIFIABLE, Home, admit
from l402desk.vault.foreign.entries import Entry, EntryRefused, ImportRefused
from l402desk.vault.scope import Reach, Scope
from tests.fakes.purchased import credential_of, hash_of, invoice_of, preimage_of

SOURCE = "imported from a test"


def entry(**changes: Any) -> Entry:
    plain = Entry(
        where="row 1",
        url="https://api.example/v1/data?key=secret#part",
        reach=Reach.EXACT,
        credential=credential_of(1),
        preimage=preimage_of(1).hex,
        at=1_700_000_000,
    )
    return replace(plain, **changes)


def kept(one: Entry, home: Home | None = None) -> Carried:
    admitted = admit(one, SOURCE, home)
    assert isinstance(admitted, Carried)
    return admitted


def waiting(one: Entry, home: Home | None = None) -> PendingToken:
    admitted = admit(one, SOURCE, home)
    assert isinstance(admitted, PendingToken)
    return admitted


def test_a_token_whose_proof_fits_is_kept_where_its_store_meant_it() -> None:
    new = kept(entry()).token
    assert (str(new.origin), new.scope) == ("https://api.example", Scope(Reach.EXACT, "/v1/data"))
    assert (new.token.credential, new.token.preimage) == (credential_of(1), preimage_of(1))
    assert (new.source, new.title, new.bought_at) == (SOURCE, "api.example/v1/data", 1_700_000_000)
    assert kept(entry()).note == ""


def test_a_proof_of_another_payment_is_refused() -> None:
    with pytest.raises(EntryRefused, match="another payment"):
        admit(entry(preimage=preimage_of(2).hex), SOURCE)


def test_a_token_that_names_no_payment_is_kept_and_marked() -> None:
    carried = kept(entry(credential="opaque-token", note="From a list."))
    assert carried.note == f"From a list. {NOT_VERIFIABLE}"


@pytest.mark.parametrize("said", [{"payment_hash": hash_of(2)}, {"invoice": invoice_of(2)}])
def test_a_token_that_names_no_payment_is_refused_where_its_store_names_another(
    said: dict[str, object],
) -> None:
    with pytest.raises(EntryRefused, match="does not fit"):
        admit(entry(credential="opaque-token", **said), SOURCE)


def test_a_token_that_names_two_payments_is_refused() -> None:
    two = credential_of(1, f"payment_hash = {hash_of(2).hex}")
    with pytest.raises(EntryRefused, match="two different payments"):
        admit(entry(credential=two), SOURCE)


@pytest.mark.parametrize("nothing", ["", " ", "0" * 64, "00" * 32 + "\n"])
def test_without_a_preimage_it_waits_for_one(nothing: str) -> None:
    pending = waiting(entry(preimage=nothing, invoice=invoice_of(1)))
    assert (pending.payment_hash, pending.price) == (hash_of(1), Msat(21_000))
    assert waiting(entry(preimage=nothing, credential="opaque", invoice=invoice_of(3))).payment_hash == hash_of(3)
    assert waiting(entry(preimage=nothing, credential="opaque", payment_hash=hash_of(4))).payment_hash == hash_of(4)


def test_it_does_not_wait_for_a_payment_nobody_names_or_for_two() -> None:
    with pytest.raises(EntryRefused, match="nothing says which"):
        admit(entry(preimage="", credential="opaque"), SOURCE)
    with pytest.raises(EntryRefused, match="two different payments"):
        admit(entry(preimage="", payment_hash=hash_of(2)), SOURCE)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://api.example/x", "plain http"),
        ("ftp://api.example", "no web server"),
        ("nonsense", "no web server"),
        ("https://", "no web server"),
        ("https://[::1", "no web server"),
        ("https://a:99999/", "no web server"),
        ("https://api.example/" + "a" * 3_000, "characters"),
        ("https://api.example/\ud800", "no readable path"),
    ],
)
def test_a_token_goes_nowhere_but_home(url: str, why: str) -> None:
    with pytest.raises(EntryRefused, match=why):
        admit(entry(url=url), SOURCE)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8402/x", "http://localhost/x", "http://hidden.onion/x"])
def test_plain_http_is_good_for_this_machine_and_hidden_services(url: str) -> None:
    assert str(kept(entry(url=url)).token.origin) == url.removesuffix("/x")


def test_an_origin_becomes_canonical_and_a_path_what_requests_have() -> None:
    new = kept(entry(url="HTTPS://user:pass@API.Example.:443/a b/ü?q")).token
    assert (str(new.origin), new.path) == ("https://api.example", "/a%20b/%C3%BC")
    assert "pass" not in repr(new)


def test_the_user_names_the_home_of_what_comes_without_one() -> None:
    with pytest.raises(EntryRefused, match="which server"):
        admit(entry(url=""), SOURCE)
    whole = kept(entry(url=""), Home.of("https://loop.example:8443")).token
    assert (str(whole.origin), whole.reach) == ("https://loop.example:8443", Reach.HOST)
    part = kept(entry(url=""), Home.of("https://loop.example/v1/")).token
    assert part.scope == Scope(Reach.PREFIX, "/v1")
    assert str(kept(entry(), Home.of("https://loop.example")).token.origin) == "https://api.example"


@pytest.mark.parametrize("url", ["http://api.example", "api.example", "", "https://"])
def test_a_home_is_an_address_a_token_may_be_sent_to(url: str) -> None:
    with pytest.raises(ImportRefused, match="cannot be a token's home"):
        Home.of(url)


@pytest.mark.parametrize(
    "change",
    [
        {"credential": ""},
        {"credential": "a b"},
        {"credential": "line\r\nX-Evil: 1"},
        {"credential": "x" * 20_000},
        {"scheme": "Bearer"},
        {"preimage": "abc"},
        {"preimage": "zz" * 32},
        {"preimage": "00" * 31 + "zz"},
    ],
)
def test_what_no_header_can_carry_is_refused_without_its_secret_in_the_words(change: dict[str, object]) -> None:
    with pytest.raises(EntryRefused) as refused:
        admit(entry(**change), SOURCE)
    assert preimage_of(1).hex not in str(refused.value)
    assert str(refused.value).endswith(".")


def test_an_unreadable_invoice_costs_no_token() -> None:
    assert kept(entry(invoice="lnbc1nonsense")).token.price is None


def test_foreign_words_become_one_visible_line() -> None:
    carried = kept(entry(title="a\u202eb\n" * 100, note="x\x00y\n"))
    assert carried.token.title.isprintable()
    assert carried.note.isprintable()
    assert len(carried.token.title) < 1_000


def test_the_hash_of_the_macaroon_counts_more_than_what_a_store_says() -> None:
    assert kept(entry(payment_hash=PaymentHash(bytes(32)))).token.token.preimage == preimage_of(1)


TEXT = st.text(max_size=80) | st.sampled_from(["", credential_of(1), preimage_of(1).hex, "https://a.example/x", "L402"])


@given(url=TEXT, credential=TEXT, preimage=TEXT, scheme=TEXT, invoice=TEXT, title=TEXT, reach=st.sampled_from(Reach))
def test_no_entry_raises_anything_else(
    url: str, credential: str, preimage: str, scheme: str, invoice: str, title: str, reach: Reach
) -> None:
    one = Entry("x", url, reach, credential, preimage, scheme, None, invoice, title=title)
    with contextlib.suppress(EntryRefused):
        admit(one, SOURCE, None)
