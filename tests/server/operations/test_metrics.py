"""Figures live on a registry of their own, and a gauge is read at the moment of the scrape."""

from server.operations.metrics import Metrics


def test_two_nodes_in_one_process_do_not_share_figures() -> None:
    one, two = Metrics(), Metrics()
    one.answered("GET", "/", 200, 0.1)
    assert b"counterpoint_http_requests_total{" in one.text()
    assert b"counterpoint_http_requests_total{" not in two.text()


def test_a_gauge_shows_what_is_true_now() -> None:
    metrics, rooms = Metrics(), ["a"]
    metrics.gauge("rooms", "Open rooms.", lambda: len(rooms))
    assert b"counterpoint_rooms 1.0" in metrics.text()
    rooms.append("b")
    assert b"counterpoint_rooms 2.0" in metrics.text()
