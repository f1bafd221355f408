"""The text that exporters and many servers answer with (Prometheus exposition format 0.0.4), and figures from it."""

import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from server.sources.probe import Kind

__all__ = ["Sample", "figures_of", "samples_in"]

COMBINED: Mapping[str, Callable[[Iterable[float]], float]] = {
    "sum": sum,
    "mean": statistics.fmean,
    "max": max,
    "min": min,
}
COUNTED = ("_count", "_sum", "_bucket")


@dataclass(frozen=True, slots=True)
class Sample:
    name: str
    labels: Mapping[str, str]
    value: float
    kind: Kind


def samples_in(text: str) -> Iterator[Sample]:
    """Raises ValueError for what is no such text."""
    from prometheus_client.parser import text_string_to_metric_families  # noqa: PLC0415 - only where there is one

    try:
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                yield Sample(sample.name, sample.labels, sample.value, _kind(family.type, sample.name))
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise ValueError(f"it is no Prometheus text ({type(error).__name__})") from None


def figures_of(
    samples: Sequence[Sample], wanted: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, float], dict[str, str], dict[str, Kind]]:
    """Values, what is missing and why, and the kinds of those that are there. `wanted`: as in
    server.sources.model.ScrapedFigure."""
    values: dict[str, float] = {}
    missing: dict[str, str] = {}
    kinds: dict[str, Kind] = {}
    for figure in wanted:
        name, labels = figure["name"], figure.get("labels") or {}
        found = [
            each
            for each in samples
            if each.name == figure["sample"] and all(each.labels.get(key) == value for key, value in labels.items())
        ]
        if found:
            values[name] = COMBINED[figure.get("combine") or "sum"](each.value for each in found)
            kinds[name] = found[0].kind
        else:
            missing[name] = f"The answer has no sample {figure['sample']} with these labels."
    return values, missing, kinds


def _kind(family: str, sample: str) -> Kind:
    counted = family == "counter" or (family in ("histogram", "summary") and sample.endswith(COUNTED))
    return "counter" if counted else "gauge"
