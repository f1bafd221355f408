"""Events as CloudEvents: what is written can be read again, and always fits."""

import json
import re
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persistence.events import StoredEvent
from server.events.catalogue import row_of
from server.events.documents import DocumentRenamed
from server.events.envelope import MAX_BODY_BYTES, Heard, body_without_offset, hear, summary_of, with_offset
from server.events.model import Event
from server.events.workspaces import WorkspaceUpdated
from tests.server.events.samples import ADA, NOW, SAMPLES, WORKSPACE

ATTRIBUTE = re.compile(r"^[a-z0-9]{1,20}$")  # CloudEvents 1.0, "Naming conventions"


def stored(event: Event, offset: int = 7) -> StoredEvent:
    body = with_offset(body_without_offset(event, ADA, "0190-id", NOW), offset)
    return StoredEvent(
        ADA.organisation_id, event.stream, "e", offset, "0190-id", row_of(event).type, ADA.id, event.subject, NOW, body
    )


def envelope_of(event: Event) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(stored(event).body)
    return read


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: type(sample).__name__)
def test_what_is_written_is_heard(sample: Event) -> None:
    row = stored(sample)
    assert hear(row) == Heard(
        ADA.organisation_id, sample.stream, 7, "0190-id", row_of(sample).type, NOW, ADA, sample
    )  # fmt: skip
    assert summary_of(hear(row)).strip()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: type(sample).__name__)
def test_the_envelope_is_a_cloud_event(sample: Event) -> None:
    envelope = envelope_of(sample)
    assert all(ATTRIBUTE.match(name) for name in envelope)
    assert {"specversion", "id", "source", "type", "subject", "time", "sequence", "data"} <= set(envelope)
    assert envelope["specversion"] == "1.0"
    assert envelope["sequence"] == "7"
    assert envelope["time"] == "2026-11-23T06:40:00.123Z"
    assert envelope["actor"] == f"user/{ADA.id}"
    assert datetime.fromisoformat(envelope["time"]).tzinfo is not None


def test_the_workspace_is_named_where_there_is_one() -> None:
    assert envelope_of(SAMPLES[0])["workspace"] == "w" * 32
    assert "workspace" not in envelope_of(SAMPLES[-1])


def test_a_summary_is_plain_text_and_takes_no_template_from_a_user() -> None:
    tricky = DocumentRenamed(
        workspace_id="w", document_id="d", title="{actor.id} {0}", former_title="{event}", updated_at=NOW
    )
    assert summary_of(hear(stored(tricky))) == "Ada renamed {event} to {actor.id} {0}"


@settings(max_examples=20)
@given(st.integers(min_value=0, max_value=60), st.sampled_from(["x", "é", "🎼", '"', "\n"]))
def test_a_body_always_fits_and_says_what_was_cut(thousands: int, letter: str) -> None:
    text = letter * (thousands * 1000)
    long = WorkspaceUpdated(
        workspace_id="w", workspace=WORKSPACE.model_copy(update={"description": text}), changed=["description"]
    )
    body = stored(long).body
    assert len(body.encode()) <= MAX_BODY_BYTES
    data = json.loads(body)["data"]
    told = data["workspace"]["description"]
    assert text.startswith(told)
    assert data.get("cut") == (None if told == text else ["workspace.description"])
    assert hear(stored(long)).event is not None


def test_what_cannot_be_cut_to_fit_is_told_without_its_data() -> None:
    settings_ = {f"{n:05}": n for n in range(10_000)}
    odd = WorkspaceUpdated(
        workspace_id="w", workspace=WORKSPACE.model_copy(update={"settings": settings_}), changed=["settings"]
    )
    body = stored(odd).body
    assert len(body.encode()) <= MAX_BODY_BYTES
    assert json.loads(body)["data"] == {"workspace_id": "w", "cut": ["*"]}
    assert hear(stored(odd)).event is None


def test_a_kind_of_a_later_version_is_heard_without_its_fields() -> None:
    row = stored(SAMPLES[0])
    later = hear(
        StoredEvent(
            row.organisation_id, row.stream, "e", 7, row.id, "counterpoint.x.y.v9", row.actor_id, "x/1", NOW, row.body
        )
    )
    assert later.event is None
    assert summary_of(later) == "counterpoint.x.y.v9"
