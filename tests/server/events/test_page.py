"""The reference of events is that of this version, and has every event with every field."""

import json

import pytest

from server.events.catalogue import CATALOGUE
from server.events.model import Event
from server.events.page import events_page, events_schema, events_summaries
from tests.architecture.house import ROOT
from tests.server.events.samples import SAMPLES

REFERENCE = ROOT / "docs" / "reference"
LINES = ROOT / "static" / "src" / "live" / "summaries.json"


def test_the_pages_are_those_of_this_version() -> None:
    assert (REFERENCE / "events.md").read_text() == events_page(), "counterpoint doctor --events-page"
    assert (REFERENCE / "events.schema.json").read_text() == events_schema(), "counterpoint doctor --events-schema"
    assert LINES.read_text() == events_summaries(), "counterpoint doctor --events-summaries"


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: type(sample).__name__)
def test_every_event_is_described_with_every_field(sample: Event) -> None:
    row = CATALOGUE[type(sample)]
    section = events_page().partition(f"### `{row.type}`\n")[2].partition("\n### ")[0]
    for name, value in sample.model_dump(mode="json").items():
        inner = [f"{name}.{each}" for each in value] if isinstance(value, dict) else [name]
        assert any(f"| `{each}` |" in section for each in (name, *inner)), name
    assert f"`{row.feed_type}`" in section
    assert set(json.loads(events_schema())[row.type]["properties"]) == set(sample.model_dump())


def test_no_row_of_a_table_is_broken() -> None:
    assert all(line.endswith("|") for line in events_page().splitlines() if line.startswith("|"))
