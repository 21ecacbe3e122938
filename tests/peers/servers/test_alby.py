"""Alby's server helper, through everything that a server is put through."""

from __future__ import annotations

import pytest

from tests.peers.servers.cases import ServerCases
from tests.peers.servers.foreign import ALBY

pytestmark = pytest.mark.peers


class TestAlby(ServerCases):
    kind = ALBY
    subject = ALBY.name
