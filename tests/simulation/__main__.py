"""`python -m tests.simulation --seeds 5000`: many runs on all cores; a seed that fails is printed, and run alone again.

`--seed 17` runs that one, and says what happened in it. `--cost` prints what an edit costs between nodes.
"""

import argparse
import logging
import os
import resource
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

from tests.simulation.cost import table
from tests.simulation.world import Violation, simulate

CHUNK = 50


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seeds", type=int, default=2_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--cost", action="store_true")
    given = parser.parse_args(arguments)
    logging.disable(logging.CRITICAL)
    if given.cost:
        print("\n".join(table()))
        return 0
    if given.seed is not None:
        print(simulate(given.seed))
        return 0
    began = time.monotonic()
    end = given.first + given.seeds
    chunks = [range(at, min(at + CHUNK, end)) for at in range(given.first, end, CHUNK)]
    failed: list[str] = []
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for found in pool.map(_run, chunks):
            failed += found
            for line in found:
                print(line, flush=True)
    minutes = (time.monotonic() - began) / 60
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    each = (used.ru_utime + used.ru_stime) / given.seeds
    said = f"{given.seeds} seeds, {given.seeds / minutes:,.0f} a minute"
    print(f"{said}, {each * 1000:.0f} ms of CPU each (60 s of CPU: {60 / each:,.0f}); {len(failed)} failed")
    return 1 if failed else 0


def _run(seeds: range) -> list[str]:
    logging.disable(logging.CRITICAL)
    failed = []
    for seed in seeds:
        try:
            simulate(seed)
        except Violation as violation:
            failed.append(str(violation))
        except Exception as error:  # noqa: BLE001 - printed; the other seeds are of interest all the same
            failed.append(f"seed {seed}: {type(error).__name__}: {error}")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
