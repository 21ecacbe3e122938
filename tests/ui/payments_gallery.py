"""The payments page as pictures, in both themes and two sizes: `python tests/ui/payments_gallery.py FOLDER`."""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
if not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from l402desk.ledger.purchases import Delivery, PurchaseState
from l402desk.protocol.amount import Msat
from l402desk.session.payment import PaymentSession, Told
from l402desk.session.payments import PaymentsSession
from l402desk.ui.main_window import MainWindow
from l402desk.ui.page import LazyPage
from l402desk.ui.payments.page import PaymentsPage
from l402desk.ui.style import apply_style
from l402desk.ui.widgets.empty import EmptyState
from tests.fakes.bought import Bought
from tests.fakes.io import ImmediateIo
from tests.session.accounts import an_account

State = PurchaseState
HOSTS = (
    "http://127.0.0.1:8402", "https://mempool.example", "https://oracle.example", "https://llm402.example",
    "https://a-very-long-name-of-a-host-that-goes-on.and-on.and-on.example:8443", "https://img.example",
)  # fmt: skip
PATHS = ("/weather", "/v1/fees/recommended", "/api/price", "/v1/chat/completions", "/v1/images")


def many(now: int) -> tuple[Bought, ...]:
    chance = random.Random(4)
    special = (
        Bought(1, now - 60, msat=21_000, state=State.UNKNOWN, reason="The wallet has not answered for 60 seconds."),
        Bought(2, now - 400, HOSTS[1], "/v1/fees", msat=50_000, fee=1_250, delivery=Delivery.UNDELIVERED,
               last_status=503, uses=0),
        Bought(3, now - 4_000, HOSTS[4], "/v1/" + "long/" * 20, "POST", msat=123_456, fee=12, uses=7,
               delivery=Delivery.REFUSED, last_status=401, currency="EUR", per_btc="85000", rail="Alby Hub"),
        Bought(4, now - 9_000, HOSTS[2], state=State.FAILED, reason="no route", msat=1_000_000),
        Bought(5, now - 90_000, HOSTS[3], state=State.PAID_WITHOUT_PROOF, msat=357_000, expires_at=now - 9),
        Bought(6, now - 95_000, HOSTS[0], state=State.OFFERED, rail="phone"),
        Bought(7, now - 90, HOSTS[2], state=State.UNKNOWN, msat=200_000, expires_at=now - 500, reason="time-out"),
    )  # fmt: skip
    rest = tuple(
        Bought(
            n, now - int(chance.random() ** 2 * 80 * 86_400), chance.choices(HOSTS, (9, 5, 4, 3, 1, 1))[0],
            chance.choice(PATHS), msat=chance.choice((21_000, 5_000, 50_000, 100_500, 1_000)),
            fee=chance.choice((None, 0, 10, 1_000)), uses=chance.choice((1, 3, 12, 212)),
            rail=chance.choice(("Play wallet", "phone", "Alby Hub")), currency="EUR", per_btc="85000", last_status=200,
        )
        for n in range(10, 140)
    )  # fmt: skip
    return special + rest


def take(widget: QWidget, file: Path) -> None:
    QTest.qWait(400)
    widget.grab().save(str(file))
    print(file)


def window(page: QWidget) -> MainWindow:
    def nothing() -> QWidget:
        return EmptyState("key", "", "", name="other")

    pages = [LazyPage(n, t, i, nothing) for n, t, i in (("requests", "Requests", "send"), ("vault", "Vault", "key"))]
    pages.append(LazyPage("payments", "Payments", "receipt", lambda: page))
    pages.append(LazyPage("settings", "Settings", "gear", nothing))
    made = MainWindow(pages)
    made.status_line.show_wallet("Play wallet", Msat.of_sats(99_958))
    made.status_line.show_vault("Vault unlocked", 14)
    return made


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0] if arguments else "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    appearance = apply_style(app, "light")
    now = int(time.time())
    for title, bought in (("empty", ()), ("one", many(now)[1:2]), ("many", many(now))):
        with tempfile.TemporaryDirectory() as place, an_account(Path(place), *bought, now=now) as services:
            io = ImmediateIo(services)
            page = PaymentsPage(PaymentsSession(io), PaymentSession(io))
            shown = window(page)
            shown.open_page("payments")
            shown.show()
            for scheme in ("light", "dark"):
                appearance.choose(scheme)
                for wide, high in ((1280, 820), (720, 480)):
                    shown.resize(wide, high)
                    take(shown, folder / f"{title}-{scheme}-{wide}.png")
            if title == "many":
                details(shown, page, folder)
            services.is_unlocked = False
            page._payments.refresh()
            take(shown, folder / f"locked-after-{title}.png")
            shown.close()
    return 0


def details(shown: MainWindow, page: PaymentsPage, folder: Path) -> None:
    shown.resize(1280, 820)
    for number in range(1, 8):
        page.show_purchase(f"purchase-{number}")
        take(shown, folder / f"detail-{number}.png")
    page.spending.view.setCurrentIndex(1)
    page.spending.chart.setFocus()
    page.filter.search.setText("mempool")
    take(shown, folder / "filtered.png")
    page.spending.view.setCurrentIndex(2)
    page.filter.clear()
    page._tell(Told("warning", "Not delivered", "The server answered 503. It is kept; try again, it costs nothing."))
    take(shown, folder / "hosts.png")
    page._make_sure("purchase-7")
    take(shown, folder / "sure.png")
    page.filter.search.setText("nothing of the kind")
    take(shown, folder / "none.png")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
