from __future__ import annotations

import bech32 as second_opinion
import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.bech32 import (
    ALPHABET,
    number,
    octets,
    padded_octets,
    polymod,
    segwit_address,
    split,
)
from l402desk.protocol.errors import InvoiceError
from tests.fakes.invoices import bech32_text, checksum, words_of

WORDS = st.lists(st.integers(0, 31), max_size=400)


def digits_of(words: list[int]) -> bytes:
    return bytes(b"0123456789abcdefghijklmnopqrstuv"[word] for word in words)


@given(WORDS)
def test_the_checksum_by_table_equals_the_checksum_bit_by_bit(words: list[int]) -> None:
    expanded = [3, 3, 0, 12, 14]  # "ln"
    assert polymod(bytes([*expanded, *words, *checksum("ln", words)])) == 1


@given(st.lists(st.integers(0, 31), max_size=80))
def test_the_checksum_agrees_with_another_library(words: list[int]) -> None:
    assert polymod(bytes(words)) == second_opinion.bech32_polymod(words)


@given(WORDS)
def test_a_sound_text_of_any_length_is_parted(words: list[int]) -> None:
    assert split(bech32_text("lnbc20m", words)) == ("lnbc20m", digits_of(words))


@given(st.lists(st.integers(0, 31), min_size=1, max_size=60), st.data())
def test_one_changed_letter_is_always_noticed(words: list[int], data: st.DataObject) -> None:
    text = bech32_text("lnbc", words)
    at = data.draw(st.integers(5, len(text) - 1))
    letter = data.draw(st.sampled_from([letter for letter in ALPHABET if letter != text[at]]))
    with pytest.raises(InvoiceError, match="checksum"):
        split(text[:at] + letter + text[at + 1 :])


def test_a_changed_readable_part_is_noticed() -> None:
    text = bech32_text("lnbc20m", [1, 2, 3])
    with pytest.raises(InvoiceError, match="checksum"):
        split(text.replace("20m", "21m"))


def test_a_bech32m_checksum_is_not_taken_for_a_bech32_one() -> None:
    words = [1, 2, 3]
    text = "lnbc1" + "".join(ALPHABET[w] for w in words + checksum("lnbc", words, 0x2BC830A3))
    with pytest.raises(InvoiceError, match="checksum"):
        split(text)


@pytest.mark.parametrize(("text", "where"), [("lnbc1qqbqqqqqq", "character 8"), ("lnbc1qq qqqqqq", "character 8")])
def test_a_letter_outside_the_alphabet_is_named_by_its_place(text: str, where: str) -> None:
    with pytest.raises(InvoiceError) as caught:
        split(text)
    assert caught.value.where == where


def test_a_text_without_separator_is_refused() -> None:
    with pytest.raises(InvoiceError, match="no “1”"):
        split("lnbcqqqqqqqqqqqq")


def test_a_text_shorter_than_its_checksum_is_refused() -> None:
    with pytest.raises(InvoiceError, match="cut off"):
        split("lnbc1qqqqq")


@given(st.binary(max_size=90))
def test_words_become_the_bytes_they_were_made_of(data: bytes) -> None:
    words = words_of("".join(f"{octet:08b}" for octet in data))
    assert octets(digits_of(words)) == data


@pytest.mark.parametrize(("words", "value"), [([], 0), ([0], 0), ([1, 0], 32), ([31, 31], 1023), ([0, 0, 5], 5)])
def test_words_are_read_as_one_big_endian_number(words: list[int], value: int) -> None:
    assert number(digits_of(words)) == value


def test_bits_that_fill_no_byte_are_dropped_or_kept_as_asked() -> None:
    words = digits_of([31, 31, 31])  # 15 bits
    assert octets(words) == b"\xff"
    assert padded_octets(words) == b"\xff\xfe"
    assert octets(digits_of([31])) == b""
    assert padded_octets(b"") == b""


@pytest.mark.parametrize(
    ("prefix", "version", "program", "address"),
    [
        ("bc", 0, "751e76e8199196d454941c45d1b3a323f1433bd6", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
        (
            "tb",
            0,
            "1863143c14c5166804bd19203356da136c985678cd4d27a1b8c6329604903262",
            "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7",
        ),
        (
            "bc",
            1,
            "751e76e8199196d454941c45d1b3a323f1433bd6751e76e8199196d454941c45d1b3a323f1433bd6",
            "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y",
        ),
        ("bc", 16, "751e", "bc1sw50qgdz25j"),
        (
            "tb",
            1,
            "000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433",
            "tb1pqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesf3hn0c",
        ),
    ],
)
def test_addresses_are_those_of_the_public_examples(prefix: str, version: int, program: str, address: str) -> None:
    """From the test vectors of BIP 350."""
    assert segwit_address(prefix, version, bytes.fromhex(program)) == address


@given(st.sampled_from([20, 32]).flatmap(lambda size: st.binary(min_size=size, max_size=size)))
def test_version_0_addresses_agree_with_another_library(program: bytes) -> None:
    assert second_opinion.decode("bc", segwit_address("bc", 0, program)) == (0, list(program))
