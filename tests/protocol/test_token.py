"""The token that is presented: verbatim, unsplittable, and silent about its secrets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.proof import Preimage
from l402desk.protocol.token import MOST_CREDENTIAL, Token, TokenError, read_authorization
from tests.fakes.macaroons import FEWSATS, FEWSATS_PREIMAGE

PREIMAGE = Preimage.from_hex(FEWSATS_PREIMAGE)
visible_ascii = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=60)


@pytest.mark.parametrize("scheme", ["L402", "LSAT", "l402", "Lsat"])
def test_the_scheme_is_the_one_the_server_used(scheme: str) -> None:
    token = Token(scheme, FEWSATS, PREIMAGE)
    assert token.authorization() == f"{scheme} {FEWSATS}:{FEWSATS_PREIMAGE}"
    assert read_authorization(token.authorization()) == token


@pytest.mark.parametrize("scheme", ["", "Bearer", "L402 ", "L402\r\n", "ls\u017ft", "l\u017fat", "Payment"])
def test_another_scheme_is_refused(scheme: str) -> None:
    with pytest.raises(TokenError):
        Token(scheme, FEWSATS, PREIMAGE)


@pytest.mark.parametrize(
    "credential",
    ["", "a b", "a\rb", "a\nb", "a\r\nX-Evil: 1", "a\0b", "a\tb", "a\x7fb", "tökén", "a\u2028b", " a", "a "],
)
def test_a_credential_that_could_end_the_header_is_refused(credential: str) -> None:
    with pytest.raises(TokenError) as refused:
        Token("L402", credential, PREIMAGE)
    assert str(refused.value).isprintable()


def test_a_credential_of_sixteen_kibibytes_is_sent_and_one_more_character_is_not() -> None:
    assert len(Token("L402", "x" * MOST_CREDENTIAL, PREIMAGE).credential) == 16_384
    with pytest.raises(TokenError, match="16385 characters, at most 16384"):
        Token("L402", "x" * (MOST_CREDENTIAL + 1), PREIMAGE)


def test_the_preimage_is_sent_in_lower_case() -> None:
    token = read_authorization(f"L402 {FEWSATS}:{FEWSATS_PREIMAGE.upper()}")
    assert token.authorization().endswith(f":{FEWSATS_PREIMAGE}")


@pytest.mark.parametrize(
    "text",
    [
        f"LSAT {FEWSATS}:{FEWSATS_PREIMAGE}",
        f"Authorization: LSAT {FEWSATS}:{FEWSATS_PREIMAGE}",
        f"authorization:LSAT  {FEWSATS}:{FEWSATS_PREIMAGE}\r\n",
        f"  AUTHORIZATION :\tLSAT {FEWSATS}:{FEWSATS_PREIMAGE}  ",
    ],
)
def test_a_header_line_is_read(text: str) -> None:
    assert read_authorization(text) == Token("LSAT", FEWSATS, PREIMAGE)


@pytest.mark.parametrize("credential", ["eyJhIjoxfQ.c0ffee", "deposit_7:f3", "a:b:c", ":", '{"a":1}'])
def test_the_credential_ends_at_the_last_colon(credential: str) -> None:
    assert read_authorization(f"L402 {credential}:{FEWSATS_PREIMAGE}").credential == credential


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "begins with the word"),
        (f"Bearer {FEWSATS}", "begins with the word"),
        (f"{FEWSATS}:{FEWSATS_PREIMAGE}", "begins with the word"),
        (f"L402 {FEWSATS}", "no preimage"),
        (f"L402 :{FEWSATS_PREIMAGE}", "no credential"),
        (f"L402 {FEWSATS}:{FEWSATS_PREIMAGE[:-1]}", "64 hexadecimal"),
        (f"L402 {FEWSATS}: {FEWSATS_PREIMAGE}", "64 hexadecimal"),
        (f"L402 {FEWSATS}:0x{FEWSATS_PREIMAGE[2:]}", "64 hexadecimal"),
        (f"L402 {FEWSATS}:{'0' * 64}", "all zeros"),
        (f"L402 a\nb:{FEWSATS_PREIMAGE}", "no header can carry"),
        (f"L402 a b:{FEWSATS_PREIMAGE}", "no header can carry"),
    ],
)
def test_what_is_no_token_is_refused_in_words_that_hold_no_secret(text: str, message: str) -> None:
    with pytest.raises(TokenError, match=message) as refused:
        read_authorization(text)
    assert FEWSATS_PREIMAGE[2:-1] not in str(refused.value)
    assert FEWSATS not in str(refused.value)


def test_neither_repr_nor_str_nor_format_show_a_secret() -> None:
    token = Token("L402", FEWSATS, PREIMAGE)
    for shown in (repr(token), str(token), f"{token}", f"{[token]}"):
        assert FEWSATS[:12] not in shown
        assert FEWSATS_PREIMAGE not in shown
        assert "L402" in shown


@given(visible_ascii, st.binary(min_size=32, max_size=32).filter(any), st.sampled_from(["L402", "LSAT", "l402"]))
def test_whatever_is_sent_is_read_back(credential: str, preimage: bytes, scheme: str) -> None:
    token = Token(scheme, credential, Preimage(preimage))
    header = token.authorization()
    assert read_authorization(header) == token
    assert header.isascii()
    assert "\n" not in header


@given(st.text(st.characters(), max_size=120), st.booleans())
def test_any_text_is_a_token_or_a_token_error(text: str, dressed: bool) -> None:
    line = f"L402 {text}:{FEWSATS_PREIMAGE}" if dressed else text
    try:
        message = read_authorization(line).authorization()
    except TokenError as error:
        message = str(error)
    assert message.isprintable()
    assert message.isascii()
