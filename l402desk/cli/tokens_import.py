"""``l402desk tokens import``: tokens from other clients, and from a sealed export."""

from __future__ import annotations

import argparse
import asyncio
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from l402desk.cli.opening import FAILED, INTERRUPTED, OK, USAGE, CommandFailed
from l402desk.cli.output import complain, tell, write_json, write_text
from l402desk.cli.tokens_opening import run_job
from l402desk.cli.tokens_secret import passphrase_for
from l402desk.protocol.instants import instant_words
from l402desk.protocol.text import visible
from l402desk.vault.bundle import MOST_BYTES, open_bundle
from l402desk.vault.foreign.admission import Home
from l402desk.vault.foreign.detection import detect
from l402desk.vault.foreign.entries import ForeignStore, History, ImportRefused, Kind
from l402desk.vault.foreign.files import read_file, real_path
from l402desk.vault.foreign.reading import read_store
from l402desk.vault.intake import Intake, Taken

if TYPE_CHECKING:
    from l402desk.services import Services


def take_in(options: argparse.Namespace) -> int:
    """Read the store, then open the vault and keep what is new; the exit status."""
    try:
        home = _home(options.origin)
        kind = detect(Path(options.path)).kind if options.kind is None else Kind(options.kind)
        if kind is not Kind.SEALED:
            key_file = None if options.key_file is None else Path(options.key_file)
            store = read_store(Path(options.path), kind=kind, home=home, key_file=key_file)
            return run_job(partial(_keep, options, store, None), options)
        raw = read_file(real_path(Path(options.path)), MOST_BYTES)
        # Asked for before anything is open: nobody types while a vault stands open, and Ctrl+C ends it at once.
        passphrase = passphrase_for(options.passphrase_file, "Passphrase of the export", twice=False)
        contents = asyncio.run(open_bundle(raw, passphrase))
    except ImportRefused as error:
        complain("tokens import", str(error))
        return FAILED
    except CommandFailed as error:
        complain("tokens import", str(error))
        return error.status
    except KeyboardInterrupt:
        return INTERRUPTED
    store = ForeignStore(Kind.SEALED, contents.tokens, contents.pending)
    return run_job(partial(_keep, options, store, contents.made_at), options)


def _home(url: str | None) -> Home | None:
    """What ``--origin`` says. Raises CommandFailed."""
    try:
        return None if url is None else Home.of(url)
    except ImportRefused as error:
        raise CommandFailed(str(error), USAGE) from error


async def _keep(options: argparse.Namespace, store: ForeignStore, made_at: int | None, services: Services) -> int:
    intake = Intake(services.database, services.vault, services.awaiting, services.clock)
    taken = await intake.take(store.tokens, store.pending)
    if options.as_json:
        write_json(_json(store, taken))
    else:
        for problem in store.problems:
            tell(visible(f"left out {problem.where}: {problem.sentence}", 500))
        write_text(_words(store, taken, made_at))
    return FAILED if store.problems and not (store.tokens or store.pending or store.history) else OK


def _words(store: ForeignStore, taken: Taken, made_at: int | None) -> str:
    dated = "" if made_at is None else f" of {instant_words(made_at)}"
    lines = [f"From {store.kind.words}{dated}: {len(taken.kept)} new, {len(taken.known)} held already."]
    if taken.awaited or taken.awaited_known:
        new, old = len(taken.awaited), len(taken.awaited_known)
        lines.append(f"Without a proof of payment: {new} new, {old} waiting already. Their tokens come with the proof.")
    if taken.paid:
        lines.append(f"Not paid there, and held here with its proof: {len(taken.paid)}.")
    if store.history is not None:
        lines.append(_history(store.history))
    return "\n".join(lines) + "\n"


def _history(history: History) -> str:
    payments = f"{history.payments} {'payment' if history.payments == 1 else 'payments'}"
    hosts = f"{history.hosts} {'host' if history.hosts == 1 else 'hosts'}"
    return (
        f"Its own history, as it tells it: {payments} to {hosts}, {history.spent.words()} and {history.fees.words()}"
        f" in fees; {history.failed} failed."
    )


def _json(store: ForeignStore, taken: Taken) -> dict[str, Any]:
    history = store.history
    return {
        "kind": str(store.kind),
        "new": [summary.id for summary in taken.kept],
        "known": [summary.id for summary in taken.known],
        "pending_new": [awaited.id for awaited in taken.awaited],
        "pending_known": [awaited.id for awaited in taken.awaited_known],
        "pending_paid": [pending.payment_hash.hex for pending in taken.paid],
        "problems": [{"where": problem.where, "reason": problem.sentence} for problem in store.problems],
        "history": None
        if history is None
        else {
            "payments": history.payments,
            "failed": history.failed,
            "hosts": history.hosts,
            "spent_msat": history.spent.value,
            "fees_msat": history.fees.value,
        },
    }
