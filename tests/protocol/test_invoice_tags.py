from __future__ import annotations

import hashlib

import pytest

from l402desk.protocol.addresses import Fallback
from l402desk.protocol.amount import Msat
from l402desk.protocol.errors import InvoiceError
from l402desk.protocol.invoice_fields import Fields, Hop, Tag
from l402desk.protocol.invoice_tags import MOST, read_fields
from l402desk.protocol.network import Network
from tests.fakes.invoices import (
    ALPHABET,
    NODE,
    Field,
    bits_of,
    data_field,
    fallback_field,
    features_field,
    hop,
    number_field,
    words_of,
)

HASH = hashlib.sha256(b"").digest()
DIGITS = "0123456789abcdefghijklmnopqrstuv"


def read_words(words: list[int], network: Network = Network.MAINNET) -> Fields:
    text = "lnbc1pvjluez" + "".join(ALPHABET[word] for word in words)
    return read_fields(text, 12, "".join(DIGITS[word] for word in words).encode(), network)


def read(*fields: Field, network: Network = Network.MAINNET) -> Fields:
    words: list[int] = []
    for letter, bits in fields:
        body = words_of(bits)
        words += [ALPHABET.index(letter), len(body) >> 5, len(body) & 31, *body]
    return read_words(words, network)


def codes(fields: Fields) -> list[str]:
    return [problem.code for problem in fields.problems]


def test_no_fields_say_nothing() -> None:
    assert read() == Fields(Network.MAINNET)


@pytest.mark.parametrize(
    ("field", "attribute", "value"),
    [
        (data_field("s", HASH), "payment_secret", HASH),
        (data_field("h", HASH), "description_hash", HASH),
        (data_field("n", bytes.fromhex(NODE)), "payee", NODE),
        (data_field("d", "ナンセンス 1杯".encode()), "description", "ナンセンス 1杯"),
        (data_field("d", b""), "description", ""),
        (data_field("m", b"\x01\xfa"), "metadata", b"\x01\xfa"),
        (number_field("x", 60), "expiry", 60),
        (("x", ""), "expiry", 0),
        (number_field("c", 144), "min_final_cltv", 144),
        (number_field("x", MOST), "expiry", MOST),
    ],
)
def test_a_field_is_read(field: Field, attribute: str, value: object) -> None:
    fields = read(field)
    assert getattr(fields, attribute) == value
    assert fields.tags == [Tag(field[0], 12, 15 + len(words_of(field[1])), known=True)]
    assert fields.problems == []


def test_the_payment_hash_is_read() -> None:
    found = read(data_field("p", HASH)).payment_hash
    assert found is not None
    assert found.raw == HASH


@pytest.mark.parametrize("letter", "pshn")
@pytest.mark.parametrize("words", [0, 1, 51, 54, 1023])
def test_a_field_of_the_wrong_length_is_skipped_but_listed(letter: str, words: int) -> None:
    fields = read((letter, "0" * 5 * words))
    assert fields.tags == [Tag(letter, 12, 15 + words, known=False)]
    fields.tags.clear()
    assert fields == Fields(Network.MAINNET)


def test_a_skipped_field_does_not_stand_in_the_way_of_the_right_one() -> None:
    fields = read(("p", "0" * 5 * 53), data_field("p", HASH), ("p", "0" * 5 * 51))
    assert fields.payment_hash is not None
    assert [tag.known for tag in fields.tags] == [False, True, False]


@pytest.mark.parametrize("letter", sorted(set(ALPHABET) - set("pshndxcm9fr")))
def test_an_unknown_field_is_skipped_but_listed_with_its_span(letter: str) -> None:
    fields = read((letter, "1" * 35), data_field("p", HASH))
    assert fields.tags == [Tag(letter, 12, 22, known=False), Tag("p", 22, 77, known=True)]
    assert fields.payment_hash is not None


def test_two_payment_hashes_are_refused() -> None:
    with pytest.raises(InvoiceError, match="two payment hashes") as caught:
        read(data_field("p", HASH), data_field("p", bytes(32)))
    assert caught.value.where == "tag p"


@pytest.mark.parametrize(
    ("first", "second", "attribute"),
    [
        (data_field("s", HASH), data_field("s", bytes(32)), "payment_secret"),
        (data_field("h", HASH), data_field("h", bytes(32)), "description_hash"),
        (data_field("n", bytes.fromhex(NODE)), data_field("n", bytes(33)), "payee"),
        (data_field("d", b"one"), data_field("d", b"two"), "description"),
        (data_field("m", b"one"), data_field("m", b"two"), "metadata"),
        (number_field("x", 60), number_field("x", 61), "expiry"),
        (number_field("c", 60), number_field("c", 61), "min_final_cltv"),
        (features_field(8), features_field(14), "features"),
    ],
)
def test_of_two_fields_the_first_counts_and_the_second_is_a_problem(
    first: Field, second: Field, attribute: str
) -> None:
    both = read(first, second, second)
    assert getattr(both, attribute) == getattr(read(first), attribute)
    assert codes(both) == ["duplicate-field"]


def test_a_description_that_is_no_text_is_shown_as_far_as_it_goes() -> None:
    fields = read(data_field("d", b"cof\xfffee"))
    assert fields.description == "cof\ufffdfee"
    assert codes(fields) == ["unreadable-description"]


@pytest.mark.parametrize("letter", "xc")
def test_an_absurdly_large_number_is_refused(letter: str) -> None:
    with pytest.raises(InvoiceError, match="absurdly large") as caught:
        read(number_field(letter, MOST + 1))
    assert caught.value.where == f"tag {letter}"


def test_features_that_are_offered_or_known_are_no_problem() -> None:
    fields = read(features_field(8, 14, 17, 48, 99, 149))
    assert [feature.bit for feature in fields.features] == [8, 14, 17, 48, 99, 149]
    assert fields.problems == []


def test_demanded_features_that_nobody_here_knows_are_one_problem_that_names_them() -> None:
    fields = read(features_field(8, 14, 30, 100))
    assert codes(fields) == ["unknown-required-feature"]
    assert fields.problems[0].message.endswith(": 30, 100")


def test_a_flood_of_unknown_demands_stays_one_short_sentence() -> None:
    message = read(features_field(*range(200, 4_000))).problems[0].message
    assert message.endswith(": 200, 202, 204, 206, 208 …")


def test_fallbacks_are_kept_in_order_with_their_addresses() -> None:
    program = bytes.fromhex("751e76e8199196d454941c45d1b3a323f1433bd6")
    fields = read(fallback_field(0, program), fallback_field(17, program[:5]), network=Network.REGTEST)
    assert fields.fallbacks == [
        Fallback(0, "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080", program),
        Fallback(17, None, program[:5]),
    ]


@pytest.mark.parametrize("field", [fallback_field(19, bytes(20)), fallback_field(31, b""), ("f", "")])
def test_a_fallback_of_an_unknown_version_is_skipped(field: Field) -> None:
    fields = read(field)
    assert fields.fallbacks == []
    assert [tag.known for tag in fields.tags] == [False]


def test_the_hops_of_route_hints_are_read() -> None:
    other = "02" + NODE[2:]
    one = hop(NODE, 0x0102030405060708, 1, 20, 3)
    two = hop(other, 0x030405060708090A, 2**32 - 1, 30, 4)
    fields = read(data_field("r", one + two), data_field("r", two))
    hops = (
        Hop(NODE, "66051x263430x1800", Msat(1), 20, 3),
        Hop(other, "197637x395016x2314", Msat(2**32 - 1), 30, 4),
    )
    assert fields.route_hints == [hops, hops[1:]]
    assert fields.problems == []


@pytest.mark.parametrize("size", [0, 1, 50, 52, 101, 103])
def test_a_route_hint_of_the_wrong_length_is_a_problem(size: int) -> None:
    fields = read(data_field("r", bytes(size)), ("r", bits_of(hop(NODE, 1, 2, 3, 4))))
    assert codes(fields) == ["unreadable-route-hint"]
    assert len(fields.route_hints) == 1


@pytest.mark.parametrize("words", [[1], [1, 0], [1, 0, 1], [1, 31, 31, 0], [1, 0, 0, 1, 1]])
def test_a_field_that_runs_over_the_end_is_refused(words: list[int]) -> None:
    with pytest.raises(InvoiceError, match="runs into the signature") as caught:
        read_words(words)
    assert caught.value.where == f"character {13 if len(words) < 5 else 16}"
