from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.vault.scope import Reach, Scope, starting_points

segments = st.text(alphabet="abv1.%2eE/\\;-_~", max_size=8)
paths = st.lists(segments, max_size=6).map(lambda parts: "/" + "/".join(parts))
scopes = st.builds(Scope.of, st.sampled_from(Reach), paths)


@pytest.mark.parametrize(
    ("reach", "path", "asked", "covered"),
    [
        (Reach.EXACT, "/v1/data", "/v1/data", True),
        (Reach.EXACT, "/v1/data", "/v1/data/", False),
        (Reach.EXACT, "/v1/data", "/v1/Data", False),
        (Reach.EXACT, "/v1/data", "/v1/data/x", False),
        (Reach.EXACT, "/", "/", True),
        (Reach.PREFIX, "/v1/", "/v1", True),
        (Reach.PREFIX, "/v1", "/v1/data", True),
        (Reach.PREFIX, "/v1", "/v1/", True),
        (Reach.PREFIX, "/v1", "/v10", False),
        (Reach.PREFIX, "/v1", "/v2/v1", False),
        (Reach.PREFIX, "/", "/anything", True),
        (Reach.HOST, "/v1", "/anything/at/all", True),
    ],
)
def test_a_token_goes_as_far_as_its_reach(reach: Reach, path: str, asked: str, covered: bool) -> None:
    assert Scope.of(reach, path).covers(asked) is covered


@pytest.mark.parametrize(
    "climbing",
    ["/v1/../admin", "/v1/%2e%2e/admin", "/v1/.%2E/admin", "/v1/..%2fadmin", "/v1/..\\admin",
     "/v1/..;x/admin", "/v1/%252e%252e/admin", "/v1/x/..", "/v1/./x", "/v1/%5c..%5cadmin"],
)  # fmt: skip
def test_a_path_that_climbs_is_not_below_a_prefix(climbing: str) -> None:
    assert not Scope.of(Reach.PREFIX, "/v1").covers(climbing)
    assert Scope.of(Reach.EXACT, climbing).covers(climbing)
    assert Scope.of(Reach.HOST, "/").covers(climbing)


def test_dots_in_names_are_no_climbing() -> None:
    assert Scope.of(Reach.PREFIX, "/v1").covers("/v1/file.txt")
    assert Scope.of(Reach.PREFIX, "/v1").covers("/v1/...")


@given(scopes, paths)
def test_every_scope_that_covers_a_path_starts_at_one_of_its_starting_points(scope: Scope, path: str) -> None:
    if scope.covers(path):
        assert scope.path in starting_points(path)


@given(paths)
def test_starting_points_go_from_the_path_itself_to_the_root(path: str) -> None:
    points = starting_points(path)
    assert points[0] == path
    assert points[-1] == "/"
    assert sorted(points, key=len, reverse=True) == list(points)


def test_the_most_specific_scope_ranks_highest() -> None:
    weakest_first = [
        Scope.of(Reach.HOST, "/"),
        Scope.of(Reach.PREFIX, "/"),
        Scope.of(Reach.PREFIX, "/v1"),
        Scope.of(Reach.PREFIX, "/v1/data"),
        Scope.of(Reach.EXACT, "/v1/data"),
    ]
    assert sorted(frozenset(weakest_first), key=lambda scope: scope.rank) == weakest_first


@pytest.mark.parametrize(
    ("reach", "path"),
    [
        (Reach.EXACT, ""),
        (Reach.EXACT, "v1"),
        (Reach.EXACT, "/v1?a=b"),
        (Reach.EXACT, "/v1#a"),
        (Reach.HOST, "/v1"),
        (Reach.PREFIX, "/v1/"),
    ],
)
def test_a_scope_cannot_be_built_wrong(reach: Reach, path: str) -> None:
    with pytest.raises(ValueError):
        Scope(reach, path)


def test_a_scope_reads_as_people_would_say_it() -> None:
    scopes = (Scope.of(Reach.HOST, "/x"), Scope.of(Reach.PREFIX, "/v1"), Scope.of(Reach.EXACT, "/v1"))
    assert [str(scope) for scope in scopes] == ["the whole host", "/v1/…", "/v1"]
