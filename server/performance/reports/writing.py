"""A report as a file: CSV for a spreadsheet, PDF for a meeting."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from server.performance.reports.model import PerfReport

__all__ = ["csv_of", "pdf_of"]

COLUMNS = (
    "data_source_id",
    "data_source_name",
    "metric",
    "unit",
    "mean",
    "min",
    "max",
    "last",
    "readings",
    "change_percentage",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_of(report: PerfReport) -> bytes:
    """One row for each metric of each source (RFC 4180). A name that a spreadsheet would run is made text."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for each in report.metrics:
        writer.writerow([_harmless(getattr(each, name)) for name in COLUMNS])
    return file.getvalue().encode()


def pdf_of(report: PerfReport) -> bytes:
    """For a thread: it takes a while."""
    from reportlab.lib.pagesizes import A4, landscape  # noqa: PLC0415 - only who asks for a PDF needs it
    from reportlab.lib.styles import getSampleStyleSheet  # noqa: PLC0415
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle  # noqa: PLC0415

    styles = getSampleStyleSheet()
    file = io.BytesIO()
    title = f"Performance, {report.time_range} to {report.end:%Y-%m-%d %H:%M} UTC"
    head = [Paragraph(title, styles["Title"]), Paragraph(f"Made by {_plain(report.generated_by)}.", styles["Normal"])]
    story: list[Any] = [*head, Spacer(1, 12)]
    story += [Paragraph(f"• {_plain(each)}", styles["Normal"]) for each in report.insights or ["Nothing stands out."]]
    story.append(Spacer(1, 12))
    for heading, rows in (("Coverage", _coverage_rows(report)), ("Metrics", _metric_rows(report))):
        story.append(Paragraph(heading, styles["Heading2"]))
        table = Table([[str(cell) for cell in row] for row in rows], repeatRows=1)
        table.setStyle(TableStyle([("FONTSIZE", (0, 0), (-1, -1), 8), ("LINEBELOW", (0, 0), (-1, 0), 0.5, "black")]))
        story += [table, Spacer(1, 12)]
    if report.recommendations:
        story.append(Paragraph("Advice", styles["Heading2"]))
        story += [Paragraph(f"• {_plain(each)}", styles["Normal"]) for each in report.recommendations]
    SimpleDocTemplate(file, pagesize=landscape(A4), title=title, author="Counterpoint").build(story)
    return file.getvalue()


def _coverage_rows(report: PerfReport) -> Sequence[Sequence[object]]:
    head = ("Source", "Samples", "Expected", "Coverage", "Available", "Alerts")
    rows = [
        (
            each.data_source_name[:60],
            each.samples,
            each.expected,
            f"{each.coverage:g} %",
            "unknown" if each.availability is None else f"{each.availability:g} %",
            each.alerts,
        )
        for each in report.coverage
    ]
    return [head, *rows]


def _metric_rows(report: PerfReport) -> Sequence[Sequence[object]]:
    head = ("Source", "Metric", "Unit", "Mean", "Least", "Most", "Last", "Change")
    rows = [
        (
            each.data_source_name[:40],
            each.title,
            each.unit,
            *(f"{value:.4g}" for value in (each.mean, each.min, each.max, each.last)),
            "" if each.change_percentage is None else f"{each.change_percentage:+.0f} %",
        )
        for each in report.metrics
    ]
    return [head, *rows]


def _plain(text: str) -> str:
    """Its own characters, where a paragraph has a markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
