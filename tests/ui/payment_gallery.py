"""Challenge, payment and lock as pictures in both themes: `python tests/ui/payment_gallery.py FOLDER`."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
if not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication, QWidget

from l402desk.engine.view import Notice, Tone
from l402desk.protocol.amount import Msat
from l402desk.protocol.exchange import Phase
from l402desk.protocol.proof import Preimage
from l402desk.session.lock import LockState, LockView
from l402desk.session.wallets import WalletCard
from l402desk.ui.challenge.panel import ChallengePanel
from l402desk.ui.payment.dialog import PaymentDialog
from l402desk.ui.vault.unlock import UnlockDialog
from tests.fakes.invoices import NOW, PREIMAGE
from tests.fakes.journeys import BIDI, LONGEST, TABLE_BOMB, challenged, demand_of, in_phase
from tests.ui.pictures import Shown, draw

PLAY = WalletCard("Play wallet", Msat.of_sats(99_958))
NODE = WalletCard("Home node", None)


def clock() -> float:
    return NOW + 60.0


def panels() -> Shown:
    views = {
        "good": challenged(demand_of(caveats=(b"services=weather:0", b"weather_valid_until=1700003600"))),
        "refuse": challenged(demand_of(wrong_hash=True)),
        "hostile": challenged(demand_of(description=TABLE_BOMB, caveats=(BIDI.encode(), b"x" * 200))),
        "longest": challenged(demand_of(description=LONGEST, msat=1_234_567_000)),
        "expired": challenged(demand_of(expiry=30), now=NOW + 20),
        "under-way": in_phase(Phase.PAYING),
    }
    for name, view in views.items():
        for size, place in (("wide", (930, 516)), ("narrow", (480, 420))):
            panel = ChallengePanel(clock)
            panel.show_view(view)
            yield f"challenge-{name}-{size}", panel, place


def dialogs() -> Shown:
    long = challenged(demand_of(description=LONGEST, msat=2_100_000_000_000))
    full = Notice(Tone.DANGER, "The proof could not be kept", "The disk is full.", "Free some space, then try again.")
    views = {
        "recording": (in_phase(Phase.RECORDING), [PLAY]),
        "offered": (in_phase(Phase.OFFERED), [PLAY]),
        "phone": (in_phase(Phase.OFFERED), []),
        "wallets": (in_phase(Phase.OFFERED, long), [PLAY, NODE]),
        "paying": (in_phase(Phase.PAYING), [PLAY]),
        "unknown": (
            in_phase(Phase.UNKNOWN, notice=Notice(Tone.WARNING, "Not settled yet", "The wallet says nothing.")),
            [PLAY],
        ),
        "no-proof": (in_phase(Phase.NO_PROOF), [PLAY]),
        "unkept": (in_phase(Phase.KEEPING, notice=full, unkept_proof=Preimage(PREIMAGE)), [PLAY]),
        "expired": (in_phase(Phase.OFFERED, challenged(demand_of(expiry=30), now=NOW + 20)), [PLAY]),
    }
    for name, (view, wallets) in views.items():
        dialog = PaymentDialog(clock=clock)
        dialog.show_wallets(wallets)
        dialog.show_view(view)
        if name == "phone":
            dialog.proof.field.setText(view.inspections[0].payment_hash.hex)  # type: ignore[union-attr]
            dialog.proof.check()
        yield f"dialog-{name}", dialog, (dialog.width(), dialog.height())
    focused = PaymentDialog(clock=clock)
    focused.show_wallets([PLAY])
    focused.show_view(in_phase(Phase.OFFERED))
    focused.qr.code.setFocus()
    yield "dialog-focus", focused, (focused.width(), focused.height())


def unlocks() -> Shown:
    wrong = LockView(LockState.ASK_PASSPHRASE, reason="This passphrase does not open the vault.", remedy="Try again.")
    none = LockView(LockState.CHOOSE_PASSPHRASE, reason="No keyring answers on this computer.", remedy="")
    lost = LockView(
        LockState.CLOSED, reason="The keyring has lost the vault's key.", remedy="Restore it from a backup."
    )
    for name, view in {"ask": wrong, "choose": none, "closed": lost, "opening": LockView()}.items():
        dialog = UnlockDialog()
        dialog.show_lock(view)
        yield f"unlock-{name}", dialog, (dialog.sizeHint().width(), dialog.sizeHint().height())
    tried = UnlockDialog()
    tried.show_lock(LockView(LockState.ASK_PASSPHRASE))
    tried._first.setText("not the right one")
    tried.show_lock(LockView())
    tried.show_lock(wrong)
    yield "unlock-wrong", tried, (tried.sizeHint().width(), tried.sizeHint().height())


def settle(widget: QWidget) -> None:
    """Wait for the layout and, where one is drawn, for the code."""
    code = widget.qr.code if isinstance(widget, PaymentDialog) and widget.qr.copy.isEnabled() else None
    for turn in range(200):
        QApplication.processEvents()
        time.sleep(0.005)  # unlike QTest.qWait it lets the thread of the code work
        if turn > 10 and (code is None or code.modules):
            return


def main(folder: Path, only: str = "") -> None:
    draw(folder, only, (panels, dialogs, unlocks), settle)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:3])
