"""Push, put together."""

from dataclasses import dataclass

from persistence.database import Database
from persistence.push import PushStore
from persistence.server_secrets import ServerSecretStore
from server.clock import Clock
from server.egress.egress import Egress
from server.identity.throttle import HourlyLimit
from server.notifications.push.figures import PushFigures
from server.notifications.push.hosts import PushHosts
from server.notifications.push.keys import KeyShelf
from server.notifications.push.post import Post
from server.notifications.push.sender import Badge, PushSender
from server.notifications.push.service import PushService
from server.settings import Settings
from server.vault import Vault

__all__ = ["PushParts", "push_parts"]

TESTS_PER_HOUR = 60


@dataclass(frozen=True, slots=True)
class PushParts:
    """`sender` is handed to the desk that delivers notifications; `keys.make` comes after the migrations."""

    service: PushService
    sender: PushSender
    keys: KeyShelf
    figures: PushFigures


def push_parts(
    settings: Settings, database: Database, egress: Egress, vault: Vault, clock: Clock, *, badge: Badge | None = None
) -> PushParts:
    store, hosts = PushStore(database), PushHosts(settings.push_hosts)
    keys = KeyShelf(ServerSecretStore(database), vault, clock)
    contact = settings.push_contact or (settings.public_url if settings.https else None)
    post = Post(store, egress, hosts=hosts, keys=keys, clock=clock, contact=contact, home=settings.public_url or "")
    service = PushService(
        store,
        post,
        keys,
        hosts=hosts,
        egress=egress,
        clock=clock,
        limit=HourlyLimit(clock, TESTS_PER_HOUR, "test messages"),
    )
    return PushParts(service, PushSender(store, post, badge), keys, post.figures)
