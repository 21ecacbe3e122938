"""The command line of send is read as curl's is, and what is wrong with it is said in one sentence."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from l402desk.cli.send_options import FORM, STDIN, Options, UsageError, read_options
from l402desk.client.body import FileBody, NoBody, TextBody
from l402desk.client.fields import Field
from l402desk.client.request import RequestDraft
from l402desk.protocol.amount import Msat

URL = "https://api.example.com/data"


def test_a_method_and_an_address_are_enough() -> None:
    options = read_options(["get", URL])
    assert options == Options(RequestDraft("GET", URL, body=NoBody()))
    assert (options.pay, options.use_token, options.follow, options.wait_s) == (False, True, False, 60.0)


def test_every_option_is_understood_wherever_it_stands() -> None:
    line = """--json POST -H 'Accept: text/plain' -HX-Two:2 https://api.example.com/data -d a=1 --wallet=home --pay
              --max-sats 21 --wait 0.5 --no-token --follow -oout.bin"""
    options = read_options(shlex.split(line))
    assert options.draft == RequestDraft(
        "POST", URL, headers=(Field("Accept", "text/plain"), Field("X-Two", "2")), body=TextBody("a=1", FORM)
    )
    assert options == Options(
        options.draft,
        wallet="home",
        pay=True,
        max_amount=Msat.of_sats(21),
        wait_s=0.5,
        use_token=False,
        follow=True,
        output=Path("out.bin"),
        as_json=True,
    )


def test_data_has_the_media_type_of_curl_unless_another_is_typed() -> None:
    assert read_options(["POST", URL, "-d{}"]).draft.wire_headers() == (("Content-Type", FORM),)
    typed = read_options(["POST", URL, "-d", "{}", "-H", "content-type: application/json"]).draft
    assert typed.wire_headers() == (("content-type", "application/json"),)


def test_data_may_come_from_a_file_or_from_standard_input() -> None:
    assert read_options(["PUT", URL, "-d", "@some file"]).draft.body == FileBody(Path("some file"), FORM)
    options = read_options(["PUT", URL, "-d", "@-"])
    assert options.draft.body == FileBody(STDIN, FORM)
    assert options.reads_stdin


def test_data_may_begin_with_a_dash() -> None:
    assert read_options(["POST", URL, "-d", "-5"]).draft.body == TextBody("-5", FORM)


def test_empty_data_is_an_empty_body() -> None:
    assert read_options(["POST", URL, "-d", ""]).draft.body == TextBody("", FORM)


def test_after_two_dashes_nothing_is_an_option() -> None:
    with pytest.raises(UsageError, match="A method is one word"):
        read_options(["--", "--p@y", URL])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "A method and an address are needed"),
        (["GET"], "A method and an address are needed"),
        (["GET", URL, "more"], "A method and an address are needed"),
        (["GET", URL, "--frobnicate"], "The option --frobnicate is not known here"),
        (["GET", URL, "--walet=lnbits+https://h?key=secret"], "The option --walet is not known here"),
        (["GET", URL, "-x"], "The option -x is not known here"),
        (["GET", URL, "--pay=yes"], "The option --pay is not known here"),
        (["GET", URL, "--max-sats"], "--max-sats needs a value"),
        (["GET", URL, "--max-sats", "-1"], "--max-sats needs a whole number of sats, not “-1”"),
        (["GET", URL, "--max-sats", "1.5"], "--max-sats needs a whole number"),
        (["GET", URL, "--max-sats", "٢١"], "--max-sats needs a whole number"),
        (["GET", URL, "--max-sats", "9999999999999999"], "--max-sats needs a whole number"),
        (["GET", URL, "--max-sats", "1", "--max-sats", "2"], "--max-sats is there twice"),
        (["GET", URL, "--wait", "nan"], "--wait needs a number of seconds"),
        (["GET", URL, "--wait", "-3"], "--wait needs a number of seconds"),
        (["GET", URL, "--wait", "1e9"], "--wait needs a number of seconds"),
        (["GET", URL, "-H", "no colon"], "A header is written as 'Name: value'"),
        (["GET", URL, "-H", "Host: elsewhere.example"], "The Host header follows from the address"),
        (["GET", URL, "-H", "X: a\r\nY: b"], "control character"),
        (["POST", URL, "-d", "@"], "-d @FILE needs the name of a file"),
        (["CONNECT", URL], "CONNECT is for proxies"),
        (["G ET", URL], "A method is one word of letters"),
        (["GET", "file:///etc/passwd"], "An address starts with http:// or https://"),
        (["GET", "https://user:secret@api.example.com/"], "user name or password"),
        (["GET", ""], "There is no address yet"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(arguments: list[str], words: str) -> None:
    with pytest.raises(UsageError) as error:
        read_options(arguments)
    assert words in str(error.value)
    assert "secret" not in str(error.value)
    assert "\n" not in str(error.value)
