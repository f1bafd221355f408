"""`python -m tests.e2e.chaos --minutes 60 --seed 17`: a real cluster, ten clients, seeded faults, one checker.

`--rolls 20` restarts both nodes in turn, twenty times, and does nothing else. `--plan` prints the schedule alone.
"""

import argparse
import asyncio
import secrets
import sys
import time
from collections.abc import Iterable, Sequence

from deploy.cluster import Cluster
from tests.e2e.chaos.nemesis import Lines
from tests.e2e.chaos.play import play
from tests.e2e.chaos.schedule import Act, acts, rolls, wrong_clock
from tests.e2e.support.cluster import started

TAIL_LINES = 40


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.chaos")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    parser.add_argument("--rolls", type=int, default=0)
    parser.add_argument("--plan", action="store_true")
    given = parser.parse_args(arguments)
    print(f"seed {given.seed}", flush=True)
    print(wrong_clock(given.seed), flush=True)
    plan = [rolls(given.seed, given.rolls)] if given.rolls else list(acts(given.seed, given.minutes))
    if given.plan:
        print(*plan, sep="\n")
        return 0
    return asyncio.run(_run(plan, given.seed))


async def _run(plan: Iterable[Act], seed: int) -> int:
    began = time.monotonic()

    def tell(words: str) -> None:
        print(f"{time.monotonic() - began:7.1f}  {words}", flush=True)

    async with Lines(wrong_clock(seed)) as lines, started(lines.reach, tell) as cluster:
        for act in plan:
            print(act, flush=True)
            try:
                outcome = await play(cluster, lines, act, tell)
            except BaseException:  # whatever it is, the nodes may know why
                _complain(cluster, act, seed)
                raise
            tell(f"act {act.number}: {outcome.edits} edits, {outcome.longest_absence:.1f} s without a node at a roll")
            if outcome.wrongs:
                print(*outcome.wrongs, sep="\n", flush=True)
                _complain(cluster, act, seed)
                return 1
    print(f"seed {seed}: nothing lost, doubled or invented", flush=True)
    return 0


def _complain(cluster: Cluster, act: Act, seed: int) -> None:
    for each in cluster.nodes:
        tail = each.log.read_text(errors="replace").splitlines()[-TAIL_LINES:]
        print(f"\n{each.name} said last:", *tail, sep="\n")
    print(f"\nseed {seed}, {act}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
