"""The vault page and its dialogs as pictures, in both themes: `python tests/ui/vault_gallery.py FOLDER [NAME]`."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
if not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from l402desk.engine.trial import Trial
from l402desk.engine.view import Notice, Tone
from l402desk.protocol.amount import Msat
from l402desk.protocol.origin import Origin
from l402desk.session.tokens import TokensSession
from l402desk.ui.vault.page import VaultPage
from l402desk.ui.vault.restrict_dialog import RestrictDialog
from l402desk.ui.vault.scope_dialog import ScopeDialog
from l402desk.vault.scope import Reach, Scope
from l402desk.vault.tokens import TokenState, TokenSummary, TokenUse
from l402desk.vault.wanted import Shelf
from tests.fakes.io import ImmediateIo
from tests.fakes.journeys import BIDI, LONGEST, TABLE_BOMB, summary
from tests.fakes.vaults import MemoryVault
from tests.ui.pictures import Shown, draw


def varied() -> tuple[TokenSummary, ...]:
    now = int(time.time())
    rows = [
        summary(1, title="weather", origin=Origin.of("http://127.0.0.1:8402/"), expires_at=now + 3_552, bought_at=now),
        summary(2, title="claude-fable-5", price=Msat.of_sats(357), state=TokenState.SPENT, expires_at=None, uses=1),
        summary(3, title="fee estimate", scope=Scope.of(Reach.HOST, "/"), expires_at=now + 6 * 86_400, uses=212),
        summary(
            4, title="price oracle", scope=Scope.of(Reach.PREFIX, "/api"), price=Msat.of_sats(200), expires_at=None
        ),
        summary(5, title="podcast 41", last_status=206, expires_at=None, uses=2),
        summary(6, title="trust score", state=TokenState.REFUSED, last_status=402, expires_at=now - 60, uses=40),
        summary(7, title="image gen", state=TokenState.UNDELIVERED, last_status=None, uses=0, expires_at=now + 43_200),
        summary(8, title="damaged", is_intact=False),
        summary(9, title=TABLE_BOMB, expires_at=now + 20),
        summary(10, title=BIDI, origin=Origin.of(f"https://{'long-label.' * 8}example/"), expires_at=now + 600),
        summary(11, title="", price=Msat(1_234_567_890), scope=Scope.of(Reach.EXACT, "/a/very/long/path" * 6)),
        summary(
            12, title="many caveats", caveats=tuple(f"max_requests={n}" for n in range(40)), expires_at=now + 9_000
        ),
    ]
    return (*rows, summary(13, price=None), summary(14, last_status=None, uses=0, caveats=(LONGEST, "x" * 300)))


def vault(*tokens: TokenSummary) -> MemoryVault:
    made = MemoryVault(*tokens, now=int(time.time()))
    for token in tokens:
        made.history[token.id] = [
            TokenUse(int(time.time()) - n * 977, "GET" if n % 3 else "POST", "/v1/data/of/a/long/path"[: 8 + n], status)
            for n, status in enumerate((200, 200, 402, 503, 200, 206, 200, 200, 404, 200, 200, 200)[: token.uses])
        ]
    return made


def page(*tokens: TokenSummary, unlocked: bool = True) -> VaultPage:
    services = SimpleNamespace(is_unlocked=unlocked, vault=vault(*tokens))
    session = TokensSession(ImmediateIo(services))
    made = VaultPage(session)
    session.setParent(made)
    return made


def chosen(made: VaultPage, row: int) -> VaultPage:
    made.show()
    QTest.qWait(120)
    made.table.selectRow(row)
    QTest.qWait(250)
    return made


def pages() -> Shown:
    for size, place in (("1280", (1216, 780)), ("720", (656, 440))):
        yield f"vault-full-{size}", page(*varied()), place
        yield f"vault-used-{size}", chosen(page(*varied()), 2), place
    last = chosen(page(*varied()), 13)
    last.deeds.do("trash", last.table.current)  # type: ignore[arg-type]
    yield "vault-asks", last, (1216, 780)
    tried = chosen(page(*varied()), 0)
    token = tried.table.current
    assert token is not None
    tried.detail.show_trial(
        Trial(token, Notice(Tone.WARNING, "Refused: 402", "The server did not take it.", "Nothing was paid."), 402)
    )
    tried.detail.note.begin()
    tried.detail.tell_copied("")
    yield "vault-tried", tried, (1216, 780)
    for name, row in (("bomb", 8), ("bidi", 9), ("caveats", 11), ("damaged", 7), ("spent", 1)):
        yield f"vault-{name}", chosen(page(*varied()), row), (1216, 620)
    trash = page(*(summary(n, state=TokenState.TRASHED) for n in range(101, 105)), *varied())
    trash._tokens.look_at(Shelf.TRASH)
    yield "vault-trash", chosen(trash, 1), (1216, 620)
    many = page(*(summary(n, expires_at=int(time.time()) + 60 * n) for n in range(5_000)))
    yield "vault-many", chosen(many, 4_990), (1216, 620)
    yield "vault-empty", page(), (656, 440)
    yield "vault-locked", page(unlocked=False), (656, 440)


def dialogs() -> Shown:
    token = summary(1, title="weather", origin=Origin.of("http://127.0.0.1:8402/"), expires_at=None)
    scope = ScopeDialog()
    scope.ask(token)
    yield "scope", scope, (scope.sizeHint().width(), scope.sizeHint().height())
    wide = ScopeDialog()
    wide.ask(token)
    wide._choices[Reach.HOST].setChecked(True)
    yield "scope-wide", wide, (wide.sizeHint().width(), wide.sizeHint().height())
    restrict = RestrictDialog()
    restrict.ask(token)
    yield "restrict", restrict, (restrict.sizeHint().width(), restrict.sizeHint().height())
    own = RestrictDialog()
    own.ask(token)
    own.choice.setCurrentIndex(own.choice.count() - 1)
    own.own.setText("max_requests=10")
    yield "restrict-own", own, (own.sizeHint().width(), own.sizeHint().height())


def settle(_widget: QWidget) -> None:
    QTest.qWait(350)


def main(folder: Path, only: str = "") -> None:
    draw(folder, only, (pages, dialogs), settle)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:3])
