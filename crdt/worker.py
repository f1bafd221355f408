"""The materialiser's worker process: reads one call at a time from its standard input and answers it.

Frames (crdt/worker_frames.py), both ways. A call is (name, args, seconds), where the name is "crdt.module:function" and
the seconds are of this process's own time (CPU): a busy machine makes nobody late. An answer is ("returned", value),
("raised", CrdtError class, args, attributes), ("failed", kind of failure). The first frame that a worker says is
("ready",). It ends when its input ends.
Whatever a document does to it (endless loop, segmentation fault, all memory) costs this process and no other.
"""

import ctypes
import gc
import importlib
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from crdt.document import compact
from crdt.errors import CrdtError
from crdt.reading import project
from crdt.worker_frames import Source, Target, read_frame, write_frame

__all__ = ["main"]

WALL_FACTOR = 40.0
"""The parent kills a worker that sleeps or starves; if the parent is dead, the kernel does it after this many times
the seconds of the call."""
LETTER = bytes.fromhex("010101000401016101 6100")
"""A document of one letter."""


def main(memory_bytes: int) -> None:
    """Serve calls until the input ends.

    Between calls the memory of the last one goes back to the system: a worker waits longer than it works, and glibc
    alone keeps all that lies below something that is in use.
    """
    calls, answers = _take_over_standard_streams()
    _live_apart_from_the_parents_signals()
    _limit(memory_bytes)
    trim = _trimmer()
    _warm_up()
    gc.freeze()  # what is imported stays: the collections between calls look only at what the calls have made
    write_frame(answers, ("ready",))
    try:
        while (call := _next(calls)) is not None and _serve(call, answers):
            del call
            gc.collect()
            trim(0)
    except MemoryError:  # the arguments or the answer alone are too much
        write_frame(answers, ("failed", "memory"))


def _next(calls: Source) -> Any:
    try:
        return read_frame(calls, sys.maxsize)  # only the parent writes into this pipe
    except EOFError:
        return None


def _serve(call: tuple[str, tuple[Any, ...], float], answers: Target) -> bool:
    """Answer one call; False: the process may be harmed and must end."""
    name, args, seconds = call
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, seconds * WALL_FACTOR)
    answer, unharmed = _answer(name, args)
    write_frame(answers, answer)
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    return unharmed


def _take_over_standard_streams() -> tuple[Source, Target]:
    """Keep the pipes for frames only: whatever prints, prints into nothing."""
    calls, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb", buffering=0)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):
        os.dup2(nothing, stream)
    return calls, answers


def _live_apart_from_the_parents_signals() -> None:
    # Ctrl-C and a supervisor's SIGTERM reach the whole group; the parent still needs us while it drains.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for number in (
        signal.SIGALRM,
        signal.SIGPROF,
    ):  # ends the process by the kernel, also within an endless native loop
        signal.signal(number, signal.SIG_DFL)


def _limit(memory_bytes: int) -> None:
    """`memory_bytes` of address space beyond what the interpreter has now, and no core dumps of documents."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    pages = Path("/proc/self/statm")
    now = int(pages.read_text().split()[0]) * resource.getpagesize() if pages.exists() else 0
    resource.setrlimit(resource.RLIMIT_AS, (now + memory_bytes, now + memory_bytes))


def _warm_up() -> None:
    """Do once, before the clock runs, what calls do. What the first one makes for good (imports, caches) would stand
    among the objects of a large document, and Python gives memory back by megabytes of which nothing is in use: 22 MB
    stayed of 60,000 edits that were read."""
    project([compact(None, [LETTER]).update])


def _trimmer() -> Callable[[int], object]:
    """malloc_trim; other C libraries than glibc have none, and give memory back by themselves."""
    found: Callable[[int], object] = getattr(ctypes.CDLL(None), "malloc_trim", lambda _: 0)
    return found


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


if __name__ == "__main__":
    main(int(sys.argv[1]))
