"""What lnget is not given, and why: the trash never, what is over only where the user names it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from l402desk.vault.carried import Carried
from l402desk.vault.foreign.lnget_choice import EXPIRED, IN_TRASH, choose_for_lnget
from l402desk.vault.gathering import Gathered
from l402desk.vault.tokens import TokenState
from tests.fakes.journeys import summary
from tests.fakes.purchased import NOW, new_token

GOOD = (summary(1, expires_at=None), Carried(new_token(1)))
OVER = (summary(2, expires_at=NOW), Carried(new_token(2)))
SPENT = (summary(3, expires_at=None, state=TokenState.SPENT), Carried(new_token(3)))
TRASHED = (summary(4, state=TokenState.TRASHED), Carried(new_token(4), is_trashed=True))
OWED = (summary(5, expires_at=NOW + 1, state=TokenState.UNDELIVERED), Carried(new_token(5)))
ALL = Gathered((GOOD, OVER, SPENT, TRASHED, OWED), (), ())


def test_of_all_only_those_that_could_be_sent_are_taken() -> None:
    tokens, left = choose_for_lnget(ALL, NOW, named=False)
    assert tokens == [("token-1", GOOD[1].token), ("token-5", OWED[1].token)]
    assert [(problem.where, problem.sentence) for problem in left] == [
        ("token-2", EXPIRED),
        ("token-3", "Its state is spent."),
        ("token-4", IN_TRASH),
    ]


def test_what_the_user_names_is_taken_unless_it_is_in_the_trash() -> None:
    tokens, left = choose_for_lnget(ALL, NOW, named=True)
    assert [name for name, _ in tokens] == ["token-1", "token-2", "token-3", "token-5"]
    assert [problem.where for problem in left] == ["token-4"]


@pytest.mark.parametrize("later", [0, 1])
def test_a_token_has_expired_at_the_second_it_names(later: int) -> None:
    one = replace(ALL, tokens=(OVER,))
    assert len(choose_for_lnget(one, NOW - 1 + later, named=False)[0]) == 1 - later
