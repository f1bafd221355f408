"""No acknowledged edit is lost when the server dies (the long run is `make crash`)."""

import secrets
from pathlib import Path

import pytest

from tests.e2e.crash import crash


@pytest.mark.parametrize("store", ["sqlite", pytest.param("postgresql", marks=pytest.mark.matrix)])
async def test_five_kills_under_load_lose_nothing_and_double_nothing(store: str, tmp_path: Path) -> None:
    figures = await crash(5, store, secrets.randbelow(1_000_000), tmp_path)
    print(figures.as_json())
    assert figures.kills == 5
    assert figures.acknowledged > 100
