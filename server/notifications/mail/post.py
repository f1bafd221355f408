"""Letters that no row stands for, because what is in them may not be kept: tried some times, and then given up."""

import asyncio
import logging
from contextlib import suppress
from email.message import EmailMessage

from server.notifications.delivery import Later, Refused
from server.notifications.mail.smtp import SmtpLine

__all__ = ["MailPost"]

log = logging.getLogger("counterpoint.notifications")

PAUSES = (0.0, 30.0, 300.0)
"""Seconds before each try. An invitation that does not arrive is sent again by whoever has made it."""
MOST_WAITING = 1_000


class MailPost:
    """A task for each letter. Its link holds a token that the store knows by its hash alone, so it dies with us."""

    def __init__(self, line: SmtpLine) -> None:
        self._line = line
        self._under_way: set[asyncio.Task[None]] = set()

    def take(self, letter: EmailMessage) -> None:
        """Quick, and never raises."""
        if len(self._under_way) >= MOST_WAITING:
            log.error("a letter was not sent: too many wait", extra={"to": letter["To"]})
            return
        task = asyncio.create_task(self._send(letter), name="letter")
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def settled(self) -> None:
        """Wait until nothing is under way."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def stop(self) -> None:
        for task in list(self._under_way):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _send(self, letter: EmailMessage) -> None:
        why = ""
        for pause in PAUSES:
            await asyncio.sleep(pause)
            outcome = await self._line.send(letter)
            if not isinstance(outcome, (Later, Refused)):
                return
            why = outcome.why
            if isinstance(outcome, Refused):
                break
        log.warning("a letter was not sent", extra={"to": letter["To"], "why": why})
