"""A running application that may send to a push service on this machine, and people with browsers."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from server.house import House
from server.notifications.delivery import Note
from tests.server.notifications.push.browser import BrowserKeys
from tests.server.receiver import Got, Receiver
from tests.server.support import Person, Place, served

__all__ = ["Ground", "a_note", "by_path", "ground"]


def a_note(user: str, **changes: Any) -> Note:
    given: dict[str, Any] = {
        "organisation_id": "o",
        "user_id": user,
        "item_id": "item",
        "event_id": "event",
        "kind": "mention",
        "subject": "thread/1",
        "severity": "info",
        "title": "Ben mentioned you",
        "text": "Look at this",
        "path": "/documents/1?thread=1",
        "at": datetime.now(UTC),
    }
    return Note(**{**given, **changes})


class Ground:
    """Ada is the administrator; Ben is a colleague. All browsers have the same keys."""

    def __init__(self, place: Place, ben: Person) -> None:
        self.place = place
        self.ada, self.ben = place.admin, ben
        self.browser = BrowserKeys.new()

    @property
    def house(self) -> House:
        return self.place.house

    def subscription(self, receiver: Receiver, at: str = "/s/1", **fields: Any) -> dict[str, Any]:
        endpoint = f"http://127.0.0.1:{receiver.port}{at}"
        return {"endpoint": endpoint, "expirationTime": None, "keys": self.browser.shown, **fields}

    async def subscribe(self, receiver: Receiver, at: str = "/s/1", by: Person | None = None) -> str:
        """The id of the device."""
        response = await (by or self.ada).post("/notifications/push/subscriptions", self.subscription(receiver, at))
        assert response.status_code == 201, response.text
        return str(response.json()["data"]["id"])

    async def devices(self, person: Person | None = None) -> dict[str, dict[str, Any]]:
        response = await (person or self.ada).get("/notifications/push")
        return {each["id"]: each for each in response.json()["data"]["subscriptions"]}

    def read(self, got: Got) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self.browser.read(got.body))
        return said


@asynccontextmanager
async def ground(folder: Path, **settings: Any) -> AsyncIterator[Ground]:
    given = {"egress_allow": "127.0.0.0/8", "push_hosts": "127.0.0.1", **settings}
    async with served(folder, **given) as place:
        yield Ground(place, await place.colleague(f"ben{uuid4().hex}@example.org"))


def by_path(**answers: Callable[[Got], bytes | None]) -> Callable[[Got], bytes | None]:
    """An answer for each device, by the last part of its path."""
    return lambda got: answers[got.path.rpartition("/")[2]](got)
