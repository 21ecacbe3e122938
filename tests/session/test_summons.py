"""What another process says is read strictly: an address that could be asked for, or nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.session.summons import Summons, read_summons, socket_name, write_summons


@pytest.mark.parametrize("url", ["", "https://api.example.com/data?q=1", "http://127.0.0.1:8402/weather"])
def test_what_is_written_is_read(url: str) -> None:
    summons = Summons(url, "gnome-shell_TIME123")
    assert read_summons(write_summons(summons).rstrip(b"\n")) == summons


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "https://a b/", "https://u:p@a.example/",
        "mailto:a@b.example", "https://a.example/\u0000", "https://a.example/" + "x" * 40_000,
    ],
)  # fmt: skip
def test_what_no_address_bar_would_send_is_refused(url: str) -> None:
    assert read_summons(write_summons(Summons(url)).rstrip(b"\n")) is None


@pytest.mark.parametrize(
    "line",
    [
        b"", b"x", b"[]", b"null", b"1", b'{"url": "https://a.example"}', b'{"url": 1, "activation": ""}',
        b'{"url": "", "activation": null}', b"[" * 5_000, b"\xff\xfe",
    ],
)  # fmt: skip
def test_what_is_no_summons_is_none(line: bytes) -> None:
    assert read_summons(line) is None


@given(st.binary(max_size=200))
def test_no_bytes_do_harm(line: bytes) -> None:
    found = read_summons(line)
    assert found is None or isinstance(found, Summons)


@pytest.mark.parametrize("token", ["a\nb", "ü", "x" * 300])
def test_an_activation_token_that_is_none_is_dropped(token: str) -> None:
    line = json.dumps({"url": "https://a.example/", "activation": token}).encode()
    assert read_summons(line) == Summons("https://a.example/")


@pytest.mark.skipif(os.name != "posix", reason="a pipe has no folder")
def test_the_socket_is_in_the_folder_where_its_path_is_short_enough(tmp_path: Path) -> None:
    short = Path("/home/somebody/.local/share/l402desk")
    assert socket_name(short) == str(short / "instance.socket")


@pytest.mark.skipif(os.name != "posix", reason="a pipe has no folder")
def test_a_long_path_moves_the_socket_to_a_private_folder_of_the_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    long = tmp_path / ("x" * 100)
    name = Path(socket_name(long))
    assert name.parent == tmp_path / f"l402desk-{os.getuid()}"
    assert name.parent.stat().st_mode & 0o777 == 0o700
    assert socket_name(long) == str(name)
    assert socket_name(tmp_path / ("y" * 100)) != str(name)


@pytest.mark.skipif(os.name != "posix", reason="a pipe has no folder")
@pytest.mark.parametrize("kind", ["open", "link", "file"])
def test_a_folder_that_somebody_else_could_use_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    place = tmp_path / f"l402desk-{os.getuid()}"
    match kind:
        case "open":
            place.mkdir(mode=0o777)
            place.chmod(0o777)
        case "link":
            (tmp_path / "elsewhere").mkdir(mode=0o700)
            place.symlink_to(tmp_path / "elsewhere")
        case _:
            place.write_text("")
    with pytest.raises(OSError, match=str(place)):
        socket_name(tmp_path / ("x" * 100))
