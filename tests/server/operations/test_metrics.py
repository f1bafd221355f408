"""Figures live on a registry of their own."""

from server.operations.metrics import Metrics


def test_two_nodes_in_one_process_do_not_share_figures() -> None:
    one, two = Metrics(), Metrics()
    one.answered("GET", "/", 200, 0.1)
    assert b"counterpoint_http_requests_total{" in one.text()
    assert b"counterpoint_http_requests_total{" not in two.text()
