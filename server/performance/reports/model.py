"""Reports as they are answered."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

__all__ = ["MetricSummary", "PerfReport", "SourceCoverage"]


class MetricSummary(BaseModel):
    """change_percentage   of the mean, beside the time before; None where there was nothing to compare with"""

    data_source_id: int
    data_source_name: str
    metric: str
    title: str
    unit: str
    mean: float
    min: float
    max: float
    last: float
    readings: int
    change_percentage: float | None


class SourceCoverage(BaseModel):
    """samples      taken, of `expected` at today's interval
    availability   per cent of the samples in which it answered; None without a sample
    """

    data_source_id: int
    data_source_name: str
    samples: int
    expected: int
    coverage: float
    availability: float | None
    alerts: int


class PerfReport(BaseModel):
    """`insights` are sentences over computed numbers; `recommendations` the titles of open advice."""

    id: str
    report_type: Literal["summary"]
    time_range: str
    start: datetime
    end: datetime
    data_sources: list[int]
    metrics: list[MetricSummary]
    coverage: list[SourceCoverage]
    insights: list[str]
    recommendations: list[str]
    generated_at: datetime
    generated_by: str
