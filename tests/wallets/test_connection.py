from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.wallets.connection import LONGEST, Kind, read_connection
from l402desk.wallets.errors import BadConnection
from l402desk.wallets.reading.schemes import READERS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "lnbits",
        "lnbits:",
        "lnbits://pay.example?key=a",
        "lnbits+https://pay.exämple?key=a",
        "lnbits+https://pay.example ?key=a",
        "lnbits+https://pay.example?key=a\nb",
        f"lnbits+https://pay.example?key={'a' * LONGEST}",
        "https://pay.example/wallet?usr=a",
        "lnbc1junk",
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(BadConnection) as refused:
        read_connection(text)
    assert refused.value.sentence.endswith(".")
    assert refused.value.remedy.endswith(".")


def test_white_space_around_it_is_nobodys_fault() -> None:
    assert read_connection("  play:\n").kind is Kind.PLAY
    assert read_connection("  play:\n").text == "play:"


@given(
    st.text()
    | st.tuples(
        st.sampled_from(sorted(READERS)), st.text(st.sampled_from("ab01:/?&=#@[]%.;relaysecretmacaroncert "))
    ).map(lambda pair: f"{pair[0]}://{pair[1]}")
)
def test_whatever_is_pasted_is_read_or_refused(text: str) -> None:
    try:
        read = read_connection(text)
    except BadConnection:
        return
    assert read.url.startswith(("http://", "https://")) or read.kind in (Kind.PLAY, Kind.NWC)
    assert read.text == text.strip()


def test_neither_repr_nor_str_nor_a_refusal_shows_a_secret() -> None:
    secret = "5ec2e75ec2e7"
    read = read_connection(f"lnbits+https://pay.example?key={secret}&watch=1")
    assert str(read) == "lnbits+https://pay.example?key=…&watch=1"
    assert secret not in repr(read) + str(read)
    for text in (f"lnbits+https://pay.example?{secret}=1", f"lnbits+http://pay.example?key={secret}", secret):
        with pytest.raises(BadConnection) as refused:
            read_connection(text)
        assert secret not in str(refused.value)
