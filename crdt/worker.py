"""The materialiser's worker process: reads one call at a time from its standard input and answers it.

Frames, both ways: 8 bytes length (big endian), then a pickle. A call is (name, args, seconds), where the name is
"crdt.module:function"; an answer is ("returned", value), ("raised", CrdtError class, args, attributes),
("failed", kind of failure). The first frame that a worker says is ("ready",). It ends when its input ends.
Whatever a document does to it (endless loop, segmentation fault, all memory) costs this process and no other.
"""

import gc
import importlib
import os
import pickle
import resource
import signal
import sys
from pathlib import Path
from typing import Any, BinaryIO

import crdt.document
import crdt.projection  # noqa: F401 - imported before the first call, which is on the clock
from crdt.errors import CrdtError

__all__ = ["HEADER_BYTES", "main"]

HEADER_BYTES = 8
GRACE_SECONDS = 5.0
"""The parent kills a late worker; if the parent is dead, the kernel does it this much later."""


def main(memory_bytes: int) -> None:
    """Serve calls until the input ends."""
    calls, answers = _take_over_standard_streams()
    _live_apart_from_the_parents_signals()
    _limit(memory_bytes)
    _write(answers, ("ready",))
    try:
        while (call := _read(calls)) is not None and _serve(call, answers):
            del call
            gc.collect(1)
    except MemoryError:  # the arguments or the answer alone are too much
        _write(answers, ("failed", "memory"))


def _serve(call: tuple[str, tuple[Any, ...], float], answers: BinaryIO) -> bool:
    """Answer one call; False: the process may be harmed and must end."""
    name, args, seconds = call
    signal.setitimer(signal.ITIMER_REAL, seconds + GRACE_SECONDS)
    answer, unharmed = _answer(name, args)
    _write(answers, answer)
    signal.setitimer(signal.ITIMER_REAL, 0)
    return unharmed


def _take_over_standard_streams() -> tuple[BinaryIO, BinaryIO]:
    """Keep the pipes for frames only: whatever prints, prints into nothing."""
    calls, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):
        os.dup2(nothing, stream)
    return calls, answers


def _live_apart_from_the_parents_signals() -> None:
    # Ctrl-C and a supervisor's SIGTERM reach the whole group; the parent still needs us while it drains.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # ends the process by the kernel, also within an endless native loop


def _limit(memory_bytes: int) -> None:
    """`memory_bytes` of address space beyond what the interpreter has now, and no core dumps of documents."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    pages = Path("/proc/self/statm")
    now = int(pages.read_text().split()[0]) * resource.getpagesize() if pages.exists() else 0
    resource.setrlimit(resource.RLIMIT_AS, (now + memory_bytes, now + memory_bytes))


def _answer(name: str, args: tuple[Any, ...]) -> tuple[tuple[Any, ...], bool]:
    """The answer, and whether the process may go on after it."""
    module, _, function = name.partition(":")
    try:
        return ("returned", getattr(importlib.import_module(module), function)(*args)), True
    except CrdtError as error:
        return ("raised", type(error), error.args, error.__dict__), True
    except MemoryError:
        return ("failed", "memory"), False
    except BaseException as error:  # noqa: BLE001 - a panic of native code is a BaseException; this process ends next
        return ("failed", type(error).__name__), False


def _read(calls: BinaryIO) -> Any:
    header = calls.read(HEADER_BYTES)
    if len(header) < HEADER_BYTES:
        return None
    # Only the parent writes into this pipe.
    return pickle.loads(calls.read(int.from_bytes(header, "big")))  # noqa: S301


def _write(answers: BinaryIO, answer: tuple[Any, ...]) -> None:
    said = pickle.dumps(answer, protocol=pickle.HIGHEST_PROTOCOL)
    answers.write(len(said).to_bytes(HEADER_BYTES, "big") + said)
    answers.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
