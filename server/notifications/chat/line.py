"""The way out to chats: Apprise, which is an extra, in threads of its own, for its senders wait."""

import asyncio
import logging
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, TypeVar

from server.notifications.chat.message import Message
from server.notifications.chat.services import SERVICES, Chat, ChatRefused, ChatServices
from server.notifications.delivery import Later, Outcome, Refused, Sent

if TYPE_CHECKING:
    from apprise import NotifyBase

__all__ = ["HOW_TO_INSTALL", "ChatLine", "is_installed"]

T = TypeVar("T")

HOW_TO_INSTALL = "pip install 'counterpoint[apprise]'"
THREADS = 4
CONNECT_SECONDS, READ_SECONDS = 4.0, 10.0
WHOLE_SECONDS = 20.0
"""Of one message, with the wait for a thread. What has not ended by then may arrive all the same."""
STATUS = re.compile(r"error=(\d{3})")
LATER = frozenset({408, 425, 429})


def is_installed() -> bool:
    """Without importing it: a quarter of a second, and some ten megabytes."""
    return find_spec("apprise") is not None


class ChatLine:
    """`home`: the address of this server, which some services show. `seconds`: for tests."""

    def __init__(self, services: ChatServices, home: str | None, *, seconds: float = WHOLE_SECONDS) -> None:
        self._services = services
        self._home = home
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="chat")

    async def check(self, url: str) -> str:
        """The name of the service that an address is of. Raises ChatRefused."""
        chat = self._services.check(url)
        return await self._away(partial(self._name, chat))

    async def send(self, url: str, message: Message) -> Outcome:
        """The address is checked again: what may be sent to may be another set by now."""
        try:
            chat = self._services.check(url)
            async with asyncio.timeout(self._seconds):
                return await self._away(partial(self._send, chat, message))
        except ChatRefused as refused:
            return Refused(f"the address is refused: {refused}")
        except TimeoutError:
            return Later(f"no answer within {self._seconds:g} seconds")

    def close(self) -> None:
        """Waits for nothing: a service that hangs is left to itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    # Private. In a thread.

    async def _away(self, work: partial[T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _name(self, chat: Chat) -> str:
        return str(self._plugin(chat).service_name)

    def _send(self, chat: Chat, message: Message) -> Outcome:
        plugin, ear = self._plugin(chat), _Ear()
        plugin.logger = ear.logger
        plugin.request_rate_per_sec = 0.0  # there is one request
        plugin.socket_connect_timeout, plugin.socket_read_timeout = CONNECT_SECONDS, min(READ_SECONDS, self._seconds)
        name = str(plugin.service_name)
        try:
            if plugin.notify(title=message.title, body=message.body, notify_type=message.notify_type):
                return Sent()
        except Exception as error:  # noqa: BLE001 - other people's plugins: one that fails has not sent, and is told of
            return Refused(f"{name} could not be asked: {type(error).__name__}")
        status = ear.status
        if status is None:
            return Later(f"{name} could not be reached")
        why = f"{name} has answered {status}"
        return Later(why) if status in LATER or status >= 500 else Refused(why)

    def _plugin(self, chat: Chat) -> "NotifyBase":
        """Raises ChatRefused where Apprise reads the address in another way than we do."""
        from apprise import Apprise, AppriseAsset  # noqa: PLC0415 - an extra, which nobody else needs

        asset = AppriseAsset(
            plugin_paths=[],
            storage_mode="memory",
            allow_templates=False,
            app_id="Counterpoint",
            app_desc="Counterpoint",
            app_url=self._home or "",
            http_redirects=False,
            image_url_mask="",
        )
        plugin = Apprise.instantiate(chat.url, asset=asset, suppress_exceptions=True)
        if plugin is None:
            example = f" such as {SERVICES[chat.scheme].example}" if chat.scheme in SERVICES else ""
            raise ChatRefused(f"it is not a whole address{example}")
        if chat.scheme not in _schemes(plugin):
            raise ChatRefused("it is of another service than it says")
        if chat.cloud_only and getattr(plugin, "mode", None) != "cloud":
            raise ChatRefused("it names a host; its operator can add it")
        if chat.host is not None and (str(plugin.host).lower(), plugin.port) != (chat.host, chat.port):
            raise ChatRefused("it is not clear which host it names")
        if len(plugin) > 1:  # each of them is a request, with a wait before it
            raise ChatRefused("it names several places; give each an address of its own")
        return plugin


class _Ear:
    """Hears why a plugin has not sent, which it tells its log alone; none of that comes into ours: it may be secret."""

    def __init__(self) -> None:
        self._said: list[str] = []
        # Of this message alone, and known to nobody: a logger by name would be everybody's.
        self.logger = logging.Logger("chat", logging.WARNING)  # noqa: LOG001
        handler = logging.Handler()
        handler.emit = self._hear  # type: ignore[method-assign]
        self.logger.addHandler(handler)

    def _hear(self, record: logging.LogRecord) -> None:
        with suppress(TypeError, ValueError):
            self._said.append(record.getMessage())

    @property
    def status(self) -> int | None:
        """What the service has answered, when it has."""
        found = [int(each[1]) for said in self._said if (each := STATUS.search(said))]
        return found[-1] if found else None


def _schemes(plugin: "NotifyBase") -> set[str]:
    found: set[str] = set()
    for name in ("protocol", "secure_protocol"):
        named: str | Sequence[str] | None = getattr(plugin, name)
        found.update([named] if isinstance(named, str) else named or ())
    return found
