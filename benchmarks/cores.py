"""Which core a program runs on, and how much of it other programs may take."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["GENERATOR_CPU", "SERVER_CPU", "on_core", "put_first"]

SERVER_CPU = 0  # the generator reads how busy the first core was
GENERATOR_CPU = 1


@contextmanager
def on_core(cpu: int) -> Iterator[None]:
    """What is started inside stays on this core, with all that it starts."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {cpu})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def put_first(pid: int) -> None:
    """Let the scheduler prefer this session over others' (Linux autogroups). OSError when not root."""
    Path(f"/proc/{pid}/autogroup").write_text("-20")
