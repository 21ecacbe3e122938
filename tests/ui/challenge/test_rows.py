"""The trees say everything that an invoice and a token hold, shortened for the eye and whole for a copy."""

from __future__ import annotations

from l402desk.protocol.inspection import Inspection
from l402desk.ui.challenge.rows import clock_time, invoice_rows, offer_rows, short, token_rows
from l402desk.ui.widgets.tree import FieldRow
from tests.fakes.challenges import HASH
from tests.fakes.invoices import NODE, NOW
from tests.fakes.journeys import HOSTILE, challenged, demand_of


def best(**how: object) -> Inspection:
    return challenged(demand_of(**how)).inspections[0]  # type: ignore[arg-type]


def by_field(rows: tuple[FieldRow, ...]) -> dict[str, FieldRow]:
    return {row.field: row for row in rows}


def test_a_long_text_keeps_its_two_ends() -> None:
    assert short("a" * 10 + "b" * 10) == "aaaaaaaa…bbbbbbbb"
    assert short("short enough") == "short enough"


def test_a_moment_no_calendar_reaches_is_a_bare_number() -> None:
    assert clock_time(2**60) == str(2**60)
    assert clock_time(-1) == "-1"
    assert len(clock_time(NOW)) == len("2023-11-14 22:13:20")


def test_an_invoice_is_told_with_its_amount_payee_and_end() -> None:
    rows = by_field(invoice_rows(best(), NOW + 60))
    assert rows["Amount"].value == "21 sats · 21\u202f000 msat"
    assert rows["Payment hash"].copy == HASH.hex
    assert rows["Payee"].copy == NODE
    assert rows["Payee"].value.endswith("(recovered)")
    assert rows["Expires"].value.endswith("in 59 min")
    assert rows["Signature"].value == "valid"
    assert rows["Invoice text"].copy.startswith("lnbcrt210n")


def test_an_expired_invoice_says_so() -> None:
    assert by_field(invoice_rows(best(), NOW + 3_600))["Expires"].value.endswith("expired")


def test_an_amount_that_is_missing_is_named_as_missing() -> None:
    assert by_field(invoice_rows(best(msat=None), NOW))["Amount"].value == "none: the payer would choose"


def test_a_hostile_description_stays_whole_in_its_copy() -> None:
    for text in HOSTILE:
        row = by_field(invoice_rows(best(description=text), NOW))["Description"]
        assert row.copy == text


def test_no_description_is_said_too() -> None:
    assert by_field(invoice_rows(best(description=None), NOW))["Description"].value == "none"


def test_a_token_says_whether_it_belongs_to_the_invoice() -> None:
    assert by_field(token_rows(best()))["Identifier"].value.endswith("✓ the invoice’s")
    assert by_field(token_rows(best(wrong_hash=True)))["Identifier"].value.endswith("✗ not the invoice’s")


def test_a_caveat_stands_under_its_name_in_words_and_is_copied_as_it_is() -> None:
    rows = by_field(token_rows(best()))
    assert rows["services"].value == "service weather, base tier"
    assert rows["services"].copy == "services=weather:0"


def test_a_token_without_caveats_says_that_nothing_limits_it() -> None:
    assert "nothing" in by_field(token_rows(best(caveats=())))["Caveats"].value


def test_what_cannot_be_read_has_no_rows() -> None:
    empty = Inspection(None, None, None, (), best().verdict)
    assert invoice_rows(empty, NOW) == ()
    assert token_rows(empty) == ()


def test_an_offer_says_whether_this_app_can_pay_it_and_why() -> None:
    (offer,) = offer_rows(demand_of())
    assert offer.field == "L402"
    assert offer.children[0].value == "can pay it"
    assert offer.children[2].copy.startswith("L402 macaroon=")
