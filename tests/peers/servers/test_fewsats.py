"""Fewsats' decorator, through everything that a server is put through."""

from __future__ import annotations

import pytest

from tests.peers.servers.cases import ServerCases
from tests.peers.servers.foreign import FEWSATS

pytestmark = pytest.mark.peers


class TestFewsats(ServerCases):
    kind = FEWSATS
    subject = FEWSATS.name
