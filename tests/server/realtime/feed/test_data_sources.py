"""The parser of what clients of data-governance-v1 say."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from server.errors import Invalid
from server.realtime.feed.data_sources import Said, read

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
messages = st.fixed_dictionaries({}, optional={"type": st.sampled_from(["auth", "x"]) | values, "payload": values})


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200) | values.map(json.dumps) | messages.map(json.dumps))
def test_any_text_is_a_message_or_invalid_and_nothing_else(text: str) -> None:
    try:
        said: Any = read(text)
    except Invalid:
        return
    assert isinstance(said, Said)
    assert isinstance(said.type, str)
    assert isinstance(said.payload, dict)
