"""What people copy out of a terminal is read as the response it was."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.errors import ChallengeError
from l402desk.protocol.raw_response import RawResponse, looks_like_response, read_raw_response

CHALLENGE = 'L402 macaroon="m", invoice="i"'
HEAD = f"HTTP/1.1 402 Payment Required\r\nContent-Type: text/plain\r\nWWW-Authenticate: {CHALLENGE}\r\n"


def values(response: RawResponse) -> list[str]:
    return [value for name, value in response.headers if name.lower() == "www-authenticate"]


def test_a_curl_answer_is_read() -> None:
    response = read_raw_response(HEAD + "\r\npay first\n")
    assert (response.status, response.reason, response.version) == (402, "Payment Required", "1.1")
    assert values(response) == [CHALLENGE]
    assert response.body == b"pay first\n"
    assert not response.assumed


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_http_2_has_no_reason_and_lower_case_names(newline: str) -> None:
    response = read_raw_response(newline.join(["HTTP/2 402 ", f"www-authenticate: {CHALLENGE}", "", "x"]))
    assert (response.status, response.reason, response.version) == (402, "", "2")
    assert values(response) == [CHALLENGE]
    assert response.body == b"x"


def test_a_head_without_a_body_is_read() -> None:
    assert values(read_raw_response(HEAD)) == [CHALLENGE]
    assert read_raw_response("HTTP/1.1 402 Payment Required").headers == ()


def test_folded_lines_are_joined() -> None:
    response = read_raw_response('HTTP/1.1 402 X\nWWW-Authenticate: L402 macaroon="m",\n\t  invoice="i"\nA: b\n')
    assert response.headers == (("WWW-Authenticate", CHALLENGE), ("A", "b"))


@pytest.mark.parametrize(
    "before",
    [
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 200 Connection established\r\n\r\n",
        "HTTP/1.1 301 Moved\r\nLocation: /x\r\n\r\n",
        "HTTP/1.1 301 Moved\r\nLocation: /x\r\n\r\n<html>moved</html>\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n",
    ],
)
def test_the_last_of_several_responses_counts(before: str) -> None:
    response = read_raw_response(before + HEAD + "\r\nbody")
    assert (response.status, response.body) == (402, b"body")
    assert values(response) == [CHALLENGE]


def test_a_body_that_quotes_a_response_is_still_a_body() -> None:
    assert read_raw_response(HEAD + "\r\nSend:\r\nHTTP/1.1 200 OK\r\n").status == 402


def test_an_endless_chain_of_responses_ends() -> None:
    assert read_raw_response("HTTP/1.1 302 Found\n\n" * 50_000).status == 302


def test_a_verbose_log_is_read() -> None:
    log = f"""\
* Trying 127.0.0.1:8402...
> GET /weather HTTP/1.1
> Authorization: L402 secret
>
< HTTP/1.1 302 Found
< Location: /other
<
* Issue another request
> GET /other HTTP/1.1
>
< HTTP/1.1 402 Payment Required
< WWW-Authenticate: {CHALLENGE}
<
{{ [17 bytes data]
{{"error": "pay"}}
* Connection #0 to host 127.0.0.1 left intact
"""
    response = read_raw_response(log)
    assert (response.status, values(response)) == (402, [CHALLENGE])
    assert response.body.strip() == b'{"error": "pay"}'
    assert len(response.headers) == 1


def test_bare_headers_make_a_402() -> None:
    response = read_raw_response(f"Content-Type: text/plain\nWWW-Authenticate: {CHALLENGE}\n\nbody")
    assert (response.status, response.assumed, values(response), response.body) == (
        402,
        True,
        [CHALLENGE],
        b"body",
    )


def test_a_bare_value_is_one_challenge_header() -> None:
    for text in (CHALLENGE, f"  {CHALLENGE}\n", CHALLENGE.replace(", ", ",\n  "), f"\ufeff{CHALLENGE}"):
        response = read_raw_response(text)
        assert (response.status, response.assumed, values(response)) == (402, True, [CHALLENGE])


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", ""),
        ("  \r\n", ""),
        ("HTTP/1.1 abc", "line 1"),
        ("HTTP/1.1 402 X\nA: b\nno header here\n", "line 3"),
    ],
)
def test_what_is_no_response_is_named(text: str, where: str) -> None:
    with pytest.raises(ChallengeError) as caught:
        read_raw_response(text)
    assert caught.value.where == where


def test_a_response_is_told_from_other_texts() -> None:
    assert all(map(looks_like_response, (HEAD, "< HTTP/1.1 402 X\n", "www-authenticate: x", "WWW-Authenticate : x")))
    assert not any(map(looks_like_response, (CHALLENGE, "lnbc1", "< b", "Authorization: L402 x", "")))


LINES = st.lists(
    st.sampled_from(
        [
            "HTTP/1.1 402 X",
            "HTTP/2 301",
            "< HTTP/1.1 402",
            "<",
            "> x",
            "* y",
            "A: b",
            " folded",
            "",
            "junk",
            "\r",
            CHALLENGE,
        ]
    )
).map("\n".join)


@given(st.one_of(st.text(), LINES))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    with suppress(ChallengeError):
        response = read_raw_response(text)
        assert 0 <= response.status <= 999
        assert response.reason.isprintable()
