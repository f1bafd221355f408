"""The whole way: trouble in a real PostgreSQL, one alert on every screen and phone, over when the trouble is.

Two nodes share the store. The one that samples is killed while the trouble lasts, and nobody is told twice.
"""

import asyncio
import time
import uuid
from pathlib import Path
from typing import Any

import asyncpg
from centrifuge import Client, PublicationContext, SubscriptionEventHandler
from sqlalchemy import URL, make_url

from tests.e2e.support.rest import Api
from tests.e2e.support.server import CounterpointServer
from tests.e2e.support.valkey import Valkey
from tests.e2e.support.waiting import until
from tests.server.notifications.push.browser import BrowserKeys
from tests.server.receiver import Receiver, answers, receiving
from tests.server.sources.probes.support import over_tcp

INTERVAL = 5
TAKEN_OVER_SECONDS = 40
OPENED, RESOLVED = "counterpoint.alert.opened.v1", "counterpoint.alert.resolved.v1"


class Screen(SubscriptionEventHandler):
    """An unmodified client with the channel of alerts open: what it was told, and when."""

    def __init__(self) -> None:
        self.told: list[tuple[float, str, dict[str, Any]]] = []

    async def on_publication(self, ctx: PublicationContext) -> None:
        event = ctx.pub.data
        self.told.append((time.monotonic(), event["type"], event["data"].get("alert", event["data"])))

    def of(self, type_: str) -> list[tuple[float, dict[str, Any]]]:
        return [(at, data) for at, kind, data in self.told if kind == type_]

    async def open(self, api: Api, channel: str) -> Client:
        client = Client(f"{api.server.sockets}/connection/websocket", token=api.token, proxy=None)
        subscription = client.new_subscription(channel, self)
        await client.connect()
        await subscription.subscribe()
        await subscription.ready(20)
        return client


async def watched(api: Api, place: URL) -> int:
    """PostgreSQL as a data source, with a threshold for transactions that are left open, sampled from now on."""
    body = {
        "name": "Orders",
        "source_type": "postgresql",
        "host": place.host,
        "port": place.port,
        "username": place.username,
        "database_name": place.database,
    }
    source = int((await api.call("POST", "/scan/data-sources", json=body))["id"])
    threshold = {
        "metric_name": "idle_in_transaction",
        "operator": "gt",
        "warning_threshold": 0,
        "critical_threshold": 0,
        "data_source_id": source,
    }
    await api.call("POST", "/performance/thresholds", json=threshold)
    asked = {"data_source_ids": [source], "interval": INTERVAL}
    await api.call("POST", "/performance/monitoring/start", json=asked)
    return source


async def left_open(place: URL) -> Any:
    """Somebody begins a transaction and goes away."""
    connection = await asyncpg.connect(host=place.host, port=place.port, user=place.username, database=place.database)
    await connection.execute("BEGIN; SELECT 1")
    return connection


async def phone(api: Api, service: Receiver) -> BrowserKeys:
    keys = BrowserKeys.new()
    endpoint = f"http://127.0.0.1:{service.port}/s/1"
    body = {"endpoint": endpoint, "expirationTime": None, "keys": keys.shown, "device": "Phone"}
    await api.call("POST", "/notifications/push/subscriptions", json=body)
    return keys


async def sampled(api: Api) -> dict[str, Any]:
    [monitor] = await api.call("GET", "/performance/monitors")
    found: dict[str, Any] = monitor
    return found


async def test_a_trouble_is_one_alert_on_every_screen_and_phone_also_over_the_death_of_a_node(
    tmp_path: Path, postgres_database_url: str, valkey: Valkey
) -> None:
    environment = {
        "COUNTERPOINT_DATABASE_URL": postgres_database_url,
        "COUNTERPOINT_REDIS_URL": valkey.url,
        "COUNTERPOINT_REDIS_PREFIX": uuid.uuid4().hex,
        "COUNTERPOINT_EGRESS_ALLOW": "127.0.0.0/8",
        "COUNTERPOINT_PUSH_HOSTS": "127.0.0.1",
    }
    servers = [CounterpointServer(tmp_path, environment | {"COUNTERPOINT_NODE_NAME": f"node-{n}"}) for n in (1, 2)]
    try:
        for server in servers:
            await server.start()
        async with Api(servers[0]) as one, Api(servers[1]) as two, receiving(answers(201)) as service:
            await one.sign_in()
            await two.sign_in()
            url = make_url(postgres_database_url)
            async with over_tcp(f"{url.query['host']}/.s.PGSQL.{url.port or 5432}") as port:
                place = url.set(host="127.0.0.1", port=port, query={})
                await _goes_the_whole_way(one, two, service, place)
    finally:
        for server in servers:
            await server.kill()


async def _goes_the_whole_way(one: Api, two: Api, service: Receiver, place: URL) -> None:
    keys = await phone(one, service)
    source = await watched(one, place)

    async def is_sampled() -> bool:
        monitor = await sampled(one)
        return bool(monitor["samples_taken"] and monitor["node"])

    await until(is_sampled, "the first sample")
    sampler = (await sampled(one))["node"]
    dies, stays = (one, two) if sampler == "node-1" else (two, one)
    screen, chart = Screen(), Screen()
    clients = [await screen.open(stays, "alerts"), await chart.open(stays, f"metrics:{source}")]
    began = time.monotonic()
    trouble = await left_open(place)

    async def is_told() -> bool:
        return bool(screen.of(OPENED) and service.got)

    await until(is_told, "the alert on the screen and the phone", seconds=INTERVAL + 5)
    [(at, alert)] = screen.of(OPENED)
    print(f"on the screen after {at - began:.1f} s, on the phone after {time.monotonic() - began:.1f} s")
    assert (alert["severity"], alert["conditions"][0]["metric"]) == ("critical", "idle_in_transaction")
    assert alert["conditions"][0]["value"] >= 1
    assert alert["title"].encode() in keys.read(service.got[0].body)
    assert chart.told, "and the chart has moved"

    taken = (await sampled(stays))["samples_taken"]
    await dies.server.kill()

    async def goes_on() -> bool:
        monitor = await sampled(stays)
        return bool(monitor["samples_taken"] >= taken + 2 and monitor["node"] != sampler)

    await until(goes_on, "the other node to go on", seconds=TAKEN_OVER_SECONDS)
    assert [each["status"] for each in await stays.call("GET", "/performance/alerts")] == ["open"]
    assert (len(screen.of(OPENED)), len(service.got)) == (1, 1)
    await stays.call("POST", f"/performance/alerts/{alert['id']}/acknowledge", json={"comments": "Looking."})
    await trouble.close()

    async def is_over() -> bool:
        return bool(screen.of(RESOLVED))

    await until(is_over, "the end of the alert", seconds=INTERVAL + 5)
    [(_, over)] = screen.of(RESOLVED)
    assert (over["id"], over["resolved_by"], over["is_firing"]) == (alert["id"], None, False)
    again = await left_open(place)

    async def is_back() -> bool:
        return len(screen.of(OPENED)) == 2

    await until(is_back, "the alert of the second trouble", seconds=INTERVAL + 5)
    assert [each["status"] for each in await stays.call("GET", "/performance/alerts")] == ["open", "resolved"]
    await again.close()
    for client in clients:
        await client.disconnect()
    await asyncio.sleep(0)
