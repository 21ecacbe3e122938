"""lnget's folder: which server each token belongs to, and what its events add."""

from __future__ import annotations

from pathlib import Path

import pytest

from l402desk.protocol.amount import Msat
from l402desk.vault.foreign.entries import Entry, Problem
from l402desk.vault.foreign.lnget import entries_in, events_file, safe_name, token_folder
from l402desk.vault.foreign.lnget_events import Event
from l402desk.vault.scope import Reach
from tests.fakes.purchased import hash_of
from tests.vault.foreign.stores import lnget_host, paid_file, pending_file


def only(folder: Path, events: dict[str, Event] | None = None) -> Entry | Problem:
    (found,) = entries_in(folder, events or {})
    return found


@pytest.mark.parametrize(
    ("name", "domain", "url"),
    [
        ("api.example", None, "https://api.example"),
        ("api.example", "api.example\n", "https://api.example"),
        ("api.example_8443", None, "https://api.example:8443"),
        ("my_host.example_8443", "my_host.example:8443", "https://my_host.example:8443"),
        ("my_host.example_8443", None, "https://my_host.example:8443"),
        ("localhost_8402", None, "http://localhost:8402"),
        ("127.0.0.1_8402", "127.0.0.1:8402", "http://127.0.0.1:8402"),
        ("abcdef.onion", None, "http://abcdef.onion"),
        ("snake_case", None, "https://snake_case"),
    ],
)
def test_the_folder_name_or_the_domain_file_says_the_server(
    tmp_path: Path, name: str, domain: str | None, url: str
) -> None:
    lnget_host(tmp_path / "tokens", name, paid_file(1), domain=domain)
    for folder in (tmp_path, tmp_path / "tokens"):
        entry = only(folder)
        assert isinstance(entry, Entry)
        assert (entry.url, entry.reach) == (url, Reach.HOST)


def test_one_hosts_folder_can_be_read_by_itself(tmp_path: Path) -> None:
    lnget_host(tmp_path, "api.example", paid_file(1), domain="api.example")
    lnget_host(tmp_path, "other.example", paid_file(2))
    entry = only(tmp_path / "api.example")
    assert isinstance(entry, Entry)
    assert entry.url == "https://api.example"


@pytest.mark.parametrize(
    ("name", "domain", "why"),
    [
        ("api.example", "evil.example", "another server"),
        ("api.example", "", "another server"),
        ("__1_8080", "::1:8080", "IPv6"),
        ("evil.example", "evil.example/x", "another server"),
        ("-x", None, "no server's"),
        ("api.example_99999", None, "no server's"),
        ("a b", None, "no server's"),
    ],
)
def test_a_folder_that_names_no_server_is_a_problem(tmp_path: Path, name: str, domain: str | None, why: str) -> None:
    lnget_host(tmp_path / "tokens", name, paid_file(1), domain=domain)
    problem = only(tmp_path)
    assert isinstance(problem, Problem)
    assert why in problem.sentence


def test_paid_and_pending_tokens_are_found_and_damaged_ones_told(tmp_path: Path) -> None:
    lnget_host(tmp_path, "a.example", paid_file(1))
    lnget_host(tmp_path, "b.example", pending_file(2), pending=True)
    lnget_host(tmp_path, "c.example", paid_file(3)[:100])
    (tmp_path / "link").symlink_to(tmp_path / "a.example")
    first, second, third = entries_in(tmp_path, {})
    assert isinstance(first, Entry)
    assert isinstance(second, Entry)
    assert second.preimage == "00" * 32
    assert isinstance(third, Problem)
    assert third.where == "c.example/l402.token"


def test_the_events_tell_scheme_price_time_and_use(tmp_path: Path) -> None:
    lnget_host(tmp_path, "localhost_8443", paid_file(1))
    event = Event("https://localhost:8443/x", Msat(5_000), 77, "A note.", 1, 78, 200)
    entry = only(tmp_path, {hash_of(1).hex: event})
    assert isinstance(entry, Entry)
    assert (entry.url, entry.price, entry.at) == ("https://localhost:8443", Msat(5_000), 77)
    assert (entry.note, entry.uses, entry.last_used_at, entry.last_status) == ("A note.", 1, 78, 200)


@pytest.mark.parametrize("url", ["https://evil.example/", "nonsense", "https://localhost:99999", "https://[", ""])
def test_an_event_of_another_server_moves_no_token(tmp_path: Path, url: str) -> None:
    lnget_host(tmp_path, "localhost_8443", paid_file(1))
    entry = only(tmp_path, {hash_of(1).hex: Event(url, None, None)})
    assert isinstance(entry, Entry)
    assert entry.url == "http://localhost:8443"


def test_names_are_made_safe_as_lnget_does() -> None:
    assert safe_name("api.example:8443") == "api.example_8443"
    assert safe_name("a/b\\c d:1") == "abcd_1"


def test_a_folder_without_tokens_is_none_of_lngets(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    assert token_folder(tmp_path) is None


def test_events_are_looked_for_in_lngets_own_folder_only(tmp_path: Path) -> None:
    home = tmp_path / ".lnget"
    for folder in (home, home / "tokens", home / "tokens" / "api.example"):
        assert events_file(folder) == home / "events.db"
    assert events_file(tmp_path / "downloads" / "copy") == tmp_path / "downloads" / "copy" / "events.db"
