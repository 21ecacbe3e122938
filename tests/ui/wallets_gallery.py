"""The wallets page and its dialog as pictures, in both themes: `python tests/ui/wallets_gallery.py FOLDER`."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
if not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from l402desk.protocol.amount import Msat
from l402desk.session.wallet_adding import AddingSession
from l402desk.session.wallet_deeds import Outcome, WalletDeeds
from l402desk.session.wallet_pairing import PairingSession, Wished
from l402desk.session.wallet_trial import Distrusted, Recognised, Tried
from l402desk.session.wallet_view import Shelf, Trouble
from l402desk.session.wallets import WalletsSession
from l402desk.ui.main_window import MainWindow
from l402desk.ui.page import LazyPage
from l402desk.ui.style import apply_style
from l402desk.ui.wallets.add_dialog import AddWalletDialog
from l402desk.ui.wallets.page import WalletsPage
from l402desk.ui.widgets.empty import EmptyState
from l402desk.wallets.examining import Examination
from tests.ui.wallets import shelves


def take(widget: QWidget, file: Path) -> None:
    QTest.qWait(300)
    widget.grab().save(str(file))
    print(file)


def window(page: QWidget) -> MainWindow:
    def nothing() -> QWidget:
        return EmptyState("key", "", "", name="other")

    names = (("requests", "Requests", "send"), ("vault", "Vault", "key"), ("payments", "Payments", "receipt"))
    pages = [LazyPage(name, title, icon, nothing) for name, title, icon in names]
    pages += [LazyPage("wallets", "Wallets", "wallet", lambda: page), LazyPage("settings", "Settings", "gear", nothing)]
    made = MainWindow(pages)
    made.status_line.show_wallet("Alby Hub", Msat.of_sats(182_340))
    made.status_line.show_vault("Vault unlocked", 14)
    return made


def page_of(shelf: Shelf) -> WalletsPage:
    session = WalletsSession(shelves.SilentIo())
    session.shelf = shelf
    return WalletsPage(session, WalletDeeds(shelves.SilentIo(), session))


KEY = "5ec2e75ec2e75ec2e75ec2e75ec2e75e"
FINGERPRINT = ":".join(f"{n * 37 % 256:02X}" for n in range(32))
NODE = "lndconnect://node.home.example:8080?macaroon=0201036c6e64"
UNKNOWN = Trouble(
    "node.home.example shows a certificate that nobody vouches for whom this computer trusts. It shows SHA-256 …",
    "If it is your own node, compare the certificate's SHA-256 with the node's and pin it.",
)


def dialogs() -> dict[str, AddWalletDialog]:
    """The dialog in each of its states."""
    lnbits = f"lnbits+https://lnbits.market.example?key={KEY}"
    read = Recognised(lnbits, "lnbits", "lnbits+https://lnbits.market.example?key=…", name="LNbits")
    node = Recognised(NODE, "lnd", "lndconnect://node.home.example:8080?macaroon=…", name="LND")
    pinned = replace(node, pinned=FINGERPRINT[::-1])
    seen = Distrusted(
        "unknown-authority", FINGERPRINT, ("node.home.example", "10.0.0.7"), 1_900_000_000, f"{NODE}&cert=x"
    )
    found = Examination(
        True, Msat.of_sats(2_100), "Market", (
            "LNbits decides the routing fee by itself: up to 1 %, and at least 2 sats are held back for it.",
            "This is the admin key: it can do all with this LNbits wallet. Keep no more in it than you spend.",
        ), ("look payments up", "tell the balance", "make invoices", "pay", "change this wallet"),
    )  # fmt: skip
    silent = Trouble("lnbits.market.example could not be reached: connection refused.", "Check that it runs.")
    wrong = Recognised(
        "lnbits+https://h?kee=1",
        "lnbits",
        problem=Trouble("A part of this connection is not known.", "What may follow the host: cert, key, watch."),
    )
    other = replace(seen, reason="pin-mismatch", pinned_text="")
    return {
        "empty": dialog(Recognised("")),
        "wrong": dialog(wrong),
        "read": dialog(read),
        "found": dialog(read, Tried(lnbits, found, name="Market")),
        "silent": dialog(read, Tried(lnbits, trouble=silent)),
        "unknown": dialog(node, Tried(NODE, trouble=UNKNOWN, distrusted=seen)),
        "mismatch": dialog(pinned, Tried(NODE, trouble=UNKNOWN, distrusted=other)),
    }  # fmt: skip


def dialog(recognised: Recognised, tried: Tried | None = None) -> AddWalletDialog:
    adding, pairing = AddingSession(shelves.SilentIo()), PairingSession(shelves.SilentIo())
    made = AddWalletDialog(adding, pairing)
    made.connection.field.setText(recognised.text)
    adding._text = recognised.text
    adding.recognised, adding.tried = recognised, tried
    made.show_adding()
    return made


def pairing(waiting: bool) -> AddWalletDialog:
    made = dialog(Recognised(""))
    made.tabs.setCurrentIndex(1)
    if waiting:
        made.pane.begin.click()
        made._pairing._show(Wished("nostr+walletauth://" + "ab" * 32 + "?"
                            "name=L402%20Desk&request_methods="
                            "pay_invoice%20"
                            "lookup_invoice%20get_info%20get_balance%20list_transactions&notification_types=payment_sent"
                            "&max_amount=10000000&budget_renewal=monthly&relay=wss%3A%2F%2Frelay.getalby.com"
                            "&relay=wss%3A%2F%2Frelay2.getalby.com", "https://x"))  # fmt: skip
    return made


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    appearance = apply_style(app, "light")
    wanted = {
        "all": shelves.shelf(*shelves.ALL),
        "open": shelves.shelf(shelves.NODE, shelves.HUB),
        "none": shelves.shelf(),
        "play": shelves.shelf(shelves.SANDBOX, caps=None),
        "locked": shelves.shelf(is_open=False),
    }
    for theme in ("light", "dark"):
        appearance.choose(theme)
        for word, shelf in wanted.items():
            page = page_of(shelf)
            made = window(page)
            for width, height in ((1280, 820), (900, 600)):
                made.resize(width, height)
                made.show()
                made.open_page("wallets")
                if word == "open":
                    for card in page.cards.values():
                        card.heed.open()
                    page._tell(
                        Outcome("Home node", "“Home node” is removed", "Its money is where it was.", "info", "undo")
                    )
                take(made, folder / f"wallets-{word}-{theme}-{width}.png")
            if word == "all":
                made.resize(1000, 2100)
                take(made, folder / f"wallets-{word}-{theme}-long.png")
            made.close()
        shown = dialogs() | {"pair": pairing(waiting=False), "waiting": pairing(waiting=True)}
        for word, made_dialog in shown.items():
            made_dialog.show()
            take(made_dialog, folder / f"add-{word}-{theme}.png")
            if word in ("found", "waiting"):
                made_dialog.resize(made_dialog.minimumSize())
                take(made_dialog, folder / f"add-{word}-{theme}-small.png")
            made_dialog.close()


if __name__ == "__main__":
    main()
