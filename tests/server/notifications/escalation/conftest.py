"""The stage of escalations, for every test here that asks for one."""

import pytest

from tests.server.notifications.escalation.stage import Stage
from tests.server.notifications.stage import Ground


@pytest.fixture
async def stage(inboxes: Ground) -> Stage:
    await inboxes.house.notifications.escalation.desk.stop()
    return Stage(inboxes)
