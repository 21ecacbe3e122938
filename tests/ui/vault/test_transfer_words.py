"""What an import and an export say, in one and in many, and with what a stranger wrote made visible."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from l402desk.protocol.amount import Msat
from l402desk.session.export_jobs import Exported
from l402desk.session.import_jobs import Ask, Found, Host
from l402desk.ui.vault import transfer_words as words
from l402desk.ui.vault.transfer_words import Line
from l402desk.vault.awaiting import Awaited
from l402desk.vault.foreign.entries import History, Kind, Problem
from l402desk.vault.intake import Taken
from l402desk.vault.tokens import TokenState
from tests.fakes.journeys import BIDI, summary

HOSTS = (Host("a.example", 2, 0), Host("b.example", 0, 1))
FOUND = Found(Kind.LNGET, hosts=HOSTS, tokens=2, pending=1)


def awaited(number: int) -> Awaited:
    one = summary(number)
    return Awaited(one.id, one.payment_hash, "", "", "", one.origin, one.scope, "L402", None, 0)


@pytest.mark.parametrize(
    ("found", "title"),
    [
        (FOUND, "lnget: 2 tokens and 1 without a proof yet, for 2 hosts"),
        (Found(Kind.JSON, hosts=HOSTS[:1], tokens=1), "A JSON file: 1 token, for 1 host"),
        (Found(Kind.MCP402, hosts=HOSTS[1:], pending=1_000), "402-mcp: 1,000 without a proof yet, for 1 host"),
        (Found(Kind.APERTURE, Ask.ADDRESS), "A token file of aperture, loop, pool or litd"),
        (Found(Kind.LNGET, problems=(Problem("x", "y"),)), "lnget: nothing to take in"),
        (
            Found(Kind.SEALED, hosts=HOSTS, tokens=2, made_at=1_700_000_000),
            "A sealed export of 2023-11-14 22:13 UTC: 2 tokens, for 2 hosts",
        ),
    ],
)
def test_what_was_found_in_one_line(found: Found, title: str) -> None:
    assert words.found_title(found) == title


def test_what_was_found_at_length() -> None:
    history = History(41, 2, 1, Msat.of_sats(100), Msat.of_sats(1))
    found = replace(FOUND, problems=(Problem("row 3", "No."),), history=history)
    assert words.found_sentence(found) == (
        "Nothing is taken in yet. 1 will be left out: the list says why. Its own history, as it tells it: 41 payments"
        " to 1 host, 100 sats and 1 sat in fees; 2 failed. That is not imported."
    )
    assert words.found_sentence(Found(Kind.SEALED, Ask.PASSPHRASE)) == ""
    assert words.found_lines(found) == [
        Line("a.example", "2 tokens"),
        Line("b.example", "1 without a proof yet"),
        Line("row 3", "Left out: No.", "warning"),
    ]
    assert words.import_words(found) == "Import 3 tokens"


def test_what_strangers_wrote_is_made_visible() -> None:
    (line,) = words.left_lines([Problem(BIDI, f"It is {BIDI}")])
    assert "\u202e" not in line.about + line.says
    (line,) = words.exported_lines(Exported(Path("x"), 1, for_lnget=True, written=((BIDI, "a.example"),)))
    assert "\u202e" not in line.about
    taken = Taken((summary(1, title=BIDI),), (), (), (), ())
    assert "\u202e" not in words.taken_lines(taken, FOUND)[0].about


def test_what_became_of_an_import() -> None:
    found = replace(FOUND, problems=(Problem("row 3", "No."),))
    taken = Taken(
        (summary(1), summary(2, title="", state=TokenState.TRASHED)), (summary(3),), (awaited(4),), (awaited(5),), ()
    )
    assert words.taken_title(taken) == "2 tokens are new in the vault"
    assert words.taken_sentence(taken, found) == (
        "1 of them lies in the trash, as before. 1 token was here already. 2 without a proof of payment are kept apart:"
        " when the vault is opened your wallets are asked for the proof, and nothing is paid again. 1 was left out."
        " Nothing was sent, and nothing was paid."
    )
    assert [(line.about, line.says) for line in words.taken_lines(taken, found)] == [
        ("row 3", "Left out: No."),
        ("service 1 · host1.example", "New"),
        ("host2.example", "New"),
        ("host4.example", "Waits for its proof of payment"),
        ("service 3 · host3.example", "Was here already"),
    ]


def test_an_import_that_brought_nothing_new_says_so() -> None:
    nothing = Taken((), (summary(1),), (), (), ())
    assert words.taken_title(nothing) == "There was nothing new in it"
    assert words.taken_title(replace(nothing, awaited=(awaited(1),))) == "1 token waits for a proof of payment"
    assert words.taken_title(replace(nothing, kept=(summary(1),))) == "1 token is new in the vault"


def test_what_became_of_a_sealed_export() -> None:
    done = Exported(Path("/home/mona/out"), 2, pending=1, left=(Problem("weather", "It does not open."),))
    assert words.exported_title(done) == "3 tokens sealed"
    assert words.exported_sentence(done) == (
        "The file is “/home/mona/out”. It opens with its passphrase alone, here or in another copy of this app. 1 of"
        " them waits for a proof. 1 was left out: the list says why."
    )
    assert words.exported_lines(done) == [Line("weather", "Left out: It does not open.", "warning")]


def test_what_became_of_an_export_for_lnget() -> None:
    done = Exported(Path("/x"), 1, unproven=2, for_lnget=True, written=(("weather · a.example", "a.example"),))
    assert words.exported_title(done) == "1 token written for lnget"
    assert words.exported_sentence(done) == (
        "They lie unsealed in “/x”. 2 tokens without a proof of payment stayed here: lnget would take such a file for a"
        " payment of its own."
    )
    assert words.exported_lines(done) == [Line("weather · a.example", "Written, for a.example", "good")]
    assert words.exported_title(replace(done, tokens=0, written=())) == "Nothing was written for lnget"
