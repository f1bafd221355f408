"""An HTTP(S) address: does it answer as it should, how fast is each part, how long is its certificate good?"""

from collections.abc import Sequence

from server.clock import Clock
from server.sources.dialling import Dialler
from server.sources.probe import Fact, Kind, Probe, Reading, Target
from server.sources.probes.fetching import Fetched, fetch
from server.sources.probes.prometheus import figures_of, samples_in

__all__ = ["open_probe"]

DAY = 86_400
FIRST_BAD_STATUS = 400
NO_TLS = "The address is not https."


def open_probe(target: Target, dialler: Dialler, clock: Clock) -> Probe:
    return HttpProbe(target, dialler, clock)


class HttpProbe:
    def __init__(self, target: Target, dialler: Dialler, clock: Clock) -> None:
        self._target = target
        self._dialler = dialler
        self._clock = clock

    async def read(self) -> Reading:
        found = await self._fetch()
        trouble = self._trouble(found)
        values = {
            "up": 0.0 if trouble else 1.0,
            "response_time": 1000 * found.seconds["all"],
            "status_code": float(found.status),
            "body_bytes": float(len(found.body)),
        }
        missing = {}
        for name in ("dns", "connect", "tls", "first_byte"):
            if name in found.seconds:
                values[f"{name}_time"] = 1000 * found.seconds[name]
            else:
                missing[f"{name}_time"] = NO_TLS if name == "tls" else "It was not told."
        if found.certificate is not None:
            values["certificate_days_left"] = (found.certificate - self._clock.now().timestamp()) / DAY
        else:
            missing["certificate_days_left"] = NO_TLS
        told, not_told, kinds = self._scraped(found, trouble)
        return Reading(values | told, missing | not_told, trouble, kinds)

    async def examine(self) -> Sequence[Fact]:
        """Whatever there is to say of an address is in its figures."""
        return []

    async def close(self) -> None:
        """Nothing is open between two questions."""

    async def _fetch(self) -> Fetched:
        target = self._target
        auth = (target.username, target.password or "") if target.username else None
        return await fetch(self._dialler, self._clock, target.host, target.options, auth)

    def _scraped(self, found: Fetched, trouble: str | None) -> tuple[dict[str, float], dict[str, str], dict[str, Kind]]:
        wanted = self._target.options.get("prometheus") or ()
        if not wanted:
            return {}, {}, {}
        if trouble is None and not found.complete:
            trouble = f"The answer is longer than {len(found.body)} bytes."
        if trouble is None:
            try:
                return figures_of(list(samples_in(found.body.decode(errors="replace"))), wanted)
            except ValueError as error:
                trouble = f"The answer cannot be read: {error}."
        return {}, {figure["name"]: trouble for figure in wanted}, {}

    def _trouble(self, found: Fetched) -> str | None:
        good = self._target.options.get("expect_status")
        if found.status not in good if good else found.status >= FIRST_BAD_STATUS:
            return f"It answered with the status {found.status}."
        text = self._target.options.get("expect_text")
        if text and text.encode() not in found.body:
            short = "" if found.complete else f" in its first {len(found.body)} bytes"
            return f"The answer does not contain what it should{short}."
        return None
