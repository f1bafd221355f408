"""When nothing may leave the house, by the clock of the person's own time zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from server.notifications.model import QuietHours

__all__ = ["end_of_quiet"]


def end_of_quiet(quiet: QuietHours, now: datetime) -> datetime | None:
    """When the quiet that it is now will end; None: it is not quiet. Start and end at one time mean no quiet at all."""
    start, end = quiet.between
    if not quiet.enabled or start == end:
        return None
    here = now.astimezone(ZoneInfo(quiet.time_zone))
    clock = here.time()
    is_quiet = start <= clock < end if start < end else clock >= start or clock < end
    if not is_quiet:
        return None
    day = here.date() if clock < end else here.date() + timedelta(days=1)
    return _moment(datetime.combine(day, end), here)


def _moment(wall: datetime, here: datetime) -> datetime:
    """An hour that a change of the clocks leaves out ends with the change; one that comes twice, the first time."""
    found = wall.replace(tzinfo=here.tzinfo).astimezone(UTC)
    return found if found > here.astimezone(UTC) else here.astimezone(UTC) + timedelta(minutes=1)
