"""Which redirect is followed, with which method, headers and body."""

from __future__ import annotations

import pytest

from l402desk.client.body import Body, JsonBody, NoBody
from l402desk.client.errors import Kind
from l402desk.client.limits import Limits
from l402desk.client.redirects import Follow, Hop, Refusal, Trail
from l402desk.client.urls import read_url

HEADERS = (("Accept", "a/b"), ("X-Api-Key", "k"), ("Content-Type", "application/json"), ("User-Agent", "u"))
JSON = JsonBody("{}")
NONE = NoBody()


def hop(method: str = "GET", url: str = "https://a.example/start", body: Body = NONE) -> Hop:
    return Hop(read_url(url), method, HEADERS, body)


def after(
    status: int,
    location: str,
    origin: Hop,
    follow: Follow = Follow.SAME_ORIGIN,
    *,
    from_private: bool = False,
) -> Hop | Refusal | None:
    return Trail(follow, Limits()).next_hop(origin, status, [location], from_private=from_private)


@pytest.mark.parametrize(
    ("status", "method", "becomes"),
    [
        (301, "GET", "GET"), (302, "GET", "GET"), (303, "GET", "GET"), (307, "GET", "GET"), (308, "GET", "GET"),
        (301, "HEAD", "HEAD"), (303, "HEAD", "HEAD"), (308, "HEAD", "HEAD"),
        (301, "POST", "GET"), (302, "POST", "GET"), (303, "POST", "GET"), (307, "POST", "POST"), (308, "POST", "POST"),
        (303, "PUT", "GET"), (303, "DELETE", "GET"), (307, "PUT", "PUT"), (308, "DELETE", "DELETE"),
        (302, "OPTIONS", "OPTIONS"), (303, "OPTIONS", "GET"), (302, "QUERY", "QUERY"), (303, "PURGE", "GET"),
    ],
)  # fmt: skip
def test_at_the_same_origin_the_method_changes_as_the_standard_says(status: int, method: str, becomes: str) -> None:
    body: Body = JSON if method in {"POST", "PUT", "QUERY"} else NONE
    following = after(status, "/next", hop(method, body=body))
    assert isinstance(following, Hop)
    assert str(following.url) == "https://a.example/next"
    assert following.method == becomes
    assert following.home
    assert following.body == (body if becomes == method else NONE)
    assert ("Content-Type" in dict(following.headers)) == (becomes == method)
    assert dict(following.headers)["X-Api-Key"] == "k"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "PURGE"])
@pytest.mark.parametrize("status", [301, 302])
def test_an_unsafe_method_is_not_repeated_where_the_status_leaves_it_open(status: int, method: str) -> None:
    refusal = after(status, "/next", hop(method))
    assert isinstance(refusal, Refusal)
    assert method in refusal.sentence


@pytest.mark.parametrize("status", [200, 204, 300, 304, 305, 306, 309, 402, 500])
def test_other_statuses_are_no_redirects(status: int) -> None:
    assert after(status, "/next", hop()) is None


def test_a_redirect_without_a_location_is_an_answer() -> None:
    assert Trail(Follow.ANY, Limits()).next_hop(hop(), 302, [], from_private=False) is None


@pytest.mark.parametrize(
    "location",
    [
        "https://b.example/",
        "https://a.example:444/",
        "https://sub.a.example/",
        "//b.example/",
        "https://example/",
    ],
)
def test_another_origin_is_named_and_not_followed_by_default(location: str) -> None:
    refusal = after(302, location, hop())
    assert isinstance(refusal, Refusal)
    assert refusal.kind is Kind.REDIRECT_REFUSED
    assert str(read_url(location if ":" in location else f"https:{location}").origin) in refusal.sentence
    assert "https://a.example" in refusal.sentence


@pytest.mark.parametrize("follow", list(Follow))
@pytest.mark.parametrize("location", ["http://a.example/", "http://b.example/", "http://localhost/"])
def test_encryption_is_never_left(follow: Follow, location: str) -> None:
    assert isinstance(after(302, location, hop(), follow, from_private=True), Refusal)


def test_nothing_is_followed_where_following_is_off() -> None:
    refusal = after(302, "/next", hop(), Follow.NEVER)
    assert isinstance(refusal, Refusal)
    assert "https://a.example/next" in refusal.sentence
    assert "switched off" in refusal.sentence


def test_to_a_stranger_only_what_anyone_may_know_goes_along() -> None:
    following = after(302, "https://b.example/", hop(), Follow.ANY)
    assert isinstance(following, Hop)
    assert following.headers == (("Accept", "a/b"), ("User-Agent", "u"))
    assert not following.home
    assert following.guarded


def test_what_was_dropped_stays_dropped_on_the_way_back() -> None:
    trail = Trail(Follow.ANY, Limits())
    away = trail.next_hop(hop(), 302, ["https://b.example/"], from_private=False)
    assert isinstance(away, Hop)
    back = trail.next_hop(away, 302, ["https://a.example/other"], from_private=False)
    assert isinstance(back, Hop)
    assert not back.home
    assert "X-Api-Key" not in dict(back.headers)


@pytest.mark.parametrize("status", [307, 308])
def test_a_body_or_an_unsafe_method_never_goes_to_a_stranger(status: int) -> None:
    for method, body in (("POST", JSON), ("DELETE", NONE), ("GET", JSON), ("POST", NONE), ("QUERY", JSON)):
        assert isinstance(after(status, "https://b.example/", hop(method, body=body), Follow.ANY), Refusal)


def test_a_post_that_becomes_a_get_may_go_to_a_stranger_without_its_body() -> None:
    following = after(303, "https://b.example/", hop("POST", body=JSON), Follow.ANY)
    assert isinstance(following, Hop)
    assert (following.method, following.body) == ("GET", NONE)


@pytest.mark.parametrize(
    "location", ["https://127.0.0.1/", "https://[::1]/", "https://localhost/", "https://192.168.1.1/",
                 "https://[::ffff:10.0.0.1]/", "https://router.local/", "https://nas/", "https://169.254.169.254/"]
)  # fmt: skip
def test_a_public_server_cannot_send_us_inside_but_our_own_can(location: str) -> None:
    assert isinstance(after(302, location, hop(), Follow.ANY, from_private=False), Refusal)
    inside = after(302, location, hop(), Follow.ANY, from_private=True)
    assert isinstance(inside, Hop)
    assert not inside.guarded


def test_a_circle_is_refused_at_its_first_repetition() -> None:
    trail = Trail(Follow.SAME_ORIGIN, Limits())
    first = hop()
    second = trail.next_hop(first, 302, ["/b"], from_private=False)
    assert isinstance(second, Hop)
    refusal = trail.next_hop(second, 302, ["/start#again"], from_private=False)
    assert isinstance(refusal, Refusal)
    assert refusal.kind is Kind.REDIRECT_LOOP
    assert trail.passed == ["https://a.example/start"]


def test_a_post_answered_by_a_get_of_the_same_address_is_no_circle() -> None:
    assert isinstance(after(303, "/start", hop("POST", body=JSON)), Hop)


def test_the_eleventh_redirect_is_refused() -> None:
    trail = Trail(Follow.SAME_ORIGIN, Limits())
    current: Hop | Refusal | None = hop()
    for number in range(10):
        assert isinstance(current, Hop)
        current = trail.next_hop(current, 302, [f"/{number}"], from_private=False)
    assert isinstance(current, Hop)
    refusal = trail.next_hop(current, 302, ["/eleven"], from_private=False)
    assert isinstance(refusal, Refusal)
    assert "11" in refusal.sentence


def test_several_different_locations_or_unreadable_bytes_are_unclear() -> None:
    trail = Trail(Follow.ANY, Limits())
    for locations in (["/a", "/b"], ["/\xff"], ["javascript:x"], ["///b.example"], ["https:b.example"]):
        refusal = trail.next_hop(hop(), 302, locations, from_private=False)
        assert isinstance(refusal, Refusal)
        assert "unclear" in refusal.sentence
    assert isinstance(trail.next_hop(hop(), 302, ["/a", "/a"], from_private=False), Hop)


def test_a_refusal_shows_no_query_and_is_not_endless() -> None:
    refusal = after(302, "https://b.example/" + "p" * 5000 + "?token=secret", hop())
    assert isinstance(refusal, Refusal)
    assert "secret" not in refusal.sentence
    assert len(refusal.sentence) < 500
