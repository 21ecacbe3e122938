"""Import and export of tokens as pictures, in both themes: `python tests/ui/transfer_gallery.py FOLDER [NAME]`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
if not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from l402desk.protocol.amount import Msat
from l402desk.protocol.origin import Origin
from l402desk.session.export_jobs import Exported, Which
from l402desk.session.import_jobs import Ask, Found, Host
from l402desk.session.transfers import ExportSession, ExportView, ImportSession, ImportView, Step
from l402desk.ui.vault.export_dialog import ExportDialog, Offer
from l402desk.ui.vault.import_dialog import ImportDialog
from l402desk.vault.foreign.entries import History, Kind, Problem
from l402desk.vault.intake import Taken
from l402desk.vault.tokens import TokenState
from tests.fakes.io import ImmediateIo
from tests.fakes.journeys import BIDI, LONGEST, TABLE_BOMB, summary
from tests.ui.pictures import Shown, draw

SMALL = (420, 400)
HOSTS = (Host("api.example", 9, 0), Host("127.0.0.1:8402", 2, 1), Host(f"{'long-label.' * 8}example", 1, 0))
PROBLEMS = (
    Problem("row 3", "The preimage does not belong to the payment hash that the token names."),
    Problem(f"{TABLE_BOMB}{BIDI}", "Its address is plain http, and tokens travel over https, to this machine or to"
            " .onion only."),
)  # fmt: skip
LNGET = Found(
    Kind.LNGET,
    hosts=HOSTS,
    tokens=12,
    pending=1,
    problems=PROBLEMS,
    history=History(41, 2, 5, Msat.of_sats(8_123), Msat(41_000)),
)
TAKEN = Taken(
    tuple(summary(n, state=TokenState.TRASHED if n == 4 else TokenState.USABLE) for n in range(1, 10)),
    (summary(10), summary(11, title=LONGEST, origin=Origin.of("https://api.example/"))),
    (),
    (),
    (),
)


def imported(view: ImportView, path: str = "/home/mona/.lnget") -> ImportDialog:
    session = ImportSession(ImmediateIo(SimpleNamespace()))
    session.view = view
    made = ImportDialog(session)
    session.setParent(made)
    made.path.setText(path)
    made.show()
    made.show_view()
    return made


def imports() -> Shown:
    many = tuple(Host(f"host{n}.example", n, n % 3) for n in range(1, 400))
    views = {
        "choose": ImportView(),
        "looking": ImportView(Step.READING),
        "refused": ImportView(refusal="There is no token store in “/home/mona/Pictures”. Choose another."),
        "lnget": ImportView(Step.FOUND, LNGET),
        "many": ImportView(Step.FOUND, Found(Kind.JSON, hosts=many, tokens=9_000, pending=120)),
        "address": ImportView(Step.FOUND, Found(Kind.APERTURE, Ask.ADDRESS)),
        "address-wrong": ImportView(
            Step.FOUND,
            Found(Kind.APERTURE, Ask.ADDRESS, "“http://a.example” cannot be a token's home: it is plain http."),
        ),
        "homeless": ImportView(
            Step.FOUND,
            Found(Kind.JSON, Ask.ADDRESS, hosts=HOSTS, tokens=12, homeless=1, problems=PROBLEMS[:1]),
        ),
        "sealed": ImportView(Step.FOUND, Found(Kind.SEALED, Ask.PASSPHRASE)),
        "sealed-opening": ImportView(Step.READING, Found(Kind.SEALED, Ask.PASSPHRASE)),
        "sealed-open": ImportView(Step.FOUND, Found(Kind.SEALED, hosts=HOSTS, tokens=12, made_at=1_764_000_000)),
        "key": ImportView(
            Step.FOUND, Found(Kind.MCP402, Ask.KEY_FILE, "“credentials.json” is sealed, and there is no key beside it.")
        ),
        "nothing": ImportView(Step.FOUND, Found(Kind.LNGET, problems=PROBLEMS)),
        "taking": ImportView(Step.TAKING, LNGET, done=8),
        "stopped": ImportView(Step.FOUND, LNGET, refusal="Nothing was saved, because the disk is full. Free some."),
        "taken": ImportView(Step.TAKEN, LNGET, taken=TAKEN),
        "again": ImportView(Step.TAKEN, LNGET, taken=Taken((), TAKEN.kept, (), (), ())),
    }
    for name, view in views.items():
        for size, place in (("", (640, 560)), ("-small", SMALL)):
            made = imported(view)
            yield f"import-{name}{size}", made, place


def exported(view: ExportView, *, lnget: bool = False, typed: tuple[str, str] = ("", "")) -> ExportDialog:
    session = ExportSession(ImmediateIo(SimpleNamespace()))
    made = ExportDialog(session)
    session.setParent(made)
    made.begin(Offer(1_234, Which(numbers=tuple(range(12))), summary(1, title="weather & <b>more</b>")))
    (made.lnget if lnget else made.sealed).setChecked(True)
    made.first.setText(typed[0])
    made.second.setText(typed[1])
    made._take_place("/home/mona/a/rather/long/folder/of/many/names/L402 tokens 2026-11-24.l402tokens")
    session.view = view
    made.show_view()
    return made


def exports() -> Shown:
    place = Path("/home/mona/L402 tokens 2026-11-24.l402tokens")
    left = tuple(Problem(f"service {n} · host{n}.example", "It has expired.") for n in range(40))
    written = tuple((f"service {n} · host{n}.example", f"host{n}.example") for n in range(9))
    views = {
        "blank": (ExportView(), False, ("", "")),
        "short": (ExportView(), False, ("abc", "")),
        "ready": (ExportView(), False, ("some unrelated words", "some unrelated words")),
        "running": (ExportView(is_running=True), False, ("some unrelated words", "some unrelated words")),
        "sealed": (ExportView(exported=Exported(place, 1_230, 3, left=left[:1])), False, ("", "")),
        "refused": (ExportView(refusal=f"There is something at “{place}” already. Choose."), False, ("", "")),
        "lnget-blank": (ExportView(), True, ("", "")),
        "lnget": (
            ExportView(exported=Exported(place.parent, 9, unproven=2, for_lnget=True, written=written, left=left)),
            True,
            ("", ""),
        ),
        "lnget-nothing": (ExportView(exported=Exported(place.parent, 0, for_lnget=True, left=left)), True, ("", "")),
    }
    for name, (view, lnget, typed) in views.items():
        for size, where in (("", (600, 580)), ("-small", SMALL)):
            yield f"export-{name}{size}", exported(view, lnget=lnget, typed=typed), where


def settle(_widget: QWidget) -> None:
    QTest.qWait(60)


def main(folder: Path, only: str = "") -> None:
    draw(folder, only, (imports, exports), settle)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:3])
