"""What may be shown of a peer, and under whose name (SPEC.md, A6 and A7)."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crdt.awareness import Identity
from crdt.awareness.states import same_state, stamp

ADA = Identity("u1", "Ada Ł", stamped=True)
OPEN = Identity("open", "", stamped=False)


def nested(levels: int) -> str:
    return '{"a":' * levels + "1" + "}" * levels


@pytest.mark.parametrize(
    "text",
    ["[]", "1", '"x"', "true", "", "{", "{}x", '{"a":NaN}', '{"a":-Infinity}', '{"a":1e999}', nested(9)],
)
def test_A6_what_is_no_small_json_object_is_not_shown(text: str) -> None:
    assert stamp(text, ADA) is None
    assert stamp(text, OPEN) is None


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_A6_depth_that_would_exhaust_the_stack_is_not_shown(opening: str) -> None:
    assert stamp('{"a":' + opening * (4000 // len(opening)), ADA) is None
    assert stamp(opening * 100_000, ADA) is None


def test_A6_the_limit_is_counted_in_bytes() -> None:
    fits = '{"a":"' + "é" * 2044 + '"}'
    assert len(fits.encode()) == 4096
    assert stamp(fits, OPEN) == fits
    assert stamp(fits.replace('"}', 'x"}'), OPEN) is None
    assert stamp(nested(8), OPEN) == nested(8)


def test_A7_the_name_is_the_servers_and_the_rest_is_the_peers() -> None:
    said = '{"cursor":{"head":3},"user":{"name":"Root","id":"u9","color":"#f00"}}'
    shown = {"cursor": {"head": 3}, "user": {"name": "Ada Ł", "id": "u1", "color": "#f00"}}
    assert json.loads(stamp(said, ADA) or "") == shown


@pytest.mark.parametrize("said", ["{}", '{"user":null}', '{"user":"Root"}', '{"user":[{"id":"u9"}]}'])
def test_A7_every_state_names_its_user(said: str) -> None:
    assert json.loads(stamp(said, ADA) or "") == {"user": {"id": "u1", "name": "Ada Ł"}}


def test_A7_without_stamping_the_text_stays_as_it_is() -> None:
    said = '{ "user" : {"name":"Root"} }'
    assert stamp(said, OPEN) == stamp(said, None) == said


def test_A7_half_a_surrogate_pair_stays_an_escape() -> None:
    shown = stamp('{"name":"\\ud83d"}', ADA) or ""
    assert json.loads(shown)["name"] == "\ud83d"
    shown.encode()


def test_A10_the_same_state_may_be_spaced_anew() -> None:
    assert same_state('{"a":1,"b":[2]}', '{ "b": [2.0], "a": 1 }')
    assert not same_state('{"a":1}', '{"a":2}')
    assert not same_state('{"a":1}', None)
    assert same_state(None, None)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), json_values, max_size=4))
def test_A7_what_is_shown_is_utf8_json_and_keeps_every_other_key(state: dict[str, object]) -> None:
    shown = stamp(json.dumps(state), ADA, max_bytes=1 << 20)
    if shown is not None:
        shown.encode()
        assert {**state, "user": None} == {**json.loads(shown), "user": None}


@given(st.text(st.characters(codec="utf-8")))
def test_A6_any_text_is_shown_or_not_and_raises_nothing(text: str) -> None:
    stamp(text, ADA)
