"""What an edit costs between nodes: the formulae, what is counted, and what the documentation says are one."""

from dataclasses import astuple
from pathlib import Path

import pytest

from tests.simulation.cost import SHAPES, Shape, counted, line, on_paper

PAGE = Path(__file__).parents[2] / "docs/explanation/cost-of-nodes.md"


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_an_edit_costs_what_is_on_paper_and_in_the_page(shape: Shape) -> None:
    cost, update = counted(shape)
    *exact, looks = astuple(cost)
    *foretold, looks_foretold = astuple(on_paper(shape, update))
    assert exact == foretold
    assert looks == pytest.approx(looks_foretold, rel=0.1), "the pause between two looks is jittered"
    assert line(shape, cost) in PAGE.read_text(encoding="utf-8").splitlines()
