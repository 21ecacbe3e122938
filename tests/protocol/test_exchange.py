"""The journey as a dialogue: what happened on the left, what is to be done on the right."""

from __future__ import annotations

from typing import Self

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.commands import (
    AskUser,
    Command,
    Delivery,
    Finish,
    KeepProof,
    MarkDelivery,
    MarkTokenRefused,
    Outcome,
    Pay,
    RecordFailed,
    RecordIntent,
    RecordNoProof,
    RecordUnknown,
    Send,
)
from l402desk.protocol.errors import UnexpectedEvent
from l402desk.protocol.events import (
    Answered,
    DeliveryRetried,
    Event,
    IntentKept,
    IntentRefused,
    PaymentAnswered,
    PaymentClosed,
    PaymentOpened,
    ProofKept,
    Proved,
    SendFailed,
    Started,
    WalletChosen,
    WalletRefused,
)
from l402desk.protocol.exchange import Exchange, Phase
from l402desk.protocol.inspection import Inspection
from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof, Unknown
from l402desk.protocol.proof import Preimage
from l402desk.protocol.token import Token
from tests.fakes.challenges import PROOF, judged, mint_demand

OFFERS = judged(mint_demand())
OTHER_OFFERS = judged(mint_demand(Preimage(b"\x55" * 32), msat=500_000))
BEST = OFFERS[0]
assert BEST.challenge is not None
BOUGHT = Token("L402", BEST.challenge.credential, PROOF)
HELD = Token("L402", "b2xk", Preimage(b"\x01" * 32))
STRANGE = Preimage(b"\x02" * 32)


class Dialogue:
    """`says(event)` tells the exchange; `wants(*commands)` is what it must answer, exactly."""

    def __init__(self) -> None:
        self.exchange = Exchange()
        self._answered: list[Command] = []

    def says(self, event: Event) -> Self:
        self._answered = self.exchange.receive(event)
        return self

    def wants(self, *commands: Command) -> Self:
        assert self._answered == list(commands)
        return self

    def refuses(self, event: Event) -> Self:
        with pytest.raises(UnexpectedEvent):
            self.exchange.receive(event)
        return self


def challenged(offers: tuple[Inspection, ...] = OFFERS) -> Dialogue:
    return Dialogue().says(Started()).wants(Send(None)).says(Answered(402, offers)).wants(AskUser())


def offered() -> Dialogue:
    return challenged().says(PaymentOpened()).wants(RecordIntent(BEST)).says(IntentKept()).wants()


def paying() -> Dialogue:
    return offered().says(WalletChosen("Play wallet")).wants(Pay("Play wallet", BEST))


def delivering() -> Dialogue:
    return (
        paying()
        .says(PaymentAnswered(Paid(PROOF)))
        .wants(KeepProof(PROOF, BOUGHT))
        .says(ProofKept())
        .wants(Send(BOUGHT))
    )


def test_a_free_answer_ends_the_journey() -> None:
    Dialogue().says(Started()).wants(Send(None)).says(Answered(200)).wants(Finish(Outcome.ANSWERED))


def test_a_network_error_ends_the_journey() -> None:
    Dialogue().says(Started()).says(SendFailed("refused")).wants(Finish(Outcome.NETWORK))


def test_a_challenge_is_asked_about_recorded_paid_kept_and_delivered_in_this_order() -> None:
    delivering().says(Answered(200)).wants(MarkDelivery(Delivery.DELIVERED), Finish(Outcome.DELIVERED))


def test_a_held_token_is_sent_without_asking() -> None:
    Dialogue().says(Started(HELD)).wants(Send(HELD)).says(Answered(200)).wants(Finish(Outcome.ANSWERED))


def test_a_declined_payment_leaves_the_challenge_and_can_be_opened_again() -> None:
    (
        offered()
        .says(PaymentClosed())
        .wants(AskUser())
        .says(PaymentOpened())
        .wants(RecordIntent(BEST))
        .says(IntentKept())
        .wants()
    )


def test_nothing_is_offered_before_the_intent_is_on_the_disk() -> None:
    opened = challenged().says(PaymentOpened())
    opened.refuses(WalletChosen("Play wallet")).refuses(Proved(PROOF))
    opened.says(IntentRefused("disk full")).wants(AskUser())
    assert opened.exchange.phase is Phase.CHALLENGED


def test_a_double_click_pays_once() -> None:
    paying().refuses(WalletChosen("Play wallet")).refuses(WalletChosen("Another wallet")).refuses(PaymentOpened())


def test_a_challenge_that_is_not_safe_is_never_paid() -> None:
    expired = judged(mint_demand(), now=2_000_000_000)
    challenged(expired).refuses(PaymentOpened())


def test_a_challenge_that_cannot_be_read_is_never_paid() -> None:
    from l402desk.protocol.challenge import Demand

    challenged(judged(Demand(402))).refuses(PaymentOpened())


def test_a_second_challenge_after_a_payment_is_shown_and_never_paid() -> None:
    after = delivering().says(Answered(402, OTHER_OFFERS))
    after.wants(MarkDelivery(Delivery.REFUSED), Finish(Outcome.NOT_ACCEPTED))
    after.refuses(PaymentOpened()).refuses(WalletChosen("Play wallet"))


def test_a_refused_bought_token_can_be_tried_again_for_free() -> None:
    (
        delivering()
        .says(Answered(401))
        .wants(MarkDelivery(Delivery.REFUSED), Finish(Outcome.NOT_ACCEPTED))
        .says(DeliveryRetried())
        .wants(Send(BOUGHT))
        .says(Answered(200))
        .wants(MarkDelivery(Delivery.DELIVERED), Finish(Outcome.DELIVERED))
        .refuses(DeliveryRetried())
    )


@pytest.mark.parametrize("status", [301, 302, 307, 404, 409, 429, 500, 502, 503])
def test_an_answer_that_delivers_nothing_keeps_what_was_bought(status: int) -> None:
    (
        delivering()
        .says(Answered(status))
        .wants(MarkDelivery(Delivery.UNDELIVERED), Finish(Outcome.UNDELIVERED))
        .says(DeliveryRetried())
        .wants(Send(BOUGHT))
    )


def test_a_dropped_connection_after_a_payment_keeps_what_was_bought() -> None:
    delivering().says(SendFailed("dropped")).wants(MarkDelivery(Delivery.UNDELIVERED), Finish(Outcome.UNDELIVERED))


def test_a_refused_held_token_is_marked_and_the_new_challenge_is_asked_about() -> None:
    Dialogue().says(Started(HELD)).says(Answered(402, OFFERS)).wants(MarkTokenRefused(), AskUser())
    Dialogue().says(Started(HELD)).says(Answered(401)).wants(MarkTokenRefused(), Finish(Outcome.ANSWERED))


@pytest.mark.parametrize("status", [200, 204, 302, 403, 404, 500])
def test_a_challenge_on_any_other_status_is_only_shown(status: int) -> None:
    shown = Dialogue().says(Started()).says(Answered(status, OFFERS)).wants(Finish(Outcome.ANSWERED))
    shown.refuses(PaymentOpened())
    assert shown.exchange.inspections == OFFERS


def test_a_payment_of_unknown_fate_waits_for_a_look_up() -> None:
    (
        paying()
        .says(PaymentAnswered(Unknown("time-out")))
        .wants(RecordUnknown("time-out"))
        .refuses(WalletChosen("Another wallet"))
        .refuses(PaymentOpened())
        .says(PaymentAnswered(Unknown("not found")))
        .wants(RecordUnknown("not found"))
        .says(PaymentAnswered(Paid(PROOF)))
        .wants(KeepProof(PROOF, BOUGHT))
    )


def test_a_payment_that_surely_failed_ends_and_is_never_tried_again_with_this_invoice() -> None:
    ended = paying().says(PaymentAnswered(Failed("no route")))
    ended.wants(RecordFailed("no route"), Finish(Outcome.PAYMENT_FAILED))
    ended.refuses(WalletChosen("Play wallet")).refuses(PaymentOpened()).refuses(Proved(PROOF))


@pytest.mark.parametrize("result", [PaidWithoutProof("no preimage"), Paid(STRANGE)])
def test_success_without_the_right_preimage_is_paid_without_proof(result: Paid | PaidWithoutProof) -> None:
    stuck = paying().says(PaymentAnswered(result))
    assert stuck.exchange.phase is Phase.NO_PROOF
    stuck.says(PaymentAnswered(Failed("now it failed"))).wants()
    stuck.says(PaymentAnswered(Unknown("who knows"))).wants()
    stuck.says(Proved(PROOF)).wants(KeepProof(PROOF, BOUGHT))


def test_the_wallet_of_a_no_proof_payment_may_still_find_the_preimage() -> None:
    stuck = paying().says(PaymentAnswered(PaidWithoutProof("none"))).wants(RecordNoProof("none"))
    stuck.says(PaymentAnswered(Paid(PROOF))).wants(KeepProof(PROOF, BOUGHT))


def test_a_wrong_preimage_told_again_is_not_news() -> None:
    stuck = paying().says(PaymentAnswered(PaidWithoutProof("none"))).wants(RecordNoProof("none"))
    stuck.says(PaymentAnswered(Paid(STRANGE))).wants()
    stuck.says(PaymentAnswered(Paid(PROOF))).wants(KeepProof(PROOF, BOUGHT))


def test_a_pasted_proof_is_as_good_as_a_wallet() -> None:
    offered().says(Proved(PROOF)).wants(KeepProof(PROOF, BOUGHT)).says(ProofKept()).wants(Send(BOUGHT))


def test_a_proof_of_something_else_is_our_bug_and_changes_nothing() -> None:
    dialogue = offered().refuses(Proved(STRANGE))
    assert dialogue.exchange.phase is Phase.OFFERED


def test_an_invoice_that_another_rail_owns_goes_back_to_the_offer() -> None:
    paying().says(WalletRefused("given to a phone")).wants().says(WalletChosen("Play wallet")).wants(
        Pay("Play wallet", BEST)
    )


def test_the_scheme_of_the_server_is_the_scheme_of_the_token() -> None:
    lsat = judged(mint_demand(scheme="LSAT"))
    dialogue = challenged(lsat).says(PaymentOpened()).says(IntentKept()).says(Proved(PROOF))
    assert dialogue.exchange.token is not None
    assert dialogue.exchange.token.authorization().startswith("LSAT ")


EVENTS: list[Event] = [
    Started(), Started(HELD), Answered(200), Answered(402, OFFERS), Answered(402), Answered(401), Answered(503),
    SendFailed("x"), PaymentOpened(), IntentKept(), IntentRefused("x"), PaymentClosed(), WalletChosen("w"),
    WalletRefused("x"), PaymentAnswered(Paid(PROOF)), PaymentAnswered(Paid(STRANGE)), PaymentAnswered(Failed("x")),
    PaymentAnswered(Unknown("x")), PaymentAnswered(PaidWithoutProof("x")), Proved(PROOF), Proved(STRANGE), ProofKept(),
    DeliveryRetried(),
]  # fmt: skip


@given(st.lists(st.sampled_from(EVENTS), max_size=40))
def test_whatever_happens_the_laws_hold(events: list[Event]) -> None:
    """Money leaves at most once; only a recorded intent is paid; a bought token is sent only with its proof."""
    exchange, paid, recorded, proven = Exchange(), 0, False, False
    for event in events:
        try:
            commands = exchange.receive(event)
        except UnexpectedEvent:
            continue
        paid -= isinstance(event, WalletRefused)
        recorded = recorded or isinstance(event, IntentKept)
        for command in commands:
            if isinstance(command, Pay):
                paid += 1
                assert recorded
            proven = proven or (isinstance(command, KeepProof) and command.preimage == PROOF)
            if isinstance(command, Send) and command.token not in (None, HELD):
                assert proven
        assert paid <= 1
