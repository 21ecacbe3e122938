"""Every shared widget and the window as pictures, in both themes: `python tests/ui/gallery.py FOLDER`.

`python tests/ui/gallery.py --glyphs` draws the style sheet's own glyphs anew after a change of the palette.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
if not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap, QStandardItem, QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QListView,
    QMenu,
    QPushButton,
    QRadioButton,
    QSplitter,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from l402desk.protocol.amount import Msat
from l402desk.session.preferences import Preferences
from l402desk.settings import Folders, Settings
from l402desk.ui import assets
from l402desk.ui.colours import DARK, LIGHT, colours_now
from l402desk.ui.main_window import MainWindow
from l402desk.ui.page import LazyPage
from l402desk.ui.pending_bar import Pending
from l402desk.ui.settings.page import SettingsPage
from l402desk.ui.style import GAP, Appearance, apply_style
from l402desk.ui.widgets.amount import AmountLabel
from l402desk.ui.widgets.buttons import (
    CopyButton,
    button,
    danger_button,
    ghost_button,
    icon_button,
    link_button,
    primary_button,
)
from l402desk.ui.widgets.card import Card, rule
from l402desk.ui.widgets.countdown import Countdown
from l402desk.ui.widgets.empty import EmptyState
from l402desk.ui.widgets.fields import SearchField, line_field, number_field
from l402desk.ui.widgets.findings import FindingRow
from l402desk.ui.widgets.notice import NoticeBar
from l402desk.ui.widgets.table import dress_table
from l402desk.ui.widgets.text import TextView, elided_label, label
from l402desk.ui.widgets.tree import FieldRow, FieldTree

GLYPHS = {
    "chevron-down": "dim",
    "chevron-left": "dim",
    "chevron-right": "dim",
    "chevron-up": "dim",
    "close": "dim",
    "check": "on_link",
    "minus": "on_link",
}
_HASH = "7be3c0d1a1f2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a41d9"


def glyphs() -> dict[str, bytes]:
    """What `resources/qss` must hold, by path below it."""
    made = {}
    for colours in (LIGHT, DARK):
        for name, role in GLYPHS.items():
            drawn = assets.tinted_svg(name, colours[role])
            if name == "close":  # the cross of a tab is small in a large target
                drawn = drawn.replace(b"m6 6 12 12M18 6 6 18", b"m8 8 8 8M16 8l-8 8")
            if role == "on_link":
                drawn = drawn.replace(b'stroke-width="1.5"', b'stroke-width="3"')
            made[f"{colours.scheme}/{name}.svg"] = drawn
    return made


def row(*widgets: QWidget, stretch: bool = True) -> QHBoxLayout:
    made = QHBoxLayout()
    made.setSpacing(GAP.SMALL)
    for widget in widgets:
        made.addWidget(widget)
    if stretch:
        made.addStretch(1)
    return made


def controls() -> Card:
    card = Card()
    card.body.addWidget(label("Buttons and fields", role="heading"))
    off = primary_button("Pay 21 sats…", name="b2", icon="bolt")
    off.setEnabled(False)
    plain_off = button("Disabled", name="b4", icon="copy")
    plain_off.setEnabled(False)
    card.body.addLayout(row(primary_button("Pay 21 sats…", name="b1", icon="bolt"), off))
    copy = CopyButton("Copy invoice", name="b3")
    copy.set_payload("lnbc1")
    focused = button("Focused", name="focused")
    card.body.addLayout(row(copy, focused, plain_off))
    card.body.addLayout(
        row(
            ghost_button("Ghost", name="b5", icon="history"),
            danger_button("Forget", name="b6", icon="trash"),
            link_button("Where is it in my wallet?", name="b7", icon="question"),
            icon_button("plus", name="b8", label="New"),
            icon_button("more", name="b9", label="More"),
        )
    )
    card.body.addWidget(SearchField(name="f1", label="Search", placeholder="Search 14 tokens"))
    filled = SearchField(name="f2", label="Search")
    filled.setText("weather")
    field = line_field(name="f3", label="URL", mono=True)
    field.setText("http://127.0.0.1:8402/weather?city=Lisbon")
    card.body.addWidget(filled)
    card.body.addWidget(field)
    box = QComboBox()
    box.addItems(["GET", "POST", "DELETE"])
    box_off = QComboBox()
    box_off.addItem("Disabled")
    box_off.setEnabled(False)
    spin = number_field(name="cap", label="Cap", low=0, high=100_000, suffix=" sats")
    spin.setValue(5_000)
    card.body.addLayout(row(box, box_off, spin))
    card.body.addLayout(row(*choices()))
    return card


def choices() -> list[QWidget]:
    ticked, plain, part, off = (QCheckBox(t) for t in ("Checked", "Off", "Partly", "Disabled"))
    ticked.setChecked(True)
    part.setTristate(True)
    part.setCheckState(Qt.CheckState.PartiallyChecked)
    off.setChecked(True)
    off.setEnabled(False)
    on, other = QRadioButton("System"), QRadioButton("Light")
    on.setChecked(True)
    return [ticked, plain, part, off, on, other]


def challenge() -> Card:
    card = Card()
    card.body.addLayout(row(label("402 Payment Required", role="heading")))
    card.body.addWidget(AmountLabel(Msat(1_234_567_500), name="challengeAmount"))
    card.body.addWidget(elided_label(f"node 03a1{_HASH}9f2c", mode="middle", role="mono"))
    for severity, text in (
        ("good", "Safe to pay: invoice and token belong together"),
        ("info", "The token is good for one hour, at this host, for the service weather"),
        (
            "warning",
            "The price rose from 5 to 21 sats since the last time, and this sentence is long enough to wrap",
        ),
        ("danger", "The invoice does not belong to the token"),
    ):
        card.body.addWidget(FindingRow(severity, text, detail="said by 127.0.0.1" if severity == "info" else ""))
    counter = Countdown(name="c1")
    counter.count_to(time.time() + 3_590)
    soon = Countdown(name="c2")
    soon.count_to(time.time() + 24)
    over = Countdown(name="c3")
    over.count_to(time.time() - 1)
    card.body.addLayout(row(counter, soon, over))
    card.body.addWidget(rule())
    card.body.addLayout(
        row(*(label(r, role=r) for r in ("strong", "dim", "small", "mono", "good", "caution", "danger", "link")))
    )
    card.body.addStretch(1)
    return card


def tree() -> FieldTree:
    made = FieldTree(name="invoiceTree", label="Invoice")
    made.show_rows(
        [
            FieldRow(
                "Invoice",
                "lnbcrt210n1p4sph" + "q" * 240 + "cpd8xk2",
                (
                    FieldRow("Amount", "21 000 msat"),
                    FieldRow("Payment hash", _HASH, severity="good", hint="matches the token"),
                    FieldRow("Payee", f"03a1{_HASH[4:]}"),
                    FieldRow("Description", "Weather for one hour", mono=False),
                    FieldRow("Signature", "not valid", severity="danger"),
                ),
            ),
            FieldRow("Token", "macaroon v2 · 199 bytes", (FieldRow("Identifier", f"v0 · hash {_HASH}"),)),
        ]
    )
    return made


def table() -> QTableView:
    model = QStandardItemModel()
    model.setHorizontalHeaderLabels(["Service", "Host", "Paid", "Expires", "Uses", "Last answer"])
    for cells in (
        ("weather", "127.0.0.1:8402", "21 sats", "59 min", "3", "200"),
        ("fee estimate", "mempool.example", "50 sats", "6 d", "212", "200"),
        ("trust score", "a-very-long-host-name.nostr.example", "10 sats", "expired", "40", "402 refused"),
    ):
        model.appendRow([QStandardItem(cell) for cell in cells])
    for number in range(model.rowCount()):
        for column in (2, 4):
            model.item(number, column).setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    view = QTableView()
    dress_table(view, name="tokenTable", label="Tokens")
    model.setParent(view)
    view.setModel(model)
    view.setSortingEnabled(True)
    view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    view.horizontalHeader().setStretchLastSection(True)
    view.selectRow(1)
    return view


def tabs() -> QTabWidget:
    made = QTabWidget()
    made.setTabsClosable(True)
    made.setMovable(True)
    text = TextView(name="body", label="Body")
    text.set_text('{\n  "city": "Lisbon",\n  "hidden": "a\u202eb"\n}\n' + "x" * 1_500)
    made.addTab(text, "GET /weather")
    made.addTab(QWidget(), "POST chat completion •")
    names = QListView()
    names.setModel(QStringListModel(["one", "two"], names))
    made.addTab(names, "List")
    return made


def notices() -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    for severity, title, text, actions in (
        ("good", "Paid 21 sats", "The token is kept in the vault.", ()),
        (
            "info",
            "A token for this host is already held",
            "It is used instead of paying again.",
            (("pay", "Pay anew"),),
        ),
        ("warning", "The wallet does not answer", "The payment may still settle: it is looked up again.", ()),
        (
            "danger",
            "This challenge is not safe to pay",
            "The invoice does not belong to the token.",
            (("why", "Why?"),),
        ),
    ):
        bar = NoticeBar(name=f"{severity}Notice")
        bar.show_notice(severity, title, text, actions)
        column.addWidget(bar)
    return made


def sheet() -> QWidget:
    made = QWidget()
    made.setObjectName("sheet")
    grid = QGridLayout(made)
    grid.setContentsMargins(GAP.LARGE, GAP.LARGE, GAP.LARGE, GAP.LARGE)
    grid.setSpacing(GAP.MEDIUM)
    grid.addWidget(controls(), 0, 0)
    grid.addWidget(challenge(), 0, 1)
    trees, tables, tabbed = Card(margin=GAP.SMALL), Card(margin=GAP.SMALL), Card(margin=GAP.SMALL)
    trees.body.addWidget(tree())
    tables.body.addWidget(table())
    tabbed.body.addWidget(tabs())
    grid.addWidget(trees, 1, 0)
    grid.addWidget(tables, 1, 1)
    grid.addWidget(tabbed, 2, 0)
    grid.addWidget(notices(), 2, 1)
    return made


def window(folder: Path) -> MainWindow:
    preferences = Preferences(Settings(), lambda settings: None)
    places = Folders(folder / "config", folder / "data", folder / "cache", folder / "logs")

    def empty(icon: str, title: str) -> LazyPage:
        return LazyPage(
            title.lower(),
            title,
            icon,
            lambda: EmptyState(icon, f"No {title.lower()} yet", "They appear here.", name=title, button_text="Add one"),
        )

    def requests() -> QWidget:
        splitter = QSplitter()
        splitter.addWidget(sheet())
        return splitter

    made = MainWindow(
        [
            LazyPage("requests", "Requests", "send", requests),
            empty("compass", "Directory"),
            empty("key", "Vault"),
            empty("receipt", "Payments"),
            empty("wallet", "Wallets"),
            LazyPage("settings", "Settings", "gear", lambda: SettingsPage(preferences, places)),
        ]
    )
    made.status_line.show_wallet("Play wallet", Msat.of_sats(99_958))
    made.status_line.show_vault("Vault unlocked", 14)
    return made


def take(widget: QWidget, file: Path) -> None:
    QTest.qWait(60)
    widget.grab().save(str(file))
    print(file)


def popups(appearance: Appearance, folder: Path) -> None:
    box = QComboBox()
    box.addItems(["GET", "POST", "DELETE"])
    box.show()
    box.showPopup()
    take(box.view().window(), folder / f"popup-{appearance.colours.scheme}.png")
    box.hidePopup()
    menu = QMenu()
    menu.addAction(assets.icon("copy"), "Copy value\tCtrl+C")
    menu.addSeparator()
    menu.addAction("Disabled").setEnabled(False)
    menu.popup(box.pos())
    menu.setActiveAction(menu.actions()[0])
    take(menu, folder / f"menu-{appearance.colours.scheme}.png")
    menu.close()
    box.close()


def icon_sheet(file: Path) -> None:
    names = [name for name in assets.icon_names() if name != "l402desk"]
    ground = QPixmap(1_100, 90 * (len(names) // 10 + 1))
    ground.fill(QColor(colours_now().card))
    painter = QPainter(ground)
    painter.setPen(QColor(colours_now().dim))
    for at, name in enumerate(names):
        x, y = at % 10 * 110 + 10, at // 10 * 90 + 10
        painter.drawPixmap(x, y, assets.pixmap(name, 48))
        painter.drawPixmap(x + 56, y, assets.pixmap(name, 16))
        painter.drawText(x, y + 68, name)
    painter.end()
    ground.save(str(file))


def main(arguments: list[str]) -> int:
    if arguments == ["--glyphs"]:
        for name, drawn in glyphs().items():
            (assets.resource_root() / "qss" / name).write_bytes(drawn)
        return 0
    folder = Path(arguments[0] if arguments else "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    appearance = apply_style(app, "light")
    shown = window(folder)
    shown.resize(1280, 1180)
    shown.show()
    for scheme in ("light", "dark"):
        appearance.choose(scheme)
        pending = Pending(Msat.of_sats(21), "127.0.0.1:8402", int(time.time()) - 180, "on its way")
        shown.pending_bar.show_pending([pending] if scheme == "dark" else [])
        shown.resize(1280, 1180)
        shown.open_page("requests")
        focused = shown.findChild(QPushButton, "focused")
        assert focused is not None
        focused.setFocus()
        take(shown, folder / f"requests-{scheme}.png")
        shown.resize(720, 480)
        for name in ("vault", "settings"):
            shown.open_page(name)
            take(shown, folder / f"{name}-{scheme}.png")
        popups(appearance, folder)
        icon_sheet(folder / f"icons-{scheme}.png")
    shown.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
