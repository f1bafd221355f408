"""Ways to change what is watched: sources, monitoring, thresholds, alerts and silences."""

from collections.abc import Awaitable, Callable
from typing import Any

from persistence.samples import SampleRow
from server.performance.advice.adviser import advise
from tests.server.events.stage import Stage
from tests.server.performance.alerts.stage import judged

Do = Callable[[Stage], Awaitable[Any]]

SOURCES = "/scan/data-sources"
A_SOURCE = {"name": "One", "source_type": "postgresql", "host": "db.example.org"}


def on_a_source(method: str, body: Any = None) -> Do:
    """Of Ada's, that nobody has connected to."""

    async def do(stage: Stage) -> None:
        made = await stage.ada.post(SOURCES, A_SOURCE)
        await stage.do(method, f"{SOURCES}/{made.json()['id']}", body)

    return do


MONITORING = "/performance/monitoring"


def in_monitoring(word: str) -> Do:
    """On a source of Ada's that is sampled by nobody here; what is paused or stopped was begun."""

    async def do(stage: Stage) -> None:
        await stage.place.house.performance.sampler.stop()
        source = (await stage.ada.post(SOURCES, A_SOURCE)).json()["id"]
        if word != "start":
            await stage.ada.post(MONITORING + "/start", {"data_source_ids": [source]})
        body = {"data_source_ids": [source]} if word == "start" else {"data_source_id": source}
        await stage.do("POST", f"{MONITORING}/{word}", body)

    return do


THRESHOLDS, ALERTS, SILENCES = (f"/performance/{word}" for word in ("thresholds", "alerts", "silences"))
A_THRESHOLD = {"metric_name": "up", "operator": "lt", "warning_threshold": 1, "critical_threshold": 1}
A_SILENCE = {
    "matchers": [{"name": "source", "value": "One"}],
    "comment": "Maintenance",
    "ends_at": "2100-01-01T00:00:00Z",
    "starts_at": "2099-12-31T00:00:00Z",
}


def on_a_threshold(method: str, body: Any = None) -> Do:
    async def do(stage: Stage) -> None:
        made = (await stage.ada.post(THRESHOLDS, A_THRESHOLD)).json()["data"]
        await stage.do(method, f"{THRESHOLDS}/{made['id']}", body)

    return do


def on_an_alert(tail: str, body: Any = None) -> Do:
    """Of a source of Ada's that is down; one that is to be reopened was resolved."""

    async def do(stage: Stage) -> None:
        house = stage.place.house
        await house.performance.sampler.stop()
        source = (await stage.ada.post(SOURCES, A_SOURCE)).json()["id"]
        await stage.ada.post(MONITORING + "/start", {"data_source_ids": [source]})
        await stage.ada.post(THRESHOLDS, A_THRESHOLD)
        await judged(house, SampleRow(source, house.performance.clock.now(), "up", 0.1, {"up": 0.0}, {}, None))
        [alert] = (await stage.ada.get(ALERTS)).json()["data"]
        if tail == "/reopen":
            await stage.ada.post(f"{ALERTS}/{alert['id']}/resolve", {"resolution": "It is over."})
        await stage.do("POST", f"{ALERTS}/{alert['id']}{tail}", body)

    return do


ADVICE = "/performance/optimization/recommendations"


def on_advice(word: str) -> Do:
    """To a source of Ada's; what is reopened was dismissed."""

    async def do(stage: Stage) -> None:
        house = stage.place.house
        await house.performance.sampler.stop()
        source = (await stage.ada.post(SOURCES, A_SOURCE)).json()["id"]
        await stage.ada.post(MONITORING + "/start", {"data_source_ids": [source]})
        now = house.performance.clock.now()
        await house.database.write(lambda connection: advise(connection, source, [], {"cache_hit_ratio": 50.0}, now))
        [row] = (await stage.ada.get(ADVICE)).json()["data"]
        if word == "reopen":
            await stage.ada.post(f"{ADVICE}/{row['id']}/dismiss", {"reason": "It is small."})
        await stage.do("POST", f"{ADVICE}/{row['id']}/{word}", {"reason": "It is small."})

    return do


A_FOREIGN_ALERT = [{"labels": {"alertname": "Down", "instance": "a:1"}, "annotations": {}}]


async def push_a_sample(stage: Stage) -> None:
    source = (await stage.ada.post(SOURCES, A_SOURCE)).json()["id"]
    await stage.do("POST", "/performance/metrics", {"data_source_id": source, "metrics": {"custom.depth": 3}})


async def end_a_silence(stage: Stage) -> None:
    made = (await stage.ada.post(SILENCES, A_SILENCE)).json()["data"]
    await stage.do("DELETE", f"{SILENCES}/{made['id']}")
