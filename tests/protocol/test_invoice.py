from __future__ import annotations

import hashlib
from typing import Any

import bolt11
import pytest
from coincurve import PrivateKey
from hypothesis import example, given
from hypothesis import strategies as st

from l402desk.protocol.amount import MOST, Msat
from l402desk.protocol.errors import InvoiceError
from l402desk.protocol.invoice import LONGEST, Invoice, read_invoice, read_payable_invoice
from l402desk.protocol.network import Network
from tests.fakes.invoices import (
    ALPHABET,
    NODE,
    NOW,
    PREIMAGE,
    SECRET,
    bech32_text,
    data_field,
    fallback_field,
    features_field,
    hop,
    mint_invoice,
    number_field,
    write_invoice,
)

HASH = hashlib.sha256(PREIMAGE).digest()
PREFIXES = {
    "lnbc": Network.MAINNET,
    "lntb": Network.TESTNET,
    "lntbs": Network.SIGNET,
    "lnbcrt": Network.REGTEST,
    "lnsb": Network.SIMNET,
}


def codes(invoice: Invoice) -> list[str]:
    return [problem.code for problem in invoice.problems]


def test_all_valid_public_vectors_are_payable(vectors: Any) -> None:
    public = vectors("bolt11.json")
    invoices = [read_payable_invoice(text) for text in public["valid"]]
    assert len(invoices) == 16
    # The last one is signed in the high S form, which is recovered to another key.
    assert [invoice.payee for invoice in invoices[:-1]] == [public["node_id"]] * 15
    assert all(invoice.signature_valid and invoice.timestamp for invoice in invoices)


def test_all_invalid_public_vectors_are_refused(vectors: Any) -> None:
    public = vectors("bolt11.json")
    assert len(public["invalid"]) == 10
    for text in public["invalid"]:
        with pytest.raises(InvoiceError):
            read_payable_invoice(text)


def test_invalid_public_vectors_that_can_be_shown_are_shown_with_their_problem(vectors: Any) -> None:
    shown = {}
    for at, text in enumerate(vectors("bolt11.json")["invalid"]):
        try:
            shown[at] = codes(read_invoice(text))
        except InvoiceError:
            continue
    assert shown == {
        0: ["unknown-required-feature"],
        3: ["bad-signature"],
        7: ["missing-payment-secret"],
        8: ["bad-signature", "duplicate-field"],  # the high S form, and two payment secrets
    }


def test_the_amounts_of_the_public_vectors_are_exact(vectors: Any) -> None:
    amounts = [read_invoice(text).amount for text in vectors("bolt11.json")["valid"]]
    assert amounts[0] is None
    assert amounts[1] == Msat(250_000_000)
    assert amounts[3] == Msat(2_000_000_000)
    assert amounts[10] == Msat(967_878_534)


def test_the_fallbacks_of_the_public_vectors_are_the_addresses_the_specification_names(vectors: Any) -> None:
    found = [fallback.address for text in vectors("bolt11.json")["valid"] for fallback in read_invoice(text).fallbacks]
    assert found == [
        "mk2QpYatsKicvFVuTAQLBryyccRXMUaGHP",
        "1RustyRX2oai4EYYDpQGWvEL62BBGqN9T",
        "3EktnHQD7RiAE6uzMj2ZifT9YgRrkSgzQX",
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
        "bc1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qccfmv3",
        "bc1pptdvg0d2nj99568qn6ssdy4cygnwuxgw2ukmnwgwz7jpqjz2kszse2s3lm",
    ]  # fmt: skip


def test_the_route_of_the_public_vector_is_the_one_the_specification_names(vectors: Any) -> None:
    (route,) = read_invoice(vectors("bolt11.json")["valid"][5]).route_hints
    assert [(step.node[:4], step.short_channel_id, step.fee_base, step.fee_ppm, step.cltv_delta) for step in route] == [
        ("029e", "66051x263430x1800", Msat(1), 20, 3),
        ("039e", "197637x395016x2314", Msat(2), 30, 4),
    ]


def test_an_ordinary_invoice_is_read_to_the_last_field() -> None:
    text = mint_invoice(21_000, expiry=600, more=[number_field("c", 144), data_field("m", b"\x01\x02")])
    invoice = read_payable_invoice(text)
    assert invoice.text == text
    assert invoice.network is Network.REGTEST
    assert invoice.amount == Msat(21_000)
    assert invoice.timestamp == NOW
    assert invoice.payment_hash.raw == HASH
    assert invoice.payment_secret == SECRET
    assert invoice.description == "A request"
    assert invoice.description_hash is None
    assert (invoice.expiry, invoice.expires_at) == (600, NOW + 600)
    assert invoice.min_final_cltv == 144
    assert (invoice.payee, invoice.payee_given) == (NODE, False)
    assert (len(invoice.signature), invoice.signature_valid) == (64, True)
    assert [feature.name for feature in invoice.features] == ["var_onion_optin", "payment_secret"]
    assert invoice.metadata == b"\x01\x02"
    assert (invoice.route_hints, invoice.fallbacks, invoice.problems) == ((), (), ())


def test_what_is_left_out_has_the_value_of_the_specification() -> None:
    invoice = read_invoice(mint_invoice(None, features=()))
    assert (invoice.amount, invoice.expiry, invoice.min_final_cltv) == (None, 3600, 18)
    assert (invoice.metadata, invoice.features) == (None, ())


def test_an_invoice_expires_at_the_second_it_says() -> None:
    invoice = read_invoice(mint_invoice(timestamp=1_000, expiry=60))
    assert invoice.expires_at == 1_060
    assert not invoice.is_expired(1_059)
    assert invoice.is_expired(1_060)


@pytest.mark.parametrize(("prefix", "network"), PREFIXES.items())
@pytest.mark.parametrize("msat", [None, 1_000])
def test_every_network_is_told_by_its_prefix(prefix: str, network: Network, msat: int | None) -> None:
    invoice = read_payable_invoice(mint_invoice(msat, prefix=prefix))
    assert (invoice.network, invoice.amount) == (network, None if msat is None else Msat(msat))


@pytest.mark.parametrize("hrp", ["lnltc20m", "lnxy", "lntbx1m", "ln", "lnb", "lq20m", "bc20m"])
def test_an_invoice_for_something_else_is_refused(hrp: str) -> None:
    with pytest.raises(InvoiceError):
        read_invoice(write_invoice(hrp, [data_field("p", HASH)]))


@pytest.mark.parametrize(
    ("amount", "msat"),
    [
        ("1", 10**11),
        ("20m", 2_000_000_000),
        ("2500u", 250_000_000),
        ("1n", 100),
        ("10p", 1),
        ("9678785340p", 967_878_534),
        ("21000000", MOST),
        ("21000000000m", MOST),
        ("15000000000n", 1_500_000_000_000),
    ],
)
def test_amounts_are_exact_to_the_millisatoshi(amount: str, msat: int) -> None:
    assert read_invoice(write_invoice("lnbc" + amount, [data_field("p", HASH)])).amount == Msat(msat)


@pytest.mark.parametrize(
    "amount",
    ["0", "0m", "00", "01", "010u", "15p", "1p", "9678785341p", "21000001", "21000000001m", "9" * 20,
     "9" * 21, "9" * 5_000, "m", "1x", "1mm", "-1", "+1", "1.5", "1_0", " 1", "1 ", "1k", "1/", "1~u"],
)  # fmt: skip
def test_a_malformed_amount_is_refused_and_its_place_named(amount: str) -> None:
    with pytest.raises(InvoiceError, match="amount") as caught:
        read_invoice(write_invoice("lnbc" + amount, [data_field("p", HASH)]))
    assert caught.value.where == "character 5"


@given(st.integers(1, MOST), st.sampled_from(sorted(PREFIXES)))
def test_any_amount_survives_being_written_and_read(msat: int, prefix: str) -> None:
    assert read_payable_invoice(mint_invoice(msat, prefix=prefix)).amount == Msat(msat)


@pytest.mark.parametrize(
    "dress",
    [
        "{}",
        " {}\n",
        "\t\r\n{}\u00a0",
        "lightning:{}",
        "LIGHTNING:{}",
        "Lightning://{}",
        "  lightning: {} ",
    ],
)
@pytest.mark.parametrize("upper", [False, True])
def test_an_invoice_is_found_in_what_people_paste(dress: str, upper: bool) -> None:
    text = mint_invoice()
    assert read_invoice(dress.format(text.upper() if upper else text)) == read_invoice(text)


@pytest.mark.parametrize("dress", ["{}x", "x{}", "{} {}", "bitcoin:{}", "lightning:lightning:{}", "{}?amount=1"])
def test_anything_more_around_an_invoice_is_refused(dress: str) -> None:
    with pytest.raises(InvoiceError):
        read_invoice(dress.replace("{}", mint_invoice()))


def test_mixed_case_is_refused() -> None:
    text = mint_invoice()
    for mixed in (text[:20] + text[20:].upper(), text.capitalize(), text[:-1] + text[-1].upper()):
        with pytest.raises(InvoiceError, match="upper and lower case"):
            read_invoice(mixed)


@pytest.mark.parametrize("text", ["", "   ", "lightning:", "lightning://  "])
def test_nothing_is_no_invoice(text: str) -> None:
    with pytest.raises(InvoiceError, match="empty"):
        read_invoice(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lno1pqps7sjqpgtyzm3qv4uxzmtsd3jjqer9wd3hy6tsw35k7msjzfpy7nz5yqcn", "BOLT 12 offer"),
        ("LNURL1DP68GURN8GHJ7UM9WFMXJCM99E3K7MF0V9CXJ0M385EKVCENXC6R2C35XVUKXEF", "LNURL"),
        ("https://example.com", "no Bitcoin invoice"),
        ("deadbeef", "no Bitcoin invoice"),
    ],
)
def test_what_is_something_else_is_called_by_its_name(text: str, words: str) -> None:
    with pytest.raises(InvoiceError, match=words):
        read_invoice(text)


def test_a_foreign_character_is_named_by_its_place_and_not_repeated() -> None:
    text = mint_invoice()
    for stranger in (
        "\u212a",
        "é",
        "\u202e",
        "b",
        "\x00",
    ):  # the first is a Kelvin sign, whose lower case is "k"
        with pytest.raises(InvoiceError) as caught:
            read_invoice(text[:40] + stranger + text[41:])
        assert caught.value.where == "character 41"
        assert stranger == "b" or stranger not in str(caught.value)


def test_the_longest_invoice_is_read_and_one_character_more_is_refused() -> None:
    def of(length: int) -> str:
        filler, fields = length - len(mint_invoice()), []
        while filler:
            size = min(filler, 1_026) if filler - 1_026 not in (1, 2) else 1_000
            fields.append(("v", "0" * 5 * (size - 3)))
            filler -= size
        return mint_invoice(more=fields)

    assert len(of(LONGEST)) == 7_089
    assert len(read_payable_invoice(of(LONGEST)).tags) > 10
    with pytest.raises(InvoiceError, match="7,090 characters"):
        read_invoice(of(LONGEST + 1))


def test_every_cut_invoice_is_refused() -> None:
    text = mint_invoice()
    for length in range(len(text)):
        with pytest.raises(InvoiceError):
            read_invoice(text[:length])


@pytest.mark.parametrize("words", [0, 1, 104, 110])
def test_an_invoice_without_room_for_date_and_signature_is_refused(words: int) -> None:
    with pytest.raises(InvoiceError, match="no date and signature"):
        read_invoice(bech32_text("lnbc1m", [0] * words))


def test_an_invoice_of_only_a_date_and_a_signature_asks_for_no_payment() -> None:
    with pytest.raises(InvoiceError, match="no payment hash") as caught:
        read_invoice(write_invoice("lnbc1m", []))
    assert caught.value.where == "tag p"


def test_a_payment_hash_of_the_wrong_length_is_none() -> None:
    with pytest.raises(InvoiceError, match="no payment hash"):
        read_invoice(mint_invoice(payment_hash=bytes(31)))


def test_two_payment_hashes_are_refused() -> None:
    with pytest.raises(InvoiceError, match="two payment hashes"):
        read_invoice(mint_invoice(more=[data_field("p", bytes(32))]))


@pytest.mark.parametrize("words", [[1], [1, 1], [1, 0, 1]])
def test_words_that_are_no_field_are_refused(words: list[int]) -> None:
    with pytest.raises(InvoiceError, match="runs into the signature"):
        read_invoice(write_invoice("lnbc1m", [data_field("p", HASH)], loose_words=words))


def test_the_spans_of_the_fields_cover_the_text_between_date_and_signature() -> None:
    text = mint_invoice(expiry=60, more=[("v", "0" * 50), data_field("n", bytes.fromhex(NODE))])
    invoice = read_invoice(text)
    assert [tag.letter for tag in invoice.tags] == ["p", "s", "d", "x", "9", "v", "n"]
    assert [tag.known for tag in invoice.tags] == [True, True, True, True, True, False, True]
    assert invoice.tags[0].start == text.rindex("1") + 1 + 7
    assert invoice.tags[-1].end == len(text) - 104 - 6
    for tag, following in zip(invoice.tags, invoice.tags[1:], strict=False):
        assert tag.end == following.start
    for tag in invoice.tags:
        words = ALPHABET.index(text[tag.start + 1]) * 32 + ALPHABET.index(text[tag.start + 2])
        assert (text[tag.start], tag.end - tag.start) == (tag.letter, 3 + words)


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        ("missing-payment-secret", {"payment_secret": None}),
        ("missing-payment-secret", {"payment_secret": bytes(31)}),
        ("missing-description", {"description": None}),
        ("missing-description", {"description": None, "more": [data_field("h", bytes(31))]}),
        ("two-descriptions", {"more": [data_field("h", bytes(32))]}),
        ("unreadable-description", {"description": b"\xff"}),
        ("unknown-required-feature", {"features": (8, 14, 100)}),
        ("unknown-required-feature", {"features": (8, 14, 30)}),
        ("unreadable-route-hint", {"more": [data_field("r", bytes(50))]}),
        ("duplicate-field", {"expiry": 60, "more": [number_field("x", 61)]}),
        ("duplicate-field", {"more": [data_field("s", bytes(32))]}),
        ("bad-signature", {"signature": bytes(65)}),
        ("bad-signature", {"signature": b"\x11" * 64 + b"\x04"}),
        ("bad-signature", {"high_s": True, "more": [data_field("n", bytes.fromhex(NODE))]}),
        ("bad-signature", {"key": b"\x07" * 32, "more": [data_field("n", bytes.fromhex(NODE))]}),
        ("bad-signature", {"more": [data_field("n", b"\x05" * 33)]}),
    ],
)
def test_an_invoice_with_a_problem_can_be_shown_and_cannot_be_paid(code: str, asked: dict[str, Any]) -> None:
    text = mint_invoice(**asked)
    invoice = read_invoice(text)
    assert codes(invoice) == [code]
    assert invoice.signature_valid == (code != "bad-signature")
    assert (invoice.payment_hash.raw, invoice.amount) == (HASH, Msat(21_000))
    with pytest.raises(InvoiceError) as caught:
        read_payable_invoice(text)
    assert caught.value.message == invoice.problems[0].message


def test_all_problems_are_listed_the_signature_first() -> None:
    text = mint_invoice(signature=bytes(65), payment_secret=None, description=None, features=(100,))
    invoice = read_invoice(text)
    assert codes(invoice) == [
        "bad-signature", "missing-payment-secret", "missing-description", "unknown-required-feature",
    ]  # fmt: skip
    assert invoice.payee is None


def test_a_description_by_its_hash_is_enough() -> None:
    invoice = read_payable_invoice(mint_invoice(description=None, more=[data_field("h", HASH)]))
    assert (invoice.description, invoice.description_hash) == (None, HASH)


@pytest.mark.parametrize("high_s", [False, True])
def test_without_a_named_payee_both_forms_of_the_signature_will_do(high_s: bool) -> None:
    invoice = read_payable_invoice(mint_invoice(high_s=high_s))
    assert (invoice.payee, invoice.payee_given) == (NODE, False)


def test_a_named_payee_who_signed_is_the_payee() -> None:
    key = b"\x07" * 32
    named = PrivateKey(key).public_key.format()
    invoice = read_payable_invoice(mint_invoice(key=key, more=[data_field("n", named)]))
    assert (invoice.payee, invoice.payee_given, invoice.signature_valid) == (named.hex(), True, True)


def test_a_named_payee_who_did_not_sign_is_shown_as_named() -> None:
    named = bytes.fromhex(NODE)
    invoice = read_invoice(mint_invoice(key=b"\x07" * 32, more=[data_field("n", named)]))
    assert (invoice.payee, invoice.payee_given, invoice.signature_valid) == (NODE, True, False)


def test_a_changed_amount_changes_the_payee() -> None:
    """Anybody can make a checksum that fits; but the signature covers the readable part as well."""
    text = mint_invoice(21_000)
    hrp, _, data = text.rpartition("1")
    words = [ALPHABET.index(letter) for letter in data[:-6]]
    forged = read_invoice(bech32_text(hrp.replace("210n", "220n"), words))
    assert forged.amount == Msat(22_000)
    assert forged.payee != read_invoice(text).payee


def test_fallbacks_are_addresses_of_the_invoices_own_network() -> None:
    field = fallback_field(0, bytes.fromhex("751e76e8199196d454941c45d1b3a323f1433bd6"))
    beginnings = {"lnbc": "bc1q", "lntb": "tb1q", "lntbs": "tb1q", "lnbcrt": "bcrt1q", "lnsb": "sb1q"}
    for prefix, beginning in beginnings.items():
        (found,) = read_invoice(mint_invoice(prefix=prefix, more=[field])).fallbacks
        assert found.address is not None
        assert found.address.startswith(beginning)


def test_its_repr_shows_neither_the_invoice_nor_its_secret() -> None:
    text = mint_invoice(more=[data_field("m", b"canary-metadata")])
    shown = repr(read_invoice(text))
    assert text not in shown
    assert repr(SECRET)[2:-1] not in shown
    assert "canary" not in shown
    assert "amount=Msat(value=21000)" in shown


@pytest.mark.parametrize(
    ("msat", "asked"),
    [
        (21_000, {}),
        (None, {}),
        (1, {"expiry": 7}),
        (2_100_000_000, {"description": "ナンセンス 1杯", "timestamp": 1}),
        (967_878_534, {"description": None, "more": [data_field("h", HASH)]}),
        (1_000, {"more": [data_field("n", bytes.fromhex(NODE)), number_field("c", 144)]}),
        (1_000, {"more": [data_field("m", b"\x01\x02\x03")]}),
        (1_000, {"high_s": True}),
        (1_000, {"more": [("v", "0" * 500)]}),
    ],
)
@pytest.mark.parametrize("prefix", ["lnbc", "lntb", "lntbs", "lnbcrt"])
def test_a_second_decoder_reads_the_same(prefix: str, msat: int | None, asked: dict[str, Any]) -> None:
    text = mint_invoice(msat, prefix=prefix, **asked)
    ours, theirs = read_payable_invoice(text), bolt11.decode(text)
    assert (ours.amount.value if ours.amount else None) == theirs.amount_msat
    assert ours.timestamp == theirs.date
    assert ours.payment_hash.hex == theirs.payment_hash
    assert ours.payment_secret is not None
    assert ours.payment_secret.hex() == theirs.payment_secret
    assert ours.description == theirs.description
    assert (ours.description_hash.hex() if ours.description_hash else None) == theirs.description_hash
    assert ours.expiry == (theirs.expiry or 3600)
    assert ours.min_final_cltv == theirs.min_final_cltv_expiry
    assert ours.payee == theirs.payee
    assert (ours.metadata.hex() if ours.metadata else None) == theirs.metadata


def test_a_second_decoder_reads_the_same_route() -> None:
    text = mint_invoice(prefix="lnbc", more=[data_field("r", hop(NODE, 0x0102030405060708, 1, 20, 3) * 2)])
    ours, theirs = read_invoice(text).route_hints, bolt11.decode(text).route_hints
    assert [
        [(step.node, step.short_channel_id, step.fee_base.value, step.fee_ppm, step.cltv_delta) for step in route]
        for route in ours
    ] == [
        [
            (
                step.public_key,
                step.short_channel_id,
                step.base_fee,
                step.ppm_fee,
                step.cltv_expiry_delta,
            )
            for step in route.routes
        ]
        for route in theirs or ()
    ]


# Hostile input: an Invoice or an InvoiceError comes out, nothing else.


def read_anything(text: str) -> Invoice | None:
    try:
        invoice = read_invoice(text)
    except InvoiceError as refused:
        unprintable = [letter for letter in str(refused) if not letter.isprintable()]
        if unprintable:
            pytest.fail(f"an error repeats {unprintable} of its input")
        return None
    assert invoice.signature_valid == ("bad-signature" not in codes(invoice))
    assert invoice.expires_at < 2**63
    assert len(invoice.problems) < 20
    assert repr(invoice)
    try:
        assert read_payable_invoice(text) == invoice
        assert not invoice.problems
    except InvoiceError:
        assert invoice.problems
    return invoice


@given(st.text() | st.binary().map(lambda data: data.decode("latin-1")))
@example("lnbc1" + "q" * 7_000)
@example("1" * 7_000)
@example("lnbc" + "9" * 7_000)
def test_any_text_is_an_invoice_or_an_invoice_error(text: str) -> None:
    read_anything(text)
    read_anything("lightning:lnbc" + text)


@given(st.data())
def test_a_mutated_invoice_is_an_invoice_or_an_invoice_error(data: st.DataObject) -> None:
    text = mint_invoice(expiry=60, more=[number_field("c", 40), fallback_field(17, bytes(20))])
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 3))
        text = text[:at] + data.draw(st.text(max_size=4)) + text[at + cut :]
    read_anything(text)


@given(st.data())
def test_mutated_words_behind_a_sound_checksum_are_read_or_refused(data: st.DataObject) -> None:
    """A checksum shields the reader from accidents, not from an attacker, who can make one that fits."""
    hrp, _, letters = mint_invoice(expiry=60, more=[features_field(8), number_field("c", 40)]).rpartition("1")
    words = [ALPHABET.index(letter) for letter in letters[:-6]]
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(words)))
        fresh = data.draw(st.lists(st.integers(0, 31), max_size=3))
        words[at : at + data.draw(st.integers(0, 3))] = fresh
    read_anything(bech32_text(hrp, words))


@given(
    hrp=st.sampled_from(["lnbc", "lnbc1m", "lnbcrt10p", "lntbs1", "lnsb5u"]),
    fields=st.lists(st.tuples(st.sampled_from(ALPHABET), st.text("01", max_size=600)), max_size=12),
    hashes=st.lists(st.sampled_from(["p", "s", "h", "n", "d", "r", "f", "9", "x", "c"]), max_size=6),
    signature=st.none() | st.binary(min_size=65, max_size=65),
    timestamp=st.integers(0, 2**35 - 1),
)
def test_any_signed_fields_are_read_or_refused(
    hrp: str, fields: list[tuple[str, str]], hashes: list[str], signature: bytes | None, timestamp: int
) -> None:
    fields += [(letter, "01" * 130) if letter != "n" else (letter, "01" * 132) for letter in hashes]
    invoice = read_anything(write_invoice(hrp, fields, signature=signature, timestamp=timestamp))
    if invoice is not None:
        assert invoice.timestamp == timestamp
        assert [tag.letter for tag in invoice.tags] == [letter for letter, _ in fields]


def test_the_writer_of_these_tests_writes_what_the_specification_prints(vectors: Any) -> None:
    """So that the tests above mean something: its first example, from its fields to its checksum."""
    public = vectors("bolt11.json")
    written = write_invoice(
        "lnbc",
        [
            data_field("s", SECRET),
            data_field("p", bytes.fromhex("0001020304050607080900010203040506070809000102030405060708090102")),
            data_field("d", b"Please consider supporting this project"),
            features_field(8, 14),
        ],
        timestamp=1_496_314_658,
        key=bytes.fromhex(public["private_key"]),
    )
    assert written == public["valid"][0]
