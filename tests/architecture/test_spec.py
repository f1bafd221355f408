"""The rules of crdt/SPEC.md and the names of the tests agree: each rule has a test, each id in a name is a rule."""

import ast
import re

from tests.architecture.house import ROOT, python_files

RULE = re.compile(r"^- \*\*([A-Z]+\d+)\*\*", re.MULTILINE)
IDS = re.compile(r"^test_((?:[A-Z]+\d+_)+)")


def rules() -> list[str]:
    return RULE.findall((ROOT / "crdt" / "SPEC.md").read_text())


def ids_in_test_names() -> set[str]:
    """test_R3_R4_what_happens names R3 and R4."""
    return {
        each
        for path in python_files("tests")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for found in IDS.findall(node.name)
        for each in found.strip("_").split("_")
    }


def test_every_rule_has_a_test_and_every_id_a_rule() -> None:
    specified, proven = set(rules()), ids_in_test_names()
    assert specified, "crdt/SPEC.md has no rules"
    assert specified - proven == set(), "rules without a test"
    sections = {rule.rstrip("0123456789") for rule in specified}
    # Other pages number their own rules: the promises of the log (DL), the threats (T).
    named = {each for each in proven if each.rstrip("0123456789") in sections}
    assert named - specified == set(), "tests of rules that are not written"


def test_rules_have_one_id_each() -> None:
    assert sorted(rules()) == sorted(set(rules()))
