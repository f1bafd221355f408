"""What operators see of the worker processes, read from real ones."""

import pytest

from crdt.projection import text_of
from server.operations.metrics import Metrics
from server.operations.worker_figures import WorkerFiguresCollector
from server.realtime.materialiser import Materialiser, MaterialiserFailed


async def test_calls_failures_by_reason_starts_and_quarantine_are_shown() -> None:
    pool, metrics = Materialiser(workers=1), Metrics()
    metrics.registry.register(WorkerFiguresCollector(pool, lambda: 3))
    try:
        await pool.call("d", text_of, b"\0\0")
        with pytest.raises(MaterialiserFailed):
            await pool.call("other", text_of, None)
        shown = metrics.text().decode()
        assert "counterpoint_worker_calls_total 2.0" in shown
        assert 'counterpoint_worker_failures_total{reason="refused"} 1.0' in shown
        assert "counterpoint_worker_starts_total 1.0" in shown
        assert "counterpoint_quarantined_rows 3.0" in shown
        assert "counterpoint_workers 0.0" in shown
    finally:
        await pool.close()
