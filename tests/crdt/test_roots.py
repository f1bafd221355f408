"""What kind of root it is, told by what it holds."""

import pycrdt
import pytest

from crdt.errors import MalformedUpdate
from crdt.roots import root_kinds
from crdt.updates import merge
from tests.crdt.oracle import Oracle


def test_each_kind_is_told_by_its_content() -> None:
    doc: pycrdt.Doc = pycrdt.Doc()  # type: ignore[type-arg]
    doc.get("t", type=pycrdt.Text).insert(0, "x")
    doc.get("m", type=pycrdt.Map)["k"] = "v"
    doc.get("a", type=pycrdt.Array).append(1)
    doc.get("nested", type=pycrdt.Array).append(pycrdt.Map({"k": 1}))
    doc.get("x", type=pycrdt.XmlFragment).children.append(pycrdt.XmlElement("p"))
    doc.get("untouched", type=pycrdt.Text)
    assert root_kinds(doc.get_update()) == {"t": "text", "m": "map", "a": "array", "nested": "array", "x": "xml"}


def test_a_root_whose_first_items_are_deleted_is_told_by_the_others() -> None:
    doc: pycrdt.Doc = pycrdt.Doc()  # type: ignore[type-arg]
    text = doc.get("t", type=pycrdt.Text)
    for letter in "abc":
        text.insert(len(text), letter)
    del text[0:1]
    assert root_kinds(doc.get_update()) == {"t": "text"}
    text.clear()
    assert root_kinds(doc.get_update()) == {}


def test_an_item_of_another_kind_does_not_hide_an_editors_root() -> None:
    update = bytes.fromhex("0101010004010764656661756c74017a00")
    doc: pycrdt.Doc = pycrdt.Doc()  # type: ignore[type-arg]
    doc.get("default", type=pycrdt.XmlFragment).children.append(pycrdt.XmlElement("p"))
    assert root_kinds(merge([update, doc.get_update()])) == {"default": "xml"}


def test_roots_of_random_histories(oracle: Oracle) -> None:
    for number in range(6):
        kinds = root_kinds(merge(oracle.history(number, steps=80).updates))
        assert kinds
        assert all(name == kind for name, kind in kinds.items())


def test_broken_bytes_are_malformed() -> None:
    with pytest.raises(MalformedUpdate):
        root_kinds(b"\x01")
