"""What is shown of documents: of our editor's, and of other applications'."""

from typing import Any

import pycrdt
import pytest

from crdt.document import seed
from crdt.errors import MalformedUpdate
from crdt.projection import json_of, markdown_of, text_of
from crdt.updates import merge
from tests.crdt.oracle import Oracle

MARKDOWN = "# Plan 😀\n\nOne **two**\\\nthree\n\n- a\n  - b\n\n```\nx\n\ny\n```\n"


@pytest.fixture
def doc() -> "pycrdt.Doc[Any]":
    return pycrdt.Doc()


def test_text_is_a_line_per_block_and_hard_break() -> None:
    assert text_of(seed(MARKDOWN, "markdown")) == "Plan 😀\nOne two\nthree\na\nb\nx\n\ny"


def test_an_empty_document_is_an_empty_document() -> None:
    assert json_of(b"\0\0") == {"type": "doc", "content": []}
    assert text_of(b"\0\0") == markdown_of(b"\0\0") == ""


def test_markdown_comes_back() -> None:
    assert markdown_of(seed(MARKDOWN, "markdown")) == MARKDOWN


def test_unknown_nodes_of_another_prosemirror_schema_are_shown(doc: "pycrdt.Doc[Any]") -> None:
    table = doc.get("default", type=pycrdt.XmlFragment).children.append(pycrdt.XmlElement("table"))
    table.attributes["width"] = 2.5
    table.children.append(pycrdt.XmlElement("mention")).attributes["id"] = "u1"
    cell = table.children.append(pycrdt.XmlElement("cell"))
    text = cell.children.append(pycrdt.XmlText("wörd"))
    text.format(0, 5, {"comment--ab12": {"id": 7}})
    assert json_of(doc.get_update())["content"] == [
        {
            "type": "table",
            "attrs": {"width": 2.5},
            "content": [
                {"type": "mention", "attrs": {"id": "u1"}},
                {
                    "type": "cell",
                    "content": [
                        {"type": "text", "text": "wörd", "marks": [{"type": "comment", "attrs": {"id": 7}}]},
                    ],
                },
            ],
        }
    ]
    assert text_of(doc.get_update()) == "wörd"
    assert markdown_of(doc.get_update()) == "wörd\n"


def test_other_applications_documents_are_shown_by_their_roots(doc: "pycrdt.Doc[Any]") -> None:
    doc.get("codemirror", type=pycrdt.Text).insert(0, "let x = '😀'")
    settings = doc.get("settings", type=pycrdt.Map)
    settings["size"] = 12
    settings["tags"] = pycrdt.Array(["a", pycrdt.Text("b"), None, b"\0\1"])
    doc.get("cells", type=pycrdt.Array).append(pycrdt.Map({"source": pycrdt.Text("print()"), "n": 1.5}))
    assert json_of(doc.get_update()) == {
        "roots": {
            "codemirror": "let x = '😀'",
            "settings": {"size": 12, "tags": ["a", "b", None, {"bytes": 2}]},
            "cells": [{"source": "print()", "n": 1.5}],
        }
    }
    assert set(text_of(doc.get_update()).split("\n")) == {"let x = '😀'", "a", "b", "print()"}
    assert markdown_of(doc.get_update()) == text_of(doc.get_update())


def test_loose_text_in_the_editors_root_is_another_applications(doc: "pycrdt.Doc[Any]") -> None:
    root = doc.get("default", type=pycrdt.XmlFragment)
    root.children.append(pycrdt.XmlText("loose"))
    root.children.append(pycrdt.XmlElement("p"))
    assert json_of(doc.get_update()) == {"roots": {"default": [{"type": "text", "text": "loose"}, {"type": "p"}]}}
    assert text_of(doc.get_update()) == "loose"


def test_a_stray_item_in_the_editors_root_ends_nothing() -> None:
    stray = bytes.fromhex("0101010004010764656661756c74017a00")
    assert json_of(merge([seed("kept", "text"), stray]))["type"] == "doc"


def test_every_random_document_can_be_shown(oracle: Oracle) -> None:
    for number in range(8):
        whole = merge(oracle.history(number, steps=60).updates)
        assert json_of(whole)["roots"]
        assert isinstance(text_of(whole), str)


@pytest.mark.parametrize("function", [text_of, json_of, markdown_of])
@pytest.mark.parametrize("update", [b"", b"\x01", bytes.fromhex("010207010400090500000000")])
def test_broken_bytes_are_malformed(function: Any, update: bytes) -> None:
    with pytest.raises(MalformedUpdate):
        function(update)
