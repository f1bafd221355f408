"""Servers that begin as a fork of a process that has imported the program: two seconds of a processor less for each.

What runs is the program, in a process and a session of its own, as the command runs it; only the imports are shared.
Tests of restarts and workers begin the command itself: `CounterpointServer(..., from_the_command=True)`.
"""

import gc
import importlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol

__all__ = ["Forked", "ProcessLike", "forked"]

TREE = Path(__file__).resolve().parents[3]
PROGRAM = "server.cli"


class ProcessLike(Protocol):
    """What a test asks of a server's process; `subprocess.Popen` has it, too."""

    pid: int

    @property
    def returncode(self) -> int | Any: ...

    def poll(self) -> int | None: ...

    def send_signal(self, sig: int) -> None: ...


class Forked:
    """One process that was forked; its parent is asked how it ended."""

    def __init__(self, parent: "_Parent", pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._parent = parent

    def poll(self) -> int | None:
        """As Popen: the exit status, the negative number of the signal that ended it, or None while it runs."""
        if self.returncode is None:
            self.returncode = self._parent.ask({"poll": self.pid})
        return self.returncode

    def send_signal(self, sig: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, sig)


def forked(arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> Forked:
    """`counterpoint ARGUMENTS`, with this environment and no other, writing to this file."""
    parent = _parent()
    pid = parent.ask({"arguments": list(arguments), "environment": dict(environment), "log": str(log)})
    assert isinstance(pid, int)
    return Forked(parent, pid)


class _Parent:
    """The process that is forked, as the tests see it: a question a line, an answer a line."""

    def __init__(self) -> None:
        ours, its = socket.socketpair()
        with its:
            # It ends with this process, whose end of the pair is closed then.
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(its.fileno())],
                pass_fds=[its.fileno()],
                cwd=TREE,
                env={**os.environ, "PYTHONPATH": str(TREE)},
                stdin=subprocess.DEVNULL,
            )
        self._said = ours.makefile("rw")

    def ask(self, question: Mapping[str, Any]) -> int | None:
        self._said.write(json.dumps(question) + "\n")
        self._said.flush()
        answer: int | None = json.loads(self._said.readline())
        return answer


@cache
def _parent() -> _Parent:
    return _Parent()


# What follows runs in the process that is forked, and in its children.


def main() -> None:
    """Answer until nobody is there to ask; in a child, be the program."""
    program = importlib.import_module(PROGRAM)
    gc.collect()
    gc.freeze()  # the children share these pages, and their collector leaves them so
    channel = socket.socket(fileno=int(sys.argv[1]))
    child = _answer(channel)
    if child is not None:
        channel.close()
        _become(child)
        program.main(child["arguments"], prog_name="counterpoint")


def _answer(channel: socket.socket) -> dict[str, Any] | None:
    """In a child: what it is to be. None when all is over."""
    said = channel.makefile("rw")
    for line in said:
        question = json.loads(line)
        if "poll" in question:
            pid, status = os.waitpid(question["poll"], os.WNOHANG)
            answer = os.waitstatus_to_exitcode(status) if pid else None
        else:
            answer = os.fork()
            if answer == 0:
                os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
                return dict(question)
        said.write(json.dumps(answer) + "\n")
        said.flush()
    return None


def _become(child: Mapping[str, Any]) -> None:
    os.setsid()
    log = os.open(child["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.clear()
    os.environ.update(child["environment"])
    sys.argv = ["counterpoint", *child["arguments"]]
    random.seed()
    signal.signal(signal.SIGINT, signal.default_int_handler)


if __name__ == "__main__":
    main()
