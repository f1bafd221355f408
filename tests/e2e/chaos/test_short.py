"""A short `make chaos` with every commit: kills, a partition, cuts, and a rolling restart of both nodes."""

import pytest

from tests.e2e.chaos.nemesis import Lines
from tests.e2e.chaos.play import play
from tests.e2e.chaos.schedule import Act, Fault, Round, wrong_clock
from tests.e2e.support.cluster import started

SEED = 17
SHORT = Act(
    number=1,
    documents=2,
    unruly=3,
    downgrade_after=3.0,
    rounds=(
        Round(1.0, (Fault("kill", "node-2", 0.0, 0.0), Fault("cut", "clients of node-1", 0.5, 1.0))),
        Round(0.5, (Fault("black hole", "node-1 to broker", 0.0, 3.0), Fault("kill", "Valkey", 1.0, 0.0))),
        Round(0.5, (Fault("quit", "PostgreSQL", 0.0, 0.0), Fault("split", "clients of the proxy", 0.0, 2.0))),
        Round(0.5, (Fault("roll", "both nodes", 0.0, 0.0),)),
    ),
)


async def test_nothing_is_lost_doubled_or_invented_and_nobody_is_long_without_a_node(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said: list[str] = []
    async with Lines(wrong_clock(SEED)) as lines, started(lines.reach, said.append) as cluster:
        outcome = await play(cluster, lines, SHORT, said.append)
        logs = [each.log.read_text(errors="replace")[-4000:] for each in cluster.nodes]
    with capsys.disabled():
        print(f"\nchaos: {outcome.edits} edits, {outcome.longest_absence:.1f} s without a node at the roll")
    assert outcome.wrongs == [], "\n".join([*said, *logs])
    assert outcome.edits > 0
