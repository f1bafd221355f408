"""The ASGI application: what every request goes through, and which routes there are."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from persistence.kicks import KickStore
from persistence.quarantine import QuarantineStore
from persistence.whereabouts import Whereabouts
from server.clock import SystemClock
from server.collaboration.activity_routes import router as activity_routes
from server.collaboration.branch_routes import router as branch_routes
from server.collaboration.content_routes import router as content_routes
from server.collaboration.emulation import emulation_routes
from server.collaboration.event_stream import event_stream_route
from server.collaboration.feeds import FeedHall, feed_routes
from server.collaboration.people.routes import router as people_routes
from server.collaboration.routes import router as collaboration_routes
from server.collaboration.sockets import socket_routes
from server.collaboration.threads.routes import router as thread_routes
from server.house import House, open_house
from server.http.body import BodyCap
from server.http.bundle import WebApp, find_bundle, read_bundle
from server.http.cors import cors
from server.http.csrf import CsrfGuard
from server.http.errors import UnexpectedErrors, install_error_handlers
from server.http.etag import EntityTags
from server.http.headers import SecurityHeaders
from server.http.hosts import HostCheck
from server.http.openapi import docs_routes, install_openapi
from server.identity.cookies import SessionCookie
from server.identity.group_routes import router as group_routes
from server.identity.origins import OriginRule
from server.identity.routes import router as identity_routes
from server.notifications.chat.routes import router as chat_routes
from server.notifications.escalation.figures import EscalationCollector
from server.notifications.escalation.routes import router as escalation_routes
from server.notifications.figures import NotificationCollector
from server.notifications.mail.routes import router as mail_routes
from server.notifications.push.figures import PushCollector
from server.notifications.push.routes import router as push_routes
from server.notifications.routes import router as notification_routes
from server.operations.admin import AdminDesk
from server.operations.admin import router as admin_routes
from server.operations.broker_figures import BrokerCollector
from server.operations.connection_list import ConnectionList
from server.operations.feed_figures import FeedCollector
from server.operations.figures import FiguresCollector
from server.operations.health import Health, broker_check, broker_note, log_check, loop_check, loop_note, store_check
from server.operations.kicks import Kicks
from server.operations.metrics import Metrics
from server.operations.quarantine_list import QuarantineList
from server.operations.replication_figures import ReplicationCollector
from server.operations.requests import RequestLog
from server.operations.room_list import RoomList
from server.operations.routes import operations_routes
from server.operations.self_watch import SelfWatch
from server.operations.system_health import SystemHealth
from server.operations.system_routes import router as system_routes
from server.operations.worker_figures import WorkerFiguresCollector
from server.performance.advice_routes import router as advice_routes
from server.performance.alert_routes import router as alert_routes
from server.performance.metrics_routes import router as metrics_routes
from server.performance.otlp_routes import router as otlp_routes
from server.performance.report_routes import router as report_routes
from server.performance.routes import router as performance_routes
from server.performance.trend_routes import router as trend_routes
from server.realtime.connections.emulation import EmulationDesk
from server.realtime.connections.handing_on import HandingOn
from server.settings import Settings
from server.sources.routes import router as source_routes
from server.webhooks.figures import WebhookCollector
from server.webhooks.routes import router as webhook_routes

__all__ = ["House", "build", "description"]

TITLE = "Counterpoint"


def build(settings: Settings, *, open_mode: bool = False) -> FastAPI:
    """The application. Nothing connects before its lifespan begins; then its parts are at `app.state.house`.

    open_mode: no sign-in, and unknown documents are made on first use.
    """
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with open_house(settings, open_mode=open_mode) as house:
            app.state.house = house
            watch = _furnish(app, house, metrics)
            watch.start()
            yield
            await watch.stop()

    app = _Application(
        title=TITLE,
        version=version("counterpoint"),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        middleware=_layers(settings, metrics),
    )
    install_error_handlers(app)
    install_openapi(app)
    return app


class _Application(FastAPI):
    """The layers are for requests. A socket goes through the check of its host and straight to its door."""

    sockets: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and self.sockets is not None:
            scope["app"] = self
            await self.sockets(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def _layers(settings: Settings, metrics: Metrics) -> list[Middleware]:
    """From the outside in. Refusals leave through everything that is further out, so browsers can read them."""
    origins = OriginRule(settings.public_url, settings.allowed_origins)
    return [
        Middleware(RequestLog, metrics=metrics, clock=SystemClock()),
        Middleware(SecurityHeaders, https=settings.https),
        Middleware(HostCheck, settings=settings),
        cors(settings),
        Middleware(UnexpectedErrors),
        Middleware(BodyCap, limit=settings.max_body_bytes),
        Middleware(CsrfGuard, origin_allowed=origins.allows, cookies=frozenset({SessionCookie.of(settings).name})),
        Middleware(EntityTags),
    ]


def _health(house: House) -> Health:
    checks = {
        "store": store_check(house.database),
        "log": log_check(house.realtime.rooms.writer),
        "loop": loop_check(house.watch),
    }
    notes = {"loop": loop_note(house.watch)}
    if not house.settings.is_sqlite:  # there may be other nodes
        checks["broker"], notes["broker"] = broker_check(), broker_note(house.broker)
    return Health(checks, notes)


def _admin(house: House, health: Health) -> AdminDesk:
    roster, realtime = house.nodes.roster, house.realtime
    connections = ConnectionList(realtime.registry, roster, house.questions, SystemClock())
    kicks = Kicks(KickStore(house.database), connections, house.events.outbox, house.broker)
    documents = Whereabouts(house.database)
    return AdminDesk(
        roster=roster,
        rooms=realtime.rooms,
        figures=realtime.figures,
        health=health,
        connections=connections,
        kicks=kicks,
        open_rooms=RoomList(realtime.rooms, roster, house.questions, documents),
        quarantine=QuarantineList(QuarantineStore(house.database), documents),
    )


def _emulation(house: House) -> EmulationDesk:
    roster = house.nodes.roster
    handing_on = HandingOn(house.questions, lambda: [each.id for each in roster.others])
    desk = EmulationDesk(roster.me.id, handing_on)
    handing_on.serve(desk, roster.me.id)
    return desk


def _furnish(app: _Application, house: House, metrics: Metrics) -> SelfWatch:
    """The routes, in the order in which they are tried; the web app answers what nobody else does."""
    metrics.registry.register(FiguresCollector(house.realtime.figures, house.realtime.rooms, house.watch))
    metrics.registry.register(
        WorkerFiguresCollector(house.materialiser, lambda: house.collaboration.projector.quarantined)
    )
    metrics.registry.register(FeedCollector(house.events))
    metrics.registry.register(BrokerCollector(house.broker))
    if house.realtime.replication is not None:
        metrics.registry.register(ReplicationCollector(house.realtime.replication))
    metrics.registry.register(WebhookCollector(house.webhooks.courier.figures))
    metrics.registry.register(PushCollector(house.notifications.push.figures))
    metrics.registry.register(NotificationCollector(house.notifications.desk.figures))
    metrics.registry.register(EscalationCollector(house.notifications.escalation.figures))
    health = _health(house)
    app.state.admin = _admin(house, health)
    house.nodes.roster.figures = app.state.admin.counts
    _include(app, operations_routes(house.settings, health, metrics))
    feed = FeedHall(house.realtime.hall, house.channels, house.events.desk, app.version)
    sockets = [*socket_routes(house.realtime.hall), *feed_routes(feed)]
    app.router.routes.extend(sockets)
    app.router.routes.append(event_stream_route(feed))
    app.router.routes.extend(emulation_routes(feed, _emulation(house)))
    app.sockets = HostCheck(Router(sockets), house.settings)
    app.router.routes.append(Route("/{path:path}", WebApp(read_bundle(find_bundle())).__call__))
    return _watched(app, house, health, metrics)


def _watched(app: _Application, house: House, health: Health, metrics: Metrics) -> SelfWatch:
    """How the system is, and what measures this node for it."""
    clock = SystemClock()

    def numbers() -> dict[str, dict[str, float]]:
        return {
            "loop": {"worst_ms": round(1000 * house.watch.worst, 2)},
            "broker": {"connections": float(app.state.admin.counts()["connections"])},
        }

    answered = metrics.requests, metrics.request_seconds
    watch = SelfWatch(health, answered, numbers, house.settings.data_dir, clock)
    performance, name = house.performance, house.nodes.roster.me.name
    app.state.system_health = SystemHealth(watch, house.sources.store, performance.alert_store, clock, node=name)
    return watch


def _include(app: FastAPI, operations: APIRouter) -> None:
    """The routes of the REST API."""
    for each in (
        operations,
        admin_routes,
        identity_routes,
        group_routes,
        collaboration_routes,
        content_routes,
        branch_routes,
        activity_routes,
        people_routes,
        thread_routes,
        webhook_routes,
        push_routes,
        notification_routes,
        mail_routes,
        chat_routes,
        escalation_routes,
        source_routes,
        performance_routes,
        metrics_routes,
        alert_routes,
        trend_routes,
        advice_routes,
        report_routes,
        otlp_routes,
        system_routes,
        docs_routes(app),
    ):
        # Not `include_router`: it would take every route apart anew, a fifth of a second for each application.
        app.router.routes.extend(each.routes)


def description() -> dict[str, Any]:
    """The OpenAPI document, as a server would give it; nothing is started."""
    app = FastAPI(title=TITLE, version=version("counterpoint"))
    _include(app, operations_routes(Settings.model_construct(), Health({}), Metrics()))
    install_openapi(app)
    return app.openapi()
