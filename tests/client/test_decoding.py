"""Content-Encoding is undone in bounded steps."""

from __future__ import annotations

import gzip
import resource
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.client.decoding import BombError, Decoder, DecodingError, decoder_for
from l402desk.client.limits import MIB, Limits

LIMITS = Limits()
PLAIN = b"".join(b"line %d of an honest text\n" % number for number in range(3000))


def bare(data: bytes) -> bytes:
    return zlib.compress(data)[2:-4]


def as_is(data: bytes) -> bytes:
    return data


def made(*encodings: str) -> Decoder:
    decoder = decoder_for(encodings, LIMITS)
    assert decoder is not None
    return decoder


def decoded(decoder: Decoder, wire: bytes, step: int = 1000) -> bytes:
    pieces = [piece for at in range(0, len(wire), step) for piece in decoder.feed(wire[at : at + step])]
    decoder.end()
    return b"".join(pieces)


@pytest.mark.parametrize("step", [1, 7, 1000, 1 << 20])
@pytest.mark.parametrize(
    ("encoding", "encode"),
    [
        ("gzip", gzip.compress),
        ("X-GZIP", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", bare),
        ("identity", as_is),
        ("", as_is),
        ("identity, gzip", gzip.compress),
    ],
)
def test_each_encoding_is_undone_whatever_the_chunks(
    encoding: str, encode: Callable[[bytes], bytes], step: int
) -> None:
    assert decoded(made(encoding), encode(PLAIN), step) == PLAIN


def test_two_layers_are_undone_last_one_first() -> None:
    wire = gzip.compress(zlib.compress(PLAIN), mtime=0)
    assert decoded(made("deflate, gzip"), wire) == PLAIN
    assert decoded(made("deflate", "gzip"), wire) == PLAIN


def test_members_of_a_gzip_follow_each_other_and_padding_after_them_is_ignored() -> None:
    wire = gzip.compress(b"one ", mtime=0) + gzip.compress(b"two ", mtime=0) + gzip.compress(b"", mtime=0) + bytes(512)
    for step in (1, 5, 10_000):
        assert decoded(made("gzip"), wire, step) == b"one two "


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "gzip, br", "aws-chunked", "gzip;q=1"])
def test_an_unknown_encoding_is_left_alone(encoding: str) -> None:
    assert decoder_for([encoding], LIMITS) is None


@pytest.mark.parametrize("encodings", [["gzip, gzip, gzip"], ["gzip"] * 3, [",".join(["gzip"] * 400)]])
def test_more_than_two_layers_are_refused(encodings: list[str]) -> None:
    with pytest.raises(BombError):
        decoder_for(encodings, LIMITS)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "deflate, gzip"])
def test_a_body_of_no_bytes_is_whole(encoding: str) -> None:
    assert decoded(made(encoding), b"") == b""


@pytest.mark.parametrize(
    ("encoding", "wire"),
    [
        ("gzip", gzip.compress(PLAIN, mtime=0)[:-1]),
        ("gzip", gzip.compress(PLAIN, mtime=0)[:5]),
        ("gzip", gzip.compress(b"a", mtime=0) + gzip.compress(PLAIN, mtime=0)[:40]),
        ("gzip", b"plain text"),
        ("gzip", gzip.compress(PLAIN, mtime=0)[:-8] + bytes(8)),
        ("deflate", zlib.compress(PLAIN)[:-1]),
        ("deflate", b"\x78"),
        ("deflate", b"\xff\xff\xff"),
        ("gzip, deflate", zlib.compress(gzip.compress(PLAIN, mtime=0)[:-1])),
    ],
)
def test_a_damaged_or_cut_body_is_told(encoding: str, wire: bytes) -> None:
    with pytest.raises(DecodingError):
        decoded(made(encoding), wire)


@pytest.mark.parametrize("layers", [1, 2])
def test_a_bomb_is_stopped_in_bounded_memory(layers: int) -> None:
    wire = gzip.compress(bytes(256 * MIB), 1, mtime=0)
    if layers == 2:
        wire = gzip.compress(wire, mtime=0)
    decoder = made(", ".join(["gzip"] * layers))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    handed_on = 0
    with pytest.raises(BombError):
        for at in range(0, len(wire), 65536):
            for piece in decoder.feed(wire[at : at + 65536]):
                assert len(piece) <= 65536
                handed_on += len(piece)
    assert handed_on <= max(MIB, 200 * len(wire))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 16 * 1024  # KiB


def test_a_small_repetitive_answer_is_no_bomb() -> None:
    body = bytes(900 * 1024)
    assert decoded(made("gzip"), gzip.compress(body, mtime=0)) == body


def test_many_empty_members_do_not_take_for_ever() -> None:
    assert decoded(made("gzip"), gzip.compress(b"", mtime=0) * 20_000, 65536) == b""


@given(st.binary(max_size=200), st.sampled_from(["gzip", "deflate", "gzip, deflate", "deflate, deflate"]))
def test_any_bytes_decode_or_raise_one_of_two_errors(wire: bytes, encoding: str) -> None:
    try:
        decoded(made(encoding), wire, 3)
    except (DecodingError, BombError):
        return
