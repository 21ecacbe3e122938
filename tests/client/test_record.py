"""A draft comes back from its record exactly as it was, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.client.body import Body, FileBody, FormBody, JsonBody, NoBody, TextBody
from l402desk.client.fields import Field
from l402desk.client.record import from_record, to_record
from l402desk.client.request import RequestDraft

texts = st.text(max_size=40)
fields = st.lists(st.builds(Field, texts, texts, st.booleans()), max_size=4).map(tuple)
bodies: st.SearchStrategy[Body] = st.one_of(
    st.just(NoBody()),
    st.builds(JsonBody, texts),
    st.builds(TextBody, texts, texts),
    st.builds(FormBody, fields),
    st.builds(FileBody, st.just(Path("folder") / "file.bin"), texts),
)
drafts = st.builds(RequestDraft, texts, texts, fields, fields, bodies)


@given(drafts)
def test_a_draft_survives_its_record(draft: RequestDraft) -> None:
    assert from_record(to_record(draft)) == draft


@pytest.mark.parametrize(
    "record",
    [b"", b"{}", b"[]", b"null", b"[" * 100_000, b'{"version": 2}', b'{"version":1,"method":"GET"}', b"\xff\xfe",
     to_record(RequestDraft()).replace(b'"none"', b'"tape"')],
)  # fmt: skip
def test_what_is_no_record_is_refused(record: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_record(record)
