"""What `counterpoint doctor` looks at. Each examination says what it found and, where it is wrong, how to mend it."""

import asyncio
import os
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from crdt.document import seed
from crdt.projection import text_of
from persistence.chat import sealed_chats
from persistence.data_sources import sealed_source_secrets
from persistence.database import Database
from persistence.errors import StoreUnavailable
from persistence.server_secrets import sealed_server_secrets
from persistence.webhooks import sealed_secrets
from server.clock import SystemClock
from server.http.bundle import find_bundle, read_bundle
from server.mail_settings import mail_server
from server.notifications.mail.smtp import SmtpLine
from server.realtime.materialiser import Materialiser, MaterialiserFailed
from server.realtime.redis.broker import RedisBroker
from server.redis_address import read_redis_url
from server.settings import Settings, variable
from server.vault import KeyFileError, SealBroken, Vault, key_file, key_of

__all__ = ["EXAMINATIONS", "Found", "examine"]

GIB = 1024**3
LITTLE_SPACE = 1 * GIB
HARDLY_ANY_SPACE = 100 * 1024**2
SLOW_STORE_SECONDS = 0.1
BROKER_SECONDS = 5.0
PROBE_TEXT = "fa, sol, la: déjà vu 🎼"
BRING_BACK = "bring it back from a backup, in a line of its own: a new key cannot read old secrets"
# Before this the machine's clock cannot be right: the program is younger.
OLDEST_NOW = 1_767_225_600  # 2026-01-01


@dataclass(frozen=True, slots=True)
class Found:
    """What one examination found. `mend` is empty when all is well."""

    what: str
    said: str
    mend: str = ""
    fatal: bool = True

    @property
    def well(self) -> bool:
        return not self.mend


Examination = Callable[[Settings], Awaitable[Found]]


async def examine(settings: Settings) -> list[Found]:
    """Every examination, one after the other."""
    return [await examination(settings) for examination in EXAMINATIONS]


async def _data_folder(settings: Settings) -> Found:
    folder = settings.data_dir.resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder) as probe:
            probe.write(b"probe")
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        mend = f"make it writable for this user, or set {variable('data_dir')}"
        return Found("data folder", f"{folder}: {error.strerror}", mend)
    return Found("data folder", f"{folder} can be written to")


async def _disk(settings: Settings) -> Found:
    folder = next(each for each in (settings.data_dir.resolve(), *settings.data_dir.resolve().parents) if each.exists())
    free = shutil.disk_usage(folder).free
    said = f"{free / GIB:.1f} GiB free at {folder}"
    if free < LITTLE_SPACE:
        return Found("disk", said, "free some space: a full disk stops every save", fatal=free < HARDLY_ANY_SPACE)
    return Found("disk", said)


async def _store(settings: Settings) -> Found:
    try:
        database = await Database.open(settings.store_url, busy_seconds=settings.store_busy_seconds)
    except OSError as error:
        return Found("store", f"cannot be opened: {error.strerror}", f"look at {variable('data_dir')}")
    try:
        seconds = await database.ping()
    except StoreUnavailable as error:
        return Found("store", f"does not answer: {error}", f"start it, or set {variable('database_url')}")
    finally:
        await database.close()
    said = f"answers in {seconds * 1000:.1f} ms"
    if seconds > SLOW_STORE_SECONDS:
        return Found("store", said, "every save waits for it: look at its disk and its network", fatal=False)
    return Found("store", said)


async def _key(settings: Settings) -> Found:
    """Without it the secrets in the store (of webhooks, of push) cannot be read, also not from a backup."""
    file = key_file(settings)
    used = await _keys_in_use(settings)
    if settings.secret_key_file is None and not file.exists() and not used:
        return Found("secret key", f"{file} is made at the first start; keep it with your backups")
    try:
        vault = Vault.read(file)
        others = file.stat().st_mode & 0o077
    except KeyFileError as error:
        return Found("secret key", str(error), BRING_BACK)
    if lost := sorted(used - set(vault.keys)):
        return Found("secret key", f"secrets in the store are sealed with {', '.join(lost)}, not in {file}", BRING_BACK)
    said = f"{file} has {len(vault.keys)} key{'s' if len(vault.keys) > 1 else ''}, and {vault.sealing} seals"
    if others:
        return Found("secret key", f"{file} can be read by other users", f"run `chmod 600 {file}`", fatal=False)
    return Found("secret key", said)


async def _keys_in_use(settings: Settings) -> set[str]:
    """The ids of the keys that secrets in the store are sealed with; none while the store does not answer."""
    try:
        database = await Database.open(settings.store_url, busy_seconds=settings.store_busy_seconds)
    except OSError:
        return set()
    try:
        asked = (sealed_secrets, sealed_server_secrets, sealed_chats, sealed_source_secrets)
        kept = [sealed for ask in asked for sealed in await ask(database)]
        return {key_of(sealed) for sealed in kept}
    except (StoreUnavailable, SealBroken):
        return set()
    finally:
        await database.close()


async def _web_app(_: Settings) -> Found:
    folder = find_bundle()
    if folder is None:
        return Found("web app", "is not built", "run `make web`; sockets and the API work without it", fatal=False)
    return Found("web app", f"{len(read_bundle(folder))} files in {folder}")


async def _worker(settings: Settings) -> Found:
    materialiser = Materialiser(workers=1, memory_bytes=settings.worker_memory_bytes)
    began = time.monotonic()
    try:
        update = await materialiser.call("doctor", seed, PROBE_TEXT, "text")
        text = await materialiser.call("doctor", text_of, update)
    except MaterialiserFailed as error:
        return Found("worker", f"failed: {error}", f"look at {variable('worker_memory_bytes')} and the process limits")
    finally:
        await materialiser.close()
    if text.strip() != PROBE_TEXT:
        return Found("worker", "read back another text than it wrote", "reinstall: a dependency is broken")
    return Found("worker", f"starts and reads a document back in {time.monotonic() - began:.1f} s")


async def _clock(_: Settings) -> Found:
    now = time.time()
    said = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(now))
    return Found("clock", said, "set the machine's clock: sign-ins depend on it" if now < OLDEST_NOW else "")


async def _mail(settings: Settings) -> Found:
    if settings.smtp_url is None:
        return Found("mail", f"none is sent: {variable('smtp_url')} is not set")
    server = mail_server(settings.smtp_url.get_secret_value())
    said, why = f"{server.host}:{server.port}", await SmtpLine(server).check()
    if why is not None:
        return Found("mail", f"{said} does not take letters: {why}", f"look at {variable('smtp_url')}", fatal=False)
    return Found("mail", f"{said} lets us in")


async def _broker(settings: Settings) -> Found:
    if settings.redis_url is None:
        others = "one node needs none" if settings.is_sqlite else "several nodes hear of one another a second later"
        return Found("broker", f"none: {variable('redis_url')} is not set, and {others}")
    whole = asyncio.Event()
    broker = RedisBroker(read_redis_url(settings.redis_url.get_secret_value()), settings.redis_prefix, SystemClock())
    broker.on_gap(whole.set)  # said when it has heard its own echo
    broker.start()
    try:
        async with asyncio.timeout(BROKER_SECONDS):
            await whole.wait()
        seconds = broker.round_trip
    except TimeoutError:
        mend = f"start it, or look at {variable('redis_url')}: without it nodes hear of one another a second later"
        return Found("broker", f"does not carry: {broker.trouble}", mend, fatal=False)
    finally:
        await broker.stop()
    return Found("broker", f"carries a message out and back in {seconds * 1000:.1f} ms")


async def _exposure(settings: Settings) -> Found:
    if not settings.loopback and not settings.https:
        mend = f"put a proxy with https in front, and set {variable('public_url')}"
        return Found("exposure", "other machines can reach this without https", mend, fatal=False)
    return Found("exposure", "only this machine" if settings.loopback else f"public at {settings.public_url}")


EXAMINATIONS: tuple[Examination, ...] = (
    _data_folder,
    _disk,
    _store,
    _key,
    _web_app,
    _worker,
    _clock,
    _mail,
    _broker,
    _exposure,
)
