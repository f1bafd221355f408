"""What the trend code says of series whose truth is known, as a table: `python -m benchmarks.trends`.

Directions, seasons, forecasts beside the seasonal-naive one (what was a period ago) and anomalies, of 30 days of hours.
"""

from collections.abc import Callable
from time import perf_counter

import numpy as np

from server.performance.trends.analysis import analysed
from server.performance.trends.line import Numbers

COLUMNS = (
    "Series",
    "Direction right",
    "Season right",
    "Error / seasonal-naive",
    "In the band",
    "Anomalies found",
    "False in 1,000",
)
SERIES, DAYS, AHEAD = 200, 30, 72
N = DAYS * 24
Make = Callable[[int], Numbers]


def _noise(seed: int, scale: float, n: int = N + AHEAD) -> Numbers:
    return np.random.default_rng(seed).normal(0, scale, n)


def _wandering(seed: int, n: int = N + AHEAD) -> Numbers:
    """Neighbours are alike, as real load is: an autoregression of 0.8."""
    found, drawn = np.zeros(n), _noise(seed, 3, n)
    for step in range(1, n):
        found[step] = 0.8 * found[step - 1] + drawn[step]
    return found


HOURS = np.arange(N + AHEAD, dtype=np.float64)
DAY = 20 * np.sin(2 * np.pi * HOURS / 24)
WEEK = np.where((HOURS // 24) % 7 < 5, 20 * (1 + np.sin(2 * np.pi * HOURS / 24)), 0.0)
KINDS: dict[str, tuple[Make, str, int]] = {
    "level, noise": (lambda seed: 100 + _noise(seed, 5), "stable", 0),
    "level, wandering": (lambda seed: 100 + _wandering(seed), "stable", 0),
    "rising": (lambda seed: 100 + 0.05 * HOURS + _noise(seed, 5), "increasing", 0),
    "rising, wandering": (lambda seed: 100 + 0.1 * HOURS + _wandering(seed), "increasing", 0),
    "falling": (lambda seed: 100 - 0.05 * HOURS + _noise(seed, 5), "decreasing", 0),
    "day": (lambda seed: 100 + DAY + _noise(seed, 5), "stable", 24),
    "day, rising": (lambda seed: 100 + DAY + 0.05 * HOURS + _noise(seed, 5), "increasing", 24),
    "week": (lambda seed: 100 + WEEK + _noise(seed, 5), "stable", 168),
}


def row(name: str) -> str:
    make, direction, hours = KINDS[name]
    right = seasons = true_found = planted = false_found = 0
    errors, naive_errors, inside = [], [], []
    for seed in range(SERIES):
        truth = make(seed)
        values, odd = truth[:N].copy(), np.random.default_rng(10_000 + seed).choice(N, 5, replace=False)
        values[odd] += 60
        found = analysed(values, 1, AHEAD)
        right += found.direction == direction
        seasons += found.season.hours == hours
        hit = len(set(found.odd) & set(odd.tolist()))
        true_found, planted, false_found = true_found + hit, planted + len(odd), false_found + len(found.odd) - hit
        period = hours or 24
        naive = np.array([values[N + step - period * (step // period + 1)] for step in range(AHEAD)])
        errors.append(float(np.abs(found.ahead - truth[N:]).mean()))
        naive_errors.append(float(np.abs(naive - truth[N:]).mean()))
        inside.append(float(((found.lower <= truth[N:]) & (truth[N:] <= found.upper)).mean()))
    ratio = np.mean(errors) / np.mean(naive_errors)
    return (
        f"| {name} | {right / SERIES:.0%} | {seasons / SERIES:.0%} | {ratio:.2f} | {np.mean(inside):.0%} "
        f"| {true_found / planted:.0%} | {1000 * false_found / (SERIES * N):.2f} |"
    )


def main() -> None:
    print("| " + " | ".join(COLUMNS) + " |")
    print("|---" * len(COLUMNS) + "|")
    began = perf_counter()
    for name in KINDS:
        print(row(name))
    print(f"\n{SERIES} of each, {N} points; {1000 * (perf_counter() - began) / SERIES / len(KINDS):.1f} ms for one")


if __name__ == "__main__":
    main()
