"""Guessing passwords gets slower with every wrong guess; what costs others something may be done so often an hour."""

from collections import OrderedDict, deque
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from server.clock import Clock
from server.errors import RateLimited

__all__ = ["HourlyLimit", "SignInThrottle"]


@dataclass(frozen=True, slots=True)
class _Allowance:
    """Guesses that cost nothing, and the longest wait (seconds) between those after."""

    free: int
    longest: float


@dataclass(slots=True)
class _Record:
    guesses: int = 0
    until: float = 0.0
    last: float = 0.0


# A whole office may sit behind one address. Strangers may slow an account down everywhere, but not lock its owner out.
PAIR = _Allowance(free=5, longest=900.0)
ADDRESS = _Allowance(free=50, longest=900.0)
ACCOUNT = _Allowance(free=50, longest=30.0)

HOUR = 3600.0
FORGET_SECONDS = HOUR
MAX_RECORDS = 20_000

_Key = tuple[str, str]


class SignInThrottle:
    """Counts a guess before it is checked, so that a thousand at once count as a thousand."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._records: OrderedDict[_Key, _Record] = OrderedDict()

    def attempt(self, account: str, address: str) -> None:
        """Count one guess. Raises RateLimited, with the seconds to wait, for one that comes too early."""
        now = self._clock.monotonic()
        keys = _keys(account, address)
        wait = max((self._record(key, now).until - now for key, _ in keys), default=0.0)
        if wait > 0:
            raise RateLimited(f"Too many wrong passwords. Try again in {wait:.0f} s.", retry_after=wait)
        for key, allowance in keys:
            record = self._record(key, now)
            record.guesses += 1
            record.last = now
            extra = record.guesses - allowance.free
            if extra >= 0:
                record.until = now + min(2.0 ** min(extra, 30), allowance.longest)

    def succeeded(self, account: str, address: str) -> None:
        """The password was right: what this account did from this address is forgotten, and counts nowhere."""
        now = self._clock.monotonic()
        pair, *others = (key for key, _ in _keys(account, address))
        self._records.pop(pair, None)
        for key in others:
            record = self._record(key, now)
            record.guesses = max(0, record.guesses - 1)
            record.until = 0.0 if record.guesses == 0 else record.until

    def withdraw(self, account: str, address: str) -> None:
        """The guess was not checked after all: it counts nowhere."""
        now = self._clock.monotonic()
        for key, _ in _keys(account, address):
            record = self._record(key, now)
            record.guesses, record.until = max(0, record.guesses - 1), now

    def _record(self, key: _Key, now: float) -> _Record:
        record = self._records.get(key)
        if record is None or now - record.last > FORGET_SECONDS:
            record = self._records[key] = _Record(last=now)
        self._records.move_to_end(key)
        while len(self._records) > MAX_RECORDS:
            self._records.popitem(last=False)
        return record


class HourlyLimit:
    """At most so many in any hour, for each key by itself. Counted on this node."""

    def __init__(self, clock: Clock, most: int, what: str) -> None:
        self._clock = clock
        self._most = most
        self._what = what
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def take(self, key: str) -> None:
        """Count one. Raises RateLimited, with the seconds to wait, for one too many, which is not counted."""
        now = self._clock.monotonic()
        times = self._times.setdefault(key, deque())
        self._times.move_to_end(key)
        while times and now - times[0] >= HOUR:
            times.popleft()
        if len(times) >= self._most:
            wait = times[0] + HOUR - now
            raise RateLimited(
                f"At most {self._most} {self._what} an hour. Try again in {wait:.0f} s.", retry_after=wait
            )
        times.append(now)
        while len(self._times) > MAX_RECORDS:
            self._times.popitem(last=False)


def _keys(account: str, address: str) -> tuple[tuple[_Key, _Allowance], ...]:
    place = _network(address)
    return (((account, place), PAIR), (("", place), ADDRESS), ((account, ""), ACCOUNT))


def _network(address: str) -> str:
    """One household or office has a /64 of IPv6 addresses at the least."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((ip, 64), strict=False)) if ip.version == 6 else str(ip)
