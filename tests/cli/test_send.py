"""The command as a shell sees it: the answer on standard output, all else beside it, and a status that tells all."""

from __future__ import annotations

import base64
import errno
import gzip
import io
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from l402desk.cli.opening import run_with_services
from l402desk.cli.send_options import FORM, USAGE
from l402desk.services import Services
from tests.cli.site import Asked, Reply, Shell, a_shell, a_site
from tests.harness.market import ROOT

shell = pytest.fixture(a_shell)


def command(*words: str, **more: object) -> subprocess.CompletedProcess[bytes]:
    line = [sys.executable, "-m", "l402desk", "send", *words]
    return subprocess.run(line, cwd=ROOT, timeout=30, check=False, **more)  # type: ignore[call-overload, no-any-return]


def test_the_body_goes_to_standard_output_and_a_line_about_it_to_standard_error(shell: Shell) -> None:
    with a_site() as site:
        said = shell("send", "get", site.url)
    assert (said.status, said.out) == (0, "hello\n")
    assert said.err.startswith("200 OK, 6 bytes in ")
    assert site.asked[0].method == "GET"


def test_nothing_is_kept_of_a_free_answer(shell: Shell, home: Path) -> None:
    big = Reply(body=b"x" * 3_000_000)
    with a_site(lambda _asked: big) as site:
        assert len(shell("send", "GET", site.url).out) == 3_000_000
    assert list((home / "cache").rglob("*.body")) == []


@pytest.mark.parametrize("status", [204, 404, 500])
def test_an_answer_is_an_answer_whatever_its_status(shell: Shell, status: int) -> None:
    with a_site(lambda _asked: Reply(status, b"" if status == 204 else b"no")) as site:
        said = shell("send", "GET", site.url, "--json")
    assert (said.status, said.json["outcome"], said.json["status"]) == (0, "answered", status)


def test_the_object_holds_all_there_is(shell: Shell) -> None:
    headers = (("Content-Type", "text/plain"), ("X-Two", "1"), ("x-two", "2"))
    with a_site(lambda _asked: Reply(body="ü".encode(), headers=headers)) as site:
        found = shell("send", "GET", f"{site.url}/a?b=c", "--json").json
    assert found["final_url"] == f"{site.url}/a?b=c"
    assert (found["headers"]["content-type"], found["headers"]["x-two"]) == ("text/plain", "1, 2")
    assert (found["body"], found["token_used"], found["paid"], found["purchase"]) == ("ü", False, None, None)
    assert found["timing_ms"] > 0


def test_other_bytes_are_base64_in_the_object_and_themselves_in_a_pipe(shell: Shell) -> None:
    body = bytes(range(256))
    with a_site(lambda _asked: Reply(body=body)) as site:
        assert base64.b64decode(shell("send", "GET", site.url, "--json").json["body_base64"]) == body
        assert command("GET", site.url, capture_output=True).stdout == body


def test_headers_and_data_are_sent_as_they_were_typed(shell: Shell) -> None:
    with a_site() as site:
        said = shell("send", "POST", site.url, "-H", "X-Mine: 1", "-H", "Accept: text/plain", "-d", "a=1&b=ü")
    (asked,) = site.asked
    assert said.status == 0
    assert (asked.headers["x-mine"], asked.headers["accept"]) == ("1", "text/plain")
    assert (asked.headers["content-type"], asked.body.decode()) == (FORM, "a=1&b=ü")


def test_data_from_a_file_is_sent_byte_for_byte(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "body").write_bytes(b"\0\xff\r\n\n")
    with a_site() as site:
        assert shell("send", "PUT", site.url, "-d", f"@{tmp_path / 'body'}").status == 0
    assert site.asked[0].body == b"\0\xff\r\n\n"


def test_data_from_standard_input_is_sent_byte_for_byte() -> None:
    with a_site() as site:
        done = command("PUT", site.url, "-d", "@-", input=b"\0piped\xff", capture_output=True)
    assert done.returncode == 0, done.stderr
    assert site.asked[0].body == b"\0piped\xff"


def test_a_file_that_is_not_there_is_wrong_usage(shell: Shell, tmp_path: Path) -> None:
    with a_site() as site:
        said = shell("send", "PUT", site.url, "-d", f"@{tmp_path / 'gone'}")
    assert said.status == 2
    assert "The file gone cannot be read" in said.err
    assert site.asked == []


# The file.


def test_a_body_in_a_file_is_named_and_nowhere_else(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "out"
    with a_site() as site:
        said = shell("send", "GET", site.url, "-o", file, "--json")
        assert (said.status, said.json["body_file"], said.json["body"]) == (0, str(file), None)
        assert shell("send", "GET", site.url, "-o", file).out == ""
    assert file.read_bytes() == b"hello\n"
    assert file.stat().st_mode & 0o077 == 0


def test_a_body_that_is_cut_short_is_no_file(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "out"
    file.write_bytes(b"before")
    with a_site(lambda _asked: Reply(body=b"half", length=8)) as site:
        said = shell("send", "GET", site.url, "-o", file, "--json")
    assert (said.status, said.json["outcome"], said.json["status"], said.json["body_file"]) == (5, "network", 200, None)
    assert said.json["body"] == "half"
    assert said.json["message"]
    assert file.read_bytes() == b"before"


def test_a_body_that_would_burst_is_not_an_answer(shell: Shell, tmp_path: Path) -> None:
    bomb = gzip.compress(gzip.compress(gzip.compress(b"\0" * 50_000_000)))
    headers = (("Content-Encoding", "gzip, gzip, gzip"),)
    with a_site(lambda _asked: Reply(body=bomb, headers=headers)) as site:
        said = shell("send", "GET", site.url, "-o", tmp_path / "out", "--json")
    assert (said.status, said.json["outcome"], said.json["status"]) == (5, "network", 200)
    assert "It was stopped" in said.json["message"]
    assert not (tmp_path / "out").exists()


def test_a_bill_is_no_file(shell: Shell, tmp_path: Path) -> None:
    with a_site(lambda _asked: Reply(402, b"pay me")) as site:
        assert shell("send", "GET", site.url, "-o", tmp_path / "out").status == 3
    assert not (tmp_path / "out").exists()


def test_a_file_that_cannot_be_is_told_before_anything_is_sent(shell: Shell, tmp_path: Path) -> None:
    with a_site() as site:
        said = shell("send", "GET", site.url, "-o", tmp_path / "no" / "out")
    assert said.status == 2
    assert "There is no folder" in said.err
    assert site.asked == []


def test_a_disk_that_is_full_at_the_end_is_told(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_from: object, _to: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with a_site() as site:
        monkeypatch.setattr("os.replace", fail)
        said = shell("send", "GET", site.url, "-o", tmp_path / "out")
    assert (said.status, said.out) == (1, "")
    assert "No space left on device" in said.err
    assert os.listdir(tmp_path) == ["home"] or not (tmp_path / "out").exists()


# Redirects.


def redirecting(asked: Asked) -> Reply:
    if asked.path == "/old":
        return Reply(302, b"moved", (("Location", "/new"),))
    return Reply(body=b"new place")


def test_a_redirect_is_the_answer_unless_it_is_to_be_followed(shell: Shell) -> None:
    with a_site(redirecting) as site:
        said = shell("send", "GET", f"{site.url}/old", "--json")
        assert (said.status, said.json["status"], said.json["body"]) == (0, 302, "moved")
        assert said.json["headers"]["location"] == "/new"
        assert "/new" in said.json["message"]
        followed = shell("send", "GET", f"{site.url}/old", "--follow", "--json")
    assert (followed.status, followed.json["status"], followed.json["body"]) == (0, 200, "new place")
    assert followed.json["final_url"] == f"{site.url}/new"


def test_a_redirect_that_is_never_safe_is_not_followed(shell: Shell) -> None:
    with a_site(lambda _asked: Reply(302, headers=(("Location", "file:///etc/passwd"),))) as site:
        said = shell("send", "GET", site.url, "--follow", "--json")
    assert (said.status, said.json["status"]) == (0, 302)
    assert "file:" in said.json["message"]


# What goes wrong.


def test_no_server_is_a_matter_of_the_network(shell: Shell) -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unheard.getsockname()[1]}"
        said = shell("send", "GET", url)
        told = shell("send", "GET", url, "--json")
    assert (said.status, said.out) == (5, "")
    assert said.err.count("\n") == 1
    assert (told.status, told.json["outcome"], told.json["status"]) == (5, "network", None)
    assert told.json["final_url"] == f"{url}/"


def test_wrong_usage_is_one_sentence_and_how_it_is_used(shell: Shell) -> None:
    said = shell("send", "GET", "ftp://a.example")
    assert (said.status, said.out) == (2, "")
    assert said.err.startswith("l402desk send: An address starts with http:// or https://.\nusage: l402desk send ")


def test_a_typed_credential_in_the_open_is_refused_as_unsafe(shell: Shell) -> None:
    said = shell("send", "GET", "http://api.example.com/", "-H", "Authorization: L402 a:b", "--json")
    assert (said.status, said.json["outcome"]) == (6, "refused")


def test_help_is_the_whole_of_it(shell: Shell) -> None:
    assert shell("send", "--help").out == USAGE
    assert max(map(len, USAGE.splitlines())) <= 120


@pytest.mark.parametrize("words", [("-d", "@-"), ("--wallet", "-")])
def test_a_terminal_is_not_read_from(shell: Shell, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal())
    said = shell("send", "POST", "http://127.0.0.1:1", *words)
    assert said.status == 2
    assert "There is nothing on standard input" in said.err


def test_standard_input_is_not_read_twice(shell: Shell) -> None:
    said = shell("send", "POST", "http://127.0.0.1:1", "--wallet", "-", "-d", "@-")
    assert said.status == 2
    assert "either the wallet's connection or the body" in said.err


def test_a_wallet_from_standard_input_shows_its_secret_nowhere() -> None:
    secret = b"lnbits+http://wallet.example?key=0123456789abcdef"
    done = command("GET", "http://127.0.0.1:1", "--wallet", "-", input=secret, capture_output=True)
    assert done.returncode == 2
    assert b"everybody on the way could read the key" in done.stderr
    assert b"0123456789abcdef" not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="closes a pipe")
def test_a_reader_who_left_sees_no_traceback() -> None:
    with a_site(lambda _asked: Reply(body=b"x" * 1_000_000)) as site:
        line = [sys.executable, "-m", "l402desk", "send", "GET", site.url]
        with subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            assert process.stdout.read(10) == b"x" * 10
            process.stdout.close()
            errors = process.stderr.read()
            assert process.wait(20) == 0
    assert errors.startswith(b"200 OK, 1,000,000 bytes in ")
    assert errors.count(b"\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_an_output_that_is_full_is_told() -> None:
    with a_site() as site, open("/dev/full", "wb") as full:
        done = command("GET", site.url, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 1
    assert b"No space left on device" in done.stderr
    assert b"Traceback" not in done.stderr


def test_the_command_works_with_its_streams_closed() -> None:
    with a_site() as site:
        code = "import sys\nsys.stdout = sys.stderr = sys.stdin = None\nfrom l402desk.__main__ import main\n"
        code += f"sys.exit(main(['send', 'GET', {site.url!r}]))"
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=30, check=False, capture_output=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert len(site.asked) == 1


def test_what_the_server_says_cannot_steer_the_terminal(shell: Shell) -> None:
    with a_site(lambda _asked: Reply(402, json.dumps({"error": "\x1b[31m"}).encode())) as site:
        assert "\x1b[31m" not in shell("send", "GET", site.url).err


def test_without_a_vault_a_free_request_makes_none(shell: Shell, home: Path) -> None:
    with a_site() as site:
        assert shell("send", "GET", site.url).status == 0

    async def exists(services: Services) -> int:
        return int(await services.vault_exists())

    assert run_with_services(exists, "test", unlock=False) == 0
