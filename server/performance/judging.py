"""What follows from samples, in the transaction that stores them: a source's state, alerts."""

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import Connection

from persistence.data_sources import note_states
from persistence.samples import SampleRow
from server.events.model import Actor
from server.events.outbox import Told
from server.events.sources import SourceStatusChanged

__all__ = ["Judge", "StateKeeper", "sampler_actor"]


class Judge(Protocol):
    def judge(self, connection: Connection, samples: Sequence[SampleRow]) -> Sequence[Told]:
        """Write what follows, and answer with its events. Called again where the store tries again."""
        ...


def sampler_actor(organisation: str) -> Actor:
    return Actor(organisation, "sampler", None, "Sampler")


class StateKeeper:
    """A source is `active` while it answers, and in `error` with the reason while it does not."""

    def judge(self, connection: Connection, samples: Sequence[SampleRow]) -> Sequence[Told]:
        found = {
            sample.source_id: ("active" if sample.state == "up" else "error", sample.reason, sample.at)
            for sample in samples
            if sample.state != "pushed"
        }
        if not found:
            return []
        return [
            (
                sampler_actor(change.organisation_id),
                SourceStatusChanged(
                    data_source_id=change.id,
                    data_source_name=change.name,
                    status=found[change.id][0],
                    former_status=change.former_status,
                    status_reason=found[change.id][1],
                ),
            )
            for change in note_states(connection, found)
        ]


_keeps_the_promise: type[Judge] = StateKeeper
