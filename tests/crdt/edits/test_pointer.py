"""JSON pointers and operations on plain JSON, by the examples of RFC 6901 and RFC 6902."""

from typing import Any

import pytest

from crdt.edits import Add, Copy, Expect, Move, Remove, Replace
from crdt.edits.pointer import apply, find, is_equal, tokens_of
from crdt.errors import InvalidContent, UnmetTest

EXAMPLE = {"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, 'k"l': 6, " ": 7, "m~n": 8}


@pytest.mark.parametrize(
    ("pointer", "value"),
    [("", EXAMPLE), ("/foo", ["bar", "baz"]), ("/foo/0", "bar"), ("/", 0), ("/a~1b", 1), ("/ ", 7), ("/m~0n", 8)],
)
def test_E5_pointers_of_rfc_6901_section_5(pointer: str, value: Any) -> None:
    assert find(EXAMPLE, tokens_of(pointer)) == value


@pytest.mark.parametrize(
    ("document", "operation", "result"),
    [
        ({"foo": "bar"}, Add("/baz", "qux"), {"foo": "bar", "baz": "qux"}),
        ({"foo": ["bar", "baz"]}, Add("/foo/1", "qux"), {"foo": ["bar", "qux", "baz"]}),
        ({"baz": "qux", "foo": "bar"}, Remove("/baz"), {"foo": "bar"}),
        ({"foo": ["bar", "qux", "baz"]}, Remove("/foo/1"), {"foo": ["bar", "baz"]}),
        ({"baz": "qux"}, Replace("/baz", "boo"), {"baz": "boo"}),
        ({"foo": {"a": 1}, "qux": {}}, Move("/qux/a", "/foo/a"), {"foo": {}, "qux": {"a": 1}}),
        ({"foo": ["all", "grass", "cows", "eat"]}, Move("/foo/3", "/foo/1"), {"foo": ["all", "cows", "eat", "grass"]}),
        ({"foo": ["bar"]}, Add("/foo/-", ["abc"]), {"foo": ["bar", ["abc"]]}),
        ({"foo": [1]}, Copy("/foo/-", "/foo"), {"foo": [1, [1]]}),
        ({"foo": 1}, Replace("", [2]), [2]),
        ({"foo": 1}, Move("/foo", "/foo"), {"foo": 1}),
        ({"/": 9, "~1": 10}, Expect("/~01", 10), {"/": 9, "~1": 10}),
    ],
)
def test_E5_operations_of_rfc_6902_appendix_a(document: Any, operation: Any, result: Any) -> None:
    assert apply(document, operation) == result


@pytest.mark.parametrize(
    ("operation", "field"),
    [
        (Add("/baz/bat", "qux"), "path"),
        (Add("/foo/9", 1), "path"),
        (Add("/foo/x", 1), "path"),
        (Remove("/foo/-"), "path"),
        (Replace("/nothing", 1), "path"),
        (Copy("/x", "/nothing"), "from"),
        (Move("/foo/0/x", "/foo/0"), "path"),
    ],
)
def test_E5_what_leads_nowhere_names_its_field(operation: Any, field: str) -> None:
    with pytest.raises(InvalidContent) as refused:
        apply({"foo": ["bar"]}, operation)
    assert refused.value.path == field


def test_E5_a_test_compares_json_values() -> None:
    assert is_equal({"a": [1, None]}, {"a": [1.0, None]})
    assert not is_equal(1, True)
    assert not is_equal({"a": 0}, {"a": False})
    with pytest.raises(UnmetTest):
        apply({"/": 9, "~1": 10}, Expect("/~01", "10"))
