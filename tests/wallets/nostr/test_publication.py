"""What becomes of one event at several relays."""

from __future__ import annotations

from l402desk.wallets.nostr.event import sign
from l402desk.wallets.nostr.publication import MOST_SAID, Publication, Refusal

EVENT = sign(b"\x07" * 32, 23_194, [], "", 0)


def handed_to(*places: str) -> Publication:
    publication = Publication(EVENT)
    publication.expected.update(places)
    return publication


def test_one_acceptance_is_enough_though_others_have_not_answered() -> None:
    publication = handed_to("a", "b", "c")
    publication.sent.update("abc")
    publication.answer("b", True, "")
    publication.answer("c", False, "blocked: no")
    assert publication.is_accepted
    assert not publication.is_over
    published = publication.published()
    assert (published.accepted, published.refused, published.unanswered) == (
        ("b",),
        (Refusal("c", "blocked: no"),),
        ("a",),
    )
    assert published.is_accepted


def test_who_has_it_already_has_accepted_it() -> None:
    publication = handed_to("a")
    publication.answer("a", False, "duplicate: exists")
    assert publication.published().accepted == ("a",)


def test_what_relays_say_is_cut_and_made_visible() -> None:
    publication = handed_to("a")
    publication.answer("a", False, "\u202e\n" + "x" * 10_000)
    (refusal,) = publication.published().refused
    assert refusal.message.startswith("‹U+202E›␊x")
    assert len(refusal.message) < MOST_SAID + 60


def test_it_is_certain_that_nothing_was_sent_only_where_nothing_was_begun() -> None:
    publication = handed_to("a", "b")
    publication.lose("a")
    assert not publication.was_sent_nowhere  # b is still at it
    publication.lose("b")
    assert publication.is_over
    assert publication.was_sent_nowhere
    publication.sent.add("a")
    assert not publication.was_sent_nowhere
    assert publication.published().unanswered == ("a",)


def test_an_answer_outlives_its_connection() -> None:
    publication = handed_to("a")
    publication.sent.add("a")
    publication.answer("a", True, "")
    publication.lose("a")
    assert publication.published().accepted == ("a",)
    assert publication.published().unanswered == ()
