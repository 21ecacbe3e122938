"""l402kit, through everything that a server is put through."""

from __future__ import annotations

import pytest

from tests.peers.servers.cases import ServerCases
from tests.peers.servers.foreign import L402KIT

pytestmark = pytest.mark.peers


class TestL402Kit(ServerCases):
    kind = L402KIT
    subject = L402KIT.name
