"""Edits that the server makes for somebody: a wanted content, or operations, become one small update."""

from crdt.edits.operations import Add, Copy, Expect, Move, Operation, Remove, Replace, Splice

__all__ = ["Add", "Copy", "Expect", "Move", "Operation", "Remove", "Replace", "Splice"]
