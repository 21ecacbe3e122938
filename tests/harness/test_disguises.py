from __future__ import annotations

import base64
from pathlib import Path

from tests.harness.disguises import disguised
from tests.harness.mint import Mint


def test_the_preimage_is_disguised_as_the_lie_says(tmp_path: Path) -> None:
    _, preimage, _ = Mint(tmp_path).new()
    for lie, told in (
        ("", preimage.hex),
        ("upper-preimage", preimage.hex.upper()),
        ("base64-preimage", base64.b64encode(preimage.raw).decode()),
        ("null-preimage", None),
        ("zero-preimage", "0" * 64),
        ("short-preimage", preimage.hex[:32]),
        ("late-preimage", None),
    ):
        assert disguised(lie, preimage, is_look_up=False) == told
    assert disguised("late-preimage", preimage, is_look_up=True) == preimage.hex
    assert disguised("wrong-preimage", preimage, is_look_up=True) != preimage.hex


def test_where_there_is_none_it_is_told_as_this_kind_of_wallet_tells_it(tmp_path: Path) -> None:
    _, preimage, _ = Mint(tmp_path).new()
    assert disguised("", None, is_look_up=True) is None
    assert disguised("", None, is_look_up=True, none="0" * 64) == "0" * 64
    assert disguised("late-preimage", preimage, is_look_up=False, none="0" * 64) == "0" * 64
