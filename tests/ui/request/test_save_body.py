"""A saved body is whole or absent, private, and named so that it can do no harm."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from l402desk.client.spool import SpooledBody
from l402desk.ui.request.save_body import BodySaver, safe_name
from tests.ui.request.samples import body_of

HOSTILE_NAMES = (
    "../../.bashrc",
    "..\\..\\evil.txt",
    "/etc/passwd",
    "C:\\Windows\\x.txt",
    "..",
    ".",
    "CON.txt",
    "nul",
    "a\0b.txt",
    "safe\u202etxt.exe",
    "a\r\nb",
    "x" * 400 + ".json",
    " . ",
    "name. ",
    "a<b>:|?*.txt",
)


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_becomes_one_plain_name(name: str) -> None:
    made = safe_name(f'attachment; filename="{name}"', "http://a/", "application/json")
    assert_harmless(made)


@given(st.text(max_size=200), st.text(max_size=60), st.text(max_size=20))
def test_any_header_address_and_type_give_a_harmless_name(header: str, path: str, content_type: str) -> None:
    assert_harmless(safe_name(header, f"http://a.example/{path.replace('[', '').replace(']', '')}", content_type))


def assert_harmless(name: str) -> None:
    assert name
    assert name == Path(name).name
    assert not name.startswith((".", " "))
    assert not name.endswith((".", " "))
    assert len(name.encode()) <= 140
    assert not set(name) & set('/\\:*?"<>|\0\r\n\u202e')
    assert name.partition(".")[0].lower() not in {"con", "nul", "aux", "prn", "com1", "lpt1"}


@pytest.mark.parametrize(
    ("header", "url", "content_type", "name"),
    [
        ('attachment; filename="report.csv"', "http://a/x", "text/csv", "report.csv"),
        ("attachment; filename*=UTF-8''caf%C3%A9.txt", "http://a/x", "text/plain", "café.txt"),
        ("", "http://a/v1/weather?x=1", "application/json; charset=utf-8", "weather.json"),
        ("", "http://a/", "application/problem+json", "answer.json"),
        ("", "http://a/", "application/x-msdownload", "answer.bin"),
        ("", "http://a/photo.png", "image/png", "photo.png"),
    ],
)
def test_an_honest_name_is_offered_as_it_is(header: str, url: str, content_type: str, name: str) -> None:
    assert safe_name(header, url, content_type) == name


def save(body: SpooledBody, target: Path, qtbot: QtBot) -> None:
    saver = BodySaver(body, target)
    with qtbot.waitSignal(saver.finished):
        saver.start()


def test_a_spooled_body_is_copied_whole_and_for_this_user_only(tmp_path: Path, qtbot: QtBot) -> None:
    source, target = tmp_path / "spool", tmp_path / "saved.bin"
    data = os.urandom(9 << 20)
    source.write_bytes(data)
    save(SpooledBody(None, source, len(data)), target, qtbot)
    assert target.read_bytes() == data
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert {path.name for path in tmp_path.iterdir()} <= {"saved.bin", "spool", "home"}


def test_a_link_at_the_target_is_replaced_not_followed(tmp_path: Path, qtbot: QtBot) -> None:
    elsewhere, link = tmp_path / "elsewhere", tmp_path / "link"
    elsewhere.write_text("keep me")
    link.symlink_to(elsewhere)
    save(body_of(b"new"), link, qtbot)
    assert elsewhere.read_text() == "keep me"
    assert not link.is_symlink()
    assert link.read_bytes() == b"new"


def test_a_failure_is_told_and_leaves_nothing_behind(tmp_path: Path, qtbot: QtBot) -> None:
    saver = BodySaver(SpooledBody(None, tmp_path / "gone", 5), tmp_path / "saved")
    with qtbot.waitSignal(saver.failed) as caught:
        saver.start()
    assert caught.args == ["No such file or directory"]
    assert list(tmp_path.glob("*saved*")) == []
    assert list(tmp_path.glob(".*")) == []


def test_a_folder_that_does_not_exist_is_told(tmp_path: Path, qtbot: QtBot) -> None:
    saver = BodySaver(body_of(b"x"), tmp_path / "no" / "saved")
    with qtbot.waitSignal(saver.failed):
        saver.start()


def test_stopping_leaves_neither_part_nor_target(tmp_path: Path, qtbot: QtBot) -> None:
    saver = BodySaver(body_of(b"x"), tmp_path / "saved")
    saver.start()
    saver.stop()
    assert list(tmp_path.glob(".*")) + list(tmp_path.glob("saved")) == []
