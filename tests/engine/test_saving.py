"""A token of the same host is offered where it may open what is asked for, and not where it plainly does not."""

from __future__ import annotations

import pytest

from l402desk.engine.saving import could_save
from tests.fakes.journeys import challenged, demand_of, summary


@pytest.mark.parametrize(
    ("held", "asked", "saves"),
    [
        (("services=weather:0",), (b"services=weather:0",), True),
        (("services=weather:1,maps:0",), (b"services=maps:2",), True),
        (("services=weather:0",), (b"services=checkout:0",), False),
        (("services=a:0,b:0", "services=b:0"), (b"services=a:0",), False),
        ((), (b"services=checkout:0",), True),
        (("expires_at=2027-01-01T00:00:00Z",), (b"services=checkout:0",), True),
        (("services=weather:0",), (), True),
        (("services=",), (b"services=checkout:0",), True),
        (("my_services=weather:0",), (b"services=checkout:0",), True),
    ],
)
def test_services_that_have_nothing_in_common_save_nothing(
    held: tuple[str, ...], asked: tuple[bytes, ...], saves: bool
) -> None:
    view = challenged(demand_of(caveats=asked))
    assert could_save(summary(caveats=held), view.inspections) is saves


def test_where_nothing_can_be_read_it_may_be_tried() -> None:
    assert could_save(summary(), ())
