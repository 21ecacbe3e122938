"""The tokeniser: every dialect becomes schemes with parameters, and no text makes it fail or slow."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.challenge_grammar import SchemePart, split_challenges

PIECES = ["L402", "Payment", "a", "b=", "=", '"', "'", "\\", ",", " ", "\t", "\n", '"x"', "'y'", "é", "=="]


def parts(value: str) -> tuple[SchemePart, ...]:
    return split_challenges(value, 8).parts


def only(value: str) -> SchemePart:
    (part,) = parts(value)
    return part


def test_commas_and_equals_signs_inside_quotes_are_text() -> None:
    assert only('L402 realm="a, b=c", token="t"').parameters == (("realm", "a, b=c"), ("token", "t"))


def test_parameters_may_be_separated_by_spaces_alone() -> None:
    assert only('L402 version="0" token="t" invoice="i"').parameters == (
        ("version", "0"),
        ("token", "t"),
        ("invoice", "i"),
    )


def test_an_unquoted_value_keeps_its_padding() -> None:
    assert only("L402 macaroon=QUJD+/==, invoice=lnbc1").parameters == (
        ("macaroon", "QUJD+/=="),
        ("invoice", "lnbc1"),
    )


def test_single_quotes_are_quotes() -> None:
    assert only("L402 macaroon='a, b', invoice='c'").parameters == (("macaroon", "a, b"), ("invoice", "c"))


def test_an_apostrophe_without_a_partner_is_a_letter() -> None:
    assert only("L402 title='tis, token=t").parameters == (("title", "'tis"), ("token", "t"))


def test_a_backslash_makes_the_next_character_plain() -> None:
    assert only(r'L402 realm="say \"hi\", c:\\x"').parameters == (("realm", 'say "hi", c:\\x'),)


def test_names_are_lowered_and_values_are_not() -> None:
    assert only("L402 ToKeN=AbC").parameters == (("token", "AbC"),)


def test_spaces_around_the_equals_sign_are_allowed() -> None:
    assert only('L402 token = "t" , invoice= "i"').parameters == (("token", "t"), ("invoice", "i"))


def test_missing_separators_after_a_quote_are_forgiven() -> None:
    assert only('L402 macaroon="m"invoice="i"').parameters == (("macaroon", "m"), ("invoice", "i"))


def test_an_empty_value_stays_empty() -> None:
    assert only('L402 token="", invoice=').parameters == (("token", ""), ("invoice", ""))


def test_a_word_after_a_comma_starts_a_scheme() -> None:
    assert [part.scheme for part in parts("L402, Bearer, Basic realm=x")] == ["L402", "Bearer", "Basic"]


def test_a_word_before_a_parameter_starts_a_scheme_even_without_a_comma() -> None:
    assert [part.scheme for part in parts('L402 token="t" Payment id="p"')] == ["L402", "Payment"]


def test_a_word_after_a_scheme_is_information() -> None:
    part = only("L402 price-only")
    assert (part.scheme, part.words, part.parameters) == ("L402", ("price-only",), ())


def test_a_token68_is_no_parameter() -> None:
    negotiate, l402 = parts("Negotiate YII+/==, L402 token=t")
    assert (negotiate.words, negotiate.parameters) == (("YII+/==",), ())
    assert l402.parameters == (("token", "t"),)


def test_each_part_keeps_its_own_text_and_place() -> None:
    value = 'Payment id="a, L402 x=1",  L402 token="t" ,'
    first, second = parts(value)
    assert first.raw == 'Payment id="a, L402 x=1"'
    assert second.raw == 'L402 token="t"'
    assert value[second.start :].startswith("L402 token")


def test_an_unclosed_quote_is_named_and_ends_the_reading() -> None:
    part = only('L402 token="t", invoice="lnbc1, Payment id="')
    assert part.unclosed is None  # the quote closes at the end, so this is one long value
    assert only('L402 token="t", invoice="lnbc1, Payment id=x').unclosed == "invoice"


def test_text_without_a_scheme_is_stray() -> None:
    found = split_challenges('macaroon="m", invoice="i"', 8)
    assert found.parts == ()
    assert found.stray == 'macaroon="m", invoice="i"'


def test_too_many_schemes_are_cut_and_told() -> None:
    found = split_challenges("A, B, C, D", 3)
    assert [part.scheme for part in found.parts] == ["A", "B", "C"]
    assert found.more


def test_a_scheme_is_a_short_token() -> None:
    assert parts("“L402” token=t") == ()
    assert parts("x" * 65 + " token=t") == ()


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)))
def test_any_text_is_cut_without_an_error(text: str) -> None:
    found = split_challenges(text, 8)
    assert len(found.parts) <= 8
    for part in found.parts:
        assert text[part.start :].startswith(part.raw)
        assert all(name == name.lower() for name, _ in part.parameters)


@given(
    st.lists(
        st.tuples(
            st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True),
            st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)),
        ),
        max_size=6,
    ),
    st.sampled_from([", ", ",", " ", " ,\t"]),
)
def test_what_is_quoted_comes_back_unchanged(pairs: list[tuple[str, str]], separator: str) -> None:
    quoted = [(name, value.replace("\\", "\\\\").replace('"', '\\"')) for name, value in pairs]
    header = "L402 " + separator.join(f'{name}="{value}"' for name, value in quoted)
    assert only(header).parameters == tuple(pairs)


@pytest.mark.parametrize(
    "piece",
    [
        'a="',
        "a='",
        "'",
        '"',
        "\\",
        'L402 a="\\a',
        "w ",
        " ",
        ",",
        "w",
        "w==",
        "a=b,",
        "a =",
        "a = ",
        "L402 'a=",
        '="',
    ],
)
def test_time_grows_with_the_length_only(piece: str) -> None:
    """Twice the text may take twice the time: an evil expression would take four times, or for ever."""

    def seconds(length: int) -> float:
        text = "L402 " + piece * (length // len(piece))
        best = 9.0
        for _ in range(3):
            began = time.perf_counter()
            split_challenges(text, 8)
            best = min(best, time.perf_counter() - began)
        return best

    assert seconds(400_000) < 0.05 + 24 * seconds(50_000)  # eight times the text; quadratic time would be 64 times


def test_the_public_vectors_are_cut_as_they_say(vectors: Any) -> None:
    for case in vectors("payment-auth.vectors.json")["challengeHeaders"]:
        assert dict(only(case["header"]).parameters) == case["parsed"], case["name"]
    for case in vectors("payment-auth.vectors.json")["challengeLists"]:
        complete = []
        for part in parts(case["header"]):
            first: dict[str, str] = {}
            for name, value in part.parameters:
                first.setdefault(name, value)
            if part.scheme.lower() == "payment" and {"id", "method", "intent", "request"} <= first.keys():
                complete.append(first)
        assert complete == case.get("challenges", []), case["name"]
