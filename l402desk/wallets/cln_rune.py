"""Reads what a rune of Core Lightning allows: its restrictions stand in it, for everybody who holds it (createrune).

A rune is base64url of 32 bytes, which only the node can check, and of a text: restrictions joined by ``&``, all of
which must hold, each of alternatives joined by ``|``. Anybody can add a restriction; nobody can take one away.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Collection
from dataclasses import dataclass, field

from l402desk.protocol.amount import MOST, Msat
from l402desk.protocol.text import visible

SEAL = 32
PAYERS = ("xpay", "pay")
"""The methods that pay, the better one first. ``pay`` is deprecated since 26.06."""
PARAMETERS = {
    "xpay": ("invstring", "maxfee", "retry_for", "maxdelay"),
    "pay": ("bolt11", "maxfee", "retry_for", "maxdelay"),
    "listpays": ("payment_hash",),
}
"""What this app sends to a method, by name."""
_INVOICES = {"xpay": "invstring", "pay": "bolt11"}
_ALTERNATIVE = re.compile(r"""([^!"#$%&'()*+,./:;<=>?@\[\\\]^`{|}~-]*)([!=/^$~<>{}#])(.*)""", re.DOTALL)
_PERIODS = {"sec": "second", "min": "minute", "hour": "hour", "day": "day"}
_PER = re.compile(r"(\d{1,9})(sec|min|hour|day)?")
_NUMBER = re.compile(r"-?\d{1,18}")


@dataclass(frozen=True, slots=True)
class Alternative:
    """One condition on a field of the question, such as ``method=pay`` or ``time<1700000000``."""

    name: str
    condition: str
    value: str

    @classmethod
    def read(cls, text: str) -> Alternative | None:
        found = _ALTERNATIVE.fullmatch(text)
        return None if found is None else cls(*found.groups())

    def can_hold(self, method: str) -> bool:
        """False where it surely fails when this app asks ``method``, whatever it asks about."""
        if self.condition == "#":
            return True
        if self.name == "method":
            return _holds(self.condition, self.value, method)
        is_there = self._is_sent(PARAMETERS.get(method, ()))
        return True if is_there is None else is_there is not (self.condition == "!")

    def _is_sent(self, parameters: Collection[str]) -> bool | None:
        """Does the node find this field in our question? None for what is always there, or not known here."""
        if self.name == "id" or self.name.startswith("parr"):
            return False  # clnrest names no peer, and we name our parameters
        if self.name.startswith("pinv"):
            return self.name[4:].rpartition("_")[0] in parameters
        if self.name.startswith("pname"):  # before 24.05 without the underscores
            return self.name[5:] in {form for name in parameters for form in (name, name.replace("_", ""))}
        return None

    def most(self, method: str) -> int | None:
        """The largest invoice in msat that it lets pass; None where it says nothing of that."""
        named = f"pinv{_INVOICES.get(method)}_amount"
        if self.name != named or self.condition != "<" or not _NUMBER.fullmatch(self.value):
            return None
        return int(self.value) - 1


@dataclass(frozen=True, slots=True)
class Rune:
    """``restrictions`` all hold, by one of their alternatives each. The seal is left out, so nothing here is secret."""

    restrictions: tuple[tuple[Alternative, ...], ...] = field(repr=False)

    @classmethod
    def read(cls, text: str) -> Rune | None:
        """None for what is no rune, or has a restriction that cannot be read. Whether the node accepts it, it tells."""
        try:
            raw = base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
            plain = raw[SEAL:].decode()
        except (binascii.Error, ValueError):
            return None
        if not plain:
            return None if len(raw) < SEAL else cls(())
        restrictions = [[Alternative.read(part) for part in alternatives] for alternatives in _split(plain)]
        whole = [tuple(one for one in alternatives if one is not None) for alternatives in restrictions]
        if [len(one) for one in whole] != [len(one) for one in restrictions]:
            return None
        if [one.name for one in whole[0]] == [""]:
            whole = whole[1:]  # the rune's number, "=3"
        return cls(tuple(whole))

    def may(self, method: str) -> bool:
        """Could the node let us ask this, as far as the rune tells?"""
        return all(any(one.can_hold(method) for one in alternatives) for alternatives in self.restrictions)

    @property
    def payer(self) -> str | None:
        """The method to pay with; None where it may not pay."""
        return next((method for method in PAYERS if self.may(method)), None)

    @property
    def may_do_everything(self) -> bool:
        """Does it name no method at all?"""
        return not any(one.name == "method" and one.condition != "#" for some in self.restrictions for one in some)

    def most(self, method: str) -> Msat | None:
        """The largest invoice that it may pay by this method; None for no limit."""
        limits: list[int] = []
        for alternatives in self.restrictions:
            open_ones = [one.most(method) for one in alternatives if one.can_hold(method)]
            if open_ones and None not in open_ones:
                limits.append(max(limit for limit in open_ones if limit is not None))
        return Msat(min(max(min(limits), 0), MOST)) if limits else None

    @property
    def pace(self) -> str:
        """How often it can be used, in words: "60 questions a minute"; empty for no limit."""
        for one in self._alone():
            if one.name == "rate" and one.condition == "=" and _NUMBER.fullmatch(one.value):
                return f"{one.value} {'question' if one.value == '1' else 'questions'} a minute"
            found = _PER.fullmatch(one.value) if one.name == "per" and one.condition == "=" else None
            if found is not None:
                count, unit = int(found[1]), _PERIODS[found[2] or "sec"]
                return f"one question every {f'{count} {unit}s' if count != 1 else unit}"
        return ""

    @property
    def ends_at(self) -> int | None:
        """When it ends, in unix seconds; None where it does not say."""
        ends = [
            int(one.value)
            for one in self._alone()
            if one.name == "time" and one.condition == "<" and _NUMBER.fullmatch(one.value)
        ]
        return min(ends, default=None)

    def _alone(self) -> list[Alternative]:
        """The restrictions without a way around them."""
        return [alternatives[0] for alternatives in self.restrictions if len(alternatives) == 1]

    def __str__(self) -> str:
        """The restrictions as they are written, made safe to look at."""
        parts = ["|".join(f"{one.name}{one.condition}{one.value}" for one in some) for some in self.restrictions]
        return visible(" & ".join(parts), 500)


def _split(text: str) -> list[list[str]]:
    """Restrictions and their alternatives; a backslash takes the meaning from what follows it."""
    found: list[list[str]] = [[""]]
    letters = iter(text)
    for letter in letters:
        if letter == "&":
            found.append([""])
        elif letter == "|":
            found[-1].append("")
        else:
            found[-1][-1] += next(letters, "") if letter == "\\" else letter
    return found


def _holds(condition: str, value: str, method: str) -> bool:
    """The conditions of runes on a text that is there. Those on numbers fail for a method's name."""
    match condition:
        case "=":
            return method == value
        case "/":
            return method != value
        case "^":
            return method.startswith(value)
        case "$":
            return method.endswith(value)
        case "~":
            return value in method
        case "{":
            return method < value
        case "}":
            return method > value
    return False
