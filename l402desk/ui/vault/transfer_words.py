"""What an import and an export say for themselves: what was found, what became of it, what was left out and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from l402desk.protocol.instants import instant_words
from l402desk.protocol.text import visible
from l402desk.session.export_jobs import Exported
from l402desk.session.import_jobs import Ask, Found
from l402desk.ui.widgets.text import sentences
from l402desk.vault.foreign.entries import History, Problem
from l402desk.vault.intake import Taken

LEFT_OUT = "Left out"
ASKS = {
    Ask.ADDRESS: "It does not say which server its tokens belong to. They will be sent there and nowhere else:",
    Ask.PASSPHRASE: "It opens with the passphrase it was sealed under, which may be another than your vault's.",
    Ask.KEY_FILE: "402-mcp keeps its key in a file called encryption.key, or in the system's keyring; "
    "from there, write the 64 digits to a file first.",
}
MORE_HOMELESS = "{} more could be taken in if you say which server they belong to:"
LNGET_WARNING = (
    "What is written there lies open: whoever can read the folder can use your tokens as you can. lnget keeps one token"
    " for a host, and does not keep http and https apart: give it https:// addresses."
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: what it is about, what there is to say, and how serious that is ("" for not at all)."""

    about: str
    says: str
    severity: str = ""


def count(number: int, thing: str = "token") -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def found_title(found: Found) -> str:
    """``lnget: 12 tokens and 1 without a proof yet, for 3 hosts``."""
    name = found.kind.words[:1].upper() + found.kind.words[1:] if " " in found.kind.words else found.kind.words
    dated = "" if found.made_at is None else f" of {instant_words(found.made_at)}"
    if found.is_empty:
        return f"{name}{dated}" if found.ask is not None else f"{name}{dated}: nothing to take in"
    parts = [count(found.tokens)] if found.tokens else []
    if found.pending:
        parts.append(f"{found.pending:,} without a proof yet")
    return f"{name}{dated}: {' and '.join(parts)}, for {count(len(found.hosts), 'host')}"


def found_sentence(found: Found) -> str:
    """What is said below the title, before anything is taken in."""
    if found.ask is not None and found.is_empty and not found.homeless:
        return ""
    return sentences(
        "" if found.is_empty else "Nothing is taken in yet.",
        f"{len(found.problems):,} will be left out: the list says why" if found.problems else "",
        "" if found.history is None else _history(found.history),
    )


def _history(history: History) -> str:
    failed = "" if not history.failed else f"; {history.failed:,} failed"
    return (
        f"Its own history, as it tells it: {count(history.payments, 'payment')} to {count(history.hosts, 'host')},"
        f" {history.spent.words()} and {history.fees.words()} in fees{failed}. That is not imported."
    )


def found_lines(found: Found) -> list[Line]:
    """By host, then what is left out."""
    lines = []
    for host in found.hosts:
        parts = [count(host.tokens)] if host.tokens else []
        if host.pending:
            parts.append(f"{host.pending:,} without a proof yet")
        lines.append(Line(visible(host.name, 200), ", ".join(parts)))
    return lines + left_lines(found.problems)


def left_lines(problems: Sequence[Problem]) -> list[Line]:
    return [
        Line(visible(problem.where, 200), f"{LEFT_OUT}: {visible(problem.sentence, 500)}", "warning")
        for problem in problems
    ]


def import_words(found: Found) -> str:
    """What the button does."""
    return f"Import {count(found.tokens + found.pending)}"


def taken_title(taken: Taken) -> str:
    if taken.kept:
        return f"{count(len(taken.kept))} {'is' if len(taken.kept) == 1 else 'are'} new in the vault"
    if taken.awaited:
        return f"{count(len(taken.awaited))} {'waits' if len(taken.awaited) == 1 else 'wait'} for a proof of payment"
    return "There was nothing new in it"


def taken_sentence(taken: Taken, found: Found) -> str:
    trashed = sum(str(token.state) == "trashed" for token in taken.kept)
    waiting = len(taken.awaited) + len(taken.awaited_known)
    held = len(taken.known) + len(taken.paid)
    return sentences(
        f"{trashed:,} of them {'lies' if trashed == 1 else 'lie'} in the trash, as before" if trashed else "",
        f"{count(held)} {'was' if held == 1 else 'were'} here already" if held else "",
        f"{waiting:,} without a proof of payment {'is' if waiting == 1 else 'are'} kept apart: when the vault is opened"
        " your wallets are asked for the proof, and nothing is paid again"
        if waiting
        else "",
        f"{len(found.problems):,} {'was' if len(found.problems) == 1 else 'were'} left out" if found.problems else "",
        "Nothing was sent, and nothing was paid",
    )


def taken_lines(taken: Taken, found: Found) -> list[Line]:
    """What was left out first, then every token that is new."""
    lines = left_lines(found.problems)
    lines += [Line(_name(token.title, token.origin.authority), "New", "good") for token in taken.kept]
    lines += [Line(_name(one.title, one.origin.authority), "Waits for its proof of payment") for one in taken.awaited]
    return lines + [Line(_name(token.title, token.origin.authority), "Was here already") for token in taken.known]


def _name(title: str, authority: str) -> str:
    return visible(authority if title in ("", authority) else f"{title} · {authority}", 200)


def exported_title(done: Exported) -> str:
    if done.for_lnget:
        return f"{count(done.tokens)} written for lnget" if done.tokens else "Nothing was written for lnget"
    return f"{count(done.tokens + done.pending)} sealed"


def exported_sentence(done: Exported) -> str:
    """Where it is, and what is to be known about it."""
    place = f"“{visible(str(done.place), 300)}”"
    left = f"{len(done.left):,} {'was' if len(done.left) == 1 else 'were'} left out: the list says why"
    if not done.for_lnget:
        return sentences(
            f"The file is {place}. It opens with its passphrase alone, here or in another copy of this app",
            f"{done.pending:,} of them {'waits' if done.pending == 1 else 'wait'} for a proof" if done.pending else "",
            left if done.left else "",
        )
    return sentences(
        f"They lie unsealed in {place}" if done.tokens else "",
        f"{count(done.unproven)} without a proof of payment stayed here: lnget would take such a file for a payment"
        " of its own"
        if done.unproven
        else "",
        left if done.left else "",
    )


def exported_lines(done: Exported) -> list[Line]:
    """What was left out first, then what lnget got, and under which name it keeps it."""
    written = [
        Line(visible(name, 200), f"Written, for {visible(domain, 200)}", "good") for name, domain in done.written
    ]
    return left_lines(done.left) + written
