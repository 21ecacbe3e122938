from __future__ import annotations

import inspect

from l402desk.session.io import Io
from l402desk.worker.call import Call
from l402desk.worker.thread import IoThread


def test_the_io_thread_speaks_the_words_that_sessions_use() -> None:
    for name in ("submit", "submit_reporting"):
        asked, real = inspect.signature(getattr(Io, name)), inspect.signature(getattr(IoThread, name))
        assert list(asked.parameters) == list(real.parameters)
        assert asked.return_annotation == real.return_annotation == Call.__name__


def test_a_session_needs_no_more_than_two_words() -> None:
    assert {name for name in vars(Io) if not name.startswith("_")} == {"submit", "submit_reporting"}
