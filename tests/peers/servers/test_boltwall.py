"""boltwall, through everything that a server is put through."""

from __future__ import annotations

import pytest

from tests.peers.servers.cases import ServerCases
from tests.peers.servers.foreign import BOLTWALL

pytestmark = pytest.mark.peers


class TestBoltwall(ServerCases):
    kind = BOLTWALL
    subject = BOLTWALL.name
