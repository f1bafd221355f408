"""Every kind of event has a row that every door can use."""

import re

import pytest

from server.events.catalogue import CATALOGUE, EVENT_OF_TYPE, FLEETING, KINDS, StreamKind, row_of
from server.events.model import Event, UserEvent, WorkspaceEvent
from server.identity.roles import Permission, WorkspaceRole
from tests.server.events.samples import FLEETING_SAMPLES, SAMPLES

NAME = re.compile(r"^counterpoint\.[a-z_]+\.[a-z_]+\.v[1-9]\d*$")
BASES = {Event, UserEvent, WorkspaceEvent}


def kinds_of(event: type[Event]) -> set[type[Event]]:
    return {event}.union(*(kinds_of(kind) for kind in event.__subclasses__()))


def test_every_kind_has_a_row_and_every_row_a_sample() -> None:
    made = {kind for kind in kinds_of(Event) if not kind.__subclasses__()} - BASES
    assert made == set(KINDS)
    assert [type(sample) for sample in SAMPLES] == list(CATALOGUE)
    assert [type(sample) for sample in FLEETING_SAMPLES] == list(FLEETING)


def test_no_two_kinds_have_one_type() -> None:
    assert len(EVENT_OF_TYPE) == len(KINDS) == len(CATALOGUE) + len(FLEETING)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_row_says_what_the_rest_of_the_house_knows(kind: type[Event]) -> None:
    row = KINDS[kind]
    assert NAME.match(row.type)
    assert row.permission in set(Permission)
    assert row.role in set(WorkspaceRole)
    assert 1 <= row.priority <= 5
    assert kind.__doc__


@pytest.mark.parametrize("sample", [*SAMPLES, *FLEETING_SAMPLES], ids=lambda sample: type(sample).__name__)
def test_an_event_stands_in_a_stream_of_its_kind(sample: Event) -> None:
    kind: StreamKind = row_of(sample).stream
    assert sample.stream.partition(":")[0] == kind
    assert len(sample.stream) <= 64
    assert re.match(r"^[a-z]+/\w+$", sample.subject)
    assert sample.origin.startswith("/")
